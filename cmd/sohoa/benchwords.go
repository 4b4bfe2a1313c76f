package main

import (
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/internal/bench"
)

type benchWords struct {
	Truth   string `arg:"" help:"Folder of generated pages with their truth."`
	Records string `required:"" help:"Folder of records (NAME.json of digitise) of the same pages." placeholder:"DIR"`
	Wrong   bool   `help:"List the wrong words instead, the surest first."`
	Fit     string `help:"Fit the confidence on these pages and print the table of weights; say what the pages are." placeholder:"TEXT"`
}

// Run prints tables in Markdown.
func (c *benchWords) Run() error {
	report, err := bench.Words(bench.WordOptions{Truth: c.Truth, Records: c.Records})
	switch {
	case err != nil:
		return err
	case c.Fit != "":
		return report.WriteWeights(os.Stdout, fmt.Sprintf("%s, %s", c.Fit, time.Now().Format(time.DateOnly)))
	case c.Wrong:
		return report.WriteWrong(os.Stdout)
	}
	return report.WriteMarkdown(os.Stdout)
}
