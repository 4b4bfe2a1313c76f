package catalogue

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// Split makes of a document in review, at version, one for each span of its pages:
// they keep its originals and are read anew, and it is superseded by them. All is
// committed together. Spans that are not all its pages are an error of kind
// record.ErrInvalid.
func (c *Catalogue) Split(ctx context.Context, id string, version int, spans []record.Span, actor record.Actor) ([]record.Document, error) {
	var parts []record.Document
	err := c.tx(ctx, func(tx *sql.Tx) error {
		d, err := c.seenInReview(ctx, tx, id, version, "split")
		if err != nil {
			return err
		}
		if !record.Covers(spans, d.Pages) {
			return fmt.Errorf("split document %s: %v are not its %d pages: %w", id, spans, d.Pages, record.ErrInvalid)
		}
		parts = nil
		for i, s := range spans {
			part := c.part(d, i, s, actor)
			if err := c.insert(ctx, tx, part, actor); err != nil {
				return err
			}
			parts = append(parts, part)
			d.SplitInto = append(d.SplitInto, part.ID)
		}
		crash.Point("split-inserted")
		d.Superseder = parts[0].ID
		return c.move(ctx, tx, d, record.Superseded, record.Change{Actor: actor, Kind: "split"})
	})
	return parts, err
}

// seenInReview returns a document that this transaction is going to change, if it
// is in review at the version that somebody saw.
func (c *Catalogue) seenInReview(ctx context.Context, tx *sql.Tx, id string, version int, doing string) (record.Document, error) {
	d, err := c.locked(ctx, tx, id)
	if err != nil {
		return d, err
	}
	if d.Status != record.InReview {
		err = &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: fmt.Sprintf("%s document %s: it is %s", doing, id, d.Status)}
	} else if d.Version != version {
		err = &record.Error{Reason: record.StaleDecision, Kind: record.ErrConflict, Detail: fmt.Sprintf("%s document %s: version %d was seen, it is at %d", doing, id, version, d.Version)}
	}
	return d, err
}

// part is a new document of some pages of d.
func (c *Catalogue) part(d record.Document, i int, s record.Span, actor record.Actor) record.Document {
	now := c.nowUTC()
	part := record.Document{ID: NewID(), Agency: d.Agency, Dossier: d.Dossier, Name: fmt.Sprintf("%s-%d", d.Name, i+1), Status: record.Received, Pages: s.Pages(),
		Version: 1, Supersedes: d.ID, CreatedAt: now, UpdatedAt: now, CreatedBy: actor}
	if d.Span != nil { // it was split off before
		s.From, s.To = s.From+d.Span.From-1, s.To+d.Span.From-1
	}
	part.Span = &s
	for _, r := range d.Renditions {
		if r.Kind == record.RenditionOriginal {
			r.CreatedAt = now
			part.Renditions = append(part.Renditions, r)
		}
	}
	return part
}
