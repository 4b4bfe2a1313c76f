package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

const documentsPerDecision = 1000

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
	return s.decide(ctx, in)
}
