package queue

import (
	"context"
	"log/slog"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// Timing says how often the parts look, and when they take something for lost.
type Timing struct {
	Poll      time.Duration // of the relay
	Beat      time.Duration // of a worker's sign of life
	Silence   time.Duration // after which a worker is taken for dead
	Grace     time.Duration // after which a ring that nobody answered is looked for
	Reconcile time.Duration // between two looks of the reconciler
	Job       time.Duration // longest time of one try
	Window    int           // rings of a lane that may wait or be worked on at a time
}

// DefaultTiming recovers the document of a killed worker within 30 seconds, and what
// the queue forgot within 10.
func DefaultTiming() Timing {
	return Timing{Poll: 300 * time.Millisecond, Beat: 5 * time.Second, Silence: 20 * time.Second, Grace: 5 * time.Second,
		Reconcile: 3 * time.Second, Job: 6 * time.Hour, Window: 256}
}

// Relay rings for jobs as they are committed, agencies taking turns, until ctx
// ends. Several relays may run at once: a ring is named by the try.
func Relay(ctx context.Context, b *Broker, c *catalogue.Catalogue, t Timing) {
	every(ctx, t.Poll, func() {
		for _, lane := range record.Lanes() {
			if err := ringDue(ctx, b, c, lane, t); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "relay cannot ring", "lane", string(lane), "error", err)
			}
		}
	})
}

func ringDue(ctx context.Context, b *Broker, c *catalogue.Catalogue, lane record.Lane, t Timing) error {
	counts, err := c.OpenJobs(ctx, lane)
	if err != nil {
		return err
	}
	room := t.Window - counts[catalogue.JobQueued] - counts[catalogue.JobRunning]
	if room <= 0 || counts[catalogue.JobPending] == 0 {
		return nil
	}
	due, err := c.Pending(ctx, lane, room)
	if err != nil {
		return err
	}
	for _, j := range due {
		if err := b.ring(ctx, j, t.Job); err != nil {
			return err
		}
		// A crash between the two rings twice for one try; only one worker gets it.
		crash.Point("rung")
		if err := c.Queued(ctx, j.JobRef); err != nil {
			return err
		}
	}
	return nil
}

// Reconcile finds what was lost: tries whose worker fell silent and rings that
// the broker does not hold any more. It runs until ctx ends; several may run.
func Reconcile(ctx context.Context, b *Broker, c *catalogue.Catalogue, t Timing) {
	every(ctx, t.Reconcile, func() {
		n, err := c.Revive(ctx, t.Silence)
		if n > 0 {
			slog.WarnContext(ctx, "jobs of silent workers are due again", "jobs", n)
		}
		if err == nil {
			err = ringAgain(ctx, b, c, t)
		}
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "reconciler cannot look", "error", err)
		}
	})
}

func ringAgain(ctx context.Context, b *Broker, c *catalogue.Catalogue, t Timing) error {
	if err := b.Ping(); err != nil {
		return err // a broker that is away has lost nothing yet
	}
	unanswered, err := c.Unanswered(ctx, t.Grace, t.Window)
	if err != nil {
		return err
	}
	for _, j := range unanswered {
		if b.waits(j) {
			continue
		}
		if err := c.RingAgain(ctx, j.JobRef); err != nil {
			return err
		}
		slog.WarnContext(ctx, "a ring was lost", "job", j.ID, "document", j.Document)
	}
	return nil
}

// Restart makes every try that was rung or worked on due again: when the process
// of an embedded broker starts, it has forgotten them all, and its workers are gone.
func Restart(ctx context.Context, c *catalogue.Catalogue) error {
	if _, err := c.Revive(ctx, -time.Hour); err != nil {
		return err
	}
	for {
		lost, err := c.Unanswered(ctx, -time.Hour, 500)
		if err != nil || len(lost) == 0 {
			return err
		}
		for _, j := range lost {
			if err := c.RingAgain(ctx, j.JobRef); err != nil {
				return err
			}
		}
	}
}

// every calls f at once and then after each pause until ctx ends.
func every(ctx context.Context, pause time.Duration, f func()) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		f()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// documentOf is the log attribute of a job's document.
func documentOf(j record.Job) slog.Attr { return slog.String("document", j.Document) }
