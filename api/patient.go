package api

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"time"
)

// A patient reader waits for a slow client as long as bytes come.
type patient struct {
	r       io.Reader
	control *http.ResponseController
	quiet   time.Duration
}

func (s *Server) patient(r *http.Request, w http.ResponseWriter) *patient {
	return &patient{r.Body, http.NewResponseController(w), cmp.Or(s.Patience, time.Minute)}
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.control.SetReadDeadline(time.Now().Add(p.quiet)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.r.Read(b)
}

// A patientWriter waits for a client that fetches slowly as long as it takes bytes.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	quiet   time.Duration
}

func (s *Server) patientWriter(w http.ResponseWriter) *patientWriter {
	return &patientWriter{w, http.NewResponseController(w), cmp.Or(s.Patience, time.Minute)}
}

func (p *patientWriter) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(p.quiet)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// close lets the connection serve further requests.
func (p *patientWriter) close() { _ = p.control.SetWriteDeadline(time.Time{}) } // it is broken otherwise
