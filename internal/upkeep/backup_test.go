package upkeep_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// dataFolder is a house whose catalogue and objects lie in one data folder.
func dataFolder(t *testing.T) (*house, string) {
	t.Helper()
	data := t.TempDir()
	h := open(t, "sqlite:"+filepath.Join(data, "catalogue.db"))
	h.dir = filepath.Join(data, "objects")
	var err error
	if h.store, err = storage.OpenFiles(h.dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "admin.key"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	return h, data
}

// TestBackupDrill backs up a house while it goes on, loses it, and restores it.
func TestBackupDrill(t *testing.T) {
	h, data := dataFolder(t)
	h.inEveryState()
	dir := filepath.Join(t.TempDir(), "backup")
	first, err := upkeep.Backup(ctx, h.catalogue, data, dir, false)
	if err != nil || first.Copied == 0 || first.Copied != first.Files {
		t.Fatalf("Backup = %+v, %v", first, err)
	}
	h.receive(h.dossiers[0], "later", "")
	second, err := upkeep.Backup(ctx, h.catalogue, data, dir, false)
	if err != nil || second.Copied != 1 {
		t.Errorf("a second Backup = %+v, %v; want the one object that is new", second, err)
	}
	h.receive(h.dossiers[0], "too late", "")
	again := filepath.Join(t.TempDir(), "data")
	s, lost, err := upkeep.Restore(ctx, dir, again)
	if err != nil || len(lost) != 0 || s.Catalogue != second.Catalogue {
		t.Fatalf("Restore = %+v, %q, %v", s, lost, err)
	}
	c := openCatalogue(t, "sqlite:"+filepath.Join(again, "catalogue.db"))
	got, want := all(t, c), all(t, h.catalogue)
	if len(got) != len(want)-1 || got["later"].ID != want["later"].ID {
		t.Errorf("%d documents came back; want %d", len(got), len(want)-1)
	}
	store, err := storage.OpenFiles(filepath.Join(again, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	fixity, err := upkeep.Fixity{Store: store, Catalogue: c, Manifests: h.manifests}.Run(ctx)
	if err != nil || len(fixity.Faults) != 0 || fixity.Objects == 0 {
		t.Errorf("fixity of what came back: %+v, %v", fixity, err)
	}
	if b, err := os.ReadFile(filepath.Join(again, "admin.key")); err != nil || string(b) != "secret" {
		t.Errorf("admin.key: %q, %v", b, err)
	}
	if _, _, err := upkeep.Restore(ctx, dir, again); record.ReasonOf(err) != record.Conflict {
		t.Errorf("Restore over a data folder = %v; want a refusal", err)
	}
}

func TestDamageDoesNotTravel(t *testing.T) {
	h, data := dataFolder(t)
	h.inEveryState()
	archival, _ := all(t, h.catalogue)["sealed"].Rendition(record.RenditionArchival)
	dir := filepath.Join(t.TempDir(), "backup")
	if _, err := upkeep.Backup(ctx, h.catalogue, data, dir, false); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, "objects", "sha256", string(archival.SHA256[:2]), string(archival.SHA256[2:4]), string(archival.SHA256))
	if err := os.Remove(kept); err != nil {
		t.Fatal(err)
	}
	_, lost, err := upkeep.Restore(ctx, dir, filepath.Join(t.TempDir(), "data"))
	if err != nil || len(lost) != 1 {
		t.Errorf("Restore without an object: %q, %v; want it named", lost, err)
	}
	h.flip(archival.SHA256)
	if _, err := upkeep.Backup(ctx, h.catalogue, data, dir, false); err == nil {
		t.Error("a damaged object was backed up")
	}
	if err := os.WriteFile(filepath.Join(dir, "catalogue.db"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := upkeep.Restore(ctx, dir, filepath.Join(t.TempDir(), "data")); err == nil {
		t.Error("a damaged catalogue was restored")
	}
}

func TestLinkedBackup(t *testing.T) {
	h, data := dataFolder(t)
	r := h.put("", "bytes")
	dir := filepath.Join(data, "backup")
	if _, err := upkeep.Backup(ctx, h.catalogue, data, dir, true); err != nil {
		t.Fatal(err)
	}
	one, err := os.Stat(h.objectPath(r.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	h.dir = filepath.Join(dir, "objects")
	if two, err := os.Stat(h.objectPath(r.SHA256)); err != nil || !os.SameFile(one, two) {
		t.Errorf("it is no link: %v", err)
	}
}
