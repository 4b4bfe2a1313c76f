//go:build crash

package process

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
)

// TestKilledAtRandom kills or stops processes under load, at moments that the seed
// in the log gives again.
func TestKilledAtRandom(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) (*house, []part){
		"embedded": func(t *testing.T) (*house, []part) { h := embedded(t); return h, []part{h.all()} },
		"production": func(t *testing.T) (*house, []part) {
			h := production(t, testsvc.Redis(t))
			return h, []part{h.api(), h.worker(), h.worker()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			h, parts := open(t)
			l := newLoad(h)
			var all []*process
			for _, p := range parts {
				all = append(all, start(t, p, l.armed("")...))
			}
			h.awake()
			for round := range randomRounds / 2 {
				if len(l.unsent)+len(l.open) < 3 {
					l.add(int64(random.Uint32()))
				}
				for end := time.Now().Add(time.Duration(100+random.IntN(1200)) * time.Millisecond); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
					l.drive()
				}
				l.end(round, all[random.IntN(len(all))])
			}
			l.finish(randomRounds)
		})
	}
}

// end ends a process and starts it again; every fourth that serves is asked to end.
func (l *load) end(round int, p *process) {
	if round%4 == 3 && p.part.Listen != "" {
		l.h.until("it is up", func() error { return l.h.try("GET", "/whoami", nil, nil) })
		if err := p.stop(); err != nil {
			l.h.t.Errorf("asked to end under load: %v", err)
		}
	} else {
		p.kill()
	}
	p.again()
}

// run starts api and worker, and a load of n documents on its way.
func (h *house) run(n int) *load {
	api, worker := h.api(), h.worker()
	l := newLoad(h)
	for _, p := range []part{api, worker} {
		start(h.t, p, l.armed("")...)
	}
	h.awake()
	for i := range n {
		l.add(int64(4000 + i))
	}
	return l
}

// TestRedisIsFlushedFrozenRestarted: nothing that it forgets is a loss.
func TestRedisIsFlushedFrozenRestarted(t *testing.T) {
	redis := testsvc.OwnRedis(t)
	h := production(t, redis.URL())
	l := h.run(4)
	h.until("rung", func() error { l.drive(); return h.rung() })
	c, err := net.Dial("tcp", strings.TrimPrefix(redis.URL(), "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprint(c, "FLUSHALL\r\n"); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 5)); n != 5 {
		t.Fatalf("FLUSHALL: %v", err)
	}
	redis.Freeze()
	l.add(4100)
	h.until("accepted while the queue stands still", func() error {
		if l.drive(); len(l.unsent) > 0 {
			return fmt.Errorf("%d are not", len(l.unsent))
		}
		return nil
	})
	redis.Thaw()
	redis.Kill()
	l.add(4101)
	h.until("accepted while the queue is gone", func() error {
		if l.drive(); len(l.unsent) > 0 {
			return fmt.Errorf("%d are not", len(l.unsent))
		}
		return nil
	})
	redis.Restart(t)
	l.finish(0)
}

// TestRedisFailsOver: the server dies under load and its replica is promoted, which
// may lack what was rung last.
func TestRedisFailsOver(t *testing.T) {
	pair := testsvc.RedisPair(t)
	h := production(t, pair.URL())
	l := h.run(3)
	h.until("a worker has a job", func() error { l.drive(); return h.running(l.open...) })
	pair.KillMaster()
	l.add(4150)
	l.add(4151)
	l.finish(0)
}

// TestPostgreSQLIsRestarted under load, twice.
func TestPostgreSQLIsRestarted(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	l := h.run(3)
	for range 2 {
		h.until("a worker has a job", func() error { l.drive(); return h.running(l.open...) })
		testsvc.RestartPostgres(t)
		l.add(int64(4200 + len(l.open)))
	}
	l.finish(3)
}

// TestTheStoreFails in each way while documents are on their way: nothing is
// accepted that is not stored, nothing wrong is given out, and all goes on afterwards.
func TestTheStoreFails(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	store := before(h.s3.Endpoint)
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	h.config.Store = strings.Replace(h.config.Store, h.s3.Endpoint, address, 1)
	l := h.run(1)
	h.until("one is accepted", func() error {
		if l.drive(); len(l.open) == 0 {
			return fmt.Errorf("none")
		}
		return nil
	})
	first, scan := l.open[0], strip(t, 4000)
	for i, fault := range []fault{refuses, busy, full, slow, lying} {
		store.now(fault)
		l.add(int64(4300 + i))
		for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			l.drive()
		}
		if n := len(l.unsent); n == 0 && fault != slow && fault != lying {
			t.Errorf("a document was accepted by a store that %s", fault)
		}
		var got []byte
		err := h.try("GET", "/documents/"+first+"/content/original", nil, &got)
		if err == nil && !bytes.Equal(got, scan) {
			t.Errorf("a store that is %s: %d wrong bytes were given out", fault, len(got))
		}
		if (fault == refuses || fault == busy) && (err == nil || !strings.Contains(err.Error(), "not-reachable")) {
			t.Errorf("a store that is %s: %v; want 503 not-reachable", fault, err)
		}
		store.now(sound)
	}
	l.finish(5)
}

// TestTheAuthorityFails: documents are sealed without a time-stamp, and raised when
// there is one to be had.
func TestTheAuthorityFails(t *testing.T) {
	t.Parallel()
	h := embedded(t)
	h.work.TSATime = time.Second
	one := start(t, h.all())
	h.awake()
	for i, fault := range []fault{refuses, slow, lying} {
		h.tsa.now(fault)
		id := h.upload("a.jpg", strip(t, int64(4400+i))).Document
		h.reaches(id, record.InReview, "")
		h.approve(id)
		h.reaches(id, record.Sealed, record.BB)
		h.until("the raise was tried", func() error {
			return h.jobs(func(j record.Job) bool { return j.Document == id && j.Kind == record.JobRaise && j.Reason != "" })
		})
		h.tsa.now(sound)
		h.reaches(id, record.Sealed, record.BT)
		h.sound(id)
	}
	if one.killed() {
		t.Error("it died")
	}
}

// TestTheDiskIsFull: an upload that the disk cannot hold is refused and leaves
// nothing behind; a worker without room gives the document back, and the next one
// takes it.
func TestTheDiskIsFull(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	small, large := strip(t, 4550), scan(t, 4551)
	api := h.api()
	api.Small, api.Room = filepath.Join(h.config.Data, "spool"), int64(len(small)+len(large))/2
	worker := h.worker()
	worker.Small, worker.Room = filepath.Join(worker.App.Data, work.PostsFolder), 4<<10
	for _, folder := range []string{api.Small, worker.Small} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	start(t, api)
	one := start(t, worker)
	h.awake()
	for range 2 {
		err := h.try("POST", "/dossiers/"+h.dossier+"/documents?name=a.jpg", large, nil)
		if err == nil || !strings.Contains(err.Error(), string(record.DiskFull)) {
			t.Errorf("%d bytes onto a disk of %d: %v; want %s", len(large), api.Room, err, record.DiskFull)
		}
	}
	id := h.upload("a.jpg", small).Document
	h.until("the worker finds no room", func() error {
		return h.jobs(func(j record.Job) bool { return j.Document == id && j.Reason == record.DiskFull })
	})
	one.kill()
	one.part.Small = ""
	one.again()
	h.reaches(id, record.InReview, "")
}

// TestTheSpoolIsFull: what does not fit is refused at once, what fits is taken.
func TestTheSpoolIsFull(t *testing.T) {
	t.Parallel()
	h := embedded(t)
	small, large := strip(t, 4500), scan(t, 4501)
	h.config.SpoolBytes = int64(len(small)+len(large)) / 2
	start(t, h.all())
	h.awake()
	for range 3 { // a refusal gives its place back
		err := h.try("POST", "/dossiers/"+h.dossier+"/documents?name=a.jpg", large, nil)
		if err == nil || !strings.Contains(err.Error(), string(record.SpoolFull)) {
			t.Errorf("%d bytes into a spool of %d: %v; want %s", len(large), h.config.SpoolBytes, err, record.SpoolFull)
		}
	}
	h.reaches(h.upload("a.jpg", small).Document, record.InReview, "")
}
