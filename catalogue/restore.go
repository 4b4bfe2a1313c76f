package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A Subject is all that the manifests of one document, dossier or agency tell, and
// of a document what it can be found by.
type Subject struct {
	Agency   record.Agency
	Changes  int              // of the agency, if this is the agency itself
	Dossier  *record.Dossier  // or
	Document *record.Document // as it was after the last event
	Events   []record.Event   // oldest first, with their numbers and sequence numbers
	Fields   record.Fields    // as they stand, nil if there are none
	Text     string           // as recognised
	Job      record.JobKind   // that is due, if not empty
}

// Empty reports whether the catalogue holds neither dossiers nor documents.
func (c *Catalogue) Empty(ctx context.Context) (bool, error) {
	var held bool
	err := c.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM dossiers) OR EXISTS (SELECT 1 FROM events)").Scan(&held)
	return !held, err
}

// Restore writes subjects as they were, in one transaction: rows, events with their
// numbers, times and actors, search, and the jobs that are due. Nothing happens
// anew: no event and no manifest is made. A document's dossier must have been
// restored before or come earlier in the same call; what is there already is an error.
func (c *Catalogue) Restore(ctx context.Context, subjects []Subject) error {
	return c.tx(ctx, func(tx *sql.Tx) error {
		if c.dialect.lockSeq != "" {
			if _, err := tx.ExecContext(ctx, c.dialect.lockSeq); err != nil {
				return err
			}
		}
		if err := c.restoreAgencies(ctx, tx, subjects); err != nil {
			return err
		}
		r := &restorer{now: stamp(c.nowUTC())}
		for _, s := range subjects {
			if err := r.add(s); err != nil {
				return err
			}
		}
		if err := r.write(ctx, tx); err != nil {
			return err
		}
		if c.dialect.afterSeqs == "" {
			return nil
		}
		_, err := tx.ExecContext(ctx, c.dialect.afterSeqs)
		return err
	})
}

func (c *Catalogue) restoreAgencies(ctx context.Context, tx *sql.Tx, subjects []Subject) error {
	newest, changes := map[string]record.Agency{}, map[string]int{}
	for _, s := range subjects {
		if a := s.Agency; !a.CreatedAt.Before(newest[a.ID].CreatedAt) {
			newest[a.ID] = a
		}
		changes[s.Agency.ID] = max(changes[s.Agency.ID], s.Changes)
	}
	for id, a := range newest {
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO agencies (id, body, actor, created_at, version) VALUES ($1, $2, 'system', $3, $4)
			ON CONFLICT (id) DO UPDATE SET body = CASE WHEN excluded.created_at >= agencies.created_at THEN excluded.body ELSE agencies.body END,
			created_at = CASE WHEN excluded.created_at >= agencies.created_at THEN excluded.created_at ELSE agencies.created_at END,
			version = CASE WHEN excluded.version > agencies.version THEN excluded.version ELSE agencies.version END`,
			id, string(body), stamp(a.CreatedAt), changes[id]); err != nil {
			return err
		}
	}
	return nil
}

// A restorer collects rows, so that each table is written in few statements.
type restorer struct {
	now                                       string
	dossiers, documents, search, events, jobs [][]any
}

func (r *restorer) add(s Subject) error {
	if s.Changes > 0 {
		return nil // the agency's row is all
	}
	for _, e := range s.Events {
		r.events = append(r.events, []any{e.Seq, e.Subject, e.Number, e.Agency, string(e.Actor), e.Kind, string(e.From), string(e.To), string(e.Reason), e.Note, stamp(e.At)})
	}
	if s.Dossier != nil {
		d := s.Dossier
		body, err := json.Marshal(d)
		r.dossiers = append(r.dossiers, []any{d.ID, d.Agency, d.Code, string(body), string(d.CreatedBy), stamp(d.CreatedAt)})
		return err
	}
	if s.Document == nil || len(s.Events) == 0 {
		return fmt.Errorf("restore a subject that is neither dossier nor document: %w", record.ErrInvalid)
	}
	return r.addDocument(s, *s.Document)
}

func (r *restorer) addDocument(s Subject, d record.Document) error {
	body, err := json.Marshal(d)
	until, table := sealUntil(d)
	actor := s.Events[len(s.Events)-1].Actor
	r.documents = append(r.documents, []any{d.ID, d.Agency, d.Dossier, string(d.Status), d.Version, originalKey(d), string(body), string(actor),
		stamp(d.CreatedAt), stamp(d.UpdatedAt), until, table})
	row := []any{d.ID, d.Agency, d.Dossier, string(d.Status)}
	for _, value := range found(s.Fields) {
		row = append(row, value)
	}
	r.search = append(r.search, append(row, Fold(d.Name+" "+s.Text)))
	if s.Job != "" {
		r.jobs = append(r.jobs, []any{NewID(), string(s.Job), string(record.LaneOf(s.Job, d)), d.ID, d.Dossier, d.Agency, "system", JobPending, 1, 0, "", "", r.now, "", "", r.now})
	}
	return err
}

func (r *restorer) write(ctx context.Context, tx *sql.Tx) error {
	for _, table := range []struct {
		columns string
		rows    [][]any
	}{
		{"dossiers (id, agency, code, body, actor, created_at)", r.dossiers},
		{"documents (id, agency, dossier, status, version, original, body, actor, created_at, updated_at, seal_until, seal_table)", r.documents},
		{"search (document, agency, dossier, status, number, notation, organ, person, issued, type, subject, fold)", r.search},
		{"events (seq, subject, number, agency, actor, kind, from_status, to_status, reason, note, at)", r.events},
		{"jobs (id, kind, lane, document, dossier, agency, actor, state, gen, attempts, worker, reason, not_before, queued_at, beat_at, created_at)", r.jobs},
	} {
		if err := insertMany(ctx, tx, table.columns, table.rows); err != nil {
			return fmt.Errorf("restore %.9s: %w", table.columns, err)
		}
	}
	return nil
}

// rowsAtOnce keeps a statement's parameters below what both databases take (32,766 and 65,535).
const rowsAtOnce = 200

// insertMany inserts rows of equal length.
func insertMany(ctx context.Context, tx *sql.Tx, into string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(len(rows), rowsAtOnce)
		var statement strings.Builder
		var args []any
		fmt.Fprintf(&statement, "INSERT INTO %s VALUES ", into)
		for i, row := range rows[:n] {
			numbers := make([]string, len(row))
			for j := range row {
				numbers[j] = "$" + strconv.Itoa(len(args)+j+1)
			}
			args = append(args, row...)
			if i > 0 {
				statement.WriteString(", ")
			}
			fmt.Fprintf(&statement, "(%s)", strings.Join(numbers, ", "))
		}
		if _, err := tx.ExecContext(ctx, statement.String(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Each calls f with every document, in the order of their ids.
func (c *Catalogue) Each(ctx context.Context, f func(record.Document) error) error {
	const page = 200
	for after := ""; ; {
		all, err := bodies[record.Document](c.read.QueryContext(ctx, "SELECT body FROM documents WHERE id > $1 ORDER BY id LIMIT $2", after, page))
		if err != nil {
			return err
		}
		for _, d := range all {
			if err := f(d); err != nil {
				return err
			}
			after = d.ID
		}
		if len(all) < page {
			return nil
		}
	}
}

// CopyTo writes a copy of the catalogue as of one moment into a new file, while
// others go on writing. Only a catalogue on SQLite can be copied so; PostgreSQL has
// tools of its own.
func (c *Catalogue) CopyTo(ctx context.Context, path string) error {
	if c.dialect.name == "postgres" {
		return fmt.Errorf("copy the catalogue: use pg_dump for PostgreSQL: %w", record.ErrInvalid)
	}
	_, err := c.write.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}
