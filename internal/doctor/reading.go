package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// reading takes a page that it prints itself through the recogniser.
func reading(ctx context.Context, w work.Config) []record.Finding {
	dir, err := os.MkdirTemp("", "sohoa-doctor-")
	if err != nil {
		return []record.Finding{of(record.CheckReading, err)}
	}
	defer os.RemoveAll(dir)
	return []record.Finding{of(record.CheckReading, read(ctx, dir, w))}
}

func read(ctx context.Context, dir string, w work.Config) error {
	spec := paper.SampleDossier()[0]
	doc, err := paper.Make(spec)
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "page.jpg"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := paper.WriteJPEG(f, doc.Pages[0].Image, spec.DPI, 80); err != nil {
		return err
	}
	pool := ocr.NewPool(1, ocr.Options{Languages: w.Languages, Profile: w.Profile, Timeout: w.PageTime})
	defer pool.Close()
	folder := filepath.Join(dir, "work")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	d := pipeline.Digitiser{Recogniser: pool, Limits: page.Limits{Pages: 1}, Parallel: 1, Language: "vi"}
	digitised, err := d.Digitise(ctx, pipeline.Input{Name: "page", Files: []string{f.Name()}, Work: folder})
	if err != nil {
		return err
	}
	if text := record.Text(digitised.Pages); !strings.Contains(text, "VIỆT NAM") {
		return fmt.Errorf("a page that begins with CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM was read as %.60q", text)
	}
	return nil
}
