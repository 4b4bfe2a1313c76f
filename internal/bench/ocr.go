package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// OCROptions say what to read, and who reads.
type OCROptions struct {
	In        string // folder of scans; truth of X.pdf is X.txt or X_gt.txt, that of X_… and X-… too
	Software  string
	Languages string
	Profiles  []ocr.Profile // of ours
	Tesseract string        // command, "" for none
	OCRmyPDF  string        // command, "" for none
	Progress  func(document string, done, of int)
}

// Stock is the reader that the others are compared with.
const Stock = "Tesseract"

type ocrBench struct {
	options OCROptions
	folder  string
	prepare *sandbox.Child
	pools   []*ocr.Pool
	splits  page.Splitter
}

// OCR lets all readers read every scan in o.In, taking turns, and compares what
// they read with the truth where there is one. The first document is read once
// before measuring starts. The binary must serve the children of page, ocr and
// [PrepareChild].
func OCR(ctx context.Context, o OCROptions) (OCRReport, error) {
	report := OCRReport{Date: time.Now()}
	files, err := scans(o.In)
	if err != nil {
		return report, err
	}
	b := &ocrBench{options: o}
	if b.folder, err = os.MkdirTemp("", "sohoa-bench-"); err != nil {
		return report, err
	}
	defer os.RemoveAll(b.folder)
	if b.prepare, err = sandbox.Start(ctx, PrepareChild, sandbox.Limits{Memory: 2 << 30, FileSize: 2 << 30, Env: ocr.Environment}); err != nil {
		return report, fmt.Errorf("open the bench: %w", err)
	}
	defer b.prepare.Close()
	readers := b.readers()
	defer b.close()
	for _, r := range readers {
		report.Readers = append(report.Readers, r.name)
	}
	var warmUp OCRReport
	b.document(ctx, &warmUp, files[0], readers)
	for i, file := range files {
		b.document(ctx, &report, file, readers)
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		if o.Progress != nil {
			o.Progress(filepath.Base(file), i+1, len(files))
		}
	}
	return report, nil
}

func (b *ocrBench) close() {
	for _, p := range b.pools {
		p.Close()
	}
	b.splits.Close()
}

// document lets every reader read one document. What a reader cannot read is
// noted, and the document counts for none.
func (b *ocrBench) document(ctx context.Context, report *OCRReport, file string, readers []reader) {
	refused := func(err error) {
		report.Refused = append(report.Refused, fmt.Sprintf("%s: %v", filepath.Base(file), err))
	}
	work, err := os.MkdirTemp(b.folder, "work-")
	if err != nil {
		refused(err)
		return
	}
	defer os.RemoveAll(work)
	split, err := page.Split(ctx, file, work, "", page.Limits{Pages: 5000})
	if err != nil {
		refused(fmt.Errorf("%s", record.ReasonOf(err)))
		return
	}
	d := scanned{file, work, split.Pages}
	info, err := os.Stat(file)
	if err != nil {
		refused(err)
		return
	}
	truth, known := truthOf(file)
	results := make([]Result, len(readers))
	for i, r := range readers {
		read, err := r.read(ctx, d)
		if err != nil {
			refused(fmt.Errorf("%s: %w", r.name, err))
			return
		}
		results[i] = Result{CPU: read.cpu, Peak: read.peak, In: info.Size(), Out: read.out}
		if known {
			s := score(truth, read.text)
			results[i].Score, results[i].words = &s, judged(truth, read.words)
		}
	}
	report.Documents = append(report.Documents, Compared{filepath.Base(file), classOf(split.Pages), len(split.Pages), results})
}

// truthOf finds the text of a scan: that with the longest name that the scan's
// name begins with.
func truthOf(file string) (string, bool) {
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	for end := len(stem); end > 0; end = strings.LastIndexAny(stem[:end], "._-") {
		for _, ending := range []string{".txt", "_gt.txt", ".gt.txt"} {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(file), stem[:end]+ending))
			if err == nil {
				return string(b), tidy(string(b)) != ""
			}
		}
	}
	return "", false
}
