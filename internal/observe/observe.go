// Package observe counts what the rooms tell it and gives the numbers to
// Prometheus, on a listener of their own that is off unless it is asked for. It
// holds numbers and codes only: no id and nothing that stands in a document. If a
// collector of OpenTelemetry is named it also sends spans, with ids and codes.
//
// It promises to be cheap and never to fail its caller.
package observe

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var (
	registry = prometheus.NewRegistry()
	factory  = promauto.With(registry)

	quick  = prometheus.ExponentialBuckets(0.001, 4, 8) // 1 ms to 16 s: stores, requests
	slowly = prometheus.ExponentialBuckets(0.1, 3, 9)   // 0.1 s to 11 minutes: seals, authorities, documents

	jobs = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_job_seconds", Buckets: slowly,
		Help: "Time of one try of a job, by kind and by what became of the job."}, []string{"kind", "outcome"})
	waits = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_wait_seconds", Buckets: slowly,
		Help: "Time from when a try of a job was due until a worker took it, by lane."}, []string{"lane"})
	refusals = factory.NewCounterVec(prometheus.CounterOpts{Name: "sohoa_refusals_total",
		Help: "Requests and jobs that ended with a reason code."}, []string{"where", "reason"})
	pages = factory.NewCounter(prometheus.CounterOpts{Name: "sohoa_pages_total", Help: "Pages recognised."})
	seals = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_seal_seconds", Buckets: slowly,
		Help: "Time to make a seal with the key and check it."}, []string{"result"})
	stamps = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_tsa_seconds", Buckets: slowly,
		Help: "Time of one request to a time-stamp authority."}, []string{"result"})
	stores = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_store_seconds", Buckets: quick,
		Help: "Time of one operation of the object store."}, []string{"operation", "result"})
	requests = factory.NewHistogramVec(prometheus.HistogramOpts{Name: "sohoa_http_seconds", Buckets: quick,
		Help: "Time of one request of the API, by operation and status."}, []string{"operation", "status"})
	keyEnds = factory.NewGauge(prometheus.GaugeOpts{Name: "sohoa_key_expiry_timestamp_seconds",
		Help: "When the certificate of the agency's key ends; 0 in a process without a key."})
	trustEnds = factory.NewGauge(prometheus.GaugeOpts{Name: "sohoa_trust_expiry_timestamp_seconds",
		Help: "When the first of the trusted certificates ends; 0 where none is configured."})
	faults = factory.NewGauge(prometheus.GaugeOpts{Name: "sohoa_fixity_faults",
		Help: "Objects that were damaged or missing when all were read the last time; 0 in a process that does not read them."})
)

func init() {
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
}

// Job says that a try of a job ended: what becomes of the job, and why if it failed.
func Job(kind, outcome, reason string, took time.Duration) {
	jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
	if reason != "" {
		refusals.WithLabelValues("job", reason).Inc()
	}
}

// Waited says how long a try of a job was due before a worker took it.
func Waited(lane string, long time.Duration) {
	waits.WithLabelValues(lane).Observe(max(0, long.Seconds()))
}

// Refused says that a request was answered with a reason code.
func Refused(reason string) { refusals.WithLabelValues("request", reason).Inc() }

// Page says that a page was recognised.
func Page() { pages.Inc() }

// Seal says that a seal is being made; done that it was, or failed.
func Seal(ctx context.Context) (_ context.Context, done func(error)) {
	return timed(ctx, "seal", seals.MustCurryWith(nil))
}

// Stamp says that a time-stamp authority is being asked.
func Stamp(ctx context.Context) (_ context.Context, done func(error)) {
	return timed(ctx, "time-stamp", stamps.MustCurryWith(nil))
}

// Store says that the object store is doing something.
func Store(ctx context.Context, operation string) (_ context.Context, done func(error)) {
	return timed(ctx, "store "+operation, stores.MustCurryWith(prometheus.Labels{"operation": operation}))
}

// timed is a span and a measured time by result.
func timed(ctx context.Context, name string, by prometheus.ObserverVec) (context.Context, func(error)) {
	start := time.Now()
	ctx, done := Span(ctx, name)
	return ctx, func(err error) {
		by.WithLabelValues(result(err)).Observe(since(start))
		done(err)
	}
}

// Request says that an operation of the API was asked for, and answered with a status.
func Request(ctx context.Context, operation string) (_ context.Context, answered func(status int)) {
	start := time.Now()
	ctx, done := Span(ctx, operation)
	return ctx, func(status int) {
		requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(since(start))
		var err error
		if status >= http.StatusInternalServerError {
			err = errStatus
		}
		done(err)
	}
}

var errStatus = errors.New("answered with an error of ours")

// KeyEnds says when the certificate of the key ends.
func KeyEnds(at time.Time) { keyEnds.Set(float64(at.Unix())) }

// TrustEnds says when the first of the certificates that are relied on ends.
func TrustEnds(at time.Time) { trustEnds.Set(float64(at.Unix())) }

// Fixity says how many objects were damaged or missing when all had been read.
func Fixity(n int) { faults.Set(float64(n)) }

func since(start time.Time) float64 { return time.Since(start).Seconds() }

func result(err error) string {
	if err != nil {
		return "failed"
	}
	return "done"
}
