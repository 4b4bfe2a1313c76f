package catalogue

import (
	"context"
	"database/sql"
	"time"

	"github.com/sohoa/sohoa/record"
)

// sealUntil is when the seal of a document has to be renewed, "" for never.
func sealUntil(d record.Document) string {
	r, ok := d.Rendition(record.RenditionSealed)
	if d.Status != record.Sealed || !ok || r.Until == nil {
		return ""
	}
	return stamp(*r.Until)
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
				err = c.addJob(ctx, tx, d, record.JobRaise, actor)
			}
		}
		return err
	})
	return n, err
}
