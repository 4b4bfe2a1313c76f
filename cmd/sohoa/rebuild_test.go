package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/record"
)

// kept makes a data folder with one received document and returns the folder and
// the path of its original.
func kept(t *testing.T) (data, original string) {
	t.Helper()
	ctx := context.Background()
	data = filepath.Join(t.TempDir(), "data")
	a, err := app.Open(ctx, app.Config{Data: data, SpoolBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Catalogue.PutAgency(ctx, record.Agency{ID: "H01", Name: "Sở Thử nghiệm"}, "test"); err != nil {
		t.Fatal(err)
	}
	dossier, err := a.Catalogue.CreateDossier(ctx, "H01", "HS-1", "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Store.PutBytes(ctx, []byte("a scan"), "image/png")
	if err != nil {
		t.Fatal(err)
	}
	r.Kind = record.RenditionOriginal
	if _, _, err := a.Catalogue.Receive(ctx, record.Document{Agency: "H01", Dossier: dossier.ID, Name: "don", Renditions: []record.Rendition{r}}, "", "test"); err != nil {
		t.Fatal(err)
	}
	if err := a.WriteManifests(ctx, ""); err != nil {
		t.Fatal(err)
	}
	d := string(r.SHA256)
	return data, filepath.Join(data, "objects", "sha256", d[:2], d[2:4], d)
}

func TestRebuildCommand(t *testing.T) {
	data, _ := kept(t)
	if r := sohoa(t, "rebuild", "--data", data); r.code != exitRefused {
		t.Errorf("rebuild of a catalogue that is there: %d %s%s", r.code, r.out, r.stderr)
	}
	for _, name := range []string{"catalogue.db", "catalogue.db-wal", "catalogue.db-shm"} {
		if err := os.Remove(filepath.Join(data, name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	r := sohoa(t, "rebuild", "--data", data)
	for _, want := range []string{"1 agencies, 1 dossiers, 1 documents, 2 events", "Due again: 1 jobs (ingest)", "API keys"} {
		if r.code != exitDone || !strings.Contains(r.out, want) {
			t.Errorf("rebuild: %d %s%s; want %q", r.code, r.out, r.stderr, want)
		}
	}
}

func TestFixityCommand(t *testing.T) {
	data, original := kept(t)
	if r := sohoa(t, "fixity", "--once", "--data", data); r.code != exitDone || !strings.Contains(r.out, "1 objects, 6 bytes, 1 renditions of documents: 0 faults") {
		t.Errorf("fixity: %d %s%s", r.code, r.out, r.stderr)
	}
	if err := os.Chmod(original, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(original, []byte("a sban"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := sohoa(t, "fixity", "--once", "--data", data)
	if r.code != exitRefused || !strings.Contains(r.out, "Damaged: original of document ") || !strings.Contains(r.out, filepath.Base(original)) {
		t.Errorf("fixity of a flipped bit: %d %s%s", r.code, r.out, r.stderr)
	}
}
