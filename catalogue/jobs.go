package catalogue

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
)

// The states of a job.
const (
	JobPending = "pending" // committed, not rung yet
	JobQueued  = "queued"  // rung
	JobRunning = "running" // a worker beats for it
	JobDone    = "done"
	JobDead    = "dead" // gave up; a person must look
)

// addJob adds a job that is due after a time.
func (c *Catalogue) addJob(ctx context.Context, tx *sql.Tx, d record.Document, kind record.JobKind, after time.Duration, actor record.Actor) error {
	now := c.nowUTC()
	_, err := tx.ExecContext(ctx, `INSERT INTO jobs (id, kind, lane, document, dossier, agency, actor, state, gen, attempts, worker, reason, not_before, queued_at, beat_at, created_at, trace)
		VALUES ($1, $2, $3, $4, $9, $5, $6, 'pending', 1, 0, '', '', $10, '', '', $7,
			COALESCE((SELECT trace FROM jobs WHERE document = $4 AND trace <> '' ORDER BY created_at, id LIMIT 1), $8))`,
		NewID(), string(kind), string(record.LaneOf(kind, d)), d.ID, d.Agency, string(actor), stamp(now), observe.Traceparent(ctx), d.Dossier, stamp(now.Add(after)))
	return err
}

const jobColumns = "id, gen, kind, lane, document, agency, state, attempts, worker, reason, not_before, created_at, trace"

func scanJobs(rows *sql.Rows, err error) ([]record.Job, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []record.Job
	for rows.Next() {
		var j record.Job
		var notBefore, created string
		if err := rows.Scan(&j.ID, &j.Gen, &j.Kind, &j.Lane, &j.Document, &j.Agency, &j.State, &j.Attempts, &j.Worker, &j.Reason, &notBefore, &created, &j.Trace); err != nil {
			return nil, err
		}
		j.NotBefore, j.CreatedAt = parseStamp(notBefore), parseStamp(created)
		all = append(all, j)
	}
	return all, rows.Err()
}

// Pending returns up to n jobs of a lane ("" for all) that are due, agencies taking
// turns: the agency with the fewest jobs in the queue or at work comes first. Within
// an agency its dossiers take turns, and within a dossier the oldest comes first. A job from the future, which the clock was set back
// from, is due.
func (c *Catalogue) Pending(ctx context.Context, lane record.Lane, n int) ([]record.Job, error) {
	return scanJobs(c.read.QueryContext(ctx, `
		WITH busy AS (SELECT agency AS a, count(*) AS n FROM jobs WHERE state IN ('queued', 'running') AND ($3 = '' OR lane = $3) GROUP BY agency),
		ready AS (SELECT jobs.*, row_number() OVER (PARTITION BY agency, dossier ORDER BY created_at, id) AS place
			FROM jobs WHERE state = 'pending' AND ($3 = '' OR lane = $3) AND (not_before <= $1 OR attempts = 0 AND created_at > $1)),
		due AS (SELECT ready.*, row_number() OVER (PARTITION BY agency ORDER BY place, created_at, id) AS turn FROM ready)
		SELECT `+jobColumns+` FROM due LEFT JOIN busy ON busy.a = due.agency
		ORDER BY due.turn + COALESCE(busy.n, 0), created_at, id LIMIT $2`, stamp(c.nowUTC()), n, string(lane)))
}

// Jobs returns jobs that are not done, newest first.
func (c *Catalogue) Jobs(ctx context.Context, limit int) ([]record.Job, error) {
	return scanJobs(c.read.QueryContext(ctx, "SELECT "+jobColumns+" FROM jobs WHERE state <> 'done' ORDER BY created_at DESC, id LIMIT $1", limit))
}

// A Backlog is the jobs of a lane in one state that are not done.
type Backlog struct {
	Lane   record.Lane
	State  string // JobPending: due; JobLater, JobQueued, JobRunning, JobDead
	Jobs   int
	Oldest time.Time // when the oldest of them was made
}

// JobLater is what Backlogs calls a job that is pending and not due yet: mostly it
// was tried and failed.
const JobLater = "later"

// Backlogs counts the jobs that are not done, by lane and state: it costs the same
// however many are done.
func (c *Catalogue) Backlogs(ctx context.Context) ([]Backlog, error) {
	rows, err := c.read.QueryContext(ctx, `SELECT lane, CASE WHEN state = 'pending' AND not_before > $1 THEN 'later' ELSE state END AS standing, count(*), min(created_at)
		FROM jobs WHERE state IN ('pending', 'queued', 'running', 'dead') GROUP BY lane, standing ORDER BY lane, standing`, stamp(c.nowUTC()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Backlog
	for rows.Next() {
		var b Backlog
		var oldest string
		if err := rows.Scan(&b.Lane, &b.State, &b.Jobs, &oldest); err != nil {
			return nil, err
		}
		b.Oldest = parseStamp(oldest)
		all = append(all, b)
	}
	return all, rows.Err()
}

// OpenJobs counts the jobs of a lane that are pending, queued or running, by state:
// it costs the same however many are done.
func (c *Catalogue) OpenJobs(ctx context.Context, lane record.Lane) (map[string]int, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT state, count(*) FROM jobs WHERE state IN ('pending', 'queued', 'running') AND lane = $1 GROUP BY state", string(lane))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		all[state] = n
	}
	return all, rows.Err()
}

// Queued says that the try was rung.
func (c *Catalogue) Queued(ctx context.Context, j record.JobRef) error {
	_, err := c.write.ExecContext(ctx, "UPDATE jobs SET state = 'queued', queued_at = $1 WHERE id = $2 AND gen = $3 AND state = 'pending'",
		stamp(c.nowUTC()), j.ID, j.Gen)
	return err
}

// Start takes a try for a worker. It reports false if the try is not to be had:
// it is done, or a later one was rung, or somebody has it.
func (c *Catalogue) Start(ctx context.Context, j record.JobRef, worker string) (record.Job, bool, error) {
	all, err := scanJobs(c.write.QueryContext(ctx, `UPDATE jobs SET state = 'running', worker = $1, beat_at = $2, attempts = attempts + 1
		WHERE id = $3 AND gen = $4 AND state IN ('pending', 'queued') RETURNING `+jobColumns, worker, stamp(c.nowUTC()), j.ID, j.Gen))
	if err != nil || len(all) == 0 {
		return record.Job{}, false, err
	}
	return all[0], true, nil
}

// StartAlike takes up to n more tries for a worker that has one: of jobs of the same
// kind and dossier that are due. Those whose worker died keep to themselves, for one
// of them may have been the cause, and take none along that lived through more.
func (c *Catalogue) StartAlike(ctx context.Context, j record.JobRef, worker string, n int) ([]record.Job, error) {
	return scanJobs(c.write.QueryContext(ctx, `UPDATE jobs SET state = 'running', worker = $1, beat_at = $2, attempts = attempts + 1
		WHERE state IN ('pending', 'queued') AND id IN (SELECT other.id FROM jobs AS other JOIN jobs AS first ON first.id = $3
			WHERE other.dossier = first.dossier AND other.kind = first.kind AND other.lane = first.lane AND other.state IN ('pending', 'queued')
			AND other.not_before <= $2 AND (other.reason = $5) = (first.reason = $5) AND (other.reason <> $5 OR other.attempts < first.attempts) ORDER BY other.created_at, other.id LIMIT $4`+c.dialect.lockFree+`)
		RETURNING `+jobColumns, worker, stamp(c.nowUTC()), j.ID, n, string(record.ChildCrashed)))
}

// Beat shows that the worker lives. It reports false if it has lost the try.
func (c *Catalogue) Beat(ctx context.Context, j record.JobRef) (bool, error) {
	r, err := c.write.ExecContext(ctx, "UPDATE jobs SET beat_at = $1 WHERE id = $2 AND gen = $3 AND state = 'running'", stamp(c.nowUTC()), j.ID, j.Gen)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// finish ends a job. Whoever has lost the try loses the whole transaction.
func (c *Catalogue) finish(ctx context.Context, tx *sql.Tx, j record.JobRef) error {
	r, err := tx.ExecContext(ctx, "UPDATE jobs SET state = 'done' WHERE id = $1 AND gen = $2 AND state = 'running'", j.ID, j.Gen)
	if err := changed(r, err); err != nil {
		return fmt.Errorf("finish job %s: a later try has taken it: %w", j.TaskID(), record.ErrConflict)
	}
	return nil
}

// Finish ends a job that changed nothing.
func (c *Catalogue) Finish(ctx context.Context, j record.JobRef) error {
	return c.tx(ctx, func(tx *sql.Tx) error { return c.finish(ctx, tx, j) })
}

// Retry gives a try back, to be rung again after a time.
func (c *Catalogue) Retry(ctx context.Context, j record.JobRef, reason record.Reason, after time.Duration) error {
	_, err := c.write.ExecContext(ctx, `UPDATE jobs SET state = 'pending', gen = gen + 1, worker = '', reason = $1, not_before = $2
		WHERE id = $3 AND gen = $4 AND state = 'running'`, string(reason), stamp(c.nowUTC().Add(after)), j.ID, j.Gen)
	return err
}

// GiveBack returns a try that was cut off by no fault of its own (a shutdown): it
// is rung again at once and does not count.
func (c *Catalogue) GiveBack(ctx context.Context, j record.JobRef) error {
	_, err := c.write.ExecContext(ctx, `UPDATE jobs SET state = 'pending', gen = gen + 1, worker = '', attempts = attempts - 1
		WHERE id = $1 AND gen = $2 AND state = 'running'`, j.ID, j.Gen)
	return err
}

// PassOn gives a try back to be rung in another lane at once; it does not count.
func (c *Catalogue) PassOn(ctx context.Context, j record.JobRef, lane record.Lane) error {
	_, err := c.write.ExecContext(ctx, `UPDATE jobs SET state = 'pending', gen = gen + 1, worker = '', attempts = attempts - 1, lane = $1
		WHERE id = $2 AND gen = $3 AND state = 'running'`, string(lane), j.ID, j.Gen)
	return err
}

// Bury ends a job that nothing more will be tried for.
func (c *Catalogue) Bury(ctx context.Context, j record.JobRef, reason record.Reason) error {
	_, err := c.write.ExecContext(ctx, "UPDATE jobs SET state = 'dead', reason = $1 WHERE id = $2 AND gen = $3 AND state = 'running'", string(reason), j.ID, j.Gen)
	return err
}

// TryAgain makes jobs that gave up due again, with all their tries: one, or with
// id "" all. It returns how many.
func (c *Catalogue) TryAgain(ctx context.Context, id string) (int64, error) {
	r, err := c.write.ExecContext(ctx, `UPDATE jobs SET state = 'pending', gen = gen + 1, attempts = 0, worker = '', not_before = $1
		WHERE state = 'dead' AND ($2 = '' OR id = $2)`, stamp(c.nowUTC()), id)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Unanswered returns the tries that were rung longer ago than grace and that no
// worker has taken.
func (c *Catalogue) Unanswered(ctx context.Context, grace time.Duration, limit int) ([]record.Job, error) {
	return scanJobs(c.read.QueryContext(ctx, "SELECT "+jobColumns+" FROM jobs WHERE state = 'queued' AND (queued_at < $1 OR queued_at > $2) ORDER BY queued_at LIMIT $3",
		stamp(c.nowUTC().Add(-grace)), stamp(c.nowUTC().Add(skew)), limit))
}

// RingAgain makes a try that was rung and not taken due again.
func (c *Catalogue) RingAgain(ctx context.Context, j record.JobRef) error {
	_, err := c.write.ExecContext(ctx, "UPDATE jobs SET state = 'pending', gen = gen + 1 WHERE id = $1 AND gen = $2 AND state = 'queued'", j.ID, j.Gen)
	return err
}

// skew is more than the clocks of two machines differ: what happened later than
// that happened before the clock was set back.
const skew = 5 * time.Minute

// Revive makes due again the jobs whose worker has been silent for so long, notes
// that it died, and returns how many.
func (c *Catalogue) Revive(ctx context.Context, silence time.Duration) (int64, error) {
	r, err := c.write.ExecContext(ctx, "UPDATE jobs SET state = 'pending', gen = gen + 1, worker = '', not_before = $1, reason = $4 WHERE state = 'running' AND (beat_at < $2 OR beat_at > $3)",
		stamp(c.nowUTC()), stamp(c.nowUTC().Add(-silence)), stamp(c.nowUTC().Add(skew)), string(record.ChildCrashed))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Abandoned makes due again the jobs of a worker that is known to be dead, notes
// that it died, and returns how many.
func (c *Catalogue) Abandoned(ctx context.Context, worker string) (int64, error) {
	r, err := c.write.ExecContext(ctx, "UPDATE jobs SET state = 'pending', gen = gen + 1, worker = '', not_before = $1, reason = $3 WHERE state = 'running' AND worker = $2",
		stamp(c.nowUTC()), worker, string(record.ChildCrashed))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
