package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// Sealing says how far the documents of a dossier are on the way to their seal, and
// which of them failed.
func (c *Catalogue) Sealing(ctx context.Context, dossier string) (record.SealProgress, error) {
	out := record.SealProgress{Failed: []record.SealFailure{}}
	var approved int
	err := c.read.QueryRowContext(ctx, `SELECT COALESCE(sum(CASE WHEN status IN ('approved', 'sealing') THEN 1 ELSE 0 END), 0),
		COALESCE(sum(CASE WHEN status = 'sealed' THEN 1 ELSE 0 END), 0), COALESCE(sum(CASE WHEN status = 'awaiting-mark' THEN 1 ELSE 0 END), 0)
		FROM documents WHERE dossier = $1`, dossier).Scan(&approved, &out.Sealed, &out.AwaitingMark)
	if err != nil {
		return out, err
	}
	failed, err := failedSeals(c.read.QueryContext(ctx, sealsOpen, dossier))
	if err != nil {
		return out, err
	}
	ids := make([]string, len(failed))
	for i, j := range failed {
		ids[i] = j.Document
	}
	for i := 0; i < len(ids); i += documentsAtOnce {
		some, err := c.inOrder(ctx, ids[i:min(i+documentsAtOnce, len(ids))])
		if err != nil {
			return out, err
		}
		for _, d := range some {
			out.Failed = append(out.Failed, failure(d, failed[slices.Index(ids, d.ID)]))
		}
	}
	out.Waiting = max(0, approved-len(out.Failed)) // the two were not read at one moment
	return out, nil
}

const documentsAtOnce = 500 // in one statement

// sealsOpen are the jobs that seal documents of a dossier, the newest of a document last.
const sealsOpen = "SELECT " + jobColumns + ` FROM jobs WHERE dossier = $1 AND kind = 'authenticate' AND state <> 'done'
	AND document IN (SELECT id FROM documents WHERE dossier = $1 AND status IN ('approved', 'sealing')) ORDER BY created_at, id`

// failedSeals are the jobs that failed and are not being tried again now.
func failedSeals(rows *sql.Rows, err error) ([]record.Job, error) {
	all, err := scanJobs(rows, err)
	if err != nil {
		return nil, err
	}
	var newest []record.Job
	for _, j := range all {
		newest = slices.DeleteFunc(newest, func(o record.Job) bool { return o.Document == j.Document })
		newest = append(newest, j)
	}
	return slices.DeleteFunc(newest, func(j record.Job) bool {
		return j.State != JobDead && (j.State != JobPending || j.Reason == "" || j.Reason == record.ChildCrashed)
	}), nil
}

func failure(d record.Document, j record.Job) record.SealFailure {
	f := record.SealFailure{Document: d.ID, Name: d.Name, Reason: j.Reason}
	if j.State == JobPending {
		f.Again = &j.NotBefore
	}
	return f
}

// SealAgain lets up to limit documents of a dossier whose seal failed be tried again
// now, with all their tries, and returns how many.
func (c *Catalogue) SealAgain(ctx context.Context, dossier string, limit int, actor record.Actor) ([]string, error) {
	var ids []string
	err := c.tx(ctx, func(tx *sql.Tx) error {
		failed, err := failedSeals(tx.QueryContext(ctx, sealsOpen, dossier))
		if err != nil {
			return err
		}
		for _, j := range failed[:min(limit, len(failed))] {
			d, err := c.locked(ctx, tx, j.Document)
			if err != nil {
				return err
			}
			if d.Status != record.Approved && d.Status != record.Sealing {
				continue // somebody has just reopened or withdrawn it
			}
			r, err := tx.ExecContext(ctx, `UPDATE jobs SET state = 'pending', gen = gen + 1, attempts = 0, worker = '', reason = '', not_before = $1
				WHERE id = $2 AND gen = $3 AND state IN ('dead', 'pending')`, stamp(c.nowUTC()), j.ID, j.Gen)
			if err := changed(r, err); errors.Is(err, record.ErrNotFound) {
				continue // a worker has just taken it
			} else if err != nil {
				return err
			}
			d.Reason = ""
			e := record.Event{Subject: d.ID, Agency: d.Agency, Actor: actor, Kind: "seal-again", From: d.Status, To: d.Status}
			if err := c.store(ctx, tx, d, e, record.Change{Actor: actor}); err != nil {
				return err
			}
			ids = append(ids, d.ID)
		}
		return nil
	})
	return ids, err
}

// Release makes the seals of a dossier due that wait for more to come.
func (c *Catalogue) Release(ctx context.Context, dossier string) error {
	now := stamp(c.nowUTC())
	_, err := c.write.ExecContext(ctx, `UPDATE jobs SET not_before = $1
		WHERE dossier = $2 AND kind = 'authenticate' AND state = 'pending' AND attempts = 0 AND not_before > $1`, now, dossier)
	return err
}
