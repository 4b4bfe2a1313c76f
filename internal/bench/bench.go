// Package bench measures from outside what the product's rooms cost: processor
// time by stage, memory, bytes.
//
// It promises that a figure is of this run on this machine: it reads the
// kernel's accounts of this process and its children, works one page at a time,
// and says how large the machine is. It keeps nothing and compares nothing.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
)

// Options say what to measure.
type Options struct {
	In        string // folder of scans
	Software  string // name and version, as digitise writes it
	Languages string // Tesseract models; "" is the default
	Progress  func(document string, done, of int)
}

// Digitise takes every scan in o.In from the file to a signed PDF/A (level B-B,
// with a development key), one page at a time, and reports what that cost by
// class of page. The first document is done once before measuring starts. The
// binary must serve the children of page, ocr and [PrepareChild].
func Digitise(ctx context.Context, o Options) (Report, error) {
	files, err := scans(o.In)
	if err != nil {
		return Report{}, err
	}
	b, err := open(ctx, o)
	if err != nil {
		return Report{}, err
	}
	defer b.close()
	report := Report{Date: time.Now()}
	rows := map[string]*Row{}
	if _, err := b.document(ctx, files[0]); err != nil && ctx.Err() != nil {
		return report, err
	}
	for i, file := range files {
		row, err := b.document(ctx, file)
		switch {
		case ctx.Err() != nil:
			return report, ctx.Err()
		case err != nil:
			report.Refused = append(report.Refused, fmt.Sprintf("%s: %s", filepath.Base(file), record.ReasonOf(err)))
		case rows[row.Class] == nil:
			rows[row.Class] = &row
		default:
			rows[row.Class].add(row)
		}
		if o.Progress != nil {
			o.Progress(filepath.Base(file), i+1, len(files))
		}
	}
	for _, row := range rows {
		report.Rows = append(report.Rows, *row)
	}
	return report, nil
}

// scans are the files in a folder that are of a type we read.
func scans(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		head := make([]byte, 64)
		n, _ := f.Read(head)
		if kind := page.Sniff(head[:n]); strings.HasPrefix(kind, "image/") || kind == "application/pdf" {
			files = append(files, path)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no scans in %s: `sohoa paper` makes some", dir)
	}
	return files, err
}

// A bench has everything open that a document needs.
type bench struct {
	pool    *ocr.Pool
	splits  page.Splitter
	counted *counted
	prepare *sandbox.Child
	key     *key.Key
	options Options
	folder  string // of key and work
}

// counted is a recogniser that adds up what recognising cost.
type counted struct {
	pipeline.Recogniser
	spent time.Duration
}

func (c *counted) Recognise(ctx context.Context, work string, p record.Page) (record.Page, error) {
	before, err := cpu()
	if err != nil {
		return p, err
	}
	read, failed := c.Recogniser.Recognise(ctx, work, p)
	after, err := cpu()
	c.spent += after - before
	if failed != nil {
		return read, failed
	}
	return read, err
}

func open(ctx context.Context, o Options) (*bench, error) {
	folder, err := os.MkdirTemp("", "sohoa-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, folder: folder}
	pki := filepath.Join(folder, "pki")
	if err := devpki.Init(pki, "http://127.0.0.1:1"); err != nil { // nobody asks it: B-B needs no service
		return nil, b.failed(err)
	}
	if b.key, err = key.OpenPKCS12(filepath.Join(pki, "signer.p12"), filepath.Join(pki, "signer.pass")); err != nil {
		return nil, b.failed(err)
	}
	if b.prepare, err = sandbox.Start(ctx, PrepareChild, sandbox.Limits{Memory: 2 << 30, Env: ocr.Environment}); err != nil {
		return nil, b.failed(err)
	}
	b.pool = ocr.NewPool(1, ocr.Options{Languages: o.Languages})
	b.counted = &counted{Recogniser: b.pool}
	return b, nil
}

func (b *bench) failed(err error) error {
	os.RemoveAll(b.folder)
	return fmt.Errorf("open the bench: %w", err)
}

func (b *bench) close() {
	b.pool.Close()
	b.splits.Close()
	b.prepare.Close()
	os.RemoveAll(b.folder)
}

// document measures one document.
func (b *bench) document(ctx context.Context, file string) (Row, error) {
	work, err := os.MkdirTemp(b.folder, "work-")
	if err != nil {
		return Row{}, err
	}
	defer os.RemoveAll(work)
	row, pages, err := b.spend(ctx, file, work)
	if err != nil {
		return row, err
	}
	row.Class, row.Documents, row.Pages = classOf(pages), 1, len(pages)
	for _, p := range pages {
		var spent time.Duration
		if err := b.prepare.Call(ctx, task{Work: work, Number: p.Number, Scan: p.Scan}, &spent); err != nil {
			return row, err
		}
		row.Prepare += spent
	}
	return row, nil
}

// spend digitises and seals, and says what that cost.
func (b *bench) spend(ctx context.Context, file, work string) (Row, []record.Page, error) {
	before, err := cpu()
	if err != nil {
		return Row{}, nil, err
	}
	b.counted.spent = 0
	memory := watchMemory()
	digitised, sealing, sealed, err := b.seal(ctx, file, work)
	peak, watching := memory.end()
	row := Row{PeakMemory: peak, Seal: sealing, Recognise: b.counted.spent, Out: int64(sealed)}
	after, failed := cpu()
	if err == nil {
		err = failed
	}
	if err != nil {
		return row, nil, err
	}
	row.CPU, row.In = after-before-watching, digitised.Original.Files[0].Bytes
	return row, digitised.Pages, nil
}

// seal takes a document from the file to the signed PDF/A; it returns what
// sealing alone cost and how many bytes the PDF has.
func (b *bench) seal(ctx context.Context, file, work string) (record.Digitised, time.Duration, int, error) {
	d := pipeline.Digitiser{Recogniser: b.counted, Splitter: &b.splits, Limits: page.Limits{Pages: 5000}, Parallel: 1, Software: b.options.Software, Language: "vi"}
	digitised, err := d.Digitise(ctx, pipeline.Input{Name: "bench", Files: []string{file}, Work: work})
	if err != nil {
		return digitised, 0, 0, err
	}
	before := ownCPU()
	archival, err := os.ReadFile(filepath.Join(work, pipeline.ArchivalFile))
	if err != nil {
		return digitised, 0, 0, err
	}
	sealed, err := signing.Seal(ctx, bytes.NewReader(archival), b.key, signing.Request{Agency: "Sohoa", Time: time.Now(), Fields: digitised.Fields})
	if err != nil {
		return digitised, 0, 0, err
	}
	return digitised, ownCPU() - before, int(sealed.Size()), nil
}

// classOf names the class of a document's pages: colour and resolution if they are all alike.
func classOf(pages []record.Page) string {
	class := ""
	for _, p := range pages {
		this := fmt.Sprintf("%s %.0f dpi", p.Colour, p.DPI)
		if class != "" && class != this {
			return "mixed"
		}
		class = this
	}
	return class
}
