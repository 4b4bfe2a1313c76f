package devpki_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/sohoa/sohoa/internal/devpki"
)

func newPKI(t *testing.T) (*devpki.PKI, *httptest.Server) {
	t.Helper()
	var h http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	p, err := devpki.New(devpki.Options{URL: server.URL, Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatalf("New = %v; want a PKI", err)
	}
	h = p.Handler()
	return p, server
}

func fetch(t *testing.T, resp *http.Response, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s = %s, %v; want 200", resp.Request.URL, resp.Status, err)
	}
	return b
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	resp, err := http.Get(url)
	return fetch(t, resp, err)
}

func TestChainsLeadToTheirRoots(t *testing.T) {
	p, _ := newPKI(t)
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range p.Roots() {
		roots.AddCert(c)
	}
	between.AddCert(p.CA.Certificate)
	for _, c := range []struct {
		of  *x509.Certificate
		use x509.ExtKeyUsage
	}{
		{p.Signer.Certificate, x509.ExtKeyUsageEmailProtection},
		{p.TSA.Certificate, x509.ExtKeyUsageTimeStamping},
		{p.Responder.Certificate, x509.ExtKeyUsageOCSPSigning},
	} {
		_, err := c.of.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{c.use}})
		if err != nil {
			t.Errorf("Verify(%s) = %v; want a chain", c.of.Subject.CommonName, err)
		}
		if !strings.Contains(c.of.Subject.CommonName, "for development") {
			t.Errorf("name %q does not say that it is for development", c.of.Subject.CommonName)
		}
		if len(c.of.AuthorityKeyId) == 0 || len(c.of.CRLDistributionPoints) == 0 || len(c.of.IssuingCertificateURL) == 0 {
			t.Errorf("%s: authority key, CRL or issuer address missing", c.of.Subject.CommonName)
		}
	}
	if _, err := p.TSA.Certificate.Verify(x509.VerifyOptions{Roots: x509.NewCertPool()}); err == nil {
		t.Error("TSA verifies without its root")
	}
}

func TestStatus(t *testing.T) {
	p, server := newPKI(t)
	request, err := ocsp.CreateRequest(p.Signer.Certificate, p.CA.Certificate, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() *ocsp.Response {
		resp, err := http.Post(p.Signer.Certificate.OCSPServer[0], "application/ocsp-request", bytes.NewReader(request))
		answer, err := ocsp.ParseResponseForCert(fetch(t, resp, err), p.Signer.Certificate, p.CA.Certificate)
		if err != nil {
			t.Fatalf("OCSP answer: %v", err)
		}
		return answer
	}
	if got := ask().Status; got != ocsp.Good {
		t.Errorf("status = %d; want good", got)
	}
	p.Revoke(p.Signer.Certificate, time.Now())
	if got := ask().Status; got != ocsp.Revoked {
		t.Errorf("status after Revoke = %d; want revoked", got)
	}
	list, err := x509.ParseRevocationList(get(t, p.Signer.Certificate.CRLDistributionPoints[0]))
	if err != nil {
		t.Fatal(err)
	}
	if err := list.CheckSignatureFrom(p.CA.Certificate); err != nil || len(list.RevokedCertificateEntries) != 1 {
		t.Errorf("CRL = %v with %d entries; want one signed by the CA with 1", err, len(list.RevokedCertificateEntries))
	}
	for name, c := range map[string]*x509.Certificate{"root": p.Root.Certificate, "ca": p.CA.Certificate, "tsa-root": p.TSARoot.Certificate} {
		list, err := x509.ParseRevocationList(get(t, server.URL+"/crl/"+name+".crl"))
		if err != nil || list.CheckSignatureFrom(c) != nil || list.ThisUpdate.Before(c.NotBefore) {
			t.Errorf("CRL of %s: %v; want one of its own, not older than itself", name, err)
		}
		if !bytes.Equal(get(t, server.URL+"/ca/"+name+".cer"), c.Raw) {
			t.Errorf("certificate of %s at its address is another", name)
		}
	}
}

func TestRenewedTSARootHasItsOwnAddress(t *testing.T) {
	p, server := newPKI(t)
	old := p.TSARoot.Certificate
	if err := p.RenewTSA(true, devpki.ECDSAP256); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(get(t, server.URL+"/ca/tsa-root.cer"), old.Raw) || !bytes.Equal(get(t, p.TSA.Certificate.IssuingCertificateURL[0]), p.TSARoot.Certificate.Raw) {
		t.Error("addresses of the old and the new TSA root are mixed up")
	}
}

func TestInitSaveServe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := devpki.Init(dir, "http://"+l.Addr().String()+"/"); err != nil {
		t.Fatalf("Init = %v", err)
	}
	if err := devpki.Init(dir, ""); err == nil {
		t.Error("Init over an existing PKI = nil; want an error")
	}
	secrets, err := filepath.Glob(filepath.Join(dir, "*.key"))
	if err != nil || len(secrets) != 7 {
		t.Fatalf("%d keys, %v; want 7", len(secrets), err)
	}
	for _, file := range append(secrets, filepath.Join(dir, devpki.SignerFile), filepath.Join(dir, devpki.PasswordFile)) {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v; want mode 0600", filepath.Base(file), err)
		}
	}
	p12, _ := os.ReadFile(filepath.Join(dir, devpki.SignerFile))
	password, _ := os.ReadFile(filepath.Join(dir, devpki.PasswordFile))
	_, certificate, chain, err := pkcs12.DecodeChain(p12, strings.TrimSpace(string(password)))
	if err != nil || len(chain) != 2 {
		t.Fatalf("signer.p12: chain of %d, %v; want 2", len(chain), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- devpki.Serve(ctx, dir, l) }()
	if issuer, err := x509.ParseCertificate(get(t, certificate.IssuingCertificateURL[0])); err != nil || certificate.CheckSignatureFrom(issuer) != nil {
		t.Errorf("issuer at its address: %v; want the one that signed the signer", err)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("Serve = %v; want nil when stopped", err)
	}
}
