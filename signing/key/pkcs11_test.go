package key

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
)

const softHSM = "/usr/lib/softhsm/libsofthsm2.so"

// newToken makes a SoftHSM token with the signer's key, and its certificate if
// beside is set. It returns the address of the key and the file with the PIN.
func newToken(t *testing.T, p *devpki.PKI, beside bool) (uri, pin string) {
	t.Helper()
	dir := t.TempDir()
	keep := func(name string, b []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	if err := os.Mkdir(filepath.Join(dir, "tokens"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", keep("softhsm2.conf", fmt.Appendf(nil, "directories.tokendir = %s/tokens\nlog.level = ERROR\n", dir)))
	der, err := x509.MarshalPKCS8PrivateKey(p.Signer.Key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8 := keep("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for _, args := range [][]string{
		{"--init-token", "--free", "--label", "sohoa", "--so-pin", "12345678", "--pin", "246810"},
		{"--import", pkcs8, "--token", "sohoa", "--label", "con dấu", "--id", "a1", "--pin", "246810"},
	} {
		if out, err := exec.Command("softhsm2-util", args...).CombinedOutput(); err != nil {
			t.Fatalf("softhsm2-util (Debian package softhsm2, installed by ./dev test) %v: %v\n%s", args, err, out)
		}
	}
	uri = "pkcs11:token=sohoa;object=con%20d%E1%BA%A5u?module-path=" + softHSM
	if !beside {
		return uri, keep("pin", []byte("246810\n"))
	}
	c, err := crypto11.Configure(&crypto11.Config{Path: softHSM, TokenLabel: "sohoa", Pin: "246810"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.ImportCertificateWithLabel([]byte{0xa1}, []byte("con dấu"), p.Signer.Certificate), c.Close()); err != nil {
		t.Fatal(err)
	}
	return uri, keep("pin", []byte("246810\n"))
}

func pemFile(t *testing.T, certificates ...*x509.Certificate) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "chain.pem")
	var all []byte
	for _, c := range certificates {
		all = append(all, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	if err := os.WriteFile(file, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func verifies(public crypto.PublicKey, digest, value []byte) bool {
	switch p := public.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(p, crypto.SHA256, digest, value) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(p, digest, value)
	}
	return false
}

func TestTokenSigns(t *testing.T) {
	for _, kind := range []devpki.KeyKind{devpki.RSA2048, devpki.ECDSAP256, devpki.ECDSAP384} {
		p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: kind})
		if err != nil {
			t.Fatal(err)
		}
		uri, pin := newToken(t, p, true)
		k, err := Open(uri+"&x-chain="+pemFile(t, p.CA.Certificate), pin)
		if err != nil {
			t.Fatalf("%s: Open = %v; want a key", kind, err)
		}
		if err := k.Check(time.Now()); err != nil || len(k.Chain) != 2 || !k.Certificate().Equal(p.Signer.Certificate) {
			t.Errorf("%s: Check = %v, chain of %d; want the signer's and its issuer's", kind, err, len(k.Chain))
		}
		var wg sync.WaitGroup
		for n := range 2 * maxSessions { // more than there are sessions
			wg.Go(func() {
				digest := sha256.Sum256([]byte{byte(n)})
				value, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
				if err != nil || !verifies(p.Signer.Certificate.PublicKey, digest[:], value) {
					t.Errorf("%s: Sign = %v; want a signature that verifies", kind, err)
				}
			})
		}
		wg.Wait()
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTokenIsOpenedAgainAfterItWasLost(t *testing.T) {
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	uri, pin := newToken(t, p, true)
	k, err := Open(uri, pin)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	tok := k.Signer.(*token)
	tok.drop(tok.key)
	digest := sha256.Sum256(nil)
	if value, err := tok.SignContext(t.Context(), rand.Reader, digest[:], crypto.SHA256); err != nil || !verifies(tok.Public(), digest[:], value) {
		t.Errorf("SignContext = %v; want a signature over new sessions", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	tok.mu.Lock() // a token that does not answer
	_, err = tok.SignContext(done, rand.Reader, digest[:], crypto.SHA256)
	tok.mu.Unlock()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("SignContext(no time left) = %v; want its end", err)
	}
}

func TestTokenRefusals(t *testing.T) {
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	uri, pin := newToken(t, p, false)
	wrong := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(wrong, []byte("1111\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const module = "?module-path=" + softHSM
	for _, c := range []struct {
		what, uri, pin string
		want           record.Reason
	}{
		{"wrong PIN", uri, wrong, record.KeyPassword},
		{"no PIN file", uri, wrong + "no", record.KeyPassword},
		{"no such token", "pkcs11:token=other;object=x" + module, pin, record.KeyUnreadable},
		{"no such slot", "pkcs11:slot-id=7;object=x" + module, pin, record.KeyUnreadable},
		{"no such key", "pkcs11:token=sohoa;object=x" + module, pin, record.KeyUnreadable},
		{"no such module", "pkcs11:token=sohoa;object=x?module-path=/nowhere.so", pin, record.KeyUnreadable},
		{"no module", "pkcs11:token=sohoa;object=x", pin, record.KeyUnreadable},
		{"two selectors", "pkcs11:token=sohoa;serial=1;object=x" + module, pin, record.KeyUnreadable},
		{"no object", "pkcs11:token=sohoa" + module, pin, record.KeyUnreadable},
		{"an attribute that is not understood", "pkcs11:token=sohoa;library-version=3;object=x" + module, pin, record.KeyUnreadable},
		{"no certificate anywhere", uri, pin, record.KeyMismatch},
		{"the certificate of another key", uri + "&x-chain=" + pemFile(t, p.TSA.Certificate), pin, record.KeyMismatch},
		{"the certificate in a file, PIN named by the address", uri + "&pin-source=file:" + pin + "&x-chain=" + pemFile(t, p.Signer.Certificate), "", ""},
	} {
		k, err := Open(c.uri, c.pin)
		if got := record.ReasonOf(err); got != c.want {
			t.Errorf("%s: Open = %v; want reason %q", c.what, err, c.want)
		}
		if err == nil {
			k.Close()
		}
	}
}

func TestTokenErrorsHaveReasons(t *testing.T) {
	for _, c := range []struct {
		code pkcs11.Error
		want record.Reason
		lost bool
	}{
		{pkcs11.CKR_PIN_LOCKED, record.KeyLocked, false},
		{pkcs11.CKR_USER_PIN_NOT_INITIALIZED, record.KeyLocked, false},
		{pkcs11.CKR_PIN_INCORRECT, record.KeyPassword, false},
		{pkcs11.CKR_DEVICE_REMOVED, record.KeyUnreadable, true},
		{pkcs11.CKR_SESSION_HANDLE_INVALID, record.KeyUnreadable, true},
		{pkcs11.CKR_FUNCTION_FAILED, record.KeyUnreadable, false},
	} {
		err := fmt.Errorf("log in: %w", c.code)
		if got, lost := record.ReasonOf(tokenError(err, "test")), isLost(err); got != c.want || lost != c.lost {
			t.Errorf("%v: reason %q, lost %v; want %q, %v", c.code, got, lost, c.want, c.lost)
		}
	}
}
