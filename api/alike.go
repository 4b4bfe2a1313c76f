package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

type reuse struct {
	DocumentPath
	Body struct {
		Dossier string `json:"dossier" minLength:"1" maxLength:"64" doc:"Id of the dossier in which the held document is used."`
		Instead string `json:"instead,omitempty" maxLength:"64" doc:"Id of a new scan of the same paper in that dossier, in review: the held document takes its place."`
	}
}

// addAlike adds what keeps a paper from being scanned twice.
func (s *Server) addAlike(api huma.API) {
	register(api, operation("list-alike", "List what is held already and may be the same paper: by its bytes, its fields, its text"), func(ctx context.Context, in *DocumentPath) (*body[List[catalogue.Likeness]], error) {
		d, err := s.ownDocument(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		found, err := s.Catalogue.Alike(ctx, d)
		return list(found, "", err)
	})
	register(api, operation("reuse", "Record that a held document is used in a dossier instead of scanning the paper again"), func(ctx context.Context, in *reuse) (*body[record.Document], error) {
		d, err := s.ownDocument(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		dossier, err := s.dossier(ctx, in.Body.Dossier)
		if err != nil {
			return nil, err
		}
		if in.Body.Instead != "" {
			if _, err := s.ownDocument(ctx, in.Body.Instead); err != nil {
				return nil, err
			}
		}
		d, err = s.Catalogue.Reuse(ctx, d.ID, dossier.ID, in.Body.Instead, actor(ctx))
		if err != nil {
			return nil, err
		}
		crash.Point("reused-rows")
		for _, subject := range []string{d.ID, dossier.ID, in.Body.Instead} {
			_ = s.Manifests(ctx, subject) // stay due; the reconciler writes them
		}
		return answer(d, nil)
	})
}
