package catalogue

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sohoa/sohoa/internal/testsvc"
)

// TestUnreachable cuts the line to PostgreSQL: what is asked then cannot be answered
// for now, which a question about what is not there never means.
func TestUnreachable(t *testing.T) {
	dsn, err := url.Parse(testsvc.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	wire := lay(t, folder, dsn.Query().Get("host"))
	dsn.RawQuery = "host=" + folder
	cat, err := Open(t.Context(), dsn.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	if _, err := cat.Document(t.Context(), "none"); err == nil || Unreachable(err) {
		t.Errorf("a document that is not there: unreachable %v: %v", Unreachable(err), err)
	}
	wire.cut()
	for range 2 { // on a connection that was open, and on a new one
		if _, err := cat.Document(t.Context(), "none"); !Unreachable(err) {
			t.Errorf("the line is cut: not unreachable: %v", err)
		}
	}
}

// A wire forwards connections until it is cut.
type wire struct {
	listener net.Listener
	mu       sync.Mutex
	ends     []net.Conn
}

// lay makes a socket of PostgreSQL in a folder that leads to the one in another.
func lay(t *testing.T, from, to string) *wire {
	t.Helper()
	const socket = ".s.PGSQL.5432"
	listener, err := net.Listen("unix", filepath.Join(from, socket))
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener}
	t.Cleanup(w.cut)
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("unix", filepath.Join(to, socket))
			if err != nil {
				here.Close()
				continue
			}
			w.mu.Lock()
			w.ends = append(w.ends, here, there)
			w.mu.Unlock()
			go io.Copy(there, here)
			go io.Copy(here, there)
		}
	}()
	return w
}

func (w *wire) cut() {
	w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.ends {
		c.Close()
	}
}
