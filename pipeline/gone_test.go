package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// An object that the catalogue names and the store has lost is a failure of ours, to
// be tried again when it is copied back: no job ends as if somebody else had done it.
func TestWhatIsGoneIsNotDone(t *testing.T) {
	for _, c := range []struct {
		what string
		lost string // rendition
		try  func(m *marking, d record.Document) error
	}{
		{"the scan that is to be read", record.RenditionOriginal, func(m *marking, d record.Document) error { return m.Ingest(t.Context(), m.job(t, d)) }},
		{"the PDF that is to be sealed", record.RenditionArchival, func(m *marking, d record.Document) error { return m.Authenticate(t.Context(), m.job(t, d)) }},
		{"the fields that were approved", record.RenditionFields, func(m *marking, d record.Document) error { return m.Authenticate(t.Context(), m.job(t, d)) }},
	} {
		m := newMarking(t)
		var d record.Document
		if c.lost == record.RenditionOriginal {
			d = m.received(t)
		} else {
			d = m.reviewed(t, record.Approved, record.JobAuthenticate, "")
		}
		r, ok := d.Rendition(c.lost)
		if !ok {
			t.Fatalf("%s: there is no %s", c.what, c.lost)
		}
		if err := os.Remove(filepath.Join(m.Temp, "objects", "sha256", string(r.SHA256[:2]), string(r.SHA256[2:4]), string(r.SHA256))); err != nil {
			t.Fatal(err)
		}
		if err := c.try(m, d); record.ReasonOf(err) != record.StoredDamaged || errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrMalformed) {
			t.Errorf("%s: %v; want %s, to be tried again", c.what, err, record.StoredDamaged)
		}
		if after, err := m.catalogue.Document(t.Context(), d.ID); err != nil || after.Status != d.Status {
			t.Errorf("%s: the document is %s, %v; want %s still", c.what, after.Status, err, d.Status)
		}
	}
}

// received is a document that nobody has read yet.
func (m *marking) received(t *testing.T) record.Document {
	t.Helper()
	dossier, err := m.catalogue.CreateDossier(t.Context(), "H01", "HS-1", "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.store.PutBytes(t.Context(), []byte("scan"), "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	r.Kind, r.Name = record.RenditionOriginal, "a.jpg"
	d, _, err := m.catalogue.Receive(t.Context(), record.Document{Agency: "H01", Dossier: dossier.ID, Name: "a", Renditions: []record.Rendition{r}}, "", "test")
	if err != nil {
		t.Fatal(err)
	}
	return d
}
