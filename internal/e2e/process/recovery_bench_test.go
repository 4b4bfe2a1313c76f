//go:build crash && bench

package process

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/queue"
)

// What is measured of a part: the load before it is killed, in the time after that,
// and when all is as before.
const (
	beforeKill = 20 * time.Second
	afterKill  = 30 * time.Second // "during"
	later      = 20 * time.Second
	onTheWay   = 6 // documents at a time
)

// TestRecovery kills each part under load as kill -9 does, starts it again at once as
// a supervisor would, and prints how long the service took to go on. It proves
// nothing that other tests do not: it measures, with the timing of production.
func TestRecovery(t *testing.T) {
	fmt.Println("| killed | next document sealed after | all that were on the way sealed after | documents/min before | during the next 30 s | afterwards |\n|---|--:|--:|--:|--:|--:|")
	for _, part := range []string{"api", "worker", "all in one", "Redis", "PostgreSQL", "MinIO"} {
		t.Run(strings.ReplaceAll(part, " ", "-"), func(t *testing.T) { measure(t, part) })
	}
}

func measure(t *testing.T, killed string) {
	l, kill := open(t, killed)
	l.h.awake()
	m := &measuring{load: l, seed: time.Now().UnixNano() % 1e9}
	m.run(10 * time.Second) // warm
	before := m.run(beforeKill)
	already, waiting := len(l.done), slices.Clone(l.open)
	start := time.Now()
	kill()
	var first, all time.Duration
	m.each = func() {
		if first == 0 && len(l.done) > already {
			first = time.Since(start)
		}
		if all == 0 && !slices.ContainsFunc(waiting, func(id string) bool { return slices.Contains(l.open, id) }) {
			all = time.Since(start)
		}
	}
	during := m.run(afterKill)
	after := m.run(later)
	l.finish(onTheWay)
	fmt.Fprintf(os.Stdout, "| %s | %s | %s | %.0f | %.0f | %.0f |\n", killed, seconds(first), seconds(all), before, during, after)
}

// seconds is a time since the kill, or that it did not come while we looked.
func seconds(d time.Duration) string {
	if d == 0 {
		return fmt.Sprintf("more than %.0f s", afterKill.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// open starts the service with production's timing, and says how its part is killed.
func open(t *testing.T, killed string) (*load, func()) {
	timed := func(p part) part { p.Timing = queue.DefaultTiming(); return p }
	if killed == "all in one" {
		h := embedded(t)
		h.work.Jobs = 2
		l := newLoad(h)
		one := start(t, timed(h.all()), l.armed("")...)
		return l, func() { one.kill(); one.again() }
	}
	redis := testsvc.OwnRedis(t)
	h := production(t, redis.URL())
	api := h.api()
	api.Work = nil
	l := newLoad(h)
	face, worker := start(t, timed(api)), start(t, timed(h.worker()), l.armed("")...)
	start(t, timed(h.worker()), l.armed("")...)
	return l, map[string]func(){
		"api":        func() { face.kill(); face.again() },
		"worker":     func() { worker.kill(); worker.again() },
		"Redis":      func() { redis.Kill(); redis.Restart(t) },
		"PostgreSQL": func() { testsvc.RestartPostgres(t) },
		"MinIO":      func() { testsvc.RestartMinIO(t) },
	}[killed]
}

// A measuring keeps a number of documents on their way.
type measuring struct {
	*load
	seed int64
	each func()
}

// run drives the load for a time and returns the documents that were sealed a minute.
func (m *measuring) run(long time.Duration) float64 {
	done := len(m.done)
	start := time.Now()
	for time.Since(start) < long {
		for len(m.unsent)+len(m.open) < onTheWay {
			m.seed++
			m.add(m.seed)
		}
		m.drive()
		if m.each != nil {
			m.each()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return float64(len(m.done)-done) / time.Since(start).Minutes()
}
