package key

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
)

const remotePIN = "246810"

// A signingService is one after the CSC API v1.0.4, with one account that logs in
// as clerk:secret and, unless told otherwise, one credential.
type signingService struct {
	pki         *devpki.PKI
	credentials []string
	info        map[string]any // changed or added in credentials/info
	scal        string
	multisign   int
	raw         bool // ECDSA values as r and s side by side
	lie         bool // signs something else
	answer      func(w http.ResponseWriter, method string) bool

	mu     sync.Mutex
	tokens int // logins so far: the newest token is good
	sads   map[string]int
	bound  map[string][]string
	calls  map[string]int
}

func (s *signingService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method := strings.TrimPrefix(r.URL.Path, "/csc/v1/")
	s.calls[method]++
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Method != http.MethodPost {
		s.refuse(w, 400, "invalid_request")
		return
	}
	if s.answer != nil && s.answer(w, method) {
		return
	}
	if method == "auth/login" {
		if user, password, _ := r.BasicAuth(); user != "clerk" || password != "secret" {
			s.refuse(w, 400, "authentication_error")
			return
		}
		s.tokens++
		s.give(w, map[string]any{"access_token": s.token(), "expires_in": 3600})
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+s.token() {
		s.refuse(w, 401, "invalid_token")
		return
	}
	if id, ok := in["credentialID"].(string); method != "credentials/list" && (!ok || !slices.Contains(s.credentials, id)) {
		s.refuse(w, 400, "invalid_request")
		return
	}
	switch method {
	case "credentials/list":
		s.give(w, map[string]any{"credentialIDs": s.credentials})
	case "credentials/info":
		s.give(w, s.describe())
	case "credentials/authorize":
		s.authorize(w, in)
	case "signatures/signHash":
		s.sign(w, in)
	default:
		s.refuse(w, 501, "invalid_request")
	}
}

func (s *signingService) token() string { return "token-" + strings.Repeat("x", s.tokens) }

func (s *signingService) give(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(v) }

func (s *signingService) refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	s.give(w, map[string]string{"error": code, "error_description": "as the test wants it"})
}

func (s *signingService) describe() map[string]any {
	var chain []string
	for _, c := range []*x509.Certificate{s.pki.Signer.Certificate, s.pki.CA.Certificate} {
		chain = append(chain, base64.StdEncoding.EncodeToString(c.Raw))
	}
	out := map[string]any{
		"key":      map[string]any{"status": "enabled", "algo": []string{oidRSA, oidPSS, oidECSHA256, oidECSHA384}},
		"cert":     map[string]any{"status": "valid", "certificates": chain},
		"authMode": "explicit", "SCAL": s.scal, "multisign": s.multisign, "PIN": map[string]any{"presence": "true", "format": "N"},
	}
	maps.Copy(out, s.info)
	return out
}

func (s *signingService) authorize(w http.ResponseWriter, in map[string]any) {
	n, _ := in["numSignatures"].(float64)
	hashes, _ := in["hash"].([]any)
	switch {
	case in["PIN"] != remotePIN:
		s.refuse(w, 400, "invalid_pin")
	case n < 1 || int(n) > s.multisign || s.scal == "2" && len(hashes) != int(n):
		s.refuse(w, 400, "invalid_request")
	default:
		sad := rand.Text()
		s.sads[sad] = int(n)
		if s.scal == "2" {
			for _, h := range hashes {
				s.bound[sad] = append(s.bound[sad], h.(string))
			}
		}
		s.give(w, map[string]any{"SAD": sad, "expiresIn": 300})
	}
}

func (s *signingService) sign(w http.ResponseWriter, in map[string]any) {
	sad, _ := in["SAD"].(string)
	hashes, _ := in["hash"].([]any)
	if len(hashes) != 1 || s.sads[sad] < 1 || s.scal == "2" && !slices.Contains(s.bound[sad], hashes[0].(string)) || in["hashAlgo"] != hashOIDs[crypto.SHA256] {
		s.refuse(w, 400, "invalid_request")
		return
	}
	s.sads[sad]--
	digest, _ := base64.StdEncoding.DecodeString(hashes[0].(string))
	if s.lie {
		digest[0]++
	}
	var opts crypto.SignerOpts = crypto.SHA256
	if in["signAlgo"] == oidPSS {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	}
	value, err := s.pki.Signer.Key.Sign(rand.Reader, digest, opts)
	if err != nil {
		s.refuse(w, 500, "server_error")
		return
	}
	if s.raw {
		value = sideBySide(value)
	}
	s.give(w, map[string]any{"signatures": []string{base64.StdEncoding.EncodeToString(value)}})
}

func sideBySide(der []byte) []byte {
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		panic(err)
	}
	out := make([]byte, 64)
	pair.R.FillBytes(out[:32])
	pair.S.FillBytes(out[32:])
	return out
}

// newService starts a service and returns the address of its key, and PIN file.
func newService(t *testing.T, kind devpki.KeyKind, change func(*signingService)) (s *signingService, address, pin string) {
	t.Helper()
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: kind})
	if err != nil {
		t.Fatal(err)
	}
	s = &signingService{pki: p, credentials: []string{"cred/1"}, scal: "1", multisign: 1, sads: map[string]int{}, bound: map[string][]string{}, calls: map[string]int{}}
	if change != nil {
		change(s)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	for name, text := range map[string]string{"login": "clerk:secret\n", "pin": remotePIN + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s, "csc:" + server.URL + "/csc/v1?login-file=" + filepath.Join(dir, "login"), filepath.Join(dir, "pin")
}

var digest = sha256.Sum256([]byte("văn bản"))

func TestRemoteKeySigns(t *testing.T) {
	pss := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	for _, c := range []struct {
		what      string
		kind      devpki.KeyKind
		opts      crypto.SignerOpts
		change    func(*signingService)
		authorize int // calls for six signatures
	}{
		{"RSA, one signature an authorisation", devpki.RSA2048, crypto.SHA256, nil, 6},
		{"RSA-PSS, in batches", devpki.RSA2048, pss, func(s *signingService) { s.multisign = 4 }, 2},
		{"ECDSA, authorised for one digest", devpki.ECDSAP256, crypto.SHA256, func(s *signingService) { s.scal, s.multisign = "2", 4 }, 6},
		{"ECDSA, r and s side by side", devpki.ECDSAP256, crypto.SHA256, func(s *signingService) { s.raw, s.multisign = true, 100 }, 1},
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
		if got := s.calls["credentials/authorize"]; got != c.authorize {
			t.Errorf("%s: authorised %d times; want %d", c.what, got, c.authorize)
		}
	}
}

func TestRemoteKeyThatMayNotBeUsed(t *testing.T) {
	part := func(name string, v any) func(*signingService) {
		return func(s *signingService) { s.info = map[string]any{name: v} }
	}
	for _, c := range []struct {
		what   string
		change func(*signingService)
		query  string
		want   record.Reason
	}{
		{"the only credential", nil, "", ""},
		{"one of several, not chosen", func(s *signingService) { s.credentials = []string{"a", "b"} }, "", record.KeyUnreadable},
		{"a credential of nobody", nil, "&credential=other", record.KeyUnreadable},
		{"a parameter that is not known", nil, "&pin=1234", record.KeyUnreadable},
		{"disabled", part("key", map[string]any{"status": "disabled"}), "", record.KeyLocked},
		{"revoked", part("cert", map[string]any{"status": "revoked"}), "", record.CertRevoked},
		{"expired", part("cert", map[string]any{"status": "expired"}), "", record.CertExpired},
		{"without a certificate", part("cert", map[string]any{"status": "valid"}), "", record.KeyMismatch},
		{"with a one-time password", part("OTP", map[string]any{"presence": "true"}), "", record.KeyUnreadable},
		{"wrong login", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, method string) bool {
				if method == "auth/login" {
					s.refuse(w, 400, "authentication_error")
				}
				return method == "auth/login"
			}
		}, "", record.KeyPassword},
		{"a redirect", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, _ string) bool {
				w.Header().Set("Location", "/")
				w.WriteHeader(307)
				return true
			}
		}, "", record.KeyUnreadable},
		{"an answer without end", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, _ string) bool { w.Write(make([]byte, maxAnswerBytes+1)); return true }
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
		change func(*signingService) // after the key was opened
		want   record.Reason
		again  bool // a second try asks the service again
	}{
		{"wrong PIN", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, method string) bool {
				if method == "credentials/authorize" {
					s.refuse(w, 400, "invalid_pin")
				}
				return method == "credentials/authorize"
			}
		}, record.KeyPassword, false},
		{"locked", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, _ string) bool { s.refuse(w, 400, "credential_locked"); return true }
		}, record.KeyLocked, false},
		{"out of order", func(s *signingService) {
			s.answer = func(w http.ResponseWriter, _ string) bool { s.refuse(w, 503, ""); return true }
		}, record.KeyUnreadable, true},
		{"signs something else", func(s *signingService) { s.lie = true }, record.KeyMismatch, true},
		{"the access token has ended", func(s *signingService) { s.tokens++ }, record.KeyPassword, true},
	} {
		s, address, pin := newService(t, devpki.ECDSAP256, nil)
		k, err := Open(address, pin)
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		c.change(s)
		s.mu.Unlock()
		if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); record.ReasonOf(err) != c.want {
			t.Errorf("%s: Sign = %v; want reason %q", c.what, err, c.want)
		}
		before := s.calls["credentials/authorize"]
		k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
		if again := s.calls["credentials/authorize"] > before; again != c.again {
			t.Errorf("%s: asked again: %v; want %v", c.what, again, c.again)
		}
	}
}

func TestRemoteKeyAuthorisesAnew(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *signingService) { s.multisign = 10 })
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if n == 2 {
			s.mu.Lock()
			clear(s.sads) // the service has started anew
			s.mu.Unlock()
		}
		if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			t.Errorf("signature %d: Sign = %v", n+1, err)
		}
	}
	if got := s.calls["credentials/authorize"]; got != 2 {
		t.Errorf("authorised %d times; want 2", got)
	}
}

func TestOneAuthorisationForABatch(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, func(s *signingService) { s.scal, s.multisign = "2", 3 })
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
	if got := s.calls["credentials/authorize"]; got != 1 {
		t.Errorf("authorised %d times; want once", got)
	}
	if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil || s.calls["credentials/authorize"] != 2 {
		t.Errorf("a digest that was not in it: %v, authorised %d times; want a second time", err, s.calls["credentials/authorize"])
	}
}

func TestRemoteKeyGivesUpInTime(t *testing.T) {
	s, address, pin := newService(t, devpki.ECDSAP256, nil)
	k, err := Open(address, pin)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.mu.Lock()
	s.answer = func(http.ResponseWriter, string) bool { cancel(); <-ctx.Done(); return false } // nobody waits any more
	s.mu.Unlock()
	_, err = k.Signer.(ContextSigner).SignContext(ctx, rand.Reader, digest[:], crypto.SHA256)
	if !errors.Is(err, context.Canceled) || record.ReasonOf(err) != record.KeyUnreadable {
		t.Errorf("SignContext = %v; want its end, and key-unreadable", err)
	}
}
