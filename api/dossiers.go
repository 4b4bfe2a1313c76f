package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

// body is an answer that is v in JSON.
type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) { return &body[T]{v}, err }

// A List is one page of a list; Next is the cursor of the next page.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

func list[T any](items []T, next string, err error) (*body[List[T]], error) {
	return answer(List[T]{items, next}, err)
}

// Paging asks for a page of a list.
type Paging struct {
	Cursor string `query:"cursor" doc:"The next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type newDossier struct {
	Body struct {
		Code  string `json:"code" minLength:"1" maxLength:"100" doc:"Mã hồ sơ, unique within the agency." example:"H48.01-261123-0001"`
		Title string `json:"title" maxLength:"1000" doc:"Tiêu đề."`
	}
}

type dossierQuery struct {
	Paging
	Code string `query:"code" maxLength:"100" doc:"Only the dossier that has this code."`
}

type dossierPath struct {
	Dossier string `path:"dossier" maxLength:"64"`
}

func (s *Server) addDossiers(api huma.API) {
	created := func(op *huma.Operation) {
		op.DefaultStatus = http.StatusCreated
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	register(api, operation("create-dossier", "Create a dossier", created), func(ctx context.Context, in *newDossier) (*body[record.Dossier], error) {
		d, err := s.Catalogue.CreateDossier(ctx, caller(ctx).Agency, in.Body.Code, in.Body.Title, actor(ctx))
		if err == nil {
			err = s.Manifests(ctx, d.ID)
		}
		return answer(d, err)
	})
	register(api, operation("list-dossiers", "List dossiers, newest first"), func(ctx context.Context, in *dossierQuery) (*body[List[record.Dossier]], error) {
		return list(s.Catalogue.Dossiers(ctx, caller(ctx).Agency, in.Code, in.Cursor, in.Limit))
	})
	register(api, operation("read-dossier", "Read a dossier"), func(ctx context.Context, in *dossierPath) (*body[record.Dossier], error) {
		return answer(s.dossier(ctx, in.Dossier))
	})
}
