package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

func TestMain(m *testing.M) { os.Exit(testsvc.Main(m)) }

// TestContract is what the queue promises on each broker.
func TestContract(t *testing.T) {
	brokers := map[string]func(t *testing.T, h *house){
		"embedded": func(t *testing.T, h *house) {
			b, err := Embedded()
			if err != nil {
				t.Fatal(err)
			}
			h.broker, h.forget = b, b.embedded.FlushAll
		},
		"redis": func(t *testing.T, h *house) {
			server := testsvc.OwnRedis(t)
			b, err := Redis(server.URL())
			if err != nil {
				t.Fatal(err)
			}
			h.broker = b
			h.forget = func() {
				server.Kill()
				server.Restart(t)
			}
		},
	}
	promises := map[string]func(*testing.T, *house){
		"every job is done once":                           everyJobOnce,
		"two rings for one try are one try":                twoRings,
		"a broker that forgets everything loses nothing":   forgetful,
		"a failure that passes is tried again":             passes,
		"a document that crashes its child is set aside":   poisoned,
		"a handler that panics is one that failed":         panics,
		"a worker that lost its try stops":                 overtaken,
		"a job is given back when the process ends":        givenBack,
		"agencies take turns within the window":            fair,
		"jobs of a dossier are done together":              jobsTogether,
		"a batch that dies is halved":                      batchThatDies,
		"a batch is given back when the process ends":      batchGivenBack,
		"a batch that panics is one that failed":           batchThatPanics,
		"what a batch has lost it leaves":                  batchTakenOver,
		"short documents do not wait for long ones":        lanes,
		"what was rung before a restart is rung once more": restarted,
	}
	for name, open := range brokers {
		t.Run(name, func(t *testing.T) {
			for promise, check := range promises {
				t.Run(promise, func(t *testing.T) {
					t.Parallel()
					h := newHouse(t)
					open(t, h)
					t.Cleanup(func() { h.broker.Close() })
					check(t, h)
				})
			}
		})
	}
}

// A house is a broker and a catalogue with two agencies, a dossier each, and the
// tries that a handler was given.
type house struct {
	t         *testing.T
	catalogue *catalogue.Catalogue
	broker    *Broker
	forget    func() // empties the broker
	dossiers  map[string]string

	mu    sync.Mutex
	tries map[string]int // by document
}

func newHouse(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	c, err := catalogue.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	h := &house{t: t, catalogue: c, dossiers: map[string]string{}, tries: map[string]int{}}
	for _, id := range []string{"H01", "H02"} {
		if err := c.PutAgency(ctx, record.Agency{ID: id, Name: "Sở " + id}, "test"); err != nil {
			t.Fatal(err)
		}
		d, err := c.CreateDossier(ctx, id, "HS-1", "Hồ sơ", "test")
		if err != nil {
			t.Fatal(err)
		}
		h.dossiers[id] = d.ID
	}
	return h
}

// receive accepts n documents of an agency and returns their ids.
func (h *house) receive(agency string, n int) []string { return h.receiveOf(agency, 0, n) }

// receiveOf accepts n documents of which a person counted the pages.
func (h *house) receiveOf(agency string, pages, n int) []string {
	h.t.Helper()
	var ids []string
	for range n {
		original := record.Rendition{Kind: record.RenditionOriginal, SHA256: record.DigestOf([]byte(catalogue.NewID())), Bytes: 1, MediaType: "image/png"}
		d, _, err := h.catalogue.Receive(context.Background(), record.Document{Agency: agency, Dossier: h.dossiers[agency], Name: "don", Pages: pages, Renditions: []record.Rendition{original}}, "", "test")
		if err != nil {
			h.t.Fatal(err)
		}
		ids = append(ids, d.ID)
	}
	return ids
}

// timing lets tests see what recovers without waiting for it long.
func timing() Timing {
	return Timing{Poll: 50 * time.Millisecond, Beat: 50 * time.Millisecond, Silence: time.Minute, Grace: time.Second, Reconcile: 200 * time.Millisecond, Job: time.Minute, Window: 64}
}

// work starts relay, reconciler and workers with a handler; what it returns ends
// them and waits.
func (h *house) work(handle Handler) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Workers{Broker: h.broker, Catalogue: h.catalogue, Jobs: 4, Timing: timing(), Name: "test", Stop: 100 * time.Millisecond,
		Handlers: map[record.JobKind]Handler{record.JobIngest: func(ctx context.Context, job record.Job) error {
			h.mu.Lock()
			h.tries[job.Document]++
			h.mu.Unlock()
			return handle(ctx, job)
		}}}
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
	return end
}

// digitised does what a good handler does: it moves the document and ends the job.
func (h *house) digitised(ctx context.Context, job record.Job) error {
	_, err := h.catalogue.Advance(ctx, job.Document, record.Received, record.InReview, record.Change{Actor: "worker", Finish: &job.JobRef})
	return err
}

// ring rings what is due, as the relay does.
func (h *house) ring(t Timing) {
	h.t.Helper()
	if err := ringDue(context.Background(), h.broker, h.catalogue, record.LaneRead, t); err != nil {
		h.t.Fatal(err)
	}
}

// reach waits until the documents stand in status.
func (h *house) reach(status record.Status, ids ...string) {
	h.t.Helper()
	for _, id := range ids {
		h.until(fmt.Sprintf("document %s is %s", id, status), func() bool {
			d, err := h.catalogue.Document(context.Background(), id)
			return err == nil && d.Status == status
		})
	}
}

// until waits for what must come; how long it takes is no part of the test.
func (h *house) until(what string, is func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	h.t.Fatalf("not seen: %s", what)
}

func (h *house) tried(id string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tries[id]
}

// job is the one job of a document that is not done.
func (h *house) job(id string) record.Job {
	h.t.Helper()
	all, err := h.catalogue.Jobs(context.Background(), 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, j := range all {
		if j.Document == id {
			return j
		}
	}
	h.t.Fatalf("document %s has no open job", id)
	return record.Job{}
}

// queued returns the agencies of the tries that were rung.
func (h *house) queued() map[string]int {
	h.t.Helper()
	all, err := h.catalogue.Jobs(context.Background(), 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	n := map[string]int{}
	for _, j := range all {
		if j.State == catalogue.JobQueued {
			n[j.Agency]++
		}
	}
	return n
}

func everyJobOnce(t *testing.T, h *house) {
	ids := append(h.receive("H01", 12), h.receive("H02", 12)...)
	h.work(h.digitised)
	h.reach(record.InReview, ids...)
	for _, id := range ids {
		if n := h.tried(id); n != 1 {
			t.Errorf("document %s was tried %d times", id, n)
		}
	}
	for _, lane := range record.Lanes() {
		if open, err := h.catalogue.OpenJobs(context.Background(), lane); err != nil || len(open) != 0 {
			t.Errorf("open jobs in lane %s: %v, %v", lane, open, err)
		}
	}
}

func twoRings(t *testing.T, h *house) {
	id := h.receive("H01", 1)[0]
	first := h.job(id)
	for range 2 {
		if err := h.broker.ring(context.Background(), first, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	stop := h.work(h.digitised)
	h.reach(record.InReview, id)
	if err := h.broker.ring(context.Background(), first, time.Minute); err != nil {
		t.Fatal(err)
	}
	later := h.receive("H01", 1)[0]
	h.reach(record.InReview, later) // the late ring was answered before this one
	stop()
	if n := h.tried(id); n != 1 {
		t.Errorf("one try was worked on %d times", n)
	}
}

func forgetful(t *testing.T, h *house) {
	ids := h.receive("H01", 5)
	h.ring(timing())
	if n := h.queued()["H01"]; n != 5 {
		t.Fatalf("%d tries were rung; want 5", n)
	}
	if !h.broker.waits(h.job(ids[0])) {
		t.Errorf("the broker does not know a ring that waits")
	}
	h.forget()
	if h.broker.waits(h.job(ids[0])) {
		t.Errorf("the broker still knows a ring after it forgot everything")
	}
	h.work(h.digitised)
	h.reach(record.InReview, ids...)
	for _, id := range ids {
		if n := h.tried(id); n != 1 {
			t.Errorf("document %s was tried %d times", id, n)
		}
	}
}

func passes(t *testing.T, h *house) {
	id := h.receive("H01", 1)[0]
	h.work(func(ctx context.Context, job record.Job) error {
		if job.Attempts < 2 {
			return record.Fail(record.DiskFull, nil, "store a page")
		}
		return h.digitised(ctx, job)
	})
	h.until("the failure stands on the job", func() bool {
		j := h.job(id)
		return j.Reason == record.DiskFull && j.State == catalogue.JobPending && j.Gen == 2
	})
	h.reach(record.InReview, id)
	if n := h.tried(id); n != 2 {
		t.Errorf("tried %d times; want 2", n)
	}
}

func poisoned(t *testing.T, h *house) {
	bad, good := h.receive("H01", 1)[0], h.receive("H01", 1)[0]
	h.work(func(ctx context.Context, job record.Job) error {
		if job.Document == bad {
			return record.Fail(record.ChildCrashed, nil, "page 1")
		}
		return h.digitised(ctx, job)
	})
	h.reach(record.InReview, good) // others go on meanwhile
	h.reach(record.SetAside, bad)
	d, err := h.catalogue.Document(context.Background(), bad)
	if err != nil || d.Reason != record.ChildCrashed || h.tried(bad) != poisonTries {
		t.Errorf("set aside for %q after %d tries, %v; want %q after %d", d.Reason, h.tried(bad), err, record.ChildCrashed, poisonTries)
	}
}

func panics(t *testing.T, h *house) {
	id := h.receive("H01", 1)[0]
	h.work(func(ctx context.Context, job record.Job) error {
		if job.Attempts == 1 {
			panic("a fault of ours")
		}
		return h.digitised(ctx, job)
	})
	h.reach(record.InReview, id) // long before its silence would have been noticed
}

func overtaken(t *testing.T, h *house) {
	id := h.receive("H01", 1)[0]
	ended := make(chan error, 2)
	h.work(func(ctx context.Context, job record.Job) error {
		if job.Gen > 1 {
			return h.digitised(ctx, job)
		}
		<-ctx.Done()
		ended <- h.digitised(context.WithoutCancel(ctx), job) // it does not listen
		return ctx.Err()
	})
	h.until("the worker has it", func() bool { return h.tried(id) == 1 })
	if n, err := h.catalogue.Revive(context.Background(), -time.Hour); err != nil || n != 1 {
		t.Fatalf("Revive = %d, %v", n, err)
	}
	if err := <-ended; !errors.Is(err, record.ErrConflict) {
		t.Errorf("a worker that lost its try could move the document: %v", err)
	}
	h.reach(record.InReview, id)
}

func givenBack(t *testing.T, h *house) {
	id := h.receive("H01", 1)[0]
	stop := h.work(func(ctx context.Context, job record.Job) error {
		<-ctx.Done()
		return ctx.Err()
	})
	h.until("the worker has it", func() bool { return h.tried(id) == 1 })
	stop()
	if j := h.job(id); j.State != catalogue.JobPending || j.Attempts != 0 || j.Gen != 2 {
		t.Errorf("given back as %s, attempt %d, generation %d; want pending, 0, 2", j.State, j.Attempts, j.Gen)
	}
	h.work(h.digitised)
	h.reach(record.InReview, id)
}

func fair(t *testing.T, h *house) {
	h.receive("H01", 20)
	h.receive("H02", 2)
	narrow := timing()
	narrow.Window = 4
	h.ring(narrow)
	if got := h.queued(); got["H01"] != 2 || got["H02"] != 2 {
		t.Errorf("rung: %v; want two of each", got)
	}
	h.ring(narrow)
	if got := h.queued(); got["H01"]+got["H02"] != narrow.Window {
		t.Errorf("rung: %v; the window is %d", got, narrow.Window)
	}
	narrow.Window = 6
	h.ring(narrow)
	if got := h.queued(); got["H01"] != 4 || got["H02"] != 2 {
		t.Errorf("rung: %v; want the room that is left for H01", got)
	}
}

// lanes fills every place for long documents, and more wait, whether their length
// was known or comes to light: short ones go on beside them.
func lanes(t *testing.T, h *house) {
	const places = 4 // of short documents, with the workers of this house
	release := make(chan struct{})
	var long sync.Map
	known := h.receiveOf("H01", record.ShortPages+1, 2*places)
	unknown := h.receiveOf("H01", 0, 2*places)
	for _, id := range append(known, unknown...) {
		long.Store(id, true)
	}
	h.work(func(ctx context.Context, job record.Job) error {
		if _, is := long.Load(job.Document); is {
			if job.Lane == record.LaneRead {
				return record.Refuse(record.TooManyPages, nil, "more than this lane takes")
			}
			<-release
		}
		return h.digitised(ctx, job)
	})
	h.until("each that is long waits in its lane", func() bool {
		open, err := h.catalogue.OpenJobs(context.Background(), record.LaneLarge)
		return err == nil && open[catalogue.JobRunning] == places/2 && open[catalogue.JobRunning]+open[catalogue.JobQueued]+open[catalogue.JobPending] == 4*places
	})
	h.reach(record.InReview, h.receive("H01", 3)...)
	close(release)
	h.reach(record.InReview, append(known, unknown...)...)
	for _, id := range known {
		if n := h.tried(id); n != 1 {
			t.Errorf("a document that was known to be long was tried %d times", n)
		}
	}
}

func restarted(t *testing.T, h *house) {
	ids := h.receive("H01", 3)
	h.ring(timing())
	h.forget()
	if err := Restart(context.Background(), h.catalogue); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if j := h.job(id); j.State != catalogue.JobPending || j.Gen != 2 {
			t.Errorf("after a restart the job is %s, generation %d; want pending, 2", j.State, j.Gen)
		}
	}
	h.work(h.digitised)
	h.reach(record.InReview, ids...)
}
