package process

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

// A collector takes traces as OpenTelemetry's does, and keeps the names of spans.
type collector struct {
	mu    sync.Mutex
	spans map[string]map[string]bool // trace → names
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct{ TraceID, Name string }
			}
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				if c.spans[s.TraceID] == nil {
					c.spans[s.TraceID] = map[string]bool{}
				}
				c.spans[s.TraceID][s.Name] = true
			}
		}
	}
}

// whole reports whether one trace has all the spans.
func (c *collector) whole(names ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	best := []string{}
	for _, spans := range c.spans {
		missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return spans[name] })
		if len(missing) == 0 {
			return nil
		}
		if found := slices.Sorted(maps.Keys(spans)); len(found) > len(best) {
			best = found
		}
	}
	return fmt.Errorf("of %d traces the longest has %q", len(c.spans), best)
}

// TestOneTraceFromUploadToSeal: what api and workers do for one document is one
// trace, across the queue and a person's decision.
func TestOneTraceFromUploadToSeal(t *testing.T) {
	c := &collector{spans: map[string]map[string]bool{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	h := production(t, testsvc.Redis(t))
	h.config.Traces = server.URL
	start(t, h.api())
	start(t, h.worker())
	h.awake()
	r := h.upload("don.jpg", scan(t, 60))
	h.reaches(r.Document, record.InReview, "")
	h.approve(r.Document)
	h.reaches(r.Document, record.Sealed, record.BT)
	h.until("the whole trace is sent", func() error {
		return c.whole("upload", "store put", "job ingest", "page", "job authenticate", "seal", "job raise", "time-stamp")
	})
}
