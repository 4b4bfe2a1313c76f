package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/internal/bench"
	"github.com/sohoa/sohoa/internal/paper"
)

type paperCommand struct {
	Dir    string `arg:"" help:"Folder for the scans and their truth."`
	Pages  int    `default:"60" help:"How many pages, at least."`
	Seed   int64  `default:"1" help:"The same seed makes the same pages."`
	Varied bool   `help:"Agencies and layouts beyond the form of NĐ 30/2020: party, courts, ministries, schools, police, copies."`
	Forms  bool   `help:"Certificates, permits, applications and letters: the papers that forms describe."`
	Demo   bool   `help:"Make the sample dossier of the demonstration instead."`
}

// Run writes NAME.pdf/.tif/.jpg/.png with NAME.txt and NAME.json.
func (c *paperCommand) Run() error {
	if err := makeFolder(c.Dir); err != nil {
		return err
	}
	if c.Demo {
		return paper.WriteSampleDossier(c.Dir)
	}
	if c.Varied {
		return paper.WriteVaried(c.Dir, c.Pages, c.Seed)
	}
	if c.Forms {
		return paper.WriteForms(c.Dir, c.Pages, c.Seed)
	}
	return paper.WriteCorpus(c.Dir, c.Pages, c.Seed)
}

type benchCommand struct {
	Digitise benchDigitise `cmd:"" help:"Processor time from scan to signed PDF/A, by class of page."`
	OCR      benchOCR      `cmd:"" name:"ocr" help:"Processor time and errors of recognition, against truth and other tools."`
	Words    benchWords    `cmd:"" help:"What the confidence of words and the suggestions are worth, against truth; fits the confidence."`
	Fields   benchFields   `cmd:"" help:"How exactly fields are read, against truth."`
	Sign     benchSign     `cmd:"" help:"Signatures a second and processor time of each at every level, and memory by size of file."`
	Verify   benchVerify   `cmd:"" help:"Verifications a second of small and large files at B-B and B-LTA, and memory by size of file."`
	Service  benchService  `cmd:"" help:"What the service adds to its parts: uploads, queue, catalogue, search."`
}

type benchDigitise struct {
	Dir       string `arg:"" help:"Folder of scans."`
	Languages string `default:"vie" help:"Tesseract languages."`
}

// Run prints a table in Markdown.
func (c *benchDigitise) Run(ctx context.Context) error {
	report, err := bench.Digitise(ctx, bench.Options{In: c.Dir, Software: software(), Languages: c.Languages,
		Progress: func(document string, done, of int) { fmt.Fprintf(os.Stderr, "%d/%d %s\n", done, of, document) }})
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}

type benchSign struct {
	Count   int    `default:"50" help:"Signatures of each kind."`
	Sizes   []int  `default:"1,100,200" help:"Megabytes of the files whose sealing is measured for memory."`
	PyHanko string `name:"pyhanko" help:"Python interpreter that has pyHanko, to be measured in the same run." placeholder:"PYTHON"`
}

// Run prints two tables in Markdown.
func (c *benchSign) Run(ctx context.Context) error {
	report, err := bench.Sign(ctx, bench.SignOptions{Count: c.Count, Sizes: c.Sizes, PyHanko: c.PyHanko})
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}

type benchVerify struct {
	Count   int    `default:"100" help:"Verifications of each small file."`
	Large   int    `default:"100" help:"Megabytes of the large files."`
	Sizes   []int  `default:"1,100,400" help:"Megabytes of the files whose verification is measured for memory."`
	PyHanko string `name:"pyhanko" help:"Python interpreter that has pyHanko, to be measured in the same run." placeholder:"PYTHON"`
}

// Run prints two tables in Markdown.
func (c *benchVerify) Run(ctx context.Context) error {
	report, err := bench.Verify(ctx, bench.VerifyOptions{Count: c.Count, Large: c.Large, Sizes: c.Sizes, PyHanko: c.PyHanko})
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}
