package catalogue

import (
	"context"
	"database/sql"
	"time"

	"github.com/sohoa/sohoa/record"
)

// sealUntil is when the seal of a document has to be renewed, "" for never, and by
// which table of algorithms.
func sealUntil(d record.Document) (until, table string) {
	r, ok := d.Rendition(record.RenditionSealed)
	if d.Status != record.Sealed || !ok || r.Until == nil {
		return "", ""
	}
	return stamp(*r.Until), r.Table
}

// OtherTable returns up to limit documents, in the order of their ids and after that
// one, whose seals end at a day that was worked out by another table of algorithms.
func (c *Catalogue) OtherTable(ctx context.Context, table, after string, limit int) ([]record.Document, error) {
	return bodies[record.Document](c.read.QueryContext(ctx, "SELECT body FROM documents WHERE seal_until <> '' AND seal_table <> $1 AND id > $2 ORDER BY id LIMIT $3", table, after, limit))
}

// Reschedule notes when the seal of a document ends by another table of algorithms.
// A day that stays is no event. It is an error of kind record.ErrConflict if the
// document has changed since it was looked at.
func (c *Catalogue) Reschedule(ctx context.Context, seen record.Document, until time.Time, table string, actor record.Actor) error {
	return c.tx(ctx, func(tx *sql.Tx) error {
		d, err := c.locked(ctx, tx, seen.ID)
		if err != nil {
			return err
		}
		if d.Version != seen.Version {
			return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: "reschedule the renewal of document " + d.ID}
		}
		i := len(d.Renditions) - 1
		for i >= 0 && d.Renditions[i].Until == nil {
			i--
		}
		if i < 0 || stamp(*d.Renditions[i].Until) == stamp(until) {
			_, err := tx.ExecContext(ctx, "UPDATE documents SET seal_table = $1 WHERE id = $2", table, d.ID)
			return err
		}
		d.Renditions[i].Until, d.Renditions[i].Table = &until, table
		e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: actor, Kind: "rescheduled", From: d.Status, To: d.Status}
		return c.store(ctx, tx, d, e, record.Change{Actor: actor})
	})
}

// Renew adds a job that raises it for each of up to limit sealed documents whose
// last time-stamp's certificate ends before a time and that no such job waits
// for. It returns how many.
func (c *Catalogue) Renew(ctx context.Context, before time.Time, limit int, actor record.Actor) (int, error) {
	n := 0
	err := c.tx(ctx, func(tx *sql.Tx) error {
		due, err := bodies[record.Document](tx.QueryContext(ctx, `SELECT body FROM documents WHERE seal_until <> '' AND seal_until < $1
			AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.document = documents.id AND kind = 'raise' AND state IN ('pending', 'queued', 'running'))
			ORDER BY seal_until LIMIT $2`+c.dialect.lockRow, stamp(before), limit))
		n = len(due)
		for _, d := range due {
			if err == nil {
				err = c.addJob(ctx, tx, d, record.JobRaise, 0, actor)
			}
		}
		return err
	})
	return n, err
}
