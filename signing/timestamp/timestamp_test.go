package timestamp_test

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/timestamp"
)

func newTSA(t *testing.T) (*devpki.PKI, *timestamp.Client) {
	t.Helper()
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	return p, &timestamp.Client{URLs: []string{server.URL + "/tsa"}, Roots: []*x509.Certificate{p.TSARoot.Certificate}}
}

var imprint = func() []byte { d := sha256.Sum256([]byte("chữ ký")); return d[:] }()

func TestToken(t *testing.T) {
	_, c := newTSA(t)
	token, err := c.Token(t.Context(), imprint, crypto.SHA256)
	if err != nil {
		t.Fatalf("Token = %v; want a token", err)
	}
	info, err := timestamp.Check(token, crypto.SHA256, imprint)
	if err != nil || time.Since(info.Time).Abs() > time.Minute || info.Accuracy != time.Second {
		t.Errorf("Check = time %v ± %v, %v; want now ± 1s", info.Time, info.Accuracy, err)
	}
	other := sha256.Sum256([]byte("khác"))
	if _, err := timestamp.Check(token, crypto.SHA256, other[:]); !errors.Is(err, timestamp.ErrImprint) {
		t.Errorf("Check(other imprint) = %v; want ErrImprint", err)
	}
	for i := range token {
		bent := append([]byte(nil), token...)
		bent[i] ^= 0x10
		if _, err := timestamp.Check(bent, crypto.SHA256, imprint); err == nil && !outsideSignature(token, i) {
			t.Fatalf("Check passes with byte %d of %d changed", i, len(token))
		}
	}
}

// outsideSignature reports whether byte i may change without harm: certificates
// other than the signer's, and names of algorithms that are said twice.
func outsideSignature(token []byte, i int) bool {
	info, err := timestamp.Read(token)
	if err != nil {
		return false
	}
	bent := append([]byte(nil), token...)
	bent[i] ^= 0x10
	after, err := timestamp.Read(bent)
	return err == nil && after.Certificate.Equal(info.Certificate) && after.Time.Equal(info.Time) && string(after.Imprint) == string(info.Imprint)
}

func TestLyingAuthority(t *testing.T) {
	p, c := newTSA(t)
	c.Policy = asn1.ObjectIdentifier{2, 999, 7}
	for _, row := range []struct {
		lie  devpki.Lie
		want record.Reason
	}{
		{devpki.None, ""},
		{devpki.TSARefuses, record.TSARefused},
		{devpki.TSAGarbage, record.TSAUntrusted},
		{devpki.TSAHuge, record.TSAUnreachable},
		{devpki.TSAWrongImprint, record.TSAUntrusted},
		{devpki.TSAWrongNonce, record.TSAUntrusted},
		{devpki.TSANoNonce, record.TSAUntrusted},
		{devpki.TSANoCertificate, record.TSAUntrusted},
		{devpki.TSAPast, record.TSAUntrusted},
		{devpki.TSAFuture, record.TSAUntrusted},
		{devpki.TSAOtherPolicy, record.TSAUntrusted},
		{devpki.TSABrokenSeal, record.TSAUntrusted},
	} {
		p.Lie = row.lie
		_, err := c.Token(t.Context(), imprint, crypto.SHA256)
		if got := record.ReasonOf(err); got != row.want {
			t.Errorf("%s: Token = %v; want reason %q", row.lie, err, row.want)
		}
	}
}

func TestAuthorityWithoutTheRightCertificate(t *testing.T) {
	p, c := newTSA(t)
	tsa := func(use []x509.ExtKeyUsage) *devpki.Entity {
		e, err := p.Issue(&x509.Certificate{NotAfter: time.Time{}.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: use}, devpki.ECDSAP256)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	good := p.TSA
	for what, e := range map[string]*devpki.Entity{
		"no extended key usage": tsa(nil),
		"not critical":          tsa([]x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}),
		"another beside it":     tsa([]x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageServerAuth}),
	} {
		p.TSA = e
		if _, err := c.Token(t.Context(), imprint, crypto.SHA256); record.ReasonOf(err) != record.TSAUntrusted || !errors.Is(err, timestamp.ErrUsage) {
			t.Errorf("%s: Token = %v; want tsa-untrusted by ErrUsage", what, err)
		}
	}
	p.TSA = good
	c.Roots = []*x509.Certificate{p.Root.Certificate}
	if _, err := c.Token(t.Context(), imprint, crypto.SHA256); record.ReasonOf(err) != record.TSAUntrusted {
		t.Errorf("under a root that is not trusted: Token = %v; want tsa-untrusted", err)
	}
}

func TestAuthoritiesAreAskedInTurn(t *testing.T) {
	_, c := newTSA(t)
	broken := httptest.NewServer(http.NotFoundHandler())
	defer broken.Close()
	good := c.URLs[0]
	c.URLs = []string{"http://127.0.0.1:1/tsa", broken.URL, good}
	if _, err := c.Token(t.Context(), imprint, crypto.SHA256); err != nil {
		t.Errorf("third of three works: Token = %v; want a token", err)
	}
	c.URLs = c.URLs[:2]
	if _, err := c.Token(t.Context(), imprint, crypto.SHA256); record.ReasonOf(err) != record.TSAUnreachable {
		t.Errorf("none works: Token = %v; want tsa-unreachable", err)
	}
}

func TestSlowAuthorityIsLeft(t *testing.T) {
	_, c := newTSA(t)
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	c.URLs, c.Timeout = []string{slow.URL}, 20*time.Millisecond
	if _, err := c.Token(t.Context(), imprint, crypto.SHA256); record.ReasonOf(err) != record.TSAUnreachable {
		t.Errorf("Token = %v; want tsa-unreachable", err)
	}
}
