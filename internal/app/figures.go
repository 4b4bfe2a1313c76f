package app

import (
	"context"

	"github.com/sohoa/sohoa/internal/observe"
)

// Figures are what the catalogue knows of the whole service.
func (a *App) Figures(ctx context.Context) (observe.Figures, error) {
	f := observe.Figures{Documents: map[string]int{}}
	var err error
	if f.Oldest, err = a.Catalogue.Oldest(ctx); err != nil {
		return f, err
	}
	if f.Jobs, err = a.Catalogue.CountJobs(ctx); err != nil {
		return f, err
	}
	documents, err := a.Catalogue.CountByStatus(ctx, "")
	for status, n := range documents {
		f.Documents[string(status)] = n
	}
	return f, err
}
