package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/record"
)

type jobsCommand struct {
	List  jobsList  `cmd:"" default:"1" help:"List jobs that are not done, newest first."`
	Again jobsAgain `cmd:"" help:"Try again what gave up, when its cause is gone."`
}

type jobsList struct {
	App   app.Config `embed:""`
	Limit int        `default:"100" help:"How many."`
}

// Run prints a table.
func (c *jobsList) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		all, err := cat.Jobs(ctx, c.Limit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "JOB\tKIND\tDOCUMENT\tSTATE\tTRIES\tREASON\tMADE\tNOT BEFORE")
		for _, j := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", j.ID, j.Kind, j.Document, j.State, j.Attempts, j.Reason,
				j.CreatedAt.Format(time.RFC3339), j.NotBefore.Format(time.RFC3339))
		}
		return w.Flush()
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
		fmt.Printf("due again: %d\n", n)
		return err
	})
}
