package work

import (
	"context"
	"log/slog"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

const (
	renewalLook  = time.Hour // between two looks for seals that end soon
	renewalBatch = 500       // documents a look, so that renewals leave room for new seals
)

// renew has the sealed documents raised whose last time-stamp ends within a time,
// until ctx ends. Several workers may look: a document gets one job.
func renew(ctx context.Context, c *catalogue.Catalogue, within time.Duration) {
	tick := time.NewTicker(renewalLook)
	defer tick.Stop()
	for {
		n, err := c.Renew(ctx, time.Now().Add(within), renewalBatch, record.Actor("system"))
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
