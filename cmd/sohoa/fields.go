package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/bench"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/record"
)

type fieldsCommand struct {
	Test   fieldsTest   `cmd:"" help:"Read the fields of examples and compare them with what is true."`
	Report fieldsReport `cmd:"" help:"Which rules people corrected most, from the documents of this service."`
	Again  fieldsAgain  `cmd:"" help:"Read the fields again from the words that are kept and show what would change, beside a running service too; with --accept it changes. What people confirmed stays."`
}

// exampleFlags say where examples lie and by which rules they are read.
type exampleFlags struct {
	Dir       string `arg:"" help:"Folder of examples: NAME.json with the truth beside its scan, or records that a person approved."`
	Records   string `help:"Folder of records (NAME.json of digitise) to take the words from: nothing is recognised again." placeholder:"DIR"`
	Rules     string `help:"Folder of your own forms (*.form) and places (*.places)." placeholder:"DIR" env:"SOHOA_RULES"`
	Languages string `default:"vie" help:"Tesseract languages."`
}

func (f *exampleFlags) options() (bench.FieldOptions, error) {
	reader, err := work.OpenRules(f.Rules, "")
	return bench.FieldOptions{In: f.Dir, Records: f.Records, Reader: reader, Languages: f.Languages,
		Progress: func(document string, done, of int) { fmt.Fprintf(os.Stderr, "%d/%d %s\n", done, of, document) }}, err
}

type fieldsTest struct {
	Examples exampleFlags `embed:""`
	Type     string       `help:"Measure this form alone." placeholder:"FILE"`
}

// Run prints precision, recall, calibration and silent errors, then what was wrong.
func (c *fieldsTest) Run(ctx context.Context) error {
	options, err := c.Examples.options()
	if err != nil {
		return err
	}
	if c.Type != "" {
		form, err := readForm(c.Type)
		if err != nil {
			return err
		}
		options.Form = &form
	}
	report, err := bench.Fields(ctx, options)
	if err != nil {
		return err
	}
	if err := report.WriteMarkdown(os.Stdout); err != nil {
		return err
	}
	fmt.Println()
	return report.WriteMisses(os.Stdout)
}

func readForm(path string) (field.Form, error) {
	f, err := os.Open(path)
	if err != nil {
		return field.Form{}, record.Refuse(record.InputMissing, err, "open the form %s", path)
	}
	defer f.Close()
	form, err := field.ParseForm(filepath.Base(path), f)
	if err != nil {
		return form, record.Refuse(record.Invalid, err, "read the form %s", path)
	}
	return form, nil
}

type benchFields struct {
	Examples exampleFlags `embed:""`
}

// Run prints tables in Markdown.
func (c *benchFields) Run(ctx context.Context) error {
	options, err := c.Examples.options()
	if err != nil {
		return err
	}
	report, err := bench.Fields(ctx, options)
	if err != nil {
		return err
	}
	return report.WriteMarkdown(os.Stdout)
}
