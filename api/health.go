package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/internal/observe"
)

// Health is the state of the service in one word.
type Health struct {
	Status string `json:"status"`
}

// Version says what runs.
type Version struct {
	Version     string `json:"version"`
	Development bool   `json:"development,omitempty" doc:"Signs with and trusts a development authority."`
}

const readyFor = 2 * time.Second // an answer is kept so long: probes must not load the parts

// counted tells how long an operation took and how it answered, and goes on with
// the caller's trace.
func counted(ctx huma.Context, next func(huma.Context)) {
	traced, answered := observe.Request(observe.Continue(ctx.Context(), ctx.Header("traceparent")), ctx.Operation().OperationID)
	defer func() { // a stream sets no status
		answered(cmp.Or(ctx.Status(), http.StatusOK))
	}()
	next(huma.WithContext(ctx, traced))
}

func (s *Server) addHealth(api huma.API) {
	register(api, operation("live", "Whether this process lives"), func(context.Context, *struct{}) (*body[Health], error) {
		return answer(Health{"ok"}, nil)
	})
	var mu sync.Mutex
	var asked time.Time
	var last error
	register(api, operation("ready", "Whether catalogue, queue and store answer", func(op *huma.Operation) {
		op.Errors = append(op.Errors, http.StatusServiceUnavailable)
	}), func(ctx context.Context, _ *struct{}) (*body[Health], error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(asked) > readyFor {
			last, asked = s.Ready(ctx), time.Now()
		}
		if last != nil {
			slog.WarnContext(ctx, "not ready", "error", last)
			return nil, huma.NewError(http.StatusServiceUnavailable, "not ready", errors.New("see the log"))
		}
		return answer(Health{"ok"}, nil)
	})
	register(api, operation("version", "What runs"), func(context.Context, *struct{}) (*body[Version], error) {
		return answer(Version{s.Version, s.Development}, nil)
	})
}
