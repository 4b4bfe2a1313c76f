package evidence_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
)

// An office is a PKI that can be asked; asked counts the questions.
type office struct {
	*devpki.PKI
	asked  atomic.Int64
	client *evidence.Client
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{}
	var h http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.asked.Add(1); h.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	var err error
	if o.PKI, err = devpki.New(devpki.Options{URL: server.URL, Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256}); err != nil {
		t.Fatal(err)
	}
	h = o.Handler()
	o.client = &evidence.Client{HTTP: evidence.HTTPClient(true)}
	return o
}

func (o *office) signer() []evidence.Subject {
	return []evidence.Subject{{Certificate: o.Signer.Certificate, At: time.Now()}}
}

func TestStatus(t *testing.T) {
	crlOnly := func(c *x509.Certificate) *x509.Certificate { d := *c; d.OCSPServer = nil; return &d }
	for _, c := range []struct {
		what string
		lie  devpki.Lie
		ask  func(*x509.Certificate) *x509.Certificate
		kind string // "" for none
	}{
		{"good", devpki.None, nil, evidence.OCSP},
		{"good, by CRL", devpki.None, crlOnly, evidence.CRL},
		{"OCSP about another certificate", devpki.OCSPOtherCertificate, nil, evidence.CRL},
		{"OCSP does not know", devpki.OCSPUnknown, nil, evidence.CRL},
		{"OCSP wants us to come again", devpki.OCSPTryLater, nil, evidence.CRL},
		{"OCSP of last month", devpki.OCSPStale, nil, evidence.CRL},
		{"OCSP with a broken signature", devpki.OCSPBrokenSeal, nil, evidence.CRL},
		{"CRL of 50 MB", devpki.CRLHuge, crlOnly, ""},
		{"CRL of last month", devpki.CRLStale, crlOnly, ""},
		{"CRL by somebody else", devpki.CRLForeign, crlOnly, ""},
		{"no address", devpki.None, func(c *x509.Certificate) *x509.Certificate {
			d := crlOnly(c)
			d.CRLDistributionPoints = nil
			return d
		}, ""},
		{"address of another protocol", devpki.None, func(c *x509.Certificate) *x509.Certificate {
			d := crlOnly(c)
			d.CRLDistributionPoints = []string{"file:///etc/passwd", "ldap://127.0.0.1/"}
			return d
		}, ""},
	} {
		o := newOffice(t)
		o.Lie = c.lie
		cert := o.Signer.Certificate
		if c.ask != nil {
			cert = c.ask(cert)
		}
		a, err := o.client.Status(t.Context(), cert, o.CA.Certificate, time.Now())
		if a.Kind != c.kind || (err != nil) != (c.kind == "") || err != nil && !errors.Is(err, evidence.ErrNoStatus) {
			t.Errorf("%s: Status by %q, %v; want by %q", c.what, a.Kind, err, c.kind)
		}
		if a.Revoked {
			t.Errorf("%s: revoked", c.what)
		}
	}
}

func TestRevokedIsSeenBothWays(t *testing.T) {
	o := newOffice(t)
	since := time.Now().Add(-time.Hour).Truncate(time.Second)
	o.Revoke(o.Signer.Certificate, since)
	byCRL := *o.Signer.Certificate
	byCRL.OCSPServer = nil
	for _, cert := range []*x509.Certificate{o.Signer.Certificate, &byCRL} {
		if a, err := o.client.Status(t.Context(), cert, o.CA.Certificate, time.Now()); err != nil || !a.Revoked || !a.RevokedAt.Equal(since) {
			t.Errorf("by %s: revoked %v since %v, %v; want since %v", a.Kind, a.Revoked, a.RevokedAt, err, since)
		}
	}
	if err := o.client.NotRevoked(t.Context(), o.Signer.Certificate, nil, o.Roots()); record.ReasonOf(err) != record.CertRevoked {
		t.Errorf("NotRevoked = %v; want certificate-revoked", err)
	}
}

// A revoked certificate must not sign its own good OCSP answer, nor any other
// certificate of the same issuer that is no responder.
func TestOnlyAppointedRespondersAnswer(t *testing.T) {
	o := newOffice(t)
	ask := func(responder *devpki.Entity) string {
		o.Responder = responder
		client := &evidence.Client{HTTP: evidence.HTTPClient(true)}
		a, err := client.Status(t.Context(), o.Signer.Certificate, o.CA.Certificate, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return a.Kind
	}
	other, err := o.IssueSigner("Somebody (for development)", devpki.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	stranger := newOffice(t)
	for what, c := range map[string]struct {
		responder *devpki.Entity
		want      string
	}{
		"the responder":              {o.Responder, evidence.OCSP},
		"the signer itself":          {o.Signer, evidence.CRL},
		"another signer":             {other, evidence.CRL},
		"responder of another CA":    {o.TSAResponder, evidence.CRL},
		"responder of another world": {stranger.Responder, evidence.CRL},
	} {
		if got := ask(c.responder); got != c.want {
			t.Errorf("answer by %s: status taken from %s; want %s", what, got, c.want)
		}
	}
}

func TestCollect(t *testing.T) {
	o := newOffice(t)
	m, err := o.client.Collect(t.Context(), append(o.signer(), evidence.Subject{Certificate: o.TSA.Certificate, At: time.Now()}), nil, o.Roots())
	if err != nil {
		t.Fatal(err)
	}
	// signer, CA, root; TSA, its root; the responders stand in their answers
	if len(m.Certificates) != 5 || len(m.OCSPs) != 2 || len(m.CRLs) != 1 {
		t.Errorf("%d certificates, %d OCSP answers, %d CRLs; want 5, 2, 1", len(m.Certificates), len(m.OCSPs), len(m.CRLs))
	}
	stranger := newOffice(t)
	if _, err := o.client.Collect(t.Context(), o.signer(), nil, stranger.Roots()); record.ReasonOf(err) != record.LevelUnavailable || !errors.Is(err, evidence.ErrNoPath) {
		t.Errorf("with roots of somebody else: Collect = %v; want level-unavailable by ErrNoPath", err)
	}
	o.Revoke(o.CA.Certificate, time.Now().Add(-time.Hour))
	fresh := &evidence.Client{HTTP: evidence.HTTPClient(true)}
	if _, err := fresh.Collect(t.Context(), o.signer(), nil, o.Roots()); record.ReasonOf(err) != record.CertRevoked {
		t.Errorf("issuing CA revoked: Collect = %v; want certificate-revoked", err)
	}
}

// Newer evidence on what is proven already is taken where it can be had, and is
// never what anything fails by.
func TestCollectOfWhatIsProven(t *testing.T) {
	o := newOffice(t)
	stamp := evidence.Subject{Certificate: o.TSA.Certificate, At: time.Now(), Proven: true}
	answers := func(what string, c *evidence.Client, s evidence.Subject, roots []*x509.Certificate) int {
		m, err := c.Collect(t.Context(), append([]evidence.Subject{s}, o.signer()...), nil, roots)
		if err != nil {
			t.Errorf("%s: Collect = %v", what, err)
		}
		return len(m.OCSPs)
	}
	client := func(at time.Time) *evidence.Client {
		return &evidence.Client{HTTP: evidence.HTTPClient(true), Now: func() time.Time { return at }}
	}
	if n := answers("good", o.client, stamp, o.Roots()); n != 2 {
		t.Errorf("good: %d OCSP answers; want the signer's and the time-stamp's", n)
	}
	if n := answers("no path", client(time.Now()), stamp, []*x509.Certificate{o.Root.Certificate}); n != 1 {
		t.Errorf("no path: %d OCSP answers; want the signer's alone", n)
	}
	ended := *o.TSA.Certificate
	ended.NotAfter = time.Now().Add(-time.Minute)
	stamp.Certificate = &ended
	if n := answers("ended", client(time.Now()), stamp, o.Roots()); n != 1 {
		t.Errorf("ended: %d OCSP answers; want the signer's alone", n)
	}
	stamp.Certificate = o.TSA.Certificate
	o.Revoke(o.TSA.Certificate, time.Now().Add(-time.Hour))
	if n := answers("revoked", client(time.Now()), stamp, o.Roots()); n != 1 {
		t.Errorf("revoked since: %d OCSP answers; want the signer's alone", n)
	}
}

// A responder without nocheck has a status of its own, and that is collected too.
func TestResponderIsCheckedUnlessExempt(t *testing.T) {
	o := newOffice(t)
	var err error
	o.Responder, err = o.Issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Responder to be checked, for development"}, NotAfter: time.Time{}.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
	}, devpki.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.client.Collect(t.Context(), o.signer(), nil, o.Roots())
	if err != nil || len(m.OCSPs) != 1 || len(m.CRLs) != 2 {
		t.Errorf("Collect = %d OCSP answers, %d CRLs, %v; want 1 about the signer, 2 about CA and responder", len(m.OCSPs), len(m.CRLs), err)
	}
	o.Revoke(o.Responder.Certificate, time.Now().Add(-time.Hour))
	fresh := &evidence.Client{HTTP: evidence.HTTPClient(true)}
	if _, err := fresh.Collect(t.Context(), o.signer(), nil, o.Roots()); record.ReasonOf(err) != record.CertRevoked {
		t.Errorf("with a revoked responder: Collect = %v; want certificate-revoked", err)
	}
}

func TestPublicClientStaysOutside(t *testing.T) {
	o := newOffice(t)
	for _, client := range []*evidence.Client{{}, {HTTP: evidence.HTTPClient(false)}} {
		_, err := client.Status(t.Context(), o.Signer.Certificate, o.CA.Certificate, time.Now())
		if err == nil || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("Status at a private address = %v; want it refused", err)
		}
	}
	if n := o.asked.Load(); n != 0 {
		t.Errorf("%d questions reached a private address; want 0", n)
	}
}

func TestAnswersAreKeptWhileTheyProve(t *testing.T) {
	o := newOffice(t)
	at := time.Now()
	clock := at
	now := func() time.Time { return clock }
	o.Now, o.client.Now = now, now
	ask := func(after time.Time) int64 {
		before := o.asked.Load()
		if _, err := o.client.Status(t.Context(), o.Signer.Certificate, o.CA.Certificate, after); err != nil {
			t.Fatal(err)
		}
		return o.asked.Load() - before
	}
	for _, c := range []struct {
		what  string
		later time.Duration
		after time.Time
		want  int64
	}{
		{"first", 0, at, 1},
		{"again", 0, at.Add(-time.Minute), 0},
		{"for a signature made since, soon", time.Minute, at.Add(time.Minute), 0},
		{"for a signature made since, later", time.Hour, at.Add(time.Minute), 1},
		{"for an old signature, when the answer ran out", 8 * 24 * time.Hour, at, 1},
	} {
		clock = at.Add(c.later)
		if got := ask(c.after); got != c.want {
			t.Errorf("%s: asked %d times; want %d", c.what, got, c.want)
		}
	}
}

func TestStoreGrows(t *testing.T) {
	var first bytes.Buffer
	w := pdf.NewWriter(&first, "1.7")
	root, pages := w.Alloc(), w.Alloc()
	if err := errors.Join(w.WriteObject(root, pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": pages}),
		w.WriteObject(pages, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": pdf.Array{}, "Count": 0}), w.Close(root, pdf.Ref{}, [2][]byte{})); err != nil {
		t.Fatal(err)
	}
	open := func(file []byte) *pdf.File {
		f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), pdf.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	add := func(file []byte, m evidence.Material) []byte {
		f := open(file)
		u, err := pdf.NewUpdate(f)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := m.Store(f, u, []byte("last"))
		if err != nil {
			t.Fatal(err)
		}
		catalog, _ := f.Catalog()
		catalog["DSS"] = ref
		u.Set(root, catalog)
		out := bytes.NewBuffer(bytes.Clone(file))
		if _, err := u.WriteTo(out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	read := func(file []byte) (evidence.Material, pdf.Dict) {
		f := open(file)
		m, err := evidence.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		catalog, _ := f.Catalog()
		const last = "213ED3EA453BF610688FF8041E0A3B7B6ABB5E6E" // SHA-1, as the key has to be
		return m, f.Dict(f.Dict(f.Dict(catalog["DSS"])["VRI"])[last])
	}
	file := add(first.Bytes(), evidence.Material{Certificates: [][]byte{{1}, {2}}, CRLs: [][]byte{{3}}})
	file = add(file, evidence.Material{Certificates: [][]byte{{2}, {4}}, OCSPs: [][]byte{{5}}})
	got, proof := read(file)
	if len(got.Certificates) != 3 || len(got.CRLs) != 1 || len(got.OCSPs) != 1 || proof != nil {
		t.Errorf("store = %v, of one signature %v; want certificates 1 2 4, CRL 3, OCSP 5, of none", got, proof)
	}
	// A store that is the one before a signature tells validators nothing of that.
	got, proof = read(add(file, evidence.Material{Certificates: [][]byte{{2}, {4}}, CRLs: [][]byte{{3}}}))
	certs, _ := proof["Cert"].(pdf.Array)
	crls, _ := proof["CRL"].(pdf.Array)
	if len(got.Certificates) != 3 || len(certs) != 2 || len(crls) != 1 || proof["OCSP"] != nil {
		t.Errorf("nothing new: store = %v, of the last signature %v; want the same store, certificates 2 4, CRL 3", got, proof)
	}
}
