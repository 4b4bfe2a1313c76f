package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/record"
)

// Receive accepts a document: its row, its first event, its manifest and its job
// are committed together. The caller has made the originals durable before.
//
// If the dossier holds a document of the same originals that was neither rejected
// nor set aside nor withdrawn, that document is returned and duplicate is true.
// supersedes, if not empty, is the document that this new scan replaces.
func (c *Catalogue) Receive(ctx context.Context, d record.Document, supersedes string, actor record.Actor) (got record.Document, duplicate bool, err error) {
	d.ID, d.Status, d.Version = NewID(), record.Received, 1
	d.CreatedAt, d.CreatedBy = c.nowUTC(), actor
	d.UpdatedAt = d.CreatedAt
	for i := range d.Renditions {
		d.Renditions[i].CreatedAt = d.CreatedAt
	}
	err = c.tx(ctx, func(tx *sql.Tx) error {
		held, err := c.held(ctx, tx, d)
		if err == nil {
			d, duplicate = held, true
			return nil
		}
		if !errors.Is(err, record.ErrNotFound) {
			return err
		}
		if supersedes != "" {
			if err := c.supersede(ctx, tx, supersedes, &d, actor); err != nil {
				return err
			}
		}
		return c.insert(ctx, tx, d, actor)
	})
	return d, duplicate, err
}

// originalKey is equal for documents of the same pages of the same originals in the
// same order.
func originalKey(d record.Document) string {
	var digests []byte
	for _, r := range d.Renditions {
		if r.Kind == record.RenditionOriginal {
			digests = append(digests, r.SHA256...)
		}
	}
	if d.Span != nil {
		digests = fmt.Appendf(digests, " %d-%d", d.Span.From, d.Span.To)
	}
	return string(record.DigestOf(digests))
}

func (c *Catalogue) held(ctx context.Context, tx *sql.Tx, d record.Document) (record.Document, error) {
	// Two uploads of the same bytes must not both find nothing: the dossier's row is the lock.
	var id string
	if err := tx.QueryRowContext(ctx, "SELECT id FROM dossiers WHERE id = $1 AND agency = $2"+c.dialect.lockRow, d.Dossier, d.Agency).Scan(&id); err != nil {
		return d, one(err, "dossier %.40s", d.Dossier)
	}
	var body string
	err := tx.QueryRowContext(ctx, `SELECT body FROM documents WHERE dossier = $1 AND original = $2
		AND status NOT IN ('rejected', 'set-aside', 'withdrawn', 'superseded') ORDER BY created_at LIMIT 1`, d.Dossier, originalKey(d)).Scan(&body)
	if err != nil {
		return d, one(err, "document of these bytes")
	}
	var held record.Document
	return held, json.Unmarshal([]byte(body), &held)
}

func (c *Catalogue) supersede(ctx context.Context, tx *sql.Tx, old string, d *record.Document, actor record.Actor) error {
	o, err := c.locked(ctx, tx, old)
	if err != nil {
		return err
	}
	if o.Agency != d.Agency || o.Dossier != d.Dossier {
		return fmt.Errorf("document %s to be superseded: %w", old, record.ErrNotFound)
	}
	d.Supersedes = old
	o.Superseder = d.ID
	return c.move(ctx, tx, o, record.Superseded, record.Change{Actor: actor})
}

func (c *Catalogue) insert(ctx context.Context, tx *sql.Tx, d record.Document, actor record.Actor) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO documents (id, agency, dossier, status, version, original, body, actor, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`, d.ID, d.Agency, d.Dossier, string(d.Status), d.Version, originalKey(d), string(body), string(actor), stamp(d.CreatedAt)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search (document, agency, dossier, status, number, notation, organ, person, issued, type, subject, fold)
		VALUES ($1, $2, $3, $4, '', '', '', '', '', '', '', $5)`, d.ID, d.Agency, d.Dossier, string(d.Status), Fold(d.Name)); err != nil {
		return err
	}
	e := record.Event{Subject: d.ID, Number: 1, Agency: d.Agency, Actor: actor, Kind: "received", To: d.Status, At: d.CreatedAt}
	if err := c.appendEvent(ctx, tx, &e, record.Manifest{Document: &d}); err != nil {
		return err
	}
	return c.addJob(ctx, tx, d, record.JobIngest, 0, actor)
}

// Document returns a document.
func (c *Catalogue) Document(ctx context.Context, id string) (record.Document, error) {
	return document(c.read.QueryRowContext(ctx, "SELECT body FROM documents WHERE id = $1", id), id)
}

// locked returns a document that this transaction is going to change.
func (c *Catalogue) locked(ctx context.Context, tx *sql.Tx, id string) (record.Document, error) {
	return document(tx.QueryRowContext(ctx, "SELECT body FROM documents WHERE id = $1"+c.dialect.lockRow, id), id)
}

func document(row *sql.Row, id string) (record.Document, error) {
	var d record.Document
	var body string
	if err := row.Scan(&body); err != nil {
		return d, one(err, "document %.40s", id)
	}
	return d, json.Unmarshal([]byte(body), &d)
}

// A Query selects documents of one agency. Empty fields select all.
type Query struct {
	Agency  string
	Dossier string
	Status  record.Status
	Cursor  string
	Limit   int
}

// Documents returns documents, newest first, and the cursor of the next page.
func (c *Catalogue) Documents(ctx context.Context, q Query) ([]record.Document, string, error) {
	at, id, err := parseCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	all, err := bodies[record.Document](c.read.QueryContext(ctx, `SELECT body FROM documents WHERE agency = $1
		AND ($2 = '' OR dossier = $2) AND ($3 = '' OR status = $3)
		AND (created_at < $4 OR created_at = $4 AND id < $5) ORDER BY created_at DESC, id DESC LIMIT $6`,
		q.Agency, q.Dossier, string(q.Status), at, id, q.Limit+1))
	if err != nil || len(all) <= q.Limit {
		return all, "", err
	}
	last := all[q.Limit-1]
	return all[:q.Limit], cursorOf(stamp(last.CreatedAt), last.ID), nil
}

// CountByStatus returns how many documents of an agency ("" for all) stand where.
func (c *Catalogue) CountByStatus(ctx context.Context, agency string) (map[record.Status]int, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT status, count(*) FROM documents WHERE $1 = '' OR agency = $1 GROUP BY status", agency)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[record.Status]int{}
	for rows.Next() {
		var s record.Status
		var n int
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		all[s] = n
	}
	return all, rows.Err()
}
