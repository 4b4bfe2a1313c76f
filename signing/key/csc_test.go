package key

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key/csctest"
)

// newService starts a service and returns the address of its key, and PIN file.
func newService(t *testing.T, kind devpki.KeyKind, change func(*csctest.Service)) (s *csctest.Service, address, pin string) {
	t.Helper()
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: kind})
	if err != nil {
		t.Fatal(err)
	}
	s = csctest.New(p.Signer.Key, p.Signer.Certificate, p.CA.Certificate)
	if change != nil {
		change(s)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	for name, text := range map[string]string{"login": csctest.Login, "pin": csctest.PIN} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s, "csc:" + server.URL + csctest.Path + "?login-file=" + filepath.Join(dir, "login"), filepath.Join(dir, "pin")
}

var digest = sha256.Sum256([]byte("văn bản"))

func TestRemoteKeySigns(t *testing.T) {
	pss := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	for _, c := range []struct {
		what      string
		kind      devpki.KeyKind
		opts      crypto.SignerOpts
		change    func(*csctest.Service)
		authorize int // calls for six signatures
	}{
		{"RSA, one signature an authorisation", devpki.RSA2048, crypto.SHA256, nil, 6},
		{"RSA-PSS, in batches", devpki.RSA2048, pss, func(s *csctest.Service) { s.Multisign = 4 }, 2},
		{"ECDSA, authorised for one digest", devpki.ECDSAP256, crypto.SHA256, func(s *csctest.Service) { s.SCAL, s.Multisign = "2", 4 }, 6},
		{"ECDSA, r and s side by side", devpki.ECDSAP256, crypto.SHA256, func(s *csctest.Service) { s.Raw, s.Multisign = true, 100 }, 1},
	} {
		s, address, pin := newService(t, c.kind, c.change)
		k, err := Open(address+"&credential=cred/1", pin)
		if err != nil {
			t.Fatalf("%s: Open = %v; want a key", c.what, err)
		}
		if err := k.Check(time.Now()); err != nil || len(k.Chain) != 2 {
			t.Errorf("%s: Check = %v, chain of %d; want 2", c.what, err, len(k.Chain))
		}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				value, err := k.Signer.(ContextSigner).SignContext(t.Context(), rand.Reader, digest[:], c.opts)
				ok := err == nil
				switch p := k.Certificate().PublicKey.(type) {
				case *rsa.PublicKey:
					if c.opts == crypto.SignerOpts(pss) {
						ok = ok && rsa.VerifyPSS(p, crypto.SHA256, digest[:], value, pss) == nil
					} else {
						ok = ok && rsa.VerifyPKCS1v15(p, crypto.SHA256, digest[:], value) == nil
					}
				case *ecdsa.PublicKey:
					ok = ok && ecdsa.VerifyASN1(p, digest[:], value)
				}
				if !ok {
					t.Errorf("%s: SignContext = %v; want a signature that verifies", c.what, err)
				}
			})
		}
		wg.Wait()
		if got := s.Calls("credentials/authorize"); got != c.authorize {
			t.Errorf("%s: authorised %d times; want %d", c.what, got, c.authorize)
		}
	}
}

func TestRemoteKeyThatMayNotBeUsed(t *testing.T) {
	part := func(name string, v any) func(*csctest.Service) {
		return func(s *csctest.Service) { s.Info = map[string]any{name: v} }
	}
	for _, c := range []struct {
		what   string
		change func(*csctest.Service)
		query  string
		want   record.Reason
	}{
		{"the only credential", nil, "", ""},
		{"one of several, not chosen", func(s *csctest.Service) { s.Credentials = []string{"a", "b"} }, "", record.KeyUnreadable},
		{"a credential of nobody", nil, "&credential=other", record.KeyUnreadable},
		{"a parameter that is not known", nil, "&pin=1234", record.KeyUnreadable},
		{"disabled", part("key", map[string]any{"status": "disabled"}), "", record.KeyLocked},
		{"revoked", part("cert", map[string]any{"status": "revoked"}), "", record.CertRevoked},
		{"expired", part("cert", map[string]any{"status": "expired"}), "", record.CertExpired},
		{"without a certificate", part("cert", map[string]any{"status": "valid"}), "", record.KeyMismatch},
		{"with a one-time password", part("OTP", map[string]any{"presence": "true"}), "", record.KeyUnreadable},
		{"wrong login", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, method string) bool {
				if method == "auth/login" {
					csctest.Refuse(w, 400, "authentication_error")
				}
				return method == "auth/login"
			}
		}, "", record.KeyPassword},
		{"a redirect", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, _ string) bool {
				w.Header().Set("Location", "/")
				w.WriteHeader(307)
				return true
			}
		}, "", record.KeyUnreadable},
		{"an answer without end", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, _ string) bool { w.Write(make([]byte, maxAnswerBytes+1)); return true }
		}, "", record.KeyUnreadable},
	} {
		_, address, pin := newService(t, devpki.ECDSAP256, c.change)
		if _, err := Open(address+c.query, pin); record.ReasonOf(err) != c.want {
			t.Errorf("%s: Open = %v; want reason %q", c.what, err, c.want)
		}
	}
	if _, err := Open("csc:http://signing.example/csc/v1?login-file=x", ""); record.ReasonOf(err) != record.KeyUnreadable {
		t.Errorf("another machine without TLS: Open = %v; want key-unreadable", err)
	}
}

func TestRemoteKeyFails(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*csctest.Service) // after the key was opened
		want   record.Reason
		again  bool // a second try asks the service again
	}{
		{"wrong PIN", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, method string) bool {
				if method == "credentials/authorize" {
					csctest.Refuse(w, 400, "invalid_pin")
				}
				return method == "credentials/authorize"
			}
		}, record.KeyPassword, false},
		{"locked", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, _ string) bool { csctest.Refuse(w, 400, "credential_locked"); return true }
		}, record.KeyLocked, false},
		{"out of order", func(s *csctest.Service) {
			s.Answer = func(w http.ResponseWriter, _ string) bool { csctest.Refuse(w, 503, ""); return true }
		}, record.KeyUnreadable, true},
		{"signs something else", func(s *csctest.Service) { s.Lie = true }, record.KeyMismatch, true},
		{"the access token has ended", func(s *csctest.Service) { s.EndToken() }, record.KeyPassword, true},
	} {
		s, address, pin := newService(t, devpki.ECDSAP256, nil)
		k, err := Open(address, pin)
		if err != nil {
			t.Fatal(err)
		}
		s.Change(c.change)
		if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); record.ReasonOf(err) != c.want {
			t.Errorf("%s: Sign = %v; want reason %q", c.what, err, c.want)
		}
		before := s.Calls("credentials/authorize")
		k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
		if again := s.Calls("credentials/authorize") > before; again != c.again {
			t.Errorf("%s: asked again: %v; want %v", c.what, again, c.again)
		}
	}
}

func TestRemoteKeyAuthorisesAnew(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *csctest.Service) { s.Multisign = 10 })
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if n == 2 {
			s.Change((*csctest.Service).EndAuthorisations) // the service has started anew
		}
		if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			t.Errorf("signature %d: Sign = %v", n+1, err)
		}
	}
	if got := s.Calls("credentials/authorize"); got != 2 {
		t.Errorf("authorised %d times; want 2", got)
	}
}

func TestOneAuthorisationForABatch(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *csctest.Service) { s.SCAL, s.Multisign = "2", 3 })
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	remote := k.Signer.(Authoriser)
	if got := remote.Batch(); got != 3 {
		t.Errorf("Batch = %d; want 3", got)
	}
	var digests [][]byte
	for n := range 3 {
		d := sha256.Sum256([]byte{byte(n)})
		digests = append(digests, d[:])
	}
	if err := remote.Authorise(t.Context(), digests, crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	for _, d := range digests {
		if _, err := k.Signer.Sign(rand.Reader, d, crypto.SHA256); err != nil {
			t.Errorf("Sign = %v; want it covered by the authorisation", err)
		}
	}
	if got := s.Calls("credentials/authorize"); got != 1 {
		t.Errorf("authorised %d times; want once", got)
	}
	if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil || s.Calls("credentials/authorize") != 2 {
		t.Errorf("a digest that was not in it: %v, authorised %d times; want a second time", err, s.Calls("credentials/authorize"))
	}
}

// What an authorisation was for and is not signed when it ends is authorised
// together once more.
func TestABatchOutlivesItsAuthorisation(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *csctest.Service) { s.SCAL, s.Multisign = "2", 50 })
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	var digests [][]byte
	for n := range 12 {
		d := sha256.Sum256([]byte{byte(n)})
		digests = append(digests, d[:])
	}
	if err := k.Signer.(Authoriser).Authorise(t.Context(), digests, crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	for n, d := range digests {
		if n == 5 {
			s.Change((*csctest.Service).EndAuthorisations)
		}
		if _, err := k.Signer.Sign(rand.Reader, d, crypto.SHA256); err != nil {
			t.Errorf("digest %d: Sign = %v; want it authorised anew", n+1, err)
		}
	}
	if got := s.Calls("credentials/authorize"); got != 2 {
		t.Errorf("authorised %d times; want 2", got)
	}
	if left := len(k.Signer.(*remote).granted); left != 0 {
		t.Errorf("%d digests are authorised still; want none", left)
	}
}

// Two batches at once do not take each other's authorisation away.
func TestBatchesBesideEachOther(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *csctest.Service) { s.SCAL, s.Multisign = "2", 50 })
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	remote := k.Signer.(Authoriser)
	var batches [2][][]byte
	for n := range 6 {
		d := sha256.Sum256([]byte{byte(n)})
		batches[n%2] = append(batches[n%2], d[:])
	}
	for _, b := range batches {
		if err := remote.Authorise(t.Context(), b, crypto.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range append(batches[0], batches[1]...) {
		if _, err := k.Signer.Sign(rand.Reader, d, crypto.SHA256); err != nil {
			t.Errorf("Sign = %v", err)
		}
	}
	if got := s.Calls("credentials/authorize"); got != 2 {
		t.Errorf("authorised %d times; want once a batch", got)
	}
}

func TestRemoteKeyGivesUpInTime(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, nil)
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Change(func(s *csctest.Service) {
		s.Answer = func(http.ResponseWriter, string) bool { cancel(); <-ctx.Done(); return false } // nobody waits any more
	})
	_, err = k.Signer.(ContextSigner).SignContext(ctx, rand.Reader, digest[:], crypto.SHA256)
	if !errors.Is(err, context.Canceled) || record.ReasonOf(err) != record.KeyUnreadable {
		t.Errorf("SignContext = %v; want its end, and key-unreadable", err)
	}
}
