package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/internal/bench"
	"github.com/sohoa/sohoa/pipeline/ocr"
)

type benchOCR struct {
	Dir       string        `arg:"" help:"Folder of scans, with the truth of X.pdf in X.txt or X_gt.txt."`
	Profiles  []ocr.Profile `enum:"fast,balanced,accurate" default:"balanced" help:"Profiles of ours to compare."`
	Languages string        `default:"vie" help:"Tesseract languages."`
	Tesseract string        `default:"tesseract" help:"The command line tool to compare with; none to compare with nothing." placeholder:"PATH"`
	OCRmyPDF  string        `name:"ocrmypdf" help:"OCRmyPDF to compare with." placeholder:"PATH"`
}

// Run prints tables in Markdown.
func (c *benchOCR) Run(ctx context.Context) error {
	o := bench.OCROptions{In: c.Dir, Software: software(), Languages: c.Languages, Profiles: c.Profiles, Tesseract: c.Tesseract, OCRmyPDF: c.OCRmyPDF,
		Progress: func(document string, done, of int) { fmt.Fprintf(os.Stderr, "%d/%d %s\n", done, of, document) }}
	if o.Tesseract == "tesseract" && !bench.Installed(o.Tesseract) {
		fmt.Fprintln(os.Stderr, "there is no tesseract in PATH to compare with: Debian's package tesseract-ocr has it")
		o.Tesseract = ""
	}
	if o.Tesseract == "none" {
		o.Tesseract = ""
	}
	report, err := bench.OCR(ctx, o)
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}
