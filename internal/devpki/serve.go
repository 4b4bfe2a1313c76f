package devpki

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const maxRequestBytes = 64 << 10

// Handler answers as the services of the PKI in dir.
func Handler(dir string) (http.Handler, error) {
	p, err := Load(dir)
	if err != nil {
		return nil, err
	}
	return p.Handler(), nil
}

// Handler answers at /tsa (RFC 3161), /ocsp (RFC 6960), /crl/NAME.crl (RFC 5280)
// and /ca/NAME.cer (issuers); /crl alone is the CRL of the issuing CA.
func (p *PKI) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /tsa", func(w http.ResponseWriter, r *http.Request) { answer(w, r, "application/timestamp-reply", p.stamp) })
	mux.HandleFunc("POST /ocsp", func(w http.ResponseWriter, r *http.Request) { answer(w, r, "application/ocsp-response", p.ocsp) })
	mux.HandleFunc("GET /crl", func(w http.ResponseWriter, r *http.Request) { p.answerCRL(w, r, "ca") })
	mux.HandleFunc("GET /crl/{file}", func(w http.ResponseWriter, r *http.Request) {
		p.answerCRL(w, r, strings.TrimSuffix(r.PathValue("file"), ".crl"))
	})
	mux.HandleFunc("GET /ca/{file}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, r, "application/pkix-cert", func([]byte) ([]byte, error) {
			issuer, err := p.issuer(strings.TrimSuffix(r.PathValue("file"), ".cer"))
			if err != nil {
				return nil, err
			}
			return issuer.Certificate.Raw, nil
		})
	})
	return mux
}

func (p *PKI) answerCRL(w http.ResponseWriter, r *http.Request, name string) {
	answer(w, r, "application/pkix-crl", func([]byte) ([]byte, error) {
		issuer, err := p.issuer(name)
		if err != nil {
			return nil, err
		}
		return p.crl(issuer)
	})
}

func (p *PKI) issuer(name string) (*Entity, error) {
	issuers := map[string]*Entity{"root": p.Root, "ca": p.CA, p.tsaRootName(): p.TSARoot}
	for i, e := range p.oldTSARoots {
		issuers[tsaRootName(i)] = e.issuer
	}
	if e := issuers[name]; e != nil {
		return e, nil
	}
	return nil, fmt.Errorf("no authority %.40q here", name)
}

// tsaRootName is the name in addresses of the n-th TSA root, from 0.
func tsaRootName(n int) string {
	if n == 0 {
		return "tsa-root"
	}
	return fmt.Sprintf("tsa-root-%d", n+1)
}

func (p *PKI) tsaRootName() string { return tsaRootName(len(p.oldTSARoots)) }

func answer(w http.ResponseWriter, r *http.Request, mediaType string, make func([]byte) ([]byte, error)) {
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	if err != nil {
		http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
		return
	}
	b, err := make(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.Write(b)
}

// Listen opens the address of the PKI in dir.
func Listen(dir string) (net.Listener, error) {
	p, err := Load(dir)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return nil, fmt.Errorf("address of the development PKI: %w", err)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), "80")
	}
	return net.Listen("tcp", address)
}

// Serve answers on l as the services of the PKI in dir until ctx is done.
func Serve(ctx context.Context, dir string, l net.Listener) error {
	h, err := Handler(dir)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
