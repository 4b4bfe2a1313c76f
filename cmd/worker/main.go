// Command worker recognises, seals and raises in production. It is the only
// process that can reach the key, and it listens nowhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

// version is set by the build.
var version = "0.1.0-dev"

type command struct {
	App     app.Config       `embed:""`
	Work    work.Config      `embed:""`
	Config  kong.ConfigFlag  `help:"File of settings in JSON." placeholder:"FILE"`
	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	sandbox.Serve(map[string]sandbox.Func{"split": page.ServeSplit, "page": ocr.ServePage, "verify": verify.Serve})
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	var c command
	kong.Parse(&c, kong.Name("worker"), kong.Description("Sohoa's worker."), kong.Vars{"version": "Sohoa " + version}, kong.Configuration(kong.JSON))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "worker: %s\n  (%v)\n", say.Reason(say.Language("", os.Getenv), string(record.ReasonOf(err))), err)
		os.Exit(1)
	}
}

func (c *command) run(ctx context.Context) error {
	defer observe.Trace(c.App.Traces, "worker")()
	a, err := app.Open(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	group, ctx := errgroup.WithContext(ctx)
	slog.Info("working", "version", version)
	group.Go(func() error { return observe.Serve(ctx, c.App.Metrics, a.Figures) })
	group.Go(func() error { a.Tend(ctx, queue.DefaultTiming()); return nil })
	group.Go(func() error { return work.Run(ctx, a, c.Work, "Sohoa "+version) })
	return group.Wait()
}
