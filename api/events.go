package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

const (
	eventPoll      = 500 * time.Millisecond
	eventHeartbeat = 15 * time.Second
	eventWrite     = 30 * time.Second // a client that takes longer is gone
)

type followDocument struct {
	DocumentPath
	LastEventID string `header:"Last-Event-ID" doc:"Events after this one; without it all of the document."`
}

type followAgency struct {
	LastEventID string `header:"Last-Event-ID" doc:"Events after this one; without it those to come."`
}

func (s *Server) addEvents(api huma.API) {
	stream := func(op *huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: "Server-sent events; id is the event's seq, data an Event.",
			Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}}
	}
	register(api, operation("follow-document", "Follow the events of a document", stream), func(ctx context.Context, in *followDocument) (*huma.StreamResponse, error) {
		d, err := s.ownDocument(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		after, err := lastEvent(in.LastEventID, 0)
		return s.follow(d.Agency, d.ID, after), err
	})
	register(api, operation("follow-agency", "Follow the events of the agency", stream), func(ctx context.Context, in *followAgency) (*huma.StreamResponse, error) {
		newest, err := s.Catalogue.NewestEvent(ctx)
		if err != nil {
			return nil, err
		}
		after, err := lastEvent(in.LastEventID, newest)
		return s.follow(caller(ctx).Agency, "", after), err
	})
}

func lastEvent(header string, otherwise int64) (int64, error) {
	if header == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(header, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("Last-Event-ID %.40q is no number of an event: %w", header, record.ErrInvalid)
	}
	return n, nil
}

// follow streams events as they are committed until the client goes away.
func (s *Server) follow(agency, subject string, after int64) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		w := writer(ctx)
		h := w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		control := http.NewResponseController(w)
		tick := time.NewTicker(eventPoll)
		defer tick.Stop()
		said := time.Time{} // never: the first round says hello
		for {
			events, err := s.Catalogue.Events(ctx.Context(), agency, subject, after, 500)
			if err != nil {
				return
			}
			_ = control.SetWriteDeadline(time.Now().Add(eventWrite)) // not every server has one
			for _, e := range events {
				after = e.Seq
				if writeEvent(w, e) != nil {
					return
				}
			}
			if len(events) == 0 && time.Since(said) > eventHeartbeat {
				if _, err := fmt.Fprint(w, ": here\n\n"); err != nil {
					return
				}
				said = time.Now()
			}
			if control.Flush() != nil {
				return
			}
			select {
			case <-ctx.Context().Done():
				return
			case <-s.Closing:
				return
			case <-tick.C:
			}
		}
	}}
}

func writeEvent(w http.ResponseWriter, e record.Event) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, b)
	return err
}
