package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// A collector is one that takes OTLP over HTTP in its JSON form (OpenTelemetry
// protocol 1, "JSON Protobuf Encoding"). The library's own exporter would bring
// gRPC into the process that faces the network.
type collector struct {
	url    string
	client *http.Client
}

func newCollector(endpoint string) *collector {
	return &collector{strings.TrimSuffix(endpoint, "/") + "/v1/traces", &http.Client{Timeout: 10 * time.Second}}
}

// The JSON form: ids in hex, times as decimal strings of nanoseconds.
type (
	otlpTraces struct {
		Resources []otlpResource `json:"resourceSpans"`
	}
	otlpResource struct {
		Resource otlpAttributes `json:"resource"`
		Scopes   []otlpScope    `json:"scopeSpans"`
	}
	otlpAttributes struct {
		Attributes []otlpAttribute `json:"attributes"`
	}
	otlpScope struct {
		Spans []otlpSpan `json:"spans"`
	}
	otlpSpan struct {
		Trace      string          `json:"traceId"`
		ID         string          `json:"spanId"`
		Parent     string          `json:"parentSpanId,omitempty"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"`
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []otlpAttribute `json:"attributes,omitempty"`
		Status     otlpStatus      `json:"status"`
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpValue struct {
		Text string `json:"stringValue"`
	}
	otlpStatus struct {
		Code int `json:"code,omitempty"`
	}
)

// Codes of the protocol: a span of the process itself, and one that failed.
const (
	otlpInternal = 1
	otlpError    = 2
)

// ExportSpans sends spans, which are all of this process.
func (c *collector) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	scope := otlpScope{}
	for _, s := range spans {
		scope.Spans = append(scope.Spans, otlp(s))
	}
	body, err := json.Marshal(otlpTraces{[]otlpResource{{otlpAttributes{attributes(spans[0].Resource().Attributes())}, []otlpScope{scope}}}})
	if err != nil {
		return err
	}
	return c.send(ctx, body)
}

func (c *collector) send(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection is kept
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the collector answers %s", resp.Status)
	}
	return nil
}

// Shutdown has nothing to do: each batch is sent when it is given.
func (*collector) Shutdown(context.Context) error { return nil }

func otlp(s sdk.ReadOnlySpan) otlpSpan {
	out := otlpSpan{Trace: s.SpanContext().TraceID().String(), ID: s.SpanContext().SpanID().String(), Name: s.Name(), Kind: otlpInternal,
		Start: nanoseconds(s.StartTime()), End: nanoseconds(s.EndTime()), Attributes: attributes(s.Attributes())}
	if s.Parent().SpanID().IsValid() {
		out.Parent = s.Parent().SpanID().String()
	}
	if s.Status().Code == codes.Error {
		out.Status.Code = otlpError
	}
	return out
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func attributes(all []attribute.KeyValue) []otlpAttribute {
	out := make([]otlpAttribute, len(all))
	for i, a := range all {
		out[i] = otlpAttribute{string(a.Key), otlpValue{a.Value.String()}}
	}
	return out
}
