package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

const (
	documentsPerDecision = 1000
	gathering            = time.Minute // that a seal waits at most for the others of its decision
)

// A dossierDecision approves many documents of one dossier at once, each by what
// was seen of it.
type dossierDecision struct {
	Dossier string `path:"dossier" maxLength:"64"`
	Body    struct {
		Documents []seen `json:"documents,omitempty" maxItems:"1000" doc:"What was seen of each document."`
		Note      string `json:"note,omitempty" maxLength:"2000"`
	}
}

type seen struct {
	Document string `json:"document" maxLength:"64"`
	Archival string `json:"archival" doc:"SHA-256 of the archival PDF that was seen."`
	Fields   string `json:"fields" doc:"SHA-256 of the fields that were seen."`
}

// A DossierDecided says what became of each document that a decision named, in
// its order.
type DossierDecided struct {
	Approved int               `json:"approved"`
	Failed   int               `json:"failed"`
	Items    []DocumentDecided `json:"items"`
}

// A DocumentDecided is where a document stands now, or why it was not approved.
type DocumentDecided struct {
	Document string        `json:"document"`
	Status   record.Status `json:"status,omitempty"`
	Problem  *Problem      `json:"problem,omitempty"`
}

func (s *Server) addBatch(api huma.API) {
	register(api, operation("decide-dossier", "Approve many documents of a dossier, each as it was seen; what fails does not hold up the others", func(op *huma.Operation) {
		op.Errors = append(op.Errors, http.StatusConflict)
	}), s.decideDossier)
	register(api, operation("read-sealing", "Read how far a dossier's documents are on the way to their seals, and which failed"), func(ctx context.Context, in *dossierPath) (*body[record.SealProgress], error) {
		d, err := s.dossier(ctx, in.Dossier)
		if err != nil {
			return nil, err
		}
		return answer(s.Catalogue.Sealing(ctx, d.ID))
	})
	register(api, operation("seal-again", "Try the seals of a dossier that failed again, now"), func(ctx context.Context, in *dossierPath) (*body[record.SealProgress], error) {
		d, err := s.dossier(ctx, in.Dossier)
		if err != nil {
			return nil, err
		}
		again, err := s.Catalogue.SealAgain(ctx, d.ID, documentsPerDecision, actor(ctx))
		if err != nil {
			return nil, err
		}
		for _, id := range again {
			_ = s.Manifests(ctx, id) // stays due; the reconciler writes it
		}
		return answer(s.Catalogue.Sealing(ctx, d.ID))
	})
}

// decideDossier decides document by document, each in a transaction of its own:
// one that has changed meanwhile does not hold up the others.
func (s *Server) decideDossier(ctx context.Context, in *dossierDecision) (*body[DossierDecided], error) {
	dossier, err := s.dossier(ctx, in.Dossier)
	if err != nil {
		return nil, err
	}
	if n := len(in.Body.Documents); n == 0 || n > documentsPerDecision {
		return nil, fmt.Errorf("a decision on %d documents: %w", n, record.ErrInvalid)
	}
	var out DossierDecided
	defer func() { // their seals can be made together: they wait for the last of them
		if err := s.Catalogue.Release(context.WithoutCancel(ctx), dossier.ID); err != nil {
			slog.WarnContext(ctx, "seals of a dossier wait longer than need be", "dossier", dossier.ID, "error", err)
		}
	}()
	for _, one := range in.Body.Documents {
		if ctx.Err() != nil {
			return nil, ctx.Err() // the caller has gone; what was approved stays approved
		}
		decided := DocumentDecided{Document: one.Document}
		d, err := s.approveSeen(ctx, dossier, one, in.Body.Note)
		if err != nil {
			lang, _ := ctx.Value(languageKey).(string)
			decided.Problem = problemOf(err, lang)
			out.Failed++
		} else {
			decided.Status = d.Body.Status
			out.Approved++
		}
		out.Items = append(out.Items, decided)
	}
	return answer(out, nil)
}

func (s *Server) approveSeen(ctx context.Context, dossier record.Dossier, one seen, note string) (*body[record.Document], error) {
	d, err := s.ownDocument(ctx, one.Document)
	if err != nil {
		return nil, err
	}
	if d.Dossier != dossier.ID {
		return nil, notFound("document", one.Document)
	}
	in := &decision{DocumentPath: DocumentPath{d.ID}}
	in.Body.Approve, in.Body.Archival, in.Body.Fields, in.Body.Note = true, one.Archival, one.Fields, note
	return s.decideOn(ctx, in, gathering)
}
