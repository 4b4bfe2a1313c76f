package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// A reading is what one reader made of one document.
type reading struct {
	text  string
	words []record.Word // ours only
	cpu   time.Duration
	peak  int64 // bytes, all processes together
	out   int64 // bytes of the PDF, 0 if the reader makes none
}

// A scanned is a document that readers take turns at.
type scanned struct {
	file  string
	work  string        // folder with the streams of its pages
	pages []record.Page // as split
}

// A reader is a way to read documents.
type reader struct {
	name string
	read func(ctx context.Context, d scanned) (reading, error)
}

// readers are ours in every profile, then the others that there are.
func (b *ocrBench) readers() []reader {
	var all []reader
	for _, p := range b.options.Profiles {
		pool := ocr.NewPool(1, ocr.Options{Languages: b.options.Languages, Profile: p})
		b.pools = append(b.pools, pool)
		all = append(all, reader{"Sohoa " + string(p), func(ctx context.Context, d scanned) (reading, error) { return b.ours(ctx, pool, d) }})
	}
	if b.options.Tesseract != "" {
		all = append(all, reader{Stock, b.tesseract})
	}
	if b.options.OCRmyPDF != "" {
		all = append(all, reader{"OCRmyPDF", b.ocrmypdf})
	}
	return all
}

// Installed says whether there is such a program to compare with.
func Installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// ours takes the document from the file to the PDF/A, without signing it.
func (b *ocrBench) ours(ctx context.Context, pool *ocr.Pool, d scanned) (reading, error) {
	work, err := os.MkdirTemp(b.folder, "ours-")
	if err != nil {
		return reading{}, err
	}
	defer os.RemoveAll(work)
	before, err := cpu()
	if err != nil {
		return reading{}, err
	}
	memory := watchMemory()
	digitiser := pipeline.Digitiser{Recogniser: pool, Splitter: &b.splits, Limits: page.Limits{Pages: 5000}, Parallel: 1, Software: b.options.Software, Language: "vi"}
	digitised, err := digitiser.Digitise(ctx, pipeline.Input{Name: "bench", Files: []string{d.file}, Work: work})
	peak, watching := memory.end()
	r := reading{peak: peak, text: record.Text(digitised.Pages)}
	after, failed := cpu()
	if err != nil || failed != nil {
		return r, fmt.Errorf("digitise: %w", firstError(err, failed))
	}
	r.cpu = after - before - watching
	for _, p := range digitised.Pages {
		for _, l := range p.Lines {
			for _, w := range l.Words {
				if !w.Rejected {
					r.words = append(r.words, w)
				}
			}
		}
	}
	if info, err := os.Stat(filepath.Join(work, pipeline.ArchivalFile)); err == nil {
		r.out = info.Size()
	}
	return r, nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// tesseract gives each page, as the file says that it stands, to the command line
// tool: decoded and without compression, which spares it the time to decode it.
func (b *ocrBench) tesseract(ctx context.Context, d scanned) (reading, error) {
	var r reading
	for _, p := range d.pages {
		picture := filepath.Join(d.work, "page.pnm")
		var spent time.Duration
		if err := b.prepare.Call(ctx, task{Work: d.work, Number: p.Number, Scan: p.Scan, Picture: picture}, &spent); err != nil {
			return r, err
		}
		dpi := p.Scan.DPIX
		if dpi < 70 {
			dpi = float64(max(p.Width, p.Height)) / 11.69 // A4
		}
		text, err := b.run(ctx, &r, b.options.Tesseract, picture, "-", "-l", b.options.Languages, "--psm", "3", "--dpi", strconv.Itoa(int(dpi+0.5)))
		if err != nil {
			return r, err
		}
		r.text += text + "\n"
	}
	return r, nil
}

// hasText is the code with which OCRmyPDF refuses a file that has text already.
const hasText = 6

// ocrmypdf makes a PDF/A of the file; its text is what the engine read, not what
// readers make of the PDF.
func (b *ocrBench) ocrmypdf(ctx context.Context, d scanned) (reading, error) {
	var r reading
	out, text := filepath.Join(d.work, "out.pdf"), filepath.Join(d.work, "out.txt")
	args := []string{"--output-type", "pdfa", "-l", b.options.Languages, "-j", "1", "--quiet", "--invalidate-digital-signatures", "--sidecar", text}
	if p := d.pages[0]; p.Scan.DPIX == 0 {
		args = append(args, "--image-dpi", strconv.Itoa(max(p.Width, p.Height)*100/1169))
	}
	_, err := b.run(ctx, &r, b.options.OCRmyPDF, append(args, d.file, out)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == hasText {
		r = reading{}
		_, err = b.run(ctx, &r, b.options.OCRmyPDF, append(args, "--force-ocr", d.file, out)...)
	}
	if err != nil {
		return r, err
	}
	read, err := os.ReadFile(text)
	if info, err := os.Stat(out); err == nil {
		r.out = info.Size()
	}
	r.text = string(read)
	return r, err
}

// run runs another's tool on one thread and adds what it cost to r.
func (b *ocrBench) run(ctx context.Context, r *reading, tool string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	var complaint strings.Builder
	cmd.Stderr = &complaint
	own := rss()
	memory := watchMemory()
	out, err := cmd.Output()
	peak, _ := memory.end()
	r.peak = max(r.peak, peak-own)
	if err != nil {
		return "", fmt.Errorf("%s: %w: %.300s", filepath.Base(tool), err, complaint.String())
	}
	r.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return string(out), nil
}
