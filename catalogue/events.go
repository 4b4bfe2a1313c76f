package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/record"
)

// appendEvent appends an event and the manifest that it makes due.
func (c *Catalogue) appendEvent(ctx context.Context, tx *sql.Tx, e *record.Event, m record.Manifest) error {
	if c.dialect.lockSeq != "" { // else a reader could see number 7 before 6 and never 6
		if _, err := tx.ExecContext(ctx, c.dialect.lockSeq); err != nil {
			return err
		}
	}
	err := tx.QueryRowContext(ctx, `INSERT INTO events (subject, number, agency, actor, kind, from_status, to_status, reason, note, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq`,
		e.Subject, e.Number, e.Agency, string(e.Actor), e.Kind, string(e.From), string(e.To), string(e.Reason), e.Note, stamp(e.At)).Scan(&e.Seq)
	if err != nil {
		return err
	}
	m.Version, m.Event = record.Version, *e
	if m.Agency, err = agency(tx.QueryRowContext(ctx, "SELECT body FROM agencies WHERE id = $1", e.Agency), e.Agency); err != nil {
		return err
	}
	return c.manifestDue(ctx, tx, m)
}

func (c *Catalogue) manifestDue(ctx context.Context, tx *sql.Tx, m record.Manifest) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO manifests (subject, number, body, agency, actor) VALUES ($1, $2, $3, $4, $5)",
		m.Event.Subject, m.Event.Number, string(body), m.Event.Agency, string(m.Event.Actor))
	return err
}

const eventColumns = "SELECT seq, subject, number, agency, actor, kind, from_status, to_status, reason, note, at FROM events"

// Events returns events after a sequence number, oldest first: those of a subject,
// or with subject "" all of an agency.
func (c *Catalogue) Events(ctx context.Context, agency, subject string, after int64, limit int) ([]record.Event, error) {
	rows, err := c.read.QueryContext(ctx, eventColumns+` WHERE seq > $1 AND ($2 = '' OR agency = $2) AND ($3 = '' OR subject = $3) ORDER BY seq LIMIT $4`,
		after, agency, subject, limit)
	if err != nil {
		return nil, err
	}
	return scanEvents(rows)
}

// LastEvent returns the newest event of a subject.
func (c *Catalogue) LastEvent(ctx context.Context, subject string) (record.Event, error) {
	rows, err := c.read.QueryContext(ctx, eventColumns+" WHERE subject = $1 ORDER BY number DESC LIMIT 1", subject)
	if err != nil {
		return record.Event{}, err
	}
	all, err := scanEvents(rows)
	if err != nil || len(all) == 0 {
		return record.Event{}, errors.Join(err, fmt.Errorf("event of %.40s: %w", subject, record.ErrNotFound))
	}
	return all[0], nil
}

func scanEvents(rows *sql.Rows) ([]record.Event, error) {
	defer rows.Close()
	all := []record.Event{}
	for rows.Next() {
		var e record.Event
		var at string
		if err := rows.Scan(&e.Seq, &e.Subject, &e.Number, &e.Agency, &e.Actor, &e.Kind, &e.From, &e.To, &e.Reason, &e.Note, &at); err != nil {
			return nil, err
		}
		e.At = parseStamp(at)
		all = append(all, e)
	}
	return all, rows.Err()
}

// A DueManifest is a manifest that is not known to lie in the object store yet.
type DueManifest struct {
	Subject string
	Number  int
	Body    []byte
}

// DueManifests returns manifests that are due: those of a subject, or with
// subject "" the first ones of all.
func (c *Catalogue) DueManifests(ctx context.Context, subject string, limit int) ([]DueManifest, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT subject, number, body FROM manifests WHERE $1 = '' OR subject = $1 ORDER BY subject, number LIMIT $2", subject, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []DueManifest
	for rows.Next() {
		var m DueManifest
		var body string
		if err := rows.Scan(&m.Subject, &m.Number, &body); err != nil {
			return nil, err
		}
		m.Body = []byte(body)
		all = append(all, m)
	}
	return all, rows.Err()
}

// ManifestStored says that a manifest lies in the object store.
func (c *Catalogue) ManifestStored(ctx context.Context, subject string, number int) error {
	_, err := c.write.ExecContext(ctx, "DELETE FROM manifests WHERE subject = $1 AND number = $2", subject, number)
	return err
}

// NewestEvent is the sequence number of the newest event, 0 if there is none.
func (c *Catalogue) NewestEvent(ctx context.Context) (int64, error) {
	var seq int64
	err := c.read.QueryRowContext(ctx, "SELECT COALESCE(max(seq), 0) FROM events").Scan(&seq)
	return seq, err
}
