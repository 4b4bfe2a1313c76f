package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// A DocumentPath names a document in the address. It is exported, as everything that
// huma reads from an embedded struct must be.
type DocumentPath struct {
	Document string `path:"document" maxLength:"64"`
}

type documentsQuery struct {
	Paging
	Dossier string `query:"dossier" maxLength:"64"`
	Status  string `query:"status" enum:"received,in-review,approved,awaiting-mark,sealing,sealed,rejected,set-aside,superseded,withdrawn"`
}

type manifestQuery struct {
	DocumentPath
	Number int `query:"n" minimum:"0" doc:"Number of the event; 0: the newest."`
}

type noted struct {
	DocumentPath
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"2000" doc:"Why, in words."`
	}
}

func (s *Server) addDocuments(api huma.API) {
	register(api, operation("list-documents", "List documents, newest first"), func(ctx context.Context, in *documentsQuery) (*body[List[record.Document]], error) {
		return list(s.Catalogue.Documents(ctx, catalogue.Query{Agency: caller(ctx).Agency, Dossier: in.Dossier, Status: record.Status(in.Status), Cursor: in.Cursor, Limit: in.Limit}))
	})
	register(api, operation("count-documents", "Count documents by where they stand"), func(ctx context.Context, _ *struct{}) (*body[map[record.Status]int], error) {
		return answer(s.Catalogue.CountByStatus(ctx, caller(ctx).Agency))
	})
	register(api, operation("read-document", "Read a document: where it stands and which renditions it has"), func(ctx context.Context, in *DocumentPath) (*body[record.Document], error) {
		return answer(s.document(ctx, in.Document))
	})
	register(api, operation("read-receipt", "Read the receipt again"), func(ctx context.Context, in *DocumentPath) (*body[record.Receipt], error) {
		d, err := s.ownDocument(ctx, in.Document)
		return answer(receiptOf(d, false), err)
	})
	register(api, operation("read-history", "Read all events of a document"), func(ctx context.Context, in *DocumentPath) (*body[List[record.Event]], error) {
		d, err := s.ownDocument(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		events, err := s.Catalogue.Events(ctx, d.Agency, d.ID, 0, 10000)
		return list(events, "", err)
	})
	register(api, operation("read-manifest", "Read the manifest that lies beside the objects"), func(ctx context.Context, in *manifestQuery) (*body[record.Manifest], error) {
		d, err := s.document(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		n := in.Number
		if n == 0 {
			n = d.Version
		}
		return answer(s.manifest(ctx, d, n))
	})
	conflicts := func(op *huma.Operation) { op.Errors = append(op.Errors, http.StatusConflict) }
	register(api, operation("redrive", "Drive a document that was set aside again", conflicts), func(ctx context.Context, in *DocumentPath) (*body[record.Document], error) {
		return s.step(ctx, in.Document, record.Received, record.Change{Kind: "redriven", Job: record.JobIngest})
	})
	register(api, operation("withdraw", "Withdraw a document, with the reason", conflicts), func(ctx context.Context, in *noted) (*body[record.Document], error) {
		return s.step(ctx, in.Document, record.Withdrawn, record.Change{Note: in.Body.Note})
	})
	register(api, operation("reopen", "Open a decided or sealed document for a new decision", conflicts), func(ctx context.Context, in *noted) (*body[record.Document], error) {
		return s.step(ctx, in.Document, record.InReview, record.Change{Kind: "reopened", Note: in.Body.Note})
	})
}

// step moves a document of the caller's agency from where it stands to a status.
func (s *Server) step(ctx context.Context, id string, to record.Status, change record.Change) (*body[record.Document], error) {
	d, err := s.ownDocument(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.move(ctx, d, to, change)
}

// move moves a document that the caller has looked at; if it has changed since,
// somebody else was faster.
func (s *Server) move(ctx context.Context, d record.Document, to record.Status, change record.Change) (*body[record.Document], error) {
	change.Actor, change.Version = actor(ctx), d.Version
	d, err := s.Catalogue.Advance(ctx, d.ID, d.Status, to, change)
	if err == nil {
		crash.Point("moved-" + string(to))
		_ = s.Manifests(ctx, d.ID) // stays due; the reconciler writes it
	}
	return answer(d, err)
}

// manifest reads manifest n, from the store or, if it is still due, from the catalogue.
func (s *Server) manifest(ctx context.Context, d record.Document, n int) (record.Manifest, error) {
	var m record.Manifest
	b, err := s.Store.Manifest(ctx, d.ID, n)
	if isNotFound(err) {
		due, derr := s.Catalogue.DueManifests(ctx, d.ID, 1000)
		if derr != nil {
			return m, derr
		}
		for _, one := range due {
			if one.Number == n {
				b, err = one.Body, nil
			}
		}
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(b, &m)
}
