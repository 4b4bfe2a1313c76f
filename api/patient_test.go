package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// A client that sends nothing more is told so and loses its connection; what had
// come is not kept.
func TestASilentClientIsGivenUp(t *testing.T) {
	h := open(t)
	h.server.Patience = 50 * time.Millisecond
	for _, path := range []string{"/api/v1/dossiers/" + h.dossier("H01") + "/documents?name=a.png", "/api/v1/verify"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: sohoa\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\n%s", path, h.keys["H01 clerk"], png)
		r := bufio.NewReader(c)
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("%s: %v; want an answer", path, err)
		}
		var p api.Problem
		if err := json.NewDecoder(answer.Body).Decode(&p); err != nil || answer.StatusCode != http.StatusBadRequest || p.Reason != record.UploadCut {
			t.Errorf("%s = %d %q, %v; want 400 %q", path, answer.StatusCode, p.Reason, err, record.UploadCut)
		}
		if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
			t.Errorf("%s: then %q, %v; want the end of the connection", path, rest, err)
		}
	}
	if got := read[api.List[record.Document]](t, h.ask("H01 clerk", "GET", "/api/v1/documents", nil)); len(got.Items) > 0 {
		t.Errorf("%d documents; want none", len(got.Items))
	}
}

// A client that takes nothing of what it asked for loses its connection too.
func TestAClientThatTakesNothingIsGivenUp(t *testing.T) {
	h := open(t)
	h.server.Patience = 50 * time.Millisecond
	d := h.ingest(h.upload("H01", h.dossier("H01"), append(png, make([]byte, 3<<20)...)).Document)
	given := make(chan any, 1)
	service := h.server.Handler()
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if up := recover(); up != nil {
				given <- up
				panic(up)
			}
		}()
		service.ServeHTTP(w, r)
	}))
	t.Cleanup(served.Close)
	c, err := net.Dial("tcp", strings.TrimPrefix(served.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const asked = 20 // more than the buffers on the way hold
	for range asked {
		fmt.Fprintf(c, "GET /api/v1/documents/%s/content/original HTTP/1.1\r\nHost: sohoa\r\nAuthorization: Bearer %s\r\n\r\n", d.ID, h.keys["H01 clerk"])
	}
	if up := <-given; up != http.ErrAbortHandler {
		t.Errorf("the service gave up with %v; want %v", up, http.ErrAbortHandler)
	}
	if n, _ := io.Copy(io.Discard, c); n >= asked*3<<20 {
		t.Errorf("%d bytes came; want the connection cut before the last", n)
	}
}
