package observe

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// tracer makes spans: of nothing, until Trace is called.
var tracer atomic.Pointer[trace.Tracer]

func init() { set(noop.NewTracerProvider()) }

func set(p trace.TracerProvider) {
	t := p.Tracer("github.com/sohoa/sohoa")
	tracer.Store(&t)
}

const lastSpans = 5 * time.Second // to send what is left when the process ends

// Trace has spans sent to an OpenTelemetry collector (OTLP over HTTP, JSON) until
// stop is called; endpoint is its base address, such as http://127.0.0.1:4318.
// With no endpoint nothing is traced. A collector that is away costs spans and
// nothing else.
func Trace(endpoint, process string) (stop func()) {
	if endpoint == "" {
		return func() {}
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { slog.Warn("spans are lost", "error", err) }))
	p := sdk.NewTracerProvider(sdk.WithBatcher(newCollector(endpoint), sdk.WithBatchTimeout(time.Second)),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "sohoa-"+process))))
	set(p)
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
		defer cancel()
		if err := p.Shutdown(ctx); err != nil {
			slog.Warn("spans are lost", "error", err)
		}
		set(noop.NewTracerProvider())
	}
}

// Span begins a span; done ends it. of are names and values of attributes in turn:
// ids and codes, never what stands in a document. Of an error a span tells only
// that there was one.
func Span(ctx context.Context, name string, of ...string) (_ context.Context, done func(error)) {
	var attributes []attribute.KeyValue
	for i := 0; i+1 < len(of); i += 2 {
		attributes = append(attributes, attribute.String("sohoa."+of[i], of[i+1]))
	}
	ctx, span := (*tracer.Load()).Start(ctx, name, trace.WithAttributes(attributes...))
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

const header = "traceparent" // W3C Trace Context

// Continue makes the spans that follow children of another process's span, given
// by its traceparent; with "" they are not.
func Continue(ctx context.Context, traceparent string) context.Context {
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{header: traceparent})
}

// Traceparent names the current span for another process; "" if nobody traces.
func Traceparent(ctx context.Context) string {
	c := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, c)
	return c[header]
}
