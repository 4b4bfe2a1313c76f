package work

import (
	"context"
	"log/slog"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/record"
)

const (
	renewalLook  = time.Hour // between two looks for seals that end soon
	renewalBatch = 500       // documents a look, so that renewals leave room for new seals
	tableBatch   = 100       // documents read at a time
)

// renew has the sealed documents raised whose last time-stamp ends within a time,
// until ctx ends. Several workers may look: a document gets one job.
func renew(ctx context.Context, c *catalogue.Catalogue, w *pipeline.Worker) {
	tick := time.NewTicker(renewalLook)
	defer tick.Stop()
	for {
		reschedule(ctx, c, w)
		n, err := c.Renew(ctx, time.Now().Add(w.Seal.Renew), renewalBatch, record.Actor("system"))
		if n > 0 || err != nil && ctx.Err() == nil {
			slog.InfoContext(ctx, "seals whose last time-stamp ends soon", "documents", n, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// reschedule works out again when seals end whose day is by another table of
// algorithms. Each is read once; what cannot be read now is looked at the next time.
func reschedule(ctx context.Context, c *catalogue.Catalogue, w *pipeline.Worker) {
	table, moved, last := w.Seal.Raise.Algorithms.Name(), 0, ""
	for {
		some, err := c.OtherTable(ctx, table, last, tableBatch)
		if err != nil || len(some) == 0 {
			if moved > 0 || err != nil && ctx.Err() == nil {
				slog.InfoContext(ctx, "seals whose end is by another table of algorithms now", "documents", moved, "error", err)
			}
			return
		}
		for _, d := range some {
			last = d.ID
			until, err := w.SealEnds(ctx, d)
			if err == nil {
				err = c.Reschedule(ctx, d, until, table, record.Actor("system"))
			}
			if err != nil {
				slog.WarnContext(ctx, "cannot work out when a seal ends", "document", d.ID, "error", err)
				continue
			}
			moved++
		}
	}
}
