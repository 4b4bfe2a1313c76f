package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// agencyID is an identifier of QĐ 20/2020/QĐ-TTg: at most 35 characters, digits,
// capital letters and dots; hyphens are let through for test agencies.
var agencyID = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]{0,34}$`)

// PutAgency adds an agency or changes its name, copy form and marks. Its manifest
// is due with it.
func (c *Catalogue) PutAgency(ctx context.Context, a record.Agency, actor record.Actor) error {
	if !agencyID.MatchString(a.ID) || strings.TrimSpace(a.Name) == "" {
		return fmt.Errorf("agency %q named %q: an id has up to 35 of A-Z, 0-9 and dot, and a name: %w", a.ID, a.Name, record.ErrInvalid)
	}
	a.CreatedAt = c.nowUTC()
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return c.tx(ctx, func(tx *sql.Tx) error {
		e := record.Event{Subject: a.ID, Agency: a.ID, Actor: actor, Kind: record.EventAgency, At: a.CreatedAt}
		err := tx.QueryRowContext(ctx, `INSERT INTO agencies (id, body, actor, created_at, version) VALUES ($1, $2, $3, $4, 1)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body, actor = excluded.actor, version = agencies.version + 1 RETURNING version`,
			a.ID, string(body), string(actor), stamp(a.CreatedAt)).Scan(&e.Number)
		if err != nil {
			return err
		}
		return c.manifestDue(ctx, tx, record.Manifest{Version: record.Version, Event: e, Agency: a})
	})
}

// Agency returns an agency.
func (c *Catalogue) Agency(ctx context.Context, id string) (record.Agency, error) {
	return agency(c.read.QueryRowContext(ctx, "SELECT body FROM agencies WHERE id = $1", id), id)
}

func agency(row *sql.Row, id string) (record.Agency, error) {
	var a record.Agency
	var body string
	if err := row.Scan(&body); err != nil {
		return a, one(err, "agency %s", id)
	}
	return a, json.Unmarshal([]byte(body), &a)
}

// Agencies returns all agencies, by id.
func (c *Catalogue) Agencies(ctx context.Context) ([]record.Agency, error) {
	return bodies[record.Agency](c.read.QueryContext(ctx, "SELECT body FROM agencies ORDER BY id"))
}

// bodies reads a column of JSON.
func bodies[T any](rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var body string
		var v T
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
