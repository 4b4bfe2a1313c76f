package upkeep_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/storage"
)

// FuzzManifest: a bucket in which somebody wrote a manifest of his own gives a
// catalogue without it, and says so, or a catalogue with it.
func FuzzManifest(f *testing.F) {
	for _, text := range []string{"", "{", "null", `{"version":99}`, `{"version":1,"event":{"subject":"x","number":1,"seq":1},"dossier":{}}`,
		`{"version":1,"event":{"subject":"x","number":1,"kind":"agency","agency":"x"},"agency":{"id":"x"}}`,
		`{"version":1,"event":{"subject":"x","number":1,"seq":3},"document":{"id":"x","status":"sealed","renditions":[{"kind":"record","sha256":"../../x"}]}}`} {
		f.Add([]byte(text))
	}
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		store, err := storage.OpenFiles(filepath.Join(dir, "objects"))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.PutManifest(ctx, "x", 1, text); err != nil {
			t.Fatal(err)
		}
		again := openCatalogue(t, "sqlite:"+filepath.Join(dir, "c.db"))
		r, err := upkeep.Rebuild{Store: store, Catalogue: again}.Run(ctx)
		if err == nil && r.Agencies+r.Dossiers+r.Documents+len(r.Lost) == 0 {
			t.Errorf("a manifest of %q left no trace", text)
		}
	})
}
