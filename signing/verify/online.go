package verify

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/sohoa/sohoa/signing/evidence"
)

// A Fetcher asks OCSP responders, CRL distribution points and CAs at the addresses
// that certificates name. Anybody writes certificates: the answers and the time
// are limited, redirects are few, and private addresses are asked only if Private.
// Several verifications may share one.
type Fetcher struct {
	Private  bool          // whether addresses of private networks and this machine may be asked
	Timeout  time.Duration // of one request; 0: 10 s
	MaxBytes int64         // of one answer; 0: 32 MiB
	Requests int           // for one file; 0: 60
}

const maxIssuerFetches = 4

var errNotAsked = errors.New("address is not asked")

// request sends one request and returns the answer's body.
func (v *verification) request(method, address, contentType string, body []byte) ([]byte, error) {
	f := v.policy.Online
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%.200q: %w", address, errNotAsked)
	}
	if v.sent++; v.sent > or(f.Requests, 60) {
		return nil, fmt.Errorf("too many requests for one file: %w", errNotAsked)
	}
	ctx, cancel := context.WithTimeout(v.ctx, or(f.Timeout, 10*time.Second))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	client := evidence.HTTPClient(f.Private)
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	limit := or(f.MaxBytes, 32<<20)
	b, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answered %s", u.Host, resp.Status)
	case int64(len(b)) > limit:
		return nil, fmt.Errorf("%s answered with more than %d bytes", u.Host, limit)
	}
	return b, nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// fetch asks for the status of cert, once for a file: OCSP first, then CRL.
func (v *verification) fetch(cert, issuer *x509.Certificate) []*statusData {
	key := "status " + string(cert.Raw)
	if v.fetched[key] {
		return nil
	}
	v.fetched[key] = true
	var fresh []*statusData
	add := func(kind string, raw []byte, err error) {
		if err != nil {
			v.warnf("asked for the status of %s: %v", nameOf(cert), err)
			return
		}
		e := &statusData{kind: kind, from: online, raw: raw, fetched: v.now}
		fresh = append(fresh, e)
		v.addEvidence(e)
	}
	request, err := ocsp.CreateRequest(cert, issuer, nil)
	for _, address := range first(cert.OCSPServer, 2) {
		var raw []byte
		if err == nil {
			raw, err = v.request(http.MethodPost, address, "application/ocsp-request", request)
		}
		add("ocsp", raw, err)
	}
	if len(fresh) == 0 || v.ask(fresh[0], cert, issuer) == nil {
		for _, address := range first(cert.CRLDistributionPoints, 2) {
			raw, err := v.request(http.MethodGet, address, "", nil)
			add("crl", raw, err)
		}
	}
	return fresh
}

func first(list []string, n int) []string { return list[:min(n, len(list))] }

// fetchIssuers fetches the issuers that cert and those above it name, and reports
// whether there is a new one.
func (v *verification) fetchIssuers(cert *x509.Certificate) bool {
	if v.policy.Online == nil {
		return false
	}
	before := len(v.certs)
	for _, c := range append([]*x509.Certificate{cert}, v.certs...) {
		for _, address := range first(c.IssuingCertificateURL, 1) {
			key := "issuer " + address
			if v.fetched[key] {
				continue
			}
			v.fetched[key] = true
			raw, err := v.request(http.MethodGet, address, "", nil)
			if err != nil {
				v.warnf("asked for the issuer of %s: %v", nameOf(c), err)
				continue
			}
			if issuer, err := x509.ParseCertificate(raw); err == nil {
				v.addCertificates([]*x509.Certificate{issuer})
			}
		}
	}
	return len(v.certs) > before
}
