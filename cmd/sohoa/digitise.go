package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

// documentLanguage is that of what is digitised.
const documentLanguage = "vi"

// maxPages bounds one document, joined ones too.
const maxPages = 5000

type digitiseCommand struct {
	In          []string      `arg:"" name:"in" help:"Scans (PDF, TIFF, JPEG, PNG, JPEG 2000, WebP, BMP, GIF) and folders of them."`
	Out         string        `short:"o" required:"" help:"Folder for NAME.pdf and NAME.json." placeholder:"DIR"`
	AsOne       string        `help:"Join all inputs, in the order given, into one document of this name." placeholder:"NAME"`
	Text        string        `enum:"skip,redo,force" default:"skip" help:"A PDF's own text: skip keeps it where it is sensible, redo recognises every page, force draws every page anew first."`
	SignedInput string        `enum:"derive,keep,embed" default:"derive" help:"A signed PDF: derive a PDF/A of ours beside the kept original; keep the original only; or embed it, bit for bit, with the verdict on it in a PDF/A-3 of ours."`
	Embed       bool          `help:"The same as --signed-input embed."`
	Force       bool          `help:"Overwrite outputs."`
	ALTO        bool          `name:"alto" help:"Write the words as ALTO 4 too: NAME.alto.xml."`
	HOCR        bool          `name:"hocr" help:"Write the words as hOCR too: NAME.hocr."`
	JSON        bool          `name:"json" help:"One JSON object a line instead of a progress bar."`
	Jobs        int           `short:"j" help:"Pages recognised at a time. Default: the number of processors." placeholder:"N"`
	Languages   string        `default:"auto" help:"Tesseract languages, e.g. vie, fra or vie+eng; auto: Vietnamese, and pages that are plainly French again as that." env:"SOHOA_LANGUAGES"`
	Profile     ocr.Profile   `enum:"fast,balanced,accurate" default:"balanced" help:"How much time a page may cost: fast, balanced or accurate." env:"SOHOA_PROFILE"`
	PageTime    time.Duration `default:"120s" help:"Time limit of one page."`
	Rules       string        `help:"Folder of your own forms (*.form) and places (*.places)." placeholder:"DIR" env:"SOHOA_RULES"`
	Trust       []string      `help:"Certificates and trust lists to rely on when a signed original is verified." placeholder:"FILE"`
	TrustKey    string        `env:"SOHOA_TRUST_KEY" help:"Public key that trust lists must be signed with. Default: LIST.pub." placeholder:"FILE"`
	Seal        sealFlags     `embed:""`
}

// Run digitises every input; documents that are refused do not stop the others.
func (c *digitiseCommand) Run(ctx context.Context) error {
	all, err := jobs(c.In, c.AsOne)
	if err == nil {
		err = c.clashes(all)
	}
	if err != nil {
		newReporter(c.JSON, 0).document(done{File: firstOf(c.In...)}, err)
		return exitCode(exitUsage)
	}
	s, err := c.open(ctx)
	if err != nil {
		newReporter(c.JSON, 0).document(done{File: firstOf(c.In...)}, err)
		return exitCode(exitRefused)
	}
	defer s.pool.Close()
	defer s.splitter.Close()
	s.report = newReporter(c.JSON, len(all))
	return s.runAll(ctx, all)
}

// A session is one call of digitise, opened: children, key, trust.
type session struct {
	*digitiseCommand
	pool     *ocr.Pool
	splitter page.Splitter
	policy   verify.Policy
	reader   *field.Reader
	sealer   *sealer // nil: do not sign
	report   *reporter
	jobs     int
}

// open checks all that can be checked before work: the folder, the key, the trust.
func (c *digitiseCommand) open(ctx context.Context) (*session, error) {
	if err := makeFolder(c.Out); err != nil {
		return nil, err
	}
	anchors, err := trust.Load(c.TrustKey, c.Trust...)
	if err != nil {
		return nil, err
	}
	s := &session{digitiseCommand: c, policy: verify.Policy{Anchors: anchors}, jobs: c.Jobs}
	if s.jobs <= 0 {
		s.jobs = runtime.NumCPU()
	}
	if s.reader, err = work.OpenRules(c.Rules, ""); err != nil {
		return nil, err
	}
	if s.sealer, err = c.Seal.open(ctx); err != nil {
		return nil, err
	}
	s.pool = ocr.NewPool(s.jobs, ocr.Options{Languages: c.Languages, Profile: c.Profile, Timeout: c.PageTime})
	return s, nil
}

func (s *session) runAll(ctx context.Context, all []job) error {
	refused := make([]bool, len(all))
	var group errgroup.Group
	group.SetLimit(s.jobs)
	for i, j := range all {
		group.Go(func() error {
			d, err := s.one(ctx, j)
			s.report.document(d, err)
			refused[i] = err != nil
			return nil
		})
	}
	_ = group.Wait() // no function returns an error: each document's is reported
	for _, r := range refused {
		if r {
			return exitCode(exitRefused)
		}
	}
	return nil
}

// one takes one document the whole way and publishes its files. When only the
// level could not be reached the files stand and the error says what is missing.
func (s *session) one(ctx context.Context, j job) (d done, err error) {
	start := time.Now()
	d.File = j.files[0]
	if err := s.free(j.name, len(j.files)); err != nil {
		return d, err
	}
	work, err := os.MkdirTemp("", "sohoa-")
	if err != nil {
		return d, outputError(err, "make a work folder")
	}
	defer os.RemoveAll(work)
	digitised, err := s.digitiser(j.name).Digitise(ctx, pipeline.Input{Name: j.name, Files: j.files, Work: work, Text: record.TextMode(s.Text), Signed: s.signed()})
	if err != nil {
		return d, err
	}
	pdf := filepath.Join(work, pipeline.ArchivalFile)
	var missing error
	if digitised.Archival != nil && s.sealer != nil {
		if pdf, missing = s.sealer.seal(ctx, pdf, &digitised); pdf == "" {
			return d, missing
		}
	}
	d, err = s.publish(j, work, digitised, pdf)
	d.Pages, d.Level, d.Seconds = len(digitised.Pages), digitised.Level, time.Since(start).Seconds()
	if err == nil {
		err = missing
	}
	return d, err
}

// signed says what becomes of a signed original.
func (c *digitiseCommand) signed() record.SignedMode {
	if c.Embed {
		return record.EmbedSigned
	}
	return record.SignedMode(c.SignedInput)
}

// free refuses a document whose outputs are there already, before any work.
func (s *session) free(name string, files int) error {
	if s.Force {
		return nil
	}
	for _, out := range s.outputsOf(name, files) {
		if _, err := os.Lstat(filepath.Join(s.Out, out)); err == nil {
			return record.Refuse(record.OutputExists, nil, "%s is there", filepath.Join(s.Out, out))
		}
	}
	return nil
}

func (s *session) digitiser(name string) *pipeline.Digitiser {
	return &pipeline.Digitiser{
		Recogniser: s.pool, Splitter: &s.splitter, Limits: page.Limits{Pages: maxPages}, Parallel: s.jobs, Software: software(), Language: documentLanguage, Detect: s.Languages == ocr.Auto, Reader: s.reader,
		Policy:   s.policy,
		Progress: func(n, of int) { s.report.page(name, n, of) },
	}
}

// publish writes the originals that are kept, NAME.pdf and NAME.json.
func (s *session) publish(j job, work string, r record.Digitised, pdf string) (done, error) {
	d := done{File: j.files[0], Record: filepath.Join(s.Out, j.name+".json")}
	p := &publication{dir: s.Out, force: s.Force}
	defer p.discard()
	if err := s.keepOriginals(p, j, r, &d); err != nil {
		return d, err
	}
	if r.Archival != nil {
		d.PDF = filepath.Join(s.Out, j.name+".pdf")
		if err := p.addFile(j.name+".pdf", pdf); err != nil {
			return d, err
		}
	}
	for _, l := range s.layouts() {
		path, err := l.File(work, r, documentLanguage)
		if err != nil {
			return d, err
		}
		if err := p.addFile(j.name+l.Suffix, path); err != nil {
			return d, err
		}
		d.Layouts = append(d.Layouts, filepath.Join(s.Out, j.name+l.Suffix))
	}
	if err := p.addRecord(j.name+".json", r); err != nil {
		return d, err
	}
	return d, p.publish()
}

// layouts are those that were asked for.
func (c *digitiseCommand) layouts() []pipeline.Layout {
	var all []pipeline.Layout
	if c.ALTO {
		all = append(all, pipeline.ALTO)
	}
	if c.HOCR {
		all = append(all, pipeline.HOCR)
	}
	return all
}

// keepOriginals keeps, bit for bit, the PDFs of which NAME.pdf is not the whole:
// signed ones, and those with pages that had to be drawn.
func (s *session) keepOriginals(p *publication, j job, r record.Digitised, d *done) error {
	drawn := slices.ContainsFunc(r.Pages, func(p record.Page) bool { return p.Source != "image" })
	if r.Original.Verdict == nil && !drawn {
		return nil
	}
	for i, file := range j.files {
		if r.Original.Files[i].MediaType != "application/pdf" {
			continue
		}
		name := originalOf(j.name, i)
		if d.Original == "" {
			d.Original = filepath.Join(s.Out, name)
		}
		if err := p.addFile(name, file); err != nil {
			return err
		}
	}
	return nil
}
