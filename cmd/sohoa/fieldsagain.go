package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/record"
)

// maxRecord bounds the record of one document: 5,000 pages of words.
const maxRecord = 512 << 20

// A reading is a document with what the machine read and what stands now.
type reading struct {
	document record.Document
	record   record.Digitised
	now      record.Fields
}

// eachReading calls f for the documents of all agencies that have been read.
func eachReading(ctx context.Context, a *app.App, f func(reading) error) error {
	agencies, err := a.Catalogue.Agencies(ctx)
	for _, agency := range agencies {
		for cursor := ""; err == nil; {
			var page []record.Document
			page, cursor, err = a.Catalogue.Documents(ctx, catalogue.Query{Agency: agency.ID, Cursor: cursor, Limit: 200})
			for _, d := range page {
				if err == nil {
					err = readingOf(ctx, a, d, f)
				}
			}
			if cursor == "" {
				break
			}
		}
	}
	return err
}

func readingOf(ctx context.Context, a *app.App, d record.Document, f func(reading) error) error {
	r, ok := d.Rendition(record.RenditionRecord)
	if !ok || d.Fields == "" {
		return nil
	}
	one := reading{document: d}
	b, err := a.Store.Read(ctx, r.SHA256, r.VersionID, maxRecord)
	if err == nil {
		err = json.Unmarshal(b, &one.record)
	}
	if err == nil {
		b, err = a.Store.Read(ctx, d.Fields, "", maxRecord)
	}
	if err == nil {
		one.now, err = record.ParseFields(b)
	}
	if err != nil {
		return fmt.Errorf("read what was read of document %s: %w", d.ID, err)
	}
	return f(one)
}

type fieldsReport struct {
	App app.Config `embed:""`
}

// Run prints a line for each rule whose values people looked at, worst first.
func (c *fieldsReport) Run(ctx context.Context) error {
	a, err := app.Beside(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	ledger := field.Ledger{}
	if err := eachReading(ctx, a, func(r reading) error { ledger.Add(r.record.Fields, r.now); return nil }); err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "rule\tlooked at\tconfirmed\tcorrected\tremoved\twrong though trusted")
	for _, r := range ledger.Worst() {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", r.Rule, r.Read, r.Confirmed, r.Corrected, r.Removed, r.Silent)
	}
	return w.Flush()
}

type fieldsAgain struct {
	App       app.Config `embed:""`
	Rules     string     `help:"Folder of your own forms (*.form) and places (*.places). Default: rules in the data folder." placeholder:"DIR" env:"SOHOA_RULES"`
	Documents []string   `arg:"" optional:"" name:"document" help:"Ids of documents."`
	All       bool       `help:"All documents."`
	Accept    bool       `help:"Change the documents in review. Otherwise the differences are shown and nothing is changed."`
}

// Run reads the fields again from the words that are kept, beside a running
// service too, and shows the differences; they are kept when they are accepted,
// and only of documents in review.
func (c *fieldsAgain) Run(ctx context.Context) error {
	if c.All == (len(c.Documents) > 0) {
		return fmt.Errorf("name documents, or say --all: %w", record.ErrInvalid)
	}
	a, err := app.Beside(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	reader, err := work.OpenRules(c.Rules, c.App.Data)
	if err != nil {
		return err
	}
	again := func(r reading) error { return c.again(ctx, a, reader, r) }
	if c.All {
		return eachReading(ctx, a, again)
	}
	for _, id := range c.Documents {
		d, failed := a.Catalogue.Document(ctx, id)
		if failed == nil {
			failed = readingOf(ctx, a, d, again)
		}
		err = errors.Join(err, failed)
	}
	return err
}

func (c *fieldsAgain) again(ctx context.Context, a *app.App, reader *field.Reader, r reading) error {
	fields, more := reader.Read(r.record.Pages)
	next, differences := field.Again(r.record.Fields, r.now, fields)
	changes := 0
	for _, d := range differences {
		what := "changes"
		if d.Kept {
			what = "stays, a person decided"
		} else {
			changes++
		}
		fmt.Printf("%s\t%s\t%q\t%q\t%s\n", r.document.ID, d.Name, d.Before.Normal, d.After.Normal, what)
	}
	for _, d := range field.Compare(r.record.Particulars, more) {
		changes++
		fmt.Printf("%s\t%s\t%q\t%q\tchanges\n", r.document.ID, d.Name, d.Before, d.After)
	}
	switch {
	case changes == 0 || !c.Accept:
		return nil
	case r.document.Status != record.InReview:
		fmt.Printf("%s\t(%s: reopen it to change its fields)\n", r.document.ID, r.document.Status)
		return nil
	}
	r.record.Particulars, r.record.Metadata = more, record.MetadataOf(r.record.Fields, more, r.record.Pages, nil)
	return c.keep(ctx, a, r, next)
}

// keep stores the fields and the record with its new particulars. What the machine
// read at first stays in the record: people's corrections are counted against it.
func (c *fieldsAgain) keep(ctx context.Context, a *app.App, r reading, next record.Fields) error {
	var stored []record.Rendition
	for kind, v := range map[string]any{record.RenditionFields: next, record.RenditionRecord: r.record} {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		object, err := a.Store.PutBytes(ctx, b, "application/json")
		if err != nil {
			return err
		}
		object.Kind = kind
		if kind == record.RenditionFields {
			stored = append([]record.Rendition{object}, stored...)
		} else {
			stored = append(stored, object)
		}
	}
	if _, err := a.Catalogue.SaveFields(ctx, r.document.ID, r.document.Version, next, stored[0], cliActor, stored[1:]...); err != nil {
		return err
	}
	return a.WriteManifests(ctx, r.document.ID)
}
