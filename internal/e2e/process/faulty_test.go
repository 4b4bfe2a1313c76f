package process

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
)

// A fault is what a part that others run does wrong.
type fault string

const (
	sound   fault = ""
	refuses fault = "refuses" // ends connections without a word
	slow    fault = "slow"
	busy    fault = "busy" // 503
	full    fault = "full" // 507, as MinIO says it
	lying   fault = "lying"
)

// A faulty handler stands before a sound one and one that lies.
type faulty struct {
	sound, lying http.Handler
	slowness     time.Duration
	fault        atomic.Value // of fault
}

func (f *faulty) now(is fault) { f.fault.Store(is) }

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	is, _ := f.fault.Load().(fault)
	switch is {
	case refuses:
		panic(http.ErrAbortHandler)
	case busy:
		answer(w, http.StatusServiceUnavailable, "SlowDown")
	case full:
		if r.Method == http.MethodPut {
			answer(w, http.StatusInsufficientStorage, "XMinioStorageFull")
			return
		}
		f.sound.ServeHTTP(w, r)
	case lying:
		f.lying.ServeHTTP(w, r)
	case slow:
		select {
		case <-time.After(f.slowness):
		case <-r.Context().Done():
			return
		}
		f.sound.ServeHTTP(w, r)
	default:
		f.sound.ServeHTTP(w, r)
	}
}

func answer(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, "<Error><Code>"+code+"</Code><Message>"+code+"</Message></Error>")
}

// authority answers for the PKI in dir, or stamps something else.
func authority(t *testing.T, dir string) *faulty {
	t.Helper()
	honest, err := devpki.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	liar, err := devpki.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	liar.Lie = devpki.TSAWrongImprint
	return &faulty{sound: honest.Handler(), lying: liar.Handler(), slowness: 2 * time.Second}
}

// before stands before an S3 server; when it lies, one bit of each object that it
// gives out is another.
func before(endpoint string) *faulty {
	to := &url.URL{Scheme: "http", Host: endpoint}
	through := func(change func(*http.Response) error) http.Handler {
		return &httputil.ReverseProxy{ModifyResponse: change, Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // it is part of what was signed
		}}
	}
	return &faulty{sound: through(nil), lying: through(flip), slowness: 300 * time.Millisecond}
}

func flip(r *http.Response) error {
	if r.Request.Method != http.MethodGet || r.Header.Get("ETag") == "" || r.StatusCode != http.StatusOK {
		return nil
	}
	b, err := io.ReadAll(r.Body)
	if err != nil || len(b) == 0 {
		return err
	}
	b[len(b)/2] ^= 1
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	r.Header.Set("Content-Length", strconv.Itoa(len(b)))
	return nil
}
