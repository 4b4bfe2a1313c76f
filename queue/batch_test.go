package queue

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// batches starts workers that do jobs together, one batch at a time; each batch that
// was begun is noted. do stands between a batch and the jobs.
func (h *house) batches(most int, do func(jobs []record.Job), handle Handler) (stop func(), begun func() [][]string) {
	ctx, cancel := context.WithCancel(context.Background())
	var mu sync.Mutex
	var all [][]string
	w := &Workers{Broker: h.broker, Catalogue: h.catalogue, Jobs: 1, Timing: timing(), Stop: 100 * time.Millisecond,
		Handlers: map[record.JobKind]Handler{record.JobIngest: handle},
		Batches: map[record.JobKind]Batch{record.JobIngest: {Most: most, Do: func(ctx context.Context, jobs []record.Job, one func(record.Job, func(context.Context, record.Job) error)) {
			var ids []string
			for _, j := range jobs {
				ids = append(ids, j.Document)
			}
			mu.Lock()
			all = append(all, ids)
			mu.Unlock()
			do(jobs)
			for _, j := range jobs {
				one(j, handle)
			}
		}}}}
	var running sync.WaitGroup
	running.Go(func() { Relay(ctx, h.broker, h.catalogue, timing()) })
	running.Go(func() { Reconcile(ctx, h.broker, h.catalogue, timing()) })
	running.Go(func() {
		if err := w.Run(ctx); err != nil {
			h.t.Error(err)
		}
	})
	end := sync.OnceFunc(func() { cancel(); running.Wait() })
	h.t.Cleanup(end)
	return end, func() [][]string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// jobsTogether: jobs of one dossier are done in batches of at most so many, one that
// fails is tried again alone, and each document moves once.
func jobsTogether(t *testing.T, h *house) {
	h.togetherIn(t, 2, h.receive("H01", 11), h.receive("H02", 1), "")
	late := h.receive("H01", 5) // of which none is left for a second try to be done with
	h.togetherIn(t, 1, late, nil, late[3])
}

// togetherIn has documents of one dossier done beside one of another, and wants so many batches
// of five, the rest alone; failed is what fails at its first try.
func (h *house) togetherIn(t *testing.T, batches int, ids, other []string, failed string) {
	end, begun := h.batches(5, func([]record.Job) {}, func(ctx context.Context, job record.Job) error {
		if job.Document == failed && job.Attempts == 1 {
			return record.Fail(record.DiskFull, nil, "store a page")
		}
		return h.digitised(ctx, job)
	})
	defer end()
	h.reach(record.InReview, append(ids, other...)...)
	of := map[string]int{}
	for _, b := range begun() {
		if len(b) != 5 {
			t.Errorf("%d jobs were done together; want five", len(b))
		}
		for _, id := range b {
			if !slices.Contains(ids, id) {
				t.Errorf("a job of another dossier was done with %d others", len(b)-1)
			}
			of[id]++
		}
	}
	if n := len(begun()); n != batches {
		t.Errorf("%d batches; want %d of five, and the rest alone", n, batches)
	}
	for id, n := range of {
		if n != 1 {
			t.Errorf("document %s was in %d batches; want one", id, n)
		}
	}
}

// batchThatDies: a document that kills its worker takes others along a few times
// only. That the worker is dead the test plays: it falls silent.
func batchThatDies(t *testing.T, h *house) {
	ids := h.receive("H01", 9)
	killer := ids[4]
	release := make(chan struct{})
	defer close(release)
	deaths := 0
	for size := 8; size > 1; size /= 2 {
		due, err := h.catalogue.Pending(context.Background(), "", 100)
		if err != nil {
			t.Fatal(err)
		}
		w := &Workers{Broker: h.broker, Catalogue: h.catalogue, Batches: map[record.JobKind]Batch{record.JobIngest: {Most: 8}}}
		i := slices.IndexFunc(due, func(j record.Job) bool { return j.Document == killer })
		first, ours, err := h.catalogue.Start(context.Background(), due[i].JobRef, "worker")
		if err != nil || !ours {
			t.Fatalf("Start = %v, %v", ours, err)
		}
		if more := w.alike(context.Background(), first); len(more) != size-1 {
			t.Fatalf("after %d deaths %d jobs are done beside it; want %d", deaths, len(more), size-1)
		}
		deaths++
		if _, err := h.catalogue.Revive(context.Background(), -time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	_, begun := h.batches(8, func([]record.Job) {}, func(ctx context.Context, job record.Job) error {
		if job.Document == killer {
			<-release
			return ctx.Err()
		}
		return h.digitised(ctx, job)
	})
	h.until("it is worked on alone", func() bool { return h.job(killer).State == catalogue.JobRunning })
	for _, b := range begun() {
		if slices.Contains(b, killer) {
			t.Errorf("after %d deaths it is done with %d others; want none", deaths, len(b)-1)
		}
	}
}

// batchGivenBack: what a batch has not come to when the process is asked to end is
// given back at once.
func batchGivenBack(t *testing.T, h *house) {
	ids := h.receive("H01", 6)
	begun := make(chan struct{}, 10)
	stop, _ := h.batches(6, func([]record.Job) {}, func(ctx context.Context, job record.Job) error {
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	<-begun
	stop()
	for _, id := range ids {
		if j := h.job(id); j.State != catalogue.JobPending || j.Attempts != 0 {
			t.Errorf("document %s: job %s after %d attempts; want it given back", id, j.State, j.Attempts)
		}
	}
	if len(begun) != 0 {
		t.Errorf("%d more were begun after the process was asked to end", len(begun))
	}
}

// batchThatPanics is one whose jobs all failed.
func batchThatPanics(t *testing.T, h *house) {
	ids := h.receive("H01", 4)
	var once sync.Once
	h.batches(4, func([]record.Job) { once.Do(func() { panic("a fault of ours") }) }, h.digitised)
	h.reach(record.InReview, ids...)
}

// batchTakenOver: jobs that wait in a batch and that somebody else has taken
// meanwhile are left to him.
func batchTakenOver(t *testing.T, h *house) {
	ids := h.receive("H01", 3)
	var once sync.Once
	h.batches(3, func([]record.Job) {
		once.Do(func() {
			if n, err := h.catalogue.Revive(context.Background(), -time.Hour); err != nil || n != 3 {
				t.Errorf("Revive = %d, %v; want 3", n, err)
			}
		})
	}, func(ctx context.Context, job record.Job) error {
		if job.Gen == 1 {
			t.Errorf("document %s was worked on by one who had lost it", job.Document)
		}
		return h.digitised(ctx, job)
	})
	h.reach(record.InReview, ids...)
}
