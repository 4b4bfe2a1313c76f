package observe

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestOneTraceThroughTwoProcesses: what one process begins and another goes on with
// is one trace, sent as the protocol says.
func TestOneTraceThroughTwoProcesses(t *testing.T) {
	var got otlpTraces
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent otlpTraces
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", r.URL.Path, r.Header.Get("Content-Type"), err)
		}
		got.Resources = append(got.Resources, sent.Resources...)
	}))
	t.Cleanup(server.Close)

	stop := Trace(server.URL+"/", "api")
	ctx, done := Span(context.Background(), "upload")
	carried := Traceparent(ctx)
	done(nil)
	stop()
	stop = Trace(server.URL, "worker")
	_, done = Span(Continue(context.Background(), carried), "job", "document", "d1")
	done(errors.New("text that stays here"))
	stop()

	if len(got.Resources) != 2 {
		t.Fatalf("%d batches; want 2", len(got.Resources))
	}
	api, worker := got.Resources[0].Scopes[0].Spans[0], got.Resources[1].Scopes[0].Spans[0]
	if api.Trace != worker.Trace || worker.Parent != api.ID || len(api.Trace) != 32 || api.Parent != "" {
		t.Errorf("upload %+v, job %+v: not one trace", api, worker)
	}
	if a := worker.Attributes; len(a) != 1 || a[0].Key != "sohoa.document" || a[0].Value.Text != "d1" || worker.Status.Code != otlpError {
		t.Errorf("job = %+v", worker)
	}
	if a := got.Resources[1].Resource.Attributes; len(a) != 1 || a[0].Value.Text != "sohoa-worker" {
		t.Errorf("resource = %+v", a)
	}
}

func TestNothingIsTracedUnasked(t *testing.T) {
	Trace("", "api")()
	ctx, done := Span(context.Background(), "upload")
	done(nil)
	if got := Traceparent(ctx); got != "" {
		t.Errorf("traceparent %q; want none", got)
	}
	if got := Traceparent(Continue(context.Background(), "no traceparent")); got != "" {
		t.Errorf("traceparent %q of nonsense", got)
	}
}
