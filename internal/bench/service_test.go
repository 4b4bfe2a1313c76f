package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/paper"
)

// TestService takes one small scan through every measurement.
func TestService(t *testing.T) {
	dir := t.TempDir()
	spec := paper.SampleDossier()[0]
	spec.DPI = 100
	doc, err := paper.Make(spec)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "don.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := paper.WriteJPEG(f, doc.Pages[0].Image, spec.DPI, 70); err != nil {
		t.Fatal(err)
	}
	r, err := Service(context.Background(), ServiceOptions{App: app.Config{SpoolBytes: 1 << 30, UploadBytes: 1 << 30}, In: dir, Documents: 300, Software: "test", Languages: "vie", Progress: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Passes) != 3 || r.Passes[2].Upload <= 0 || r.Passes[0].Fetch <= 0 || r.Cost.Recognise <= 0 || r.Cost.Service <= 0 || len(r.Speeds) != 2 || r.Speeds[1].Took <= 0 {
		t.Errorf("report: %+v", r)
	}
	for _, s := range r.Searches.Asked {
		rare := s.Question == "a number" || s.Question == "what may be the same paper as one" // papers made at random are seldom alike
		if s.Hits == 0 && !rare {
			t.Errorf("%s found nothing", s.Question)
		}
	}
	var b strings.Builder
	if err := r.WriteMarkdown(&b); err != nil || !strings.Contains(b.String(), "| SQLite | words of a title |") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
