package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figures are what the catalogue knows of the whole service: every process that is
// asked gives the same, so rules take the maximum, not the sum.
type Figures struct {
	Oldest    map[string]time.Time // by lane: when its oldest job that is not done was made; zero: none waits
	Jobs      []Jobs
	Documents map[string]int // by status
}

// Jobs is how many jobs of a lane stand in a state.
type Jobs struct {
	Lane, State string
	N           int
}

var (
	oldest    = prometheus.NewDesc("sohoa_oldest_waiting_seconds", "Age of the oldest job of a lane that is not done; 0 if there is none.", []string{"lane"}, nil)
	jobStates = prometheus.NewDesc("sohoa_jobs", "Jobs that are not done, by lane and state.", []string{"lane", "state"}, nil)
	documents = prometheus.NewDesc("sohoa_documents", "Documents by status.", []string{"status"}, nil)
	asked     = prometheus.NewDesc("sohoa_catalogue_up", "Whether the catalogue gave its figures.", nil, nil)
)

const (
	figuresFor  = 10 * time.Second // so long figures are kept: counting loads the catalogue
	figuresTime = 5 * time.Second  // that the catalogue has to answer
)

// A catalogue collects figures when it is asked for them.
type catalogue struct {
	ask func(context.Context) (Figures, error)

	mu   sync.Mutex
	at   time.Time
	last Figures
	err  error
}

func (c *catalogue) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{oldest, jobStates, documents, asked} {
		ch <- d
	}
}

func (c *catalogue) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) > figuresFor {
		ctx, stop := context.WithTimeout(context.Background(), figuresTime)
		defer stop()
		c.last, c.err = c.ask(ctx)
		c.at = time.Now()
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if c.err != nil {
		slog.Warn("no figures for the metrics", "error", c.err)
		gauge(asked, 0)
		return
	}
	gauge(asked, 1)
	for lane, first := range c.last.Oldest {
		age := 0.0
		if !first.IsZero() {
			age = max(0, time.Since(first).Seconds())
		}
		gauge(oldest, age, lane)
	}
	for _, j := range c.last.Jobs {
		gauge(jobStates, float64(j.N), j.Lane, j.State)
	}
	for status, n := range c.last.Documents {
		gauge(documents, float64(n), status)
	}
}

// Handler answers with all numbers; ask gives the figures of the catalogue.
func Handler(ask func(context.Context) (Figures, error)) http.Handler {
	whole := prometheus.NewRegistry()
	whole.MustRegister(&catalogue{ask: ask})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(prometheus.Gatherers{registry, whole}, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	return mux
}

// Serve answers at /metrics on address until ctx ends; with no address it does
// nothing. The numbers say how busy an agency is: the address is one of the machine
// itself or of a network that only the monitoring reaches.
func Serve(ctx context.Context, address string, ask func(context.Context) (Figures, error)) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen for metrics: %w", err)
	}
	server := &http.Server{Handler: Handler(ask), ReadHeaderTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
