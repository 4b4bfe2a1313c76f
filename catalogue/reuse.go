package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// Reuse records that a document that is held is used in a dossier of the same
// agency, with both of them, each once. instead, if not empty, is a new scan of the
// same paper in that dossier, in review: the held document supersedes it.
func (c *Catalogue) Reuse(ctx context.Context, held, dossier, instead string, actor record.Actor) (record.Document, error) {
	var d record.Document
	err := c.tx(ctx, func(tx *sql.Tx) error {
		var in record.Dossier
		var body string
		if err := tx.QueryRowContext(ctx, "SELECT body FROM dossiers WHERE id = $1"+c.dialect.lockRow, dossier).Scan(&body); err != nil {
			return one(err, "dossier %.40s", dossier)
		}
		if err := json.Unmarshal([]byte(body), &in); err != nil {
			return err
		}
		var err error
		if d, err = c.locked(ctx, tx, held); err != nil {
			return err
		}
		if d.Agency != in.Agency {
			return fmt.Errorf("document %s: %w", held, record.ErrNotFound)
		}
		if slices.Contains([]record.Status{record.Rejected, record.SetAside, record.Superseded, record.Withdrawn}, d.Status) {
			return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: fmt.Sprintf("use document %s: it is %s", held, d.Status)}
		}
		if d.Dossier != in.ID && !slices.Contains(in.Reused, held) {
			if d, err = c.reused(ctx, tx, d, in, actor); err != nil {
				return err
			}
		}
		crash.Point("reuse-noted")
		if instead == "" {
			return nil
		}
		return c.replaceByHeld(ctx, tx, instead, in, d, actor)
	})
	return d, err
}

// reused writes the two events: of the document, and of the dossier.
func (c *Catalogue) reused(ctx context.Context, tx *sql.Tx, d record.Document, in record.Dossier, actor record.Actor) (record.Document, error) {
	e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: actor, Kind: "reused", From: d.Status, To: d.Status, Note: in.Code}
	if err := c.store(ctx, tx, d, e, record.Change{Actor: actor}); err != nil {
		return d, err
	}
	in.Reused = append(in.Reused, d.ID)
	in.Version++
	body, err := json.Marshal(in)
	if err != nil {
		return d, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE dossiers SET body = $1 WHERE id = $2", string(body), in.ID); err != nil {
		return d, err
	}
	own := record.Event{Subject: in.ID, Number: in.Version, Agency: in.Agency, Actor: actor, Kind: "reused", Note: d.ID, At: c.nowUTC()}
	if err := c.appendEvent(ctx, tx, &own, record.Manifest{Dossier: &in}); err != nil {
		return d, err
	}
	return c.locked(ctx, tx, d.ID)
}

// replaceByHeld lets the held document take the place of a new scan.
func (c *Catalogue) replaceByHeld(ctx context.Context, tx *sql.Tx, scan string, in record.Dossier, held record.Document, actor record.Actor) error {
	d, err := c.locked(ctx, tx, scan)
	if err != nil {
		return err
	}
	if d.Dossier != in.ID || d.ID == held.ID {
		return fmt.Errorf("document %s of dossier %s: %w", scan, in.ID, record.ErrNotFound)
	}
	if d.Status != record.InReview {
		return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: fmt.Sprintf("use a held document instead of %s: it is %s", scan, d.Status)}
	}
	d.Superseder = held.ID
	return c.move(ctx, tx, d, record.Superseded, record.Change{Actor: actor, Kind: "held-used"})
}
