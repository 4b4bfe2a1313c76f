package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
)

// AuthenticateAll seals documents one after another, with one authorisation for all
// of them. First each gets its intent, so that what is going to be signed is fixed
// and stored; then the key is asked to be authorised for all of that; then each is
// sealed as [Worker.Authenticate] does it alone. do carries one job out: it may find
// that somebody else has it, and then does nothing.
//
// What is wrong with one document fails its own job. A failure that all share ends
// the batch: the documents that are left are Approved, with the same reason.
func (w *Worker) AuthenticateAll(ctx context.Context, jobs []record.Job, do func(job record.Job, handle func(context.Context, record.Job) error)) {
	failed, stop := w.announce(ctx, jobs)
	for _, job := range jobs {
		do(job, func(ctx context.Context, job record.Job) error {
			switch {
			case failed[job.ID] != nil:
				return failed[job.ID]
			case stop != nil:
				return w.notSealed(ctx, job, stop)
			}
			err := w.Authenticate(ctx, job)
			if signing.Shared(ctx, err) {
				stop = err
			}
			return err
		})
	}
}

// announce stores the intents and has the key authorised for all that is to be
// signed. It returns what failed by job, and what holds up all others.
func (w *Worker) announce(ctx context.Context, jobs []record.Job) (failed map[string]error, stop error) {
	failed = map[string]error{}
	batch := signing.NewBatch(w.Seal.Key)
	for _, job := range jobs {
		m, err := w.meant(ctx, job)
		if err != nil {
			failed[job.ID] = err
			if signing.Shared(ctx, err) {
				return failed, err
			}
			continue
		}
		if m.stored == nil {
			batch.Add(ctx, m.archival, m.request)
		}
		if err := m.archival.Close(); err != nil {
			return failed, err
		}
	}
	err := batch.Authorise(ctx)
	crash.Point("authorised")
	return failed, err
}

// notSealed takes the intent of a document back, for its key could not be used,
// unless an earlier try has stored a seal.
func (w *Worker) notSealed(ctx context.Context, job record.Job, cause error) error {
	d, err := w.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return err
	}
	switch d.Status {
	case record.Approved:
	case record.Sealing:
		stored, err := w.storedSeal(ctx, d)
		if err != nil {
			return err
		}
		if stored != nil {
			return w.sealed(ctx, d, *stored, job)
		}
	default:
		return errors.Join(cause, fmt.Errorf("seal document %s: it is %s: %w", d.ID, d.Status, record.ErrConflict))
	}
	return w.keyFailed(ctx, d, cause)
}
