package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// CreateDossier adds a dossier to an agency. A code that the agency has used
// already is an error of kind record.ErrConflict.
func (c *Catalogue) CreateDossier(ctx context.Context, agency, code, title string, actor record.Actor) (record.Dossier, error) {
	code, title = strings.TrimSpace(code), strings.TrimSpace(title)
	if code == "" || len(code) > 100 || len(title) > 4000 {
		return record.Dossier{}, fmt.Errorf("a dossier has a code of 1 to 100 and a title of at most 1000 characters: %w", record.ErrInvalid)
	}
	d := record.Dossier{ID: NewID(), Agency: agency, Code: code, Title: title, Version: 1, CreatedAt: c.nowUTC(), CreatedBy: actor}
	body, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	err = c.tx(ctx, func(tx *sql.Tx) error {
		var held string
		err := tx.QueryRowContext(ctx, "SELECT id FROM dossiers WHERE agency = $1 AND code = $2", agency, code).Scan(&held)
		if err == nil {
			return fmt.Errorf("dossier %s is held as %s: %w", code, held, record.ErrConflict)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO dossiers (id, agency, code, body, actor, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
			d.ID, d.Agency, d.Code, string(body), string(actor), stamp(d.CreatedAt)); err != nil {
			return err
		}
		e := record.Event{Subject: d.ID, Number: 1, Agency: agency, Actor: actor, Kind: "created", At: d.CreatedAt}
		return c.appendEvent(ctx, tx, &e, record.Manifest{Dossier: &d})
	})
	return d, err
}

// Dossier returns a dossier.
func (c *Catalogue) Dossier(ctx context.Context, id string) (record.Dossier, error) {
	var d record.Dossier
	var body string
	if err := c.read.QueryRowContext(ctx, "SELECT body FROM dossiers WHERE id = $1", id).Scan(&body); err != nil {
		return d, one(err, "dossier %.40s", id)
	}
	return d, json.Unmarshal([]byte(body), &d)
}

// DossierByCode returns the dossier of an agency with that code.
func (c *Catalogue) DossierByCode(ctx context.Context, agency, code string) (record.Dossier, error) {
	var d record.Dossier
	var body string
	if err := c.read.QueryRowContext(ctx, "SELECT body FROM dossiers WHERE agency = $1 AND code = $2", agency, code).Scan(&body); err != nil {
		return d, one(err, "dossier %.100s", code)
	}
	return d, json.Unmarshal([]byte(body), &d)
}

// Dossiers returns an agency's dossiers, or the one that has a code if that is not
// empty, newest first, after a cursor ("" for the
// first page), and the cursor of the next page ("" on the last).
func (c *Catalogue) Dossiers(ctx context.Context, agency, code, cursor string, limit int) ([]record.Dossier, string, error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	all, err := bodies[record.Dossier](c.read.QueryContext(ctx, `SELECT body FROM dossiers WHERE agency = $1 AND ($5 = '' OR code = $5)
		AND (created_at < $2 OR created_at = $2 AND id < $3) ORDER BY created_at DESC, id DESC LIMIT $4`, agency, at, id, limit+1, code))
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	last := all[limit-1]
	return all[:limit], cursorOf(stamp(last.CreatedAt), last.ID), nil
}

// A cursor is the sort key of the last row of a page.
func cursorOf(at, id string) string { return at + "~" + id }

// parseCursor splits a cursor; "" stands before the first row of a descending list.
func parseCursor(cursor string) (at, id string, err error) {
	if cursor == "" {
		return "9999", "", nil
	}
	at, id, ok := strings.Cut(cursor, "~")
	if !ok || parseStamp(at).IsZero() {
		return "", "", fmt.Errorf("cursor %.60q: %w", cursor, record.ErrInvalid)
	}
	return at, id, nil
}
