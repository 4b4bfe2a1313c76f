package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

type jobsCommand struct {
	List    jobsList    `cmd:"" default:"withargs" help:"List jobs that are not done, newest first."`
	Again   jobsAgain   `cmd:"" help:"Try again what gave up, when its cause is gone."`
	Redrive jobsRedrive `cmd:"" help:"Drive documents again that were set aside for a reason, when its cause is gone."`
}

type jobsList struct {
	App   app.Config `embed:""`
	Limit int        `default:"100" help:"How many."`
}

// Run prints a table, and below it what the reasons in it mean.
func (c *jobsList) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		all, err := cat.Jobs(ctx, c.Limit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, say.Upkeep(language(), "jobs"))
		reasons := map[record.Reason]bool{}
		for _, j := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", j.ID, j.Kind, j.Lane, j.Document, j.State, j.Attempts, j.Reason,
				j.CreatedAt.Format(time.RFC3339), j.NotBefore.Format(time.RFC3339))
			reasons[j.Reason] = j.Reason != ""
		}
		if err := w.Flush(); err != nil {
			return err
		}
		for _, r := range slices.Sorted(maps.Keys(reasons)) {
			if reasons[r] {
				fmt.Printf("%s: %s\n", r, say.Reason(language(), string(r)))
			}
		}
		return nil
	})
}

type jobsAgain struct {
	App app.Config `embed:""`
	Job string     `arg:"" optional:"" help:"Id of one job. Default: all that gave up."`
}

// Run says how many are due again.
func (c *jobsAgain) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		n, err := cat.TryAgain(ctx, c.Job)
		if err == nil && n == 0 && c.Job != "" {
			return fmt.Errorf("job %.40s gave up nowhere: %w", c.Job, record.ErrNotFound)
		}
		if err == nil {
			fmt.Println(say.Upkeep(language(), "tried-again", n))
		}
		return err
	})
}

type jobsRedrive struct {
	App    app.Config    `embed:""`
	Reason record.Reason `arg:"" help:"Their reason, such as disk-full."`
}

// Run drives them again, of all agencies, and says how many. What a person moved
// meanwhile is left alone.
func (c *jobsRedrive) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		aside, err := setAside(ctx, cat)
		if err != nil {
			return err
		}
		n := 0
		for _, d := range aside[c.Reason] {
			_, err := cat.Advance(ctx, d.ID, record.SetAside, record.Received, record.Change{Actor: "cli", Kind: "redriven", Job: record.JobIngest, Version: d.Version})
			if err == nil {
				n++
			} else if !errors.Is(err, record.ErrConflict) {
				return err
			}
		}
		fmt.Println(say.Upkeep(language(), "redriven", n))
		if n == 0 && len(aside) > 0 { // the reason may be mistyped
			fmt.Println(say.Upkeep(language(), "aside-for", counts(aside)))
		}
		return nil
	})
}

// setAside returns the documents that were set aside, by reason, of all agencies.
func setAside(ctx context.Context, cat *catalogue.Catalogue) (map[record.Reason][]record.Document, error) {
	agencies, err := cat.Agencies(ctx)
	if err != nil {
		return nil, err
	}
	all := map[record.Reason][]record.Document{}
	for _, a := range agencies {
		q := catalogue.Query{Agency: a.ID, Status: record.SetAside, Limit: 500}
		for more := true; more; more = q.Cursor != "" {
			var page []record.Document
			if page, q.Cursor, err = cat.Documents(ctx, q); err != nil {
				return nil, err
			}
			for _, d := range page {
				all[d.Reason] = append(all[d.Reason], d)
			}
		}
	}
	return all, nil
}

// counts is "damaged 3, disk-full 1".
func counts(aside map[record.Reason][]record.Document) string {
	var all []string
	for _, reason := range slices.Sorted(maps.Keys(aside)) {
		all = append(all, fmt.Sprintf("%s %d", reason, len(aside[reason])))
	}
	return strings.Join(all, ", ")
}
