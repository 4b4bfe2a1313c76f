package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
)

// TestTheWayOfADocument goes from upload to a verified seal, on embedded parts in
// one process and on real Redis, PostgreSQL and MinIO in three.
func TestTheWayOfADocument(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) *house{
		"embedded": func(t *testing.T) *house {
			h := embedded(t)
			start(t, h.all())
			return h
		},
		"production": func(t *testing.T) *house {
			h := production(t, testsvc.Redis(t))
			p := h.api()
			p.Work = nil
			start(t, p)
			start(t, h.worker())
			start(t, h.worker())
			return h
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.awake()
			r := h.upload("don.jpg", scan(t, 1))
			d := h.reaches(r.Document, record.InReview, "")
			if d.Pages != 1 || d.Fields == "" {
				t.Errorf("in review: %+v", d)
			}
			h.approve(r.Document)
			h.reaches(r.Document, record.Sealed, record.BT)
			h.sound(r.Document)
			var found api.List[record.Document]
			h.call("GET", "/search?q=don+de+nghi", nil, &found)
			if len(found.Items) != 1 {
				t.Errorf("search without accents finds %d", len(found.Items))
			}
			if name == "embedded" { // the production api of this test holds no trust
				var public api.Public
				h.call("GET", "/verify/"+r.Document, nil, &public)
				if public.Outcome != record.Passed || public.Level != record.BT {
					t.Errorf("public verification: %+v", public)
				}
			}
		})
	}
}

// TestAKilledWorkersDocumentIsTakenUp kills a worker with the document in hand.
func TestAKilledWorkersDocumentIsTakenUp(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	start(t, h.api())
	h.awake()
	first := start(t, h.worker())
	r := h.upload("don.jpg", scan(t, 2))
	h.until("a worker has the job", func() error { return h.running(r.Document) })
	first.kill()
	start(t, h.worker())
	h.reaches(r.Document, record.InReview, "")
	h.approve(r.Document)
	h.reaches(r.Document, record.Sealed, record.BT)
	h.sound(r.Document)
}

// TestAKilledWorkerIsRelievedAtOnce: the next process in its place takes up what it
// had in hand, without waiting for silence, and removes what it left on disk.
func TestAKilledWorkerIsRelievedAtOnce(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	patient := func(p part) part { p.Timing.Silence = time.Hour; return p }
	api := patient(h.api())
	api.Work = nil
	start(t, api)
	h.awake()
	worker := start(t, patient(h.worker()))
	r := h.upload("don.jpg", scan(t, 3))
	h.until("a worker has the job", func() error { return h.running(r.Document) })
	worker.kill()
	worker.again()
	h.reaches(r.Document, record.InReview, "")
	posts, err := os.ReadDir(filepath.Join(worker.part.App.Data, work.PostsFolder))
	if err != nil || len(posts) != 1 {
		t.Errorf("posts: %v, %v; want that of the worker that lives", posts, err)
	}
}

// TestRedisForgetsEverything kills Redis with rings in it and starts it empty.
func TestRedisForgetsEverything(t *testing.T) {
	redis := testsvc.OwnRedis(t)
	h := production(t, redis.URL())
	start(t, h.api())
	h.awake()
	var all []string
	for i := range int64(3) {
		all = append(all, h.upload("don.jpg", scan(t, 10+i)).Document)
	}
	h.until("rung", func() error { return h.rung() })
	redis.Kill()
	redis.Restart(t)
	start(t, h.worker())
	for _, id := range all {
		h.reaches(id, record.InReview, "")
	}
}

// TestTheWholeProcessIsKilled kills the all-in-one process while it works and
// starts it again on its data folder.
func TestTheWholeProcessIsKilled(t *testing.T) {
	h := embedded(t)
	one := start(t, h.all())
	h.awake()
	var all []string
	for i := range int64(2) {
		all = append(all, h.upload("don.jpg", scan(t, 20+i)).Document)
	}
	h.until("a worker has the job", func() error { return h.running(all[0], all[1]) })
	one.kill()
	one.again()
	for _, id := range all {
		h.reaches(id, record.InReview, "")
		h.approve(id)
	}
	one.kill() // somewhere between approval and seal
	one.again()
	for _, id := range all {
		h.reaches(id, record.Sealed, record.BT)
		h.sound(id)
	}
}

// TestStoppingGivesWorkBack asks a busy process to end: it ends, and the next one
// goes on without waiting for silence.
func TestStoppingGivesWorkBack(t *testing.T) {
	h := embedded(t)
	one := start(t, h.all())
	h.awake()
	id := h.upload("don.jpg", scan(t, 30)).Document
	h.until("a worker has the job", func() error { return h.running(id) })
	if err := one.stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	one.again()
	h.reaches(id, record.InReview, "")
}

// TestAPoisonedDocumentIsSetAside: what cannot be decoded is set aside with its
// reason while others go on, and its original stays.
func TestAPoisonedDocumentIsSetAside(t *testing.T) {
	h := embedded(t)
	start(t, h.all())
	h.awake()
	good := scan(t, 40)
	bad := h.upload("cut.jpg", good[:len(good)/3]).Document
	fine := h.upload("don.jpg", good).Document
	d := h.reaches(bad, record.SetAside, "")
	if d.Reason != record.Truncated && d.Reason != record.Damaged {
		t.Errorf("set aside for %s", d.Reason)
	}
	h.reaches(fine, record.InReview, "")
	var counted record.Receipt
	h.call("POST", "/dossiers/"+h.dossier+"/documents?name=two.jpg&pages=2", scan(t, 41), &counted)
	if d := h.reaches(counted.Document, record.SetAside, ""); d.Reason != record.PagesMismatch {
		t.Errorf("another number of pages than the clerk counted: set aside for %s", d.Reason)
	}
	var b []byte
	h.call("GET", "/documents/"+bad+"/content/original", nil, &b)
	if !bytes.Equal(b, good[:len(good)/3]) {
		t.Error("the original of a document that was set aside is not what was sent")
	}
}

// running reports whether a worker beats for one of the documents.
func (h *house) running(ids ...string) error {
	return h.jobs(func(j record.Job) bool {
		for _, id := range ids {
			if j.Document == id && j.State == "running" {
				return true
			}
		}
		return false
	})
}

// rung reports whether a job was rung.
func (h *house) rung() error {
	return h.jobs(func(j record.Job) bool { return j.State == "queued" })
}

// jobs looks into the catalogue beside the running service.
func (h *house) jobs(is func(record.Job) bool) error {
	cat, err := app.OpenCatalogue(context.Background(), h.config)
	if err != nil {
		return err
	}
	defer cat.Close()
	all, err := cat.Jobs(context.Background(), 100)
	if err != nil {
		return err
	}
	for _, j := range all {
		if is(j) {
			return nil
		}
	}
	return errors.New("no such job")
}
