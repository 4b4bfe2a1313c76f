package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

type splitWish struct {
	DocumentPath
	Body struct {
		Version   int           `json:"version" doc:"Of the document that was seen."`
		Documents []record.Span `json:"documents,omitempty" maxItems:"1000" doc:"The pages of each new document: in order, together all pages. None: it is one document, whatever was proposed."`
	}
}

// A Divided is a document that was split, and what became of it; of one that was
// kept whole, the document alone.
type Divided struct {
	Document record.Document   `json:"document"`
	Into     []record.Document `json:"into,omitempty"`
}

func (s *Server) addSplit(api huma.API) {
	register(api, operation("split", "Split a document that is several papers; the originals stay with each", func(op *huma.Operation) {
		op.Errors = append(op.Errors, http.StatusConflict)
	}), func(ctx context.Context, in *splitWish) (*body[Divided], error) {
		d, err := s.ownDocument(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		if len(in.Body.Documents) == 0 {
			return s.keepWhole(ctx, d)
		}
		parts, err := s.Catalogue.Split(ctx, d.ID, in.Body.Version, in.Body.Documents, actor(ctx))
		if err != nil {
			return nil, err
		}
		crash.Point("split-rows")
		_ = s.Manifests(ctx, d.ID) // stay due; the reconciler writes them
		for _, p := range parts {
			_ = s.Manifests(ctx, p.ID)
		}
		d, err = s.Catalogue.Document(ctx, d.ID)
		return answer(Divided{d, parts}, err)
	})
}

// keepWhole records that a person saw the proposal to split and did not follow it.
func (s *Server) keepWhole(ctx context.Context, d record.Document) (*body[Divided], error) {
	if d.Status != record.InReview {
		return nil, wrongState(d, "keep whole")
	}
	if err := s.Catalogue.Note(ctx, d.ID, "kept-whole", "", actor(ctx)); err != nil {
		return nil, err
	}
	_ = s.Manifests(ctx, d.ID) // stays due; the reconciler writes it
	d, err := s.Catalogue.Document(ctx, d.ID)
	return answer(Divided{Document: d}, err)
}
