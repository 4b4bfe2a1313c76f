package key_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
)

func newPKI(t *testing.T) *devpki.PKI {
	t.Helper()
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, name string, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func encode(t *testing.T, e *pkcs12.Encoder, k any, first *x509.Certificate, others []*x509.Certificate, password string) []byte {
	t.Helper()
	b, err := e.Encode(k, first, others, password)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenPKCS12(t *testing.T) {
	p := newPKI(t)
	own, ca, root := p.Signer.Certificate, p.CA.Certificate, p.Root.Certificate
	whole := []*x509.Certificate{ca, root}
	for _, c := range []struct {
		what     string
		p12      []byte
		password string
		reason   record.Reason
		chain    int
	}{
		{"as made today", encode(t, pkcs12.Modern, p.Signer.Key, own, whole, "bí mật"), "bí mật\n", "", 3},
		{"as old tools make it", encode(t, pkcs12.LegacyRC2, p.Signer.Key, own, whole, "secret"), "secret\r\n", "", 3},
		{"no password", encode(t, pkcs12.Modern, p.Signer.Key, own, whole, ""), "", "", 3},
		{"issuer first in the bag", encode(t, pkcs12.Modern, p.Signer.Key, ca, []*x509.Certificate{root, own}, "x"), "x", "", 3},
		{"certificate alone", encode(t, pkcs12.Modern, p.Signer.Key, own, nil, "x"), "x", "", 1},
		{"wrong password", encode(t, pkcs12.Modern, p.Signer.Key, own, whole, "right"), "wrong", record.KeyPassword, 0},
		{"key of somebody else", encode(t, pkcs12.Modern, p.TSA.Key, own, whole, "x"), "x", record.KeyMismatch, 0},
		{"not a PKCS#12", []byte("hello"), "x", record.KeyUnreadable, 0},
		{"empty", nil, "x", record.KeyUnreadable, 0},
		{"too large", make([]byte, 2<<20), "x", record.KeyUnreadable, 0},
	} {
		k, err := key.OpenPKCS12(write(t, "k.p12", c.p12), write(t, "k.pass", []byte(c.password)))
		if got := record.ReasonOf(err); got != c.reason {
			t.Errorf("%s: OpenPKCS12 = %v; want reason %q", c.what, err, c.reason)
			continue
		}
		if err == nil && (len(k.Chain) != c.chain || !k.Certificate().Equal(own)) {
			t.Errorf("%s: chain of %d from %s; want %d from the signer", c.what, len(k.Chain), k.Certificate().Subject, c.chain)
		}
	}
	if _, err := key.OpenPKCS12(filepath.Join(t.TempDir(), "none"), ""); record.ReasonOf(err) != record.KeyUnreadable {
		t.Errorf("OpenPKCS12(no file) = %v; want key-unreadable", err)
	}
}

func TestECDSAIsSteady(t *testing.T) {
	p := newPKI(t)
	k, err := key.OpenPKCS12(write(t, "k.p12", encode(t, pkcs12.Modern, p.Signer.Key, p.Signer.Certificate, nil, "")), "")
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("văn bản"))
	one, err1 := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	two, err2 := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("two signatures of one digest differ, or %v, %v", err1, err2)
	}
}

func TestCheck(t *testing.T) {
	p := newPKI(t)
	now := time.Now()
	own := func(alter func(*x509.Certificate)) *key.Key {
		c := &x509.Certificate{NotAfter: time.Time{}.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
		alter(c)
		e, err := p.Issue(c, devpki.ECDSAP256)
		if err != nil {
			t.Fatal(err)
		}
		return &key.Key{Signer: e.Key, Chain: []*x509.Certificate{e.Certificate}}
	}
	with := func(k crypto.Signer, err error) *key.Key {
		if err != nil {
			t.Fatal(err)
		}
		return &key.Key{Signer: k, Chain: []*x509.Certificate{{PublicKey: k.Public(), NotAfter: now.AddDate(1, 0, 0)}}}
	}
	signer := &key.Key{Signer: p.Signer.Key, Chain: []*x509.Certificate{p.Signer.Certificate}}
	for _, c := range []struct {
		what string
		key  *key.Key
		at   time.Time
		want record.Reason
	}{
		{"good", signer, now, ""},
		{"before it is valid", signer, now.AddDate(0, 0, -2), record.CertNotYet},
		{"after it was valid", signer, now.AddDate(6, 0, 0), record.CertExpired},
		{"certificate of another key", &key.Key{Signer: p.TSA.Key, Chain: signer.Chain}, now, record.KeyMismatch},
		{"for TLS servers only", own(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), now, record.CertUsage},
		{"for key agreement only", own(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }), now, record.CertUsage},
		{"content commitment only", own(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }), now, ""},
		{"no usage said", own(func(c *x509.Certificate) { c.KeyUsage = 0 }), now, ""},
		{"of a CA", &key.Key{Signer: p.CA.Key, Chain: []*x509.Certificate{p.CA.Certificate}}, now, record.CertUsage},
		{"RSA 2048", with(rsa.GenerateKey(rand.Reader, 2048)), now, ""},
		{"RSA 1024", with(rsa.GenerateKey(rand.Reader, 1024)), now, record.KeyWeak},
		{"P-384", with(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)), now, ""},
		{"P-224", with(ecdsa.GenerateKey(elliptic.P224(), rand.Reader)), now, record.KeyWeak},
	} {
		if got := record.ReasonOf(c.key.Check(c.at)); got != c.want {
			t.Errorf("%s: Check = %q; want %q", c.what, got, c.want)
		}
	}
}
