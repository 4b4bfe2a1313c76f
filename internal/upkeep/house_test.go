package upkeep_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

func TestMain(m *testing.M) { os.Exit(testsvc.Main(m)) }

var ctx = context.Background()

// A house is a catalogue and a store; nobody works in it: tests move documents.
type house struct {
	t         *testing.T
	dir       string // of the objects
	catalogue *catalogue.Catalogue
	store     *storage.Store
	dossiers  []record.Dossier
}

func open(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{t: t, dir: filepath.Join(t.TempDir(), "objects"), catalogue: openCatalogue(t, dsn)}
	var err error
	if h.store, err = storage.OpenFiles(h.dir); err != nil {
		t.Fatal(err)
	}
	if err := h.catalogue.PutAgency(ctx, record.Agency{ID: "H03", Name: "Sở chưa có hồ sơ"}, "test"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"H01", "H02"} {
		if err := h.catalogue.PutAgency(ctx, record.Agency{ID: id, Name: "Sở " + id, CopyForm: "SAO Y", PersonMark: id == "H02", Text: record.RedoText, Signed: record.EmbedSigned}, "test"); err != nil {
			t.Fatal(err)
		}
		d, err := h.catalogue.CreateDossier(ctx, id, "HS-1", "Hồ sơ đất đai", "key:clerk")
		if err != nil {
			t.Fatal(err)
		}
		h.dossiers = append(h.dossiers, d)
	}
	return h
}

func openCatalogue(t *testing.T, dsn string) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func sqlite(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "c.db") }

// manifests stores what is due, as the service does.
func (h *house) manifests(ctx context.Context, subject string) error {
	due, err := h.catalogue.DueManifests(ctx, subject, 10000)
	for _, m := range due {
		if err == nil {
			err = h.store.PutManifest(ctx, m.Subject, m.Number, m.Body)
		}
		if err == nil {
			err = h.catalogue.ManifestStored(ctx, m.Subject, m.Number)
		}
	}
	return err
}

func (h *house) put(kind, body string) record.Rendition {
	h.t.Helper()
	r, err := h.store.PutBytes(ctx, []byte(body), "application/octet-stream")
	if err != nil {
		h.t.Fatal(err)
	}
	r.Kind = kind
	return r
}

func (h *house) json(kind string, v any) record.Rendition {
	h.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.put(kind, string(b))
}

// receive accepts a document whose original has its name as bytes.
func (h *house) receive(dossier record.Dossier, name, supersedes string) record.Document {
	h.t.Helper()
	original := h.put(record.RenditionOriginal, name)
	original.Name = name + ".png"
	d, _, err := h.catalogue.Receive(ctx, record.Document{Agency: dossier.Agency, Dossier: dossier.ID, Name: name, Pages: 1, Renditions: []record.Rendition{original}}, supersedes, "key:clerk")
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *house) move(d record.Document, to record.Status, c record.Change) record.Document {
	h.t.Helper()
	if c.Actor == "" {
		c.Actor = "worker"
	}
	d, err := h.catalogue.Advance(ctx, d.ID, d.Status, to, c)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// digitised is what a worker hands to review.
func (h *house) digitised(name string) record.Change {
	fields := record.Fields{record.CodeNumber: {Value: "07", Normal: "7", Confidence: 0.8, Status: record.Read}, record.SignerName: {Value: "Đỗ Thị Ước", Confidence: 0.5, Status: record.Read}}
	words := []record.Word{{Text: "Đường"}, {Text: "phố"}, {Text: name}}
	pages := []record.Page{{Number: 1, Lines: []record.Line{{Words: words}}}}
	current := h.json(record.RenditionFields, fields)
	return record.Change{Pages: 1, Fields: fields, FieldsAt: current.SHA256, Text: record.Text(pages), Renditions: []record.Rendition{
		h.put(record.RenditionArchival, "%PDF "+name), h.json(record.RenditionRecord, record.Digitised{Version: record.Version, Name: name, Fields: fields, Pages: pages}), current}}
}

// seal takes a document in review to sealed.
func (h *house) seal(d record.Document) record.Document {
	decision := &record.Decision{Approve: true, Fields: d.Fields, Actor: "key:approver", At: time.Now().UTC().Truncate(time.Microsecond)}
	d = h.move(d, record.Approved, record.Change{Actor: "key:approver", Decision: decision})
	d = h.move(d, record.Sealing, record.Change{Intent: &record.Intent{Time: decision.At, Certificate: "c", Prepared: "p"}})
	sealed := h.put(record.RenditionSealed, "%PDF sealed "+d.Name)
	sealed.Level = record.BB
	return h.move(d, record.Sealed, record.Change{Level: record.BB, Renditions: []record.Rendition{sealed}})
}

// inEveryState fills the house with a document in each state, one corrected by a
// person, one raised to the end, one reopened.
func (h *house) inEveryState() {
	h.t.Helper()
	first, second := h.dossiers[0], h.dossiers[1]
	reviewed := func(name string) record.Document {
		return h.move(h.receive(second, name, ""), record.InReview, h.digitised(name))
	}
	h.receive(first, "received", "")
	h.correct(reviewed("corrected"))
	h.move(reviewed("approved"), record.Approved, record.Change{Actor: "key:approver", Job: record.JobAuthenticate})
	sealing := h.move(reviewed("sealing"), record.Approved, record.Change{Actor: "key:approver", Job: record.JobAuthenticate})
	h.move(sealing, record.Sealing, record.Change{Intent: &record.Intent{Time: time.Now().UTC(), Prepared: "p"}})
	h.seal(reviewed("sealed"))
	h.raise(h.seal(reviewed("raised")))
	h.move(h.seal(reviewed("reopened")), record.InReview, record.Change{Actor: "key:clerk", Note: "sai số"})
	h.move(reviewed("rejected"), record.Rejected, record.Change{Actor: "key:approver", Note: "quét lại"})
	h.move(h.receive(first, "damaged", ""), record.SetAside, record.Change{Reason: record.Damaged})
	h.move(h.receive(first, "withdrawn", ""), record.Withdrawn, record.Change{Actor: "key:clerk", Note: "nhầm hồ sơ"})
	h.receive(first, "new", h.receive(first, "old", "").ID)
	h.withMarks(reviewed)
	h.splitAndReused(reviewed)
	if err := h.manifests(ctx, ""); err != nil {
		h.t.Fatal(err)
	}
}

// withMarks leaves documents at each step of a person's mark, some of them used in
// another dossier since.
func (h *house) withMarks(reviewed func(name string) record.Document) {
	h.t.Helper()
	other, err := h.catalogue.CreateDossier(ctx, "H02", "HS-2", "Hồ sơ khác", "key:clerk")
	if err != nil {
		h.t.Fatal(err)
	}
	h.dossiers = append(h.dossiers, other)
	chain := [][]byte{[]byte("certificate")}
	draft := h.put("", "%PDF draft")
	for name, events := range map[string][]record.Change{
		"awaiting":      {},
		"mark prepared": {{Kind: "mark-prepared", Renditions: []record.Rendition{h.put(record.RenditionToMark, "%PDF to mark")}}},
		"mark wanted":   {{Kind: "mark-prepared"}, {Kind: "mark-wanted", Mark: &record.Mark{Chain: chain, PSS: true}}},
		"mark drafted":  {{Kind: "mark-wanted", Mark: &record.Mark{Chain: chain}}, {Kind: "mark-prepared", Mark: &record.Mark{Chain: chain, Draft: draft.SHA256, Attributes: []byte{1}, Digest: []byte{2}}}},
		"mark answered": {{Kind: "mark-answered", Mark: &record.Mark{Returned: draft.SHA256, Actor: "key:clerk"}}},
		"mark refused":  {{Kind: "mark-answered", Mark: &record.Mark{Returned: draft.SHA256}}, {Kind: "mark-refused", Reason: record.MarkUnsound, Mark: &record.Mark{}}},
	} {
		d := h.move(reviewed(name), record.AwaitingMark, record.Change{Actor: "key:approver", Decision: &record.Decision{Approve: true}})
		for _, c := range events {
			d = h.move(d, record.AwaitingMark, c)
		}
		if _, err := h.catalogue.Reuse(ctx, d.ID, other.ID, "", "key:clerk"); err != nil {
			h.t.Fatal(err)
		}
	}
}

// splitAndReused leaves a document that was split, one that was taken instead of a
// new scan, and a long one whose text is to be read anew.
func (h *house) splitAndReused(reviewed func(name string) record.Document) {
	h.t.Helper()
	joined := h.digitised("joined")
	joined.Pages = 3
	d := h.move(h.receive(h.dossiers[1], "joined", ""), record.InReview, joined)
	_, err := h.catalogue.Split(ctx, d.ID, d.Version, []record.Span{{From: 1, To: 2}, {From: 3, To: 3}}, "key:clerk")
	if err == nil {
		held := h.seal(h.move(h.receive(h.dossiers[2], "held", ""), record.InReview, h.digitised("held")))
		_, err = h.catalogue.Reuse(ctx, held.ID, h.dossiers[1].ID, reviewed("scanned again").ID, "key:clerk")
	}
	if err == nil {
		long := h.put(record.RenditionOriginal, "long")
		_, _, err = h.catalogue.Receive(ctx, record.Document{Agency: "H02", Dossier: h.dossiers[1].ID, Name: "long", Text: record.ForceText, Pages: record.ShortPages + 1,
			Renditions: []record.Rendition{long}}, "", "key:clerk")
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) correct(d record.Document) {
	h.t.Helper()
	fields := record.Fields{record.CodeNumber: {Value: "08", Normal: "8", Confidence: 1, Status: record.Confirmed}}
	if _, err := h.catalogue.SaveFields(ctx, d.ID, d.Version, fields, h.json(record.RenditionFields, fields), "key:clerk"); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) raise(d record.Document) {
	until := time.Now().AddDate(5, 0, 0).UTC().Truncate(time.Second)
	raised := h.put(record.RenditionSealed, "%PDF raised "+d.Name)
	raised.Level, raised.Until = record.BLTA, &until
	h.move(d, record.Sealed, record.Change{Kind: "raised", Level: record.BLTA, Renditions: []record.Rendition{raised}})
}

// all are the documents by name.
func all(t *testing.T, c *catalogue.Catalogue) map[string]record.Document {
	t.Helper()
	found := map[string]record.Document{}
	if err := c.Each(ctx, func(d record.Document) error { found[d.Name] = d; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

// objectPath is where the files backend keeps an object.
func (h *house) objectPath(d record.Digest) string {
	return filepath.Join(h.dir, "sha256", string(d[:2]), string(d[2:4]), string(d))
}

// flip changes one bit of an object behind the store's back.
func (h *house) flip(d record.Digest) {
	h.t.Helper()
	path := h.objectPath(d)
	b, err := os.ReadFile(path)
	if err != nil {
		h.t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.Chmod(path, 0o600); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		h.t.Fatal(err)
	}
}
