package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/sohoa/sohoa/record"
)

// Advance moves a document from one status to another. It is the only mover of a
// document and a compare-and-swap: if the document is not in from any more (or not
// at change.Version), somebody else was faster, nothing happens, and the error is
// of kind record.ErrConflict. A move that the table of moves does not know is one
// of kind record.ErrInvalid.
//
// When it returns nil the row, the event, the manifest that is due, the job that
// follows and the end of the job that led here are committed together.
func (c *Catalogue) Advance(ctx context.Context, id string, from, to record.Status, change record.Change) (record.Document, error) {
	var d record.Document
	err := c.tx(ctx, func(tx *sql.Tx) error {
		var err error
		if d, err = c.locked(ctx, tx, id); err != nil {
			return err
		}
		if d.Status != from || change.Version != 0 && change.Version != d.Version {
			return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict,
				Detail: fmt.Sprintf("move document %s from %s to %s: it is %s at version %d", id, from, to, d.Status, d.Version)}
		}
		if err := c.move(ctx, tx, d, to, change); err != nil {
			return err
		}
		d, err = c.locked(ctx, tx, id)
		return err
	})
	return d, err
}

// move writes what follows when d becomes to. d is locked by this transaction.
func (c *Catalogue) move(ctx context.Context, tx *sql.Tx, d record.Document, to record.Status, change record.Change) error {
	if !d.Status.CanBecome(to) {
		return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: fmt.Sprintf("document %s cannot go from %s to %s", d.ID, d.Status, to)}
	}
	e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: change.Actor, Kind: change.Kind, From: d.Status, To: to, Reason: change.Reason, Note: change.Note}
	if e.Kind == "" {
		e.Kind = "advanced"
	}
	d.Status, d.Reason = to, change.Reason
	if change.Note != "" || to != record.Sealed {
		d.Note = change.Note
	}
	if to != record.Sealing {
		d.Intent = nil
	}
	if change.Intent != nil {
		d.Intent = change.Intent
	}
	if change.Decision != nil {
		d.Decision = change.Decision
	}
	if to != record.AwaitingMark {
		d.Mark = nil
	} else if change.Mark != nil {
		d.Mark = change.Mark
	}
	if err := c.store(ctx, tx, d, e, change); err != nil {
		return err
	}
	if change.Finish != nil {
		if err := c.finish(ctx, tx, *change.Finish); err != nil {
			return err
		}
	}
	if change.Job != "" {
		return c.addJob(ctx, tx, d, change.Job, change.JobAfter, change.Actor)
	}
	return nil
}

// store writes the next version of d with its event.
func (c *Catalogue) store(ctx context.Context, tx *sql.Tx, d record.Document, e record.Event, change record.Change) error {
	d.Version++
	d.UpdatedAt = c.nowUTC()
	e.Number, e.At = d.Version, d.UpdatedAt
	for _, r := range change.Renditions {
		r.CreatedAt = d.UpdatedAt
		d.Renditions = append(d.Renditions, r)
	}
	if change.Level != "" {
		d.Level = change.Level
	}
	if change.Pages != 0 {
		d.Pages = change.Pages
	}
	if change.FieldsAt != "" {
		d.Fields = change.FieldsAt
	}
	if change.Fields != nil {
		d.Brief = record.BriefOf(change.Fields)
	}
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	until, table := sealUntil(d)
	if _, err := tx.ExecContext(ctx, "UPDATE documents SET status = $1, version = $2, body = $3, actor = $4, updated_at = $5, seal_until = $6, seal_table = $7 WHERE id = $8",
		string(d.Status), d.Version, string(body), string(change.Actor), stamp(d.UpdatedAt), until, table, d.ID); err != nil {
		return err
	}
	if err := c.index(ctx, tx, d, change); err != nil {
		return err
	}
	return c.appendEvent(ctx, tx, &e, record.Manifest{Document: &d})
}

// SaveFields replaces the current fields of a document in review, by a person who
// saw version.
func (c *Catalogue) SaveFields(ctx context.Context, id string, version int, fields record.Fields, object record.Rendition, actor record.Actor, more ...record.Rendition) (record.Document, error) {
	var d record.Document
	err := c.tx(ctx, func(tx *sql.Tx) error {
		var err error
		if d, err = c.seenInReview(ctx, tx, id, version, "correct"); err != nil {
			return err
		}
		e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: actor, Kind: "fields-saved", From: d.Status, To: d.Status}
		change := record.Change{Actor: actor, Fields: fields, FieldsAt: object.SHA256, Renditions: append([]record.Rendition{object}, more...)}
		if err := c.store(ctx, tx, d, e, change); err != nil {
			return err
		}
		d, err = c.locked(ctx, tx, id)
		return err
	})
	return d, err
}

// Note appends an event that changes nothing of the document itself, such as
// stored bytes that were found damaged.
func (c *Catalogue) Note(ctx context.Context, id, kind, note string, actor record.Actor) error {
	return c.tx(ctx, func(tx *sql.Tx) error {
		d, err := c.locked(ctx, tx, id)
		if err != nil {
			return err
		}
		e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: actor, Kind: kind, From: d.Status, To: d.Status, Note: note}
		return c.store(ctx, tx, d, e, record.Change{Actor: actor})
	})
}
