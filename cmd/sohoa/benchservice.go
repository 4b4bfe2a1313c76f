package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/bench"
)

type benchService struct {
	App       app.Config `embed:""`
	Dir       string     `arg:"" optional:"" help:"Folder of scans. Default: the sample dossier."`
	Documents int        `default:"100000" help:"Documents that are searched among."`
	Languages string     `default:"vie" help:"Tesseract languages."`
}

// Run prints tables in Markdown. What it writes into a configured store and
// catalogue stays there: give it some of its own. The data folder is a temporary one.
func (c *benchService) Run(ctx context.Context) error {
	report, err := bench.Service(ctx, bench.ServiceOptions{App: c.App, In: c.Dir, Documents: c.Documents, Software: software(), Languages: c.Languages,
		Progress: func(what string) { fmt.Fprintln(os.Stderr, what) }})
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}
