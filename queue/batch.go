package queue

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/sohoa/sohoa/record"
)

// A Batch does up to Most jobs of one kind and one dossier in one go: what they
// need once is done once. Do calls do for each job when its turn has come; do
// carries it out with handle and concludes it, or does nothing if somebody else has
// taken it meanwhile. Jobs that Do did not come to are given back.
//
// A job is tried alone in the end if its worker died: each death halves the batch
// that its jobs are done in, until the one that is the cause takes nobody along.
type Batch struct {
	Most int
	Do   func(ctx context.Context, jobs []record.Job, do func(job record.Job, handle func(context.Context, record.Job) error))
}

// size is how many jobs are done together with this one.
func (b Batch) size(j record.Job) int {
	if j.Reason == record.ChildCrashed {
		return b.Most >> max(0, j.Attempts-1)
	}
	return b.Most
}

// alike takes the jobs that are done together with one that this worker has.
func (w *Workers) alike(ctx context.Context, job record.Job) []record.Job {
	more := w.Batches[job.Kind].size(job) - 1
	if more <= 0 {
		return nil
	}
	all, err := w.Catalogue.StartAlike(ctx, job.JobRef, w.Name, more)
	if err != nil {
		slog.WarnContext(ctx, "cannot take the jobs beside one", "job", job.ID, "error", err)
	}
	return all
}

// together does several jobs that this worker has taken, one after another, with a
// heartbeat for those that wait.
func (w *Workers) together(ctx context.Context, t term, jobs []record.Job) {
	var mu sync.Mutex
	waiting := slices.Clone(jobs)
	beating, stop := context.WithCancel(ctx)
	defer stop()
	go w.beats(beating, func() {
		mu.Lock()
		defer mu.Unlock()
		for _, j := range waiting {
			if mine, err := w.Catalogue.Beat(beating, j.JobRef); err == nil && !mine {
				slog.WarnContext(ctx, "somebody else has taken a job that waited here", "job", j.ID)
			}
		}
	})
	err := w.carryOut(ctx, jobs, func(j record.Job, handle func(context.Context, record.Job) error) {
		if t.ending.Err() != nil {
			return
		}
		mu.Lock()
		waiting = slices.DeleteFunc(waiting, func(o record.Job) bool { return o.ID == j.ID })
		mu.Unlock()
		if mine, err := w.Catalogue.Beat(ctx, j.JobRef); err == nil && mine {
			w.one(ctx, t, j, handle)
		}
	})
	stop()
	mu.Lock()
	defer mu.Unlock()
	for _, j := range waiting {
		if err != nil {
			w.conclude(context.WithoutCancel(ctx), t.ctx, j, err, 0)
			continue
		}
		w.giveBack(ctx, j)
	}
}

// carryOut hands jobs to their batch; a panic is an error like another.
func (w *Workers) carryOut(ctx context.Context, jobs []record.Job, do func(record.Job, func(context.Context, record.Job) error)) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, "a batch panicked", "stack", string(debug.Stack()))
			err = fmt.Errorf("%s %d documents: panic: %v", jobs[0].Kind, len(jobs), r)
		}
	}()
	w.Batches[jobs[0].Kind].Do(ctx, jobs, do)
	return nil
}
