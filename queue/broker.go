// Package queue rings for work that the catalogue holds. It is a doorbell: a task
// carries a job's id and generation and nothing else, and everything it knows can
// be lost at any moment without losing a document.
//
// The relay rings for committed jobs; a worker that answers takes the try in the
// catalogue and shows every few seconds that it lives; the reconciler rings again
// for tries that nobody answered or whose worker fell silent. What becomes of a
// job that fails is decided by one table, [outcome], and nowhere else.
package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"

	"github.com/sohoa/sohoa/record"
)

// A Broker carries rings from relays to workers.
type Broker struct {
	redis     asynq.RedisConnOpt
	client    *asynq.Client
	inspector *asynq.Inspector
	embedded  *miniredis.Miniredis
	stop      chan struct{}
}

// Redis opens a broker on a Redis server, "redis://[:password@]host:port[/db]", or on
// one that Sentinels name, "redis-sentinel://[:password@]host:port[,host:port…]?master=name",
// where servers and Sentinels have the same password.
func Redis(uri string) (*Broker, error) {
	opt, err := asynq.ParseRedisURI(uri)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	if failover, is := opt.(asynq.RedisFailoverClientOpt); is {
		failover.Password = failover.SentinelPassword
		opt = failover
	}
	b := &Broker{redis: opt, client: asynq.NewClient(opt), inspector: asynq.NewInspector(opt), stop: make(chan struct{})}
	if err := b.Ping(); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue: %w", err), b.Close())
	}
	return b, nil
}

// Embedded makes a broker inside this process. It forgets everything when the
// process ends, which is no loss.
func Embedded() (*Broker, error) {
	m := miniredis.NewMiniRedis()
	password := rand.Text() // the port is open to everybody on this machine
	m.RequireAuth(password)
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	opt := asynq.RedisClientOpt{Addr: m.Addr(), Password: password}
	b := &Broker{redis: opt, client: asynq.NewClient(opt), inspector: asynq.NewInspector(opt), embedded: m, stop: make(chan struct{})}
	go b.passTime()
	return b, nil
}

// passTime lets the embedded broker's clock run: its expiries stand still by themselves.
func (b *Broker) passTime() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-tick.C:
			b.embedded.FastForward(time.Second)
		}
	}
}

// Ping reports whether the broker answers.
func (b *Broker) Ping() error { return b.client.Ping() }

// Close closes the broker.
func (b *Broker) Close() error {
	close(b.stop)
	err := errors.Join(b.client.Close(), b.inspector.Close())
	if b.embedded != nil {
		b.embedded.Close()
	}
	return err
}

// ring enqueues one try. A try that was rung already is success.
func (b *Broker) ring(ctx context.Context, j record.Job, timeout time.Duration) error {
	task := asynq.NewTask(string(j.Kind), []byte(j.TaskID()))
	_, err := b.client.EnqueueContext(ctx, task, asynq.TaskID(j.TaskID()), asynq.Queue(string(j.Lane)), asynq.Timeout(timeout), asynq.MaxRetry(0))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return err
}

// waits reports whether the ring for this try still waits to be answered.
func (b *Broker) waits(j record.Job) bool {
	info, err := b.inspector.GetTaskInfo(string(j.Lane), j.TaskID())
	return err == nil && (info.State == asynq.TaskStatePending || info.State == asynq.TaskStateScheduled)
}
