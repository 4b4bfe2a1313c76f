package pipeline

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/storage"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{verify.Child: verify.Serve})
	os.Exit(m.Run())
}

// A marking is a worker with its stores, and a clerk with a key of her own.
type marking struct {
	*Worker
	catalogue *catalogue.Catalogue
	store     *storage.Store
	pki       *devpki.PKI
	open      func(*testing.T) // opens the remote key anew, where there is one
	clerk     *key.Key
}

func newMarking(t *testing.T) *marking {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	p, err := devpki.New(devpki.Options{URL: "http://" + server.Listener.Addr().String(), Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = p.Handler()
	server.Start()
	t.Cleanup(server.Close)
	e, err := p.IssueSigner("Nguyễn Thị Nghĩa", devpki.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	m := &marking{pki: p, clerk: &key.Key{Signer: e.Key, Chain: []*x509.Certificate{e.Certificate, p.CA.Certificate}}}
	dir := t.TempDir()
	if m.catalogue, err = catalogue.Open(t.Context(), "sqlite:"+filepath.Join(dir, "c.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.catalogue.Close() })
	if m.store, err = storage.OpenFiles(filepath.Join(dir, "objects")); err != nil {
		t.Fatal(err)
	}
	if err := m.catalogue.PutAgency(t.Context(), record.Agency{ID: "H01", Name: "Sở Thử nghiệm", PersonMark: true}, "test"); err != nil {
		t.Fatal(err)
	}
	m.Worker = &Worker{Objects: m.store, Catalogue: m.catalogue, Temp: dir, Manifests: func(context.Context, string) error { return nil },
		Digitiser: &Digitiser{Policy: verify.Policy{Roots: p.Roots()}},
		Seal: &Sealing{Key: &key.Key{Signer: p.Signer.Key, Chain: []*x509.Certificate{p.Signer.Certificate, p.CA.Certificate}}, Target: record.BB, Now: time.Now,
			Raise: signing.RaiseOptions{Evidence: signing.NewEvidence(true)}}}
	return m
}

// awaiting is a document that was approved and waits for the clerk's mark.
func (m *marking) awaiting(t *testing.T) record.Document {
	t.Helper()
	return m.work(t, m.reviewed(t, record.AwaitingMark, record.JobPrepareMark, ""))
}

// reviewed is a document that was approved; other is a digest that the decision
// names in place of that of the archival PDF.
func (m *marking) reviewed(t *testing.T, to record.Status, job record.JobKind, other record.Digest) record.Document {
	t.Helper()
	ctx := t.Context()
	dossier, err := m.catalogue.CreateDossier(ctx, "H01", catalogue.NewID(), "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	keep := func(kind string, b []byte) record.Rendition {
		r, err := m.store.PutBytes(ctx, b, "application/octet-stream")
		if err != nil {
			t.Fatal(err)
		}
		r.Kind = kind
		return r
	}
	archival := keep(record.RenditionArchival, archivalPDF(t))
	decision := &record.Decision{Approve: true, Archival: archival.SHA256}
	if other != "" {
		decision.Archival = other
	}
	fields := record.Fields{record.CodeNumber: {Value: "15", Normal: "15", Status: record.Read, Confidence: 0.9}}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	current := keep(record.RenditionFields, text)
	decision.Fields = current.SHA256
	d, _, err := m.catalogue.Receive(ctx, record.Document{Agency: "H01", Dossier: dossier.ID, Name: "qd", Renditions: []record.Rendition{keep(record.RenditionOriginal, []byte(dossier.ID))}}, "", "test")
	for _, step := range []struct {
		to     record.Status
		change record.Change
	}{
		{record.InReview, record.Change{Fields: fields, FieldsAt: current.SHA256, Renditions: []record.Rendition{archival, current}}},
		{to, record.Change{Decision: decision, Job: job}},
	} {
		if err == nil {
			d, err = m.catalogue.Advance(ctx, d.ID, d.Status, step.to, step.change)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func archivalPDF(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 413, 585)), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "1.jpg"), jpg.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := pdfa.Write(&out, pdfa.Document{Title: "Quyết định", Language: "vi", Work: dir, Source: record.DigestOf(jpg.Bytes()), Producer: "Sohoa test", Pages: []record.Page{{
		Number: 1, Width: 413, Height: 585, DPI: 50, Colour: "grey", Bits: 8, Source: "image",
		Scan: record.Scan{File: "1.jpg", Filter: "DCTDecode", Width: 413, Height: 585, Bits: 8, Space: "DeviceGray", Colors: 1, DPIX: 50, DPIY: 50},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// work does the jobs that are due for a document, as a worker would, until there
// are none, and returns how it stands then.
func (m *marking) work(t *testing.T, d record.Document) record.Document {
	t.Helper()
	ctx := t.Context()
	handlers := map[record.JobKind]func(context.Context, record.Job) error{record.JobPrepareMark: m.PrepareMark, record.JobCompleteMark: m.CompleteMark, record.JobAuthenticate: m.Authenticate}
	for {
		due, err := m.catalogue.Pending(ctx, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		worked := false
		for _, j := range due {
			handle := handlers[j.Kind]
			if handle == nil || j.Document != d.ID {
				continue
			}
			worked = true
			if j, _, err = m.catalogue.Start(ctx, j.JobRef, "test"); err == nil {
				err = handle(ctx, j)
			}
			if err != nil {
				t.Fatalf("job %s = %v", j.Kind, err)
			}
		}
		if d, err = m.catalogue.Document(ctx, d.ID); err != nil {
			t.Fatal(err)
		}
		if !worked {
			return d
		}
	}
}

// send is what the API does with what a desk sends.
func (m *marking) send(t *testing.T, d record.Document, mark record.Mark, job record.JobKind) record.Document {
	t.Helper()
	d, err := m.catalogue.Advance(t.Context(), d.ID, record.AwaitingMark, record.AwaitingMark, record.Change{Actor: "test", Mark: &mark, Job: job})
	if err != nil {
		t.Fatal(err)
	}
	return m.work(t, d)
}

func (m *marking) bytes(t *testing.T, d record.Document, kind string) []byte {
	t.Helper()
	r, ok := d.Rendition(kind)
	if !ok {
		t.Fatalf("no rendition %s", kind)
	}
	b, err := m.store.Read(t.Context(), r.SHA256, "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sealedOverMark looks whether both signatures stand in the sealed document.
func (m *marking) sealedOverMark(t *testing.T, d record.Document, marked []byte) {
	t.Helper()
	if d.Status != record.Sealed || d.Mark != nil || d.Decision.Marked != record.DigestOf(marked) {
		t.Fatalf("document %+v; want sealed over the mark", d)
	}
	sealed := m.bytes(t, d, record.RenditionSealed)
	path := filepath.Join(t.TempDir(), "sealed.pdf")
	if err := os.WriteFile(path, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := verify.File(t.Context(), path, m.Digitiser.Policy)
	if err != nil || !bytes.HasPrefix(sealed, marked) || len(v.Signatures) != 2 || v.Signatures[0].Signer != "Nguyễn Thị Nghĩa" || v.Signatures[0].ChangesAfter != record.ChangesSignatures {
		t.Errorf("sealed: %+v, %v; want the clerk's signature and the agency's after it", v, err)
	}
}

func (m *marking) chain() [][]byte {
	return [][]byte{m.clerk.Chain[0].Raw, m.clerk.Chain[1].Raw}
}

func TestMarkByValue(t *testing.T) {
	m := newMarking(t)
	d := m.send(t, m.awaiting(t), record.Mark{Chain: m.chain()}, record.JobPrepareMark)
	if !d.Mark.Prepared() || len(d.Mark.Digest) != 32 {
		t.Fatalf("mark %+v; want one that is prepared", d.Mark)
	}
	answer := *d.Mark
	var err error
	if answer.Signature, err = m.clerk.Signer.Sign(rand.Reader, answer.Digest, crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	d = m.send(t, d, answer, record.JobCompleteMark)
	m.sealedOverMark(t, d, m.bytes(t, d, record.RenditionMarked))
}

func TestMarkByDocument(t *testing.T) {
	m := newMarking(t)
	d := m.awaiting(t)
	returned := signedBytes(t, m.bytes(t, d, record.RenditionToMark), m.clerk)
	d = m.send(t, d, m.returned(t, returned), record.JobCompleteMark)
	m.sealedOverMark(t, d, returned)
}

// The person's signature gets a time-stamp of its own where an authority answers; where
// none does it goes on without.
func TestMarkIsStamped(t *testing.T) {
	for _, c := range []struct {
		what, path string
		target     record.Level
		want       record.Level
	}{
		{"an authority", "/tsa", record.BT, record.BT},
		{"none that answers", "/nothing", record.BT, record.BB},
		{"seals without time-stamps", "/tsa", record.BB, record.BB},
	} {
		m := newMarking(t)
		m.Seal.Target, m.Seal.Raise.Roots = c.target, m.pki.Roots()
		m.Seal.Raise.TSA = &timestamp.Client{URLs: []string{m.pki.URL + c.path}, Roots: m.pki.Roots()}
		d := m.awaiting(t)
		d = m.send(t, d, m.returned(t, signedBytes(t, m.bytes(t, d, record.RenditionToMark), m.clerk)), record.JobCompleteMark)
		marked := m.bytes(t, d, record.RenditionMarked)
		m.sealedOverMark(t, d, marked)
		if _, level, err := signing.Raise(t.Context(), bytes.NewReader(marked), record.BB, signing.RaiseOptions{}); err != nil || level != c.want {
			t.Errorf("%s: the person's signature is at %s, %v; want %s", c.what, level, err, c.want)
		}
	}
}

func signedBytes(t *testing.T, in []byte, k *key.Key) []byte {
	t.Helper()
	out, err := signing.Sign(t.Context(), bytes.NewReader(in), k, signing.Request{Person: "Nguyễn Thị Nghĩa", Time: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(reading(out))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (m *marking) returned(t *testing.T, b []byte) record.Mark {
	t.Helper()
	r, err := m.store.PutBytes(t.Context(), b, "application/pdf")
	if err != nil {
		t.Fatal(err)
	}
	return record.Mark{Returned: r.SHA256}
}

func TestMarkThatIsNotTaken(t *testing.T) {
	m := newMarking(t)
	d := m.awaiting(t)
	stranger, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	sign := func(in []byte, k *key.Key) []byte { return signedBytes(t, in, k) }
	before := m.bytes(t, d, record.RenditionToMark)
	prepared := *m.send(t, d, record.Mark{Chain: m.chain()}, record.JobPrepareMark).Mark
	prepared.Signature = []byte("no signature")
	for _, c := range []struct {
		what string
		mark record.Mark
		job  record.JobKind
		want record.Reason
	}{
		{"certificate of a CA", record.Mark{Chain: m.chain()[1:]}, record.JobPrepareMark, record.CertUsage},
		{"no signature", prepared, record.JobCompleteMark, record.MarkUnsound},
		{"a document that is not signed", m.returned(t, before), record.JobCompleteMark, record.MarkUnsound},
		{"no PDF", m.returned(t, []byte("%PDF-1.7 and no more")), record.JobCompleteMark, record.MarkUnsound},
		{"signed by somebody whom nobody trusts", m.returned(t, sign(before, &key.Key{Signer: stranger.Signer.Key, Chain: []*x509.Certificate{stranger.Signer.Certificate}})), record.JobCompleteMark, record.MarkUntrusted},
		{"the archival PDF signed, without the approved fields", m.returned(t, sign(m.bytes(t, d, record.RenditionArchival), m.clerk)), record.JobCompleteMark, record.MarkOther},
		{"signed twice", m.returned(t, sign(sign(before, m.clerk), m.clerk)), record.JobCompleteMark, record.MarkUnsound},
	} {
		got := m.send(t, d, c.mark, c.job)
		if got.Status != record.AwaitingMark || got.Reason != c.want || got.Mark.Prepared() || got.Mark.Answered() {
			t.Errorf("%s: %s, reason %q, mark %+v; want it to wait, reason %q", c.what, got.Status, got.Reason, got.Mark, c.want)
		}
	}
}

func TestMarkMustLeaveAPDFA(t *testing.T) {
	good := archivalPDF(t)
	f, err := pdf.Open(bytes.NewReader(good), int64(len(good)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	withFace, withForm := bytes.NewBuffer(slices.Clone(good)), bytes.NewBuffer(slices.Clone(good))
	for _, out := range []*bytes.Buffer{withFace, withForm} {
		update, err := pdf.NewUpdate(f)
		if err != nil {
			t.Fatal(err)
		}
		face := update.Add(pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Helvetica")})
		if out == withForm {
			catalog["AcroForm"] = pdf.Dict{"Fields": pdf.Array{}, "DR": pdf.Dict{"Font": pdf.Dict{"Helv": face}}}
			update.Set(f.Trailer()["Root"].(pdf.Ref), catalog)
		}
		if _, err := update.WriteTo(out); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		what string
		file []byte
		want record.Reason
	}{{"as it was made", good, ""}, {"with a face that is not embedded", withFace.Bytes(), record.MarkNotPDFA}, {"with such a face that only the form offers", withForm.Bytes(), ""}} {
		if err := stillPDFA(bytes.NewReader(c.file)); record.ReasonOf(err) != c.want {
			t.Errorf("%s: stillPDFA = %v; want reason %q", c.what, err, c.want)
		}
	}
}
