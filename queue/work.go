package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
)

// A Handler does one job. It ends the job itself, in the transaction that moves
// the document; its error decides what becomes of it, see [outcome].
type Handler func(ctx context.Context, job record.Job) error

// Workers answers rings with handlers.
type Workers struct {
	Broker    *Broker
	Catalogue *catalogue.Catalogue
	Handlers  map[record.JobKind]Handler
	Batches   map[record.JobKind]Batch // may be nil
	Jobs      int                      // at a time, in each lane; of large documents half as many
	Timing    Timing
	Name      string        // of this worker in the rows of its jobs
	Stop      time.Duration // for running jobs when the process is asked to end
}

// Run works until ctx ends, then gives running jobs Stop time to end and gives
// back those that do not.
func (w *Workers) Run(ctx context.Context) error {
	ending := ctx
	running, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var answers sync.WaitGroup
	handler := asynq.HandlerFunc(func(ctx context.Context, task *asynq.Task) error {
		answers.Add(1)
		defer answers.Done()
		w.answer(ctx, term{ctx: running, ending: ending}, string(task.Payload()))
		return nil
	})
	var servers []*asynq.Server
	var err error
	for _, lane := range w.lanes() {
		server := w.server(running, lane)
		if err = server.Start(handler); err != nil {
			err = fmt.Errorf("start workers: %w", err)
			break
		}
		servers = append(servers, server)
	}
	if err == nil {
		<-ctx.Done()
	}
	w.end(servers, cut)
	within(lastWords, answers.Wait) // asynq leaves a handler whose context has ended, before it has given its job back
	return err
}

// lanes are those that this worker has handlers for.
func (w *Workers) lanes() []record.Lane {
	var all []record.Lane
	for kind := range w.Handlers {
		all = append(all, record.LaneOf(kind, record.Document{}))
		if kind == record.JobIngest {
			all = append(all, record.LaneLarge)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// server answers the rings of one lane. Each lane has places of its own: that is
// what keeps it from waiting for the others.
func (w *Workers) server(running context.Context, lane record.Lane) *asynq.Server {
	places := max(1, w.Jobs)
	if lane == record.LaneLarge {
		places = max(1, w.Jobs/2)
	}
	return asynq.NewServer(w.Broker.redis, asynq.Config{
		Concurrency: places, Queues: map[string]int{string(lane): 1}, TaskCheckInterval: 200 * time.Millisecond, ShutdownTimeout: w.Stop + 2*time.Second,
		BaseContext: func() context.Context { return running }, Logger: quiet{}, LogLevel: asynq.WarnLevel,
	})
}

// end lets the servers take no new work, and cuts what runs after Stop time.
func (w *Workers) end(servers []*asynq.Server, cut func()) {
	for _, s := range servers {
		s.Stop()
	}
	timer := time.AfterFunc(w.Stop, cut)
	defer timer.Stop()
	var all sync.WaitGroup
	for _, s := range servers {
		all.Go(s.Shutdown)
	}
	all.Wait()
}

// lastWords is the time that a handler gets to say what becomes of its job.
const lastWords = 5 * time.Second

// within waits for f to return, for so long at most.
func within(limit time.Duration, f func()) {
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
	case <-time.After(limit):
	}
}

// A term is how long this worker works: when ending is done it takes no new work,
// when ctx is done it lets go of what it has.
type term struct{ ctx, ending context.Context }

// answer takes one try, and where jobs of its kind are done together those that are
// due beside it. What becomes of them only the catalogue knows, not the broker.
func (w *Workers) answer(ctx context.Context, t term, task string) {
	ref, err := parseTask(task)
	if err != nil {
		slog.ErrorContext(ctx, "a ring of no job", "error", err)
		return
	}
	job, ours, err := w.Catalogue.Start(ctx, ref, w.Name)
	if err != nil {
		slog.WarnContext(ctx, "cannot take a job", "job", ref.ID, "error", err)
		return // the reconciler rings again
	}
	if !ours {
		return
	}
	crash.Point("taken")
	if more := w.alike(ctx, job); len(more) > 0 {
		w.together(ctx, t, append([]record.Job{job}, more...))
		return
	}
	w.one(ctx, t, job, w.handler(job.Kind))
}

// one does a job, and what the table says with its outcome.
func (w *Workers) one(ctx context.Context, t term, job record.Job, handle Handler) {
	ctx, done := observe.Span(observe.Continue(ctx, job.Trace), "job "+string(job.Kind), "job", job.ID, "document", job.Document)
	observe.Waited(string(job.Lane), time.Since(job.NotBefore))
	start := time.Now()
	err := bounded(job)
	if err == nil {
		err = w.alive(ctx, job, handle)
	}
	done(err)
	// What follows is said even if this process has just been asked to end.
	ctx = context.WithoutCancel(ctx)
	if t.ctx.Err() != nil && err != nil {
		w.giveBack(ctx, job)
		return
	}
	w.conclude(ctx, t.ctx, job, err, time.Since(start))
}

// giveBack returns a try that was cut off by no fault of its own.
func (w *Workers) giveBack(ctx context.Context, job record.Job) {
	if err := w.Catalogue.GiveBack(context.WithoutCancel(ctx), job.JobRef); err != nil {
		slog.WarnContext(ctx, "cannot give a job back", "job", job.ID, "error", err) // the reconciler finds it silent
		return
	}
	slog.InfoContext(ctx, "job given back", "job", job.ID, documentOf(job))
}

// bounded refuses a try beyond those that the table allows. Only workers that died
// leave so many behind: this document takes them along.
func bounded(job record.Job) error {
	if job.Attempts <= maxTries || job.Kind == record.JobRaise {
		return nil
	}
	return record.Refuse(record.ChildCrashed, nil, "%s document %s: its workers died or fell silent", job.Kind, job.Document)
}

func parseTask(task string) (record.JobRef, error) {
	id, gen, ok := strings.Cut(task, ".")
	n, err := strconv.Atoi(gen)
	if !ok || err != nil {
		return record.JobRef{}, fmt.Errorf("task %.80q", task)
	}
	return record.JobRef{ID: id, Gen: n}, nil
}

// alive runs a handler while a heartbeat shows that this worker lives. A worker
// that learns that it has lost the try stops.
func (w *Workers) alive(ctx context.Context, job record.Job, handle Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go w.beats(ctx, func() {
		if mine, err := w.Catalogue.Beat(ctx, job.JobRef); err == nil && !mine {
			stop()
		}
	})
	return caught(ctx, handle, job)
}

// beats calls beat again and again until ctx ends.
func (w *Workers) beats(ctx context.Context, beat func()) {
	tick := time.NewTicker(w.Timing.Beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			beat()
		}
	}
}

func (w *Workers) handler(kind record.JobKind) Handler {
	if handle, known := w.Handlers[kind]; known {
		return handle
	}
	return func(context.Context, record.Job) error { return fmt.Errorf("no handler for %s", kind) }
}

// caught runs a handler; a panic is an error like another.
func caught(ctx context.Context, handle Handler, job record.Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, "a handler panicked", "job", job.ID, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s document %s: panic: %v", job.Kind, job.Document, r)
		}
	}()
	return handle(ctx, job)
}

// conclude does what the table says. A catalogue that is away is asked again for as
// long as this worker is not taken for dead, or is asked to end.
func (w *Workers) conclude(ctx, running context.Context, job record.Job, err error, took time.Duration) {
	what := outcome(err, job)
	reason := record.ReasonOf(err)
	told := ""
	if err != nil && what != passOn { // that is no fault
		told = string(reason)
	}
	observe.Job(string(job.Kind), string(what), told, took)
	attrs := []any{"job", job.ID, "kind", string(job.Kind), documentOf(job), "attempt", job.Attempts, "took", took}
	if err == nil {
		slog.InfoContext(ctx, "job done", attrs...)
	} else {
		slog.WarnContext(ctx, "job failed", append(attrs, "outcome", string(what), "reason", string(reason), "error", err)...)
	}
	if what == finish && err == nil {
		return // the handler has ended it
	}
	failed := w.tell(ctx, job, what, reason)
	for end := time.Now().Add(w.Timing.Silence); failed != nil && !errors.Is(failed, record.ErrConflict) && running.Err() == nil && time.Now().Before(end); {
		time.Sleep(w.Timing.Beat)
		failed = w.tell(ctx, job, what, reason)
	}
	if failed != nil { // the reconciler will find the try silent
		slog.WarnContext(ctx, "cannot conclude a job", append(attrs, "error", failed)...)
	}
}

// tell tells the catalogue what becomes of a job.
func (w *Workers) tell(ctx context.Context, job record.Job, what action, reason record.Reason) (err error) {
	switch what {
	case finish: // overtaken: the handler did not end it
		err = w.Catalogue.Finish(ctx, job.JobRef)
	case retry:
		err = w.Catalogue.Retry(ctx, job.JobRef, reason, delay(job.Attempts))
	case passOn:
		err = w.Catalogue.PassOn(ctx, job.JobRef, record.LaneLarge)
	case setAside:
		_, err = w.Catalogue.Advance(ctx, job.Document, record.Received, record.SetAside,
			record.Change{Actor: "worker", Reason: reason, Finish: &job.JobRef})
	case bury:
		err = w.Catalogue.Bury(ctx, job.JobRef, reason)
	}
	return err
}

// quiet passes asynq's warnings on and nothing else.
type quiet struct{}

func (quiet) Debug(...any)      {}
func (quiet) Info(...any)       {}
func (quiet) Warn(args ...any)  { slog.Warn("queue", "message", fmt.Sprint(args...)) }
func (quiet) Error(args ...any) { slog.Warn("queue", "message", fmt.Sprint(args...)) }
func (quiet) Fatal(args ...any) { slog.Error("queue", "message", fmt.Sprint(args...)) }
