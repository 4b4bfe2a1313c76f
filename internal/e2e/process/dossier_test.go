//go:build crash

package process

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key/csctest"
)

// remoteKey puts the agency's key at a remote signing service, which goes on when the
// house is killed. Each authorisation names the digests that it is for.
func (h *house) remoteKey() *csctest.Service {
	h.t.Helper()
	p, err := devpki.Load(filepath.Dir(h.work.Key))
	if err != nil {
		h.t.Fatal(err)
	}
	s := csctest.New(p.Signer.Key, p.Signer.Certificate, p.CA.Certificate)
	s.SCAL, s.Multisign = "2", 50
	server := httptest.NewServer(s)
	h.t.Cleanup(server.Close)
	dir := h.t.TempDir()
	login, pin := filepath.Join(dir, "login"), filepath.Join(dir, "pin")
	for path, text := range map[string]string{login: csctest.Login, pin: csctest.PIN} {
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	h.work.Key, h.work.PasswordFile = "csc:"+server.URL+csctest.Path+"?login-file="+login, pin
	return s
}

// TestADossierIsSealedTogether approves a dossier in one request: one authorisation is
// enough. Then the service dies in the middle, at each point in turn: what was sealed
// stays, the rest is sealed by the next process with one authorisation more, and no
// document gets two seals.
func TestADossierIsSealedTogether(t *testing.T) {
	h := embedded(t)
	service := h.remoteKey()
	one := start(t, h.all())
	h.awake()
	seed := int64(4000)
	for _, c := range []struct {
		point string // at which the service dies, "" for none
		asked int    // authorisations, of both processes
		again int    // documents that are signed twice
	}{
		{"", 1, 0},
		{"intended:2", 1, 0},
		{"authorised", 2, 0},
		{"signed:2", 2, 1},
		{"seal-put:2", 2, 0},
	} {
		l := newLoad(h)
		one.kill()
		l.arm(c.point, one)
		one.again()
		h.awake()
		for range 4 {
			seed++
			l.add(seed)
		}
		var all []map[string]any
		h.until("all stand in review", func() error {
			l.unsent = slices.DeleteFunc(l.unsent, func(scan []byte) bool {
				var r record.Receipt
				if h.try("POST", "/dossiers/"+h.dossier+"/documents?name=a.jpg", scan, &r) != nil {
					return false
				}
				l.open = append(l.open, r.Document)
				return true
			})
			var err error
			all, err = h.seen(l.open)
			return err
		})
		before := service.Calls("credentials/authorize")
		var decided api.DossierDecided
		_ = h.try("POST", "/dossiers/"+h.dossier+"/decision", map[string]any{"documents": all}, &decided) // the service may die before it answers
		if c.point != "" {
			h.until("killed at "+c.point, func() error {
				if one.killed() {
					return nil
				}
				return errors.New("it lives")
			})
			l.arm("", one)
			one.again()
		}
		dossier := h.dossier // finish opens another
		l.finish(c.again)
		if n := service.Calls("credentials/authorize") - before; n != c.asked {
			t.Errorf("dying at %q: %d authorisations for a dossier of four; want %d", c.point, n, c.asked)
		}
		var progress record.SealProgress
		h.call("GET", "/dossiers/"+dossier+"/sealing", nil, &progress)
		if c.point == "" && (progress.Sealed != 4 || progress.Waiting != 0 || len(progress.Failed) != 0) {
			t.Errorf("progress of a sealed dossier: %+v", progress)
		}
	}
}

// seen is what a decision names of each document.
func (h *house) seen(ids []string) ([]map[string]any, error) {
	if len(ids) < 4 {
		return nil, errors.New("not all are received")
	}
	var all []map[string]any
	for _, id := range ids {
		var seen api.Reviewed
		if err := h.try("GET", "/documents/"+id+"/fields", nil, &seen); err != nil {
			return nil, err
		}
		all = append(all, map[string]any{"document": id, "archival": seen.Archival, "fields": seen.Digest})
	}
	return all, nil
}
