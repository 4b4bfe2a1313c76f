package app

import (
	"context"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
)

// Figures are what the catalogue knows of the whole service.
func (a *App) Figures(ctx context.Context) (observe.Figures, error) {
	f := observe.Figures{Oldest: map[string]time.Time{}, Documents: map[string]int{}}
	for _, lane := range record.Lanes() {
		f.Oldest[string(lane)] = time.Time{}
	}
	backlogs, err := a.Catalogue.Backlogs(ctx)
	if err != nil {
		return f, err
	}
	for _, b := range backlogs {
		f.Jobs = append(f.Jobs, observe.Jobs{Lane: string(b.Lane), State: b.State, N: b.Jobs})
		if first := f.Oldest[string(b.Lane)]; b.State != catalogue.JobDead && (first.IsZero() || b.Oldest.Before(first)) {
			f.Oldest[string(b.Lane)] = b.Oldest
		}
	}
	documents, err := a.Catalogue.CountByStatus(ctx, "")
	for status, n := range documents {
		f.Documents[string(status)] = n
	}
	return f, err
}
