package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/record"
)

type rebuildCommand struct {
	App   app.Config `embed:""`
	Level string     `default:"B-T" enum:"B-B,B-T,B-LT,B-LTA" env:"SOHOA_LEVEL" help:"Sealed documents below this level are raised again."`
}

// Run makes the catalogue again from the object store alone. The service must be
// stopped, and the catalogue new.
func (c *rebuildCommand) Run(ctx context.Context) error {
	level, err := record.ParseLevel(c.Level)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := upkeep.Rebuild{Store: a.Store, Catalogue: a.Catalogue, Target: level,
		Progress: func(done, subjects int) { fmt.Fprintf(os.Stderr, "%d/%d\n", done, subjects) }}.Run(ctx)
	if err != nil {
		return err
	}
	told := func(code string, of ...any) { fmt.Println(say.Upkeep(language(), code, of...)) }
	told("rebuilt", r.Agencies, r.Dossiers, r.Documents, r.Events)
	for _, kind := range slices.Sorted(maps.Keys(r.Jobs)) {
		told("due", r.Jobs[kind], kind)
	}
	told("not-restored")
	for _, code := range upkeep.NotRestored {
		fmt.Println("  -", say.Upkeep(language(), code))
	}
	if len(r.Lost) == 0 {
		return nil
	}
	told("lost", len(r.Lost))
	for _, l := range r.Lost {
		fmt.Println("  -", say.Upkeep(language(), l.Code, l.Of...))
	}
	return exitCode(exitRefused)
}

type fixityCommand struct {
	App  app.Config `embed:""`
	Rate int64      `default:"20971520" env:"SOHOA_FIXITY_RATE" help:"Bytes read in a second; 0: as fast as it goes."`
	Once bool       `help:"One round and its report, and end. Else round after round, faults in the log."`
}

// Run reads every object again, beside a running service too.
func (c *fixityCommand) Run(ctx context.Context) error {
	a, err := app.Beside(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	fixity := upkeep.Fixity{Store: a.Store, Catalogue: a.Catalogue, Manifests: a.WriteManifests, Rate: c.Rate}
	if !c.Once {
		fixity.Rolling(ctx, time.Minute)
		return nil
	}
	round, err := fixity.Run(ctx)
	for _, f := range round.Faults {
		fmt.Println(fault(f))
	}
	if err != nil {
		return err
	}
	fmt.Println(say.Upkeep(language(), "round", round.Objects, round.Bytes, round.Renditions, len(round.Faults)))
	if len(round.Faults) > 0 {
		return exitCode(exitRefused)
	}
	return nil
}

// fault is one in words.
func fault(f upkeep.Fault) string {
	what := "damaged"
	if f.Missing {
		what = "missing"
	}
	if f.Document == "" {
		return say.Upkeep(language(), what+"-alone", f.Object, f.Seen)
	}
	return say.Upkeep(language(), what, f.Rendition, f.Document, f.Object, f.Seen)
}
