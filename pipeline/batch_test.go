package pipeline

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/key/csctest"
)

// remoteKey is a key at a remote service of which each use is authorised by what is
// signed, up to multisign digests at a time.
func (m *marking) remoteKey(t *testing.T, multisign int) *csctest.Service {
	t.Helper()
	s := csctest.New(m.pki.Signer.Key, m.pki.Signer.Certificate, m.pki.CA.Certificate)
	s.SCAL, s.Multisign = "2", multisign
	m.Seal.VerifyURL = "https://example.vn/verify" // in the mark with the id: no two documents give the same bytes to sign
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	for name, text := range map[string]string{"login": csctest.Login, "pin": csctest.PIN} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.open = func(t *testing.T) {
		t.Helper()
		k, err := key.Open("csc:"+server.URL+csctest.Path+"?login-file="+filepath.Join(dir, "login"), filepath.Join(dir, "pin"))
		if err != nil {
			t.Fatal(err)
		}
		m.Seal.Key = k
	}
	m.open(t)
	return s
}

// sealAll does what the queue does with jobs that are done together.
func (m *marking) sealAll(t *testing.T, all []record.Document) map[string]error {
	t.Helper()
	var jobs []record.Job
	for _, d := range all {
		jobs = append(jobs, m.job(t, d))
	}
	errs := map[string]error{}
	m.AuthenticateAll(t.Context(), jobs, func(job record.Job, handle func(context.Context, record.Job) error) {
		errs[job.Document] = handle(t.Context(), job)
	})
	return errs
}

const (
	five = 5
	six  = 6
)

// What one authorisation is for is sealed with it; what fails leaves the others, or
// ends the batch with a reason on each that is left.
func TestSealTogether(t *testing.T) {
	same := func(status record.Status) []record.Status {
		return []record.Status{status, status, status, status, status, status}
	}
	for _, c := range []struct {
		what     string
		other    record.Digest // that the third decision names
		change   func(m *marking, s *csctest.Service)
		want     []record.Status
		reason   record.Reason // of those that are approved
		asked    int
		signings int
	}{
		{"all", "", func(*marking, *csctest.Service) {}, same(record.Sealed), "", 1, six},
		{"one decision is on another PDF", record.DigestOf([]byte("another")), func(*marking, *csctest.Service) {},
			[]record.Status{record.Sealed, record.Sealed, record.Approved, record.Sealed, record.Sealed, record.Sealed}, "", 1, five},
		{"the authorisation ends in the middle", "", func(_ *marking, s *csctest.Service) {
			s.Answer = after("signatures/signHash", 3, func(http.ResponseWriter) bool { s.EndAuthorisations(); return false })
		}, same(record.Sealed), "", 2, six + 1},
		{"the credential is locked in the middle", "", func(_ *marking, s *csctest.Service) {
			s.Answer = after("signatures/signHash", 3, func(w http.ResponseWriter) bool { csctest.Refuse(w, 400, "credential_locked"); return true })
		}, []record.Status{record.Sealed, record.Sealed, record.Approved, record.Approved, record.Approved, record.Approved}, record.KeyLocked, 1, 3},
		{"the PIN is wrong", "", func(_ *marking, s *csctest.Service) {
			s.Answer = after("credentials/authorize", 1, func(w http.ResponseWriter) bool { csctest.Refuse(w, 400, "invalid_pin"); return true })
		}, same(record.Approved), record.KeyPassword, 1, 0},
		{"nobody answers", "", func(_ *marking, s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, method string) bool { csctest.Refuse(w, 503, ""); return true }
		}, same(record.Approved), record.KeyUnreadable, 1, 0},
		{"the certificate is revoked", "", func(m *marking, _ *csctest.Service) {
			m.pki.Revoke(m.pki.Signer.Certificate, time.Now().Add(-time.Hour))
		}, same(record.Approved), record.CertRevoked, 0, 0},
	} {
		m := newMarking(t)
		s := m.remoteKey(t, 50)
		var all []record.Document
		for i := range six {
			other := c.other
			if i != 2 {
				other = ""
			}
			all = append(all, m.reviewed(t, record.Approved, record.JobAuthenticate, other))
		}
		s.Change(func(s *csctest.Service) { c.change(m, s) })
		errs := m.sealAll(t, all)
		for i, d := range all {
			after, err := m.catalogue.Document(t.Context(), d.ID)
			if err != nil {
				t.Fatal(err)
			}
			if after.Status != c.want[i] || (errs[d.ID] == nil) != (c.want[i] == record.Sealed) {
				t.Errorf("%s: document %d is %s, %v; want %s", c.what, i+1, after.Status, errs[d.ID], c.want[i])
			}
			if c.reason != "" && after.Status == record.Approved && (after.Reason != c.reason || after.Intent != nil) {
				t.Errorf("%s: document %d says %q, intent %v; want %s and none", c.what, i+1, after.Reason, after.Intent, c.reason)
			}
		}
		if asked, signings := s.Calls("credentials/authorize"), s.Calls("signatures/signHash"); asked != c.asked || signings != c.signings {
			t.Errorf("%s: %d authorisations, %d times signed; want %d, %d", c.what, asked, signings, c.asked, c.signings)
		}
	}
}

// after answers the nth call of a method itself, and all that follow it if it does.
func after(method string, n int, answer func(w http.ResponseWriter) bool) func(http.ResponseWriter, string) bool {
	calls := 0
	return func(w http.ResponseWriter, called string) bool {
		if called != method {
			return false
		}
		calls++
		return calls == n && answer(w)
	}
}

// A batch that was cut off after its intents, or between key and store, is taken up
// by the next: the same bytes are signed, and what was stored is not signed again.
func TestSealTogetherAfterACut(t *testing.T) {
	m := newMarking(t)
	s := m.remoteKey(t, 50)
	var all []record.Document
	var jobs []record.Job
	for range 4 {
		d := m.reviewed(t, record.Approved, record.JobAuthenticate, "")
		all, jobs = append(all, d), append(jobs, m.job(t, d))
	}
	if _, err := m.announce(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
	cut, err := m.meant(t.Context(), jobs[1])
	if err != nil {
		t.Fatal(err)
	}
	defer cut.archival.Close()
	sealed, err := signing.Seal(t.Context(), cut.archival, m.Seal.Key, cut.request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.storeSeal(t.Context(), cut.document, sealed); err != nil {
		t.Fatal(err)
	}
	m.open(t) // another process knows of no authorisation
	m.AuthenticateAll(t.Context(), jobs, func(job record.Job, handle func(context.Context, record.Job) error) {
		if err := handle(t.Context(), job); err != nil {
			t.Errorf("document %s: %v", job.Document, err)
		}
	})
	for _, d := range all {
		if after, err := m.catalogue.Document(t.Context(), d.ID); err != nil || after.Status != record.Sealed {
			t.Errorf("document %s is %s, %v; want it sealed", d.ID, after.Status, err)
		}
	}
	if asked, signings := s.Calls("credentials/authorize"), s.Calls("signatures/signHash"); asked != 2 || signings != 4 {
		t.Errorf("%d authorisations, %d times signed; want 2, and each document once", asked, signings)
	}
}
