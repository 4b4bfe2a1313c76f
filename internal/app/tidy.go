package app

import (
	"context"
	"log/slog"
	"time"
)

// leftBehind is the age at which an upload cannot be on its way any more.
const leftBehind = 24 * time.Hour

// tidy writes manifests that are missing and sweeps the spool.
func (a *App) tidy(ctx context.Context) {
	if err := a.WriteManifests(ctx, ""); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "manifests stay due", "error", err)
	}
	n, err := a.Spool.Sweep(leftBehind)
	if n > 0 || err != nil {
		slog.WarnContext(ctx, "uploads that were left behind are removed", "uploads", n, "error", err)
	}
}
