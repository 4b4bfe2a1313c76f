package api

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

// A Public is what anybody may learn of a document by its id: whether it is valid
// and what it is; no content and no persons.
type Public struct {
	Document    string         `json:"document"`
	Outcome     record.Outcome `json:"verdict"`
	Words       string         `json:"words"`
	Status      record.Status  `json:"status" doc:"sealed, superseded or withdrawn"`
	Agency      string         `json:"agency"`
	Type        string         `json:"type,omitempty"`
	Number      string         `json:"number,omitempty"`
	IssuedDate  string         `json:"issuedDate,omitempty"`
	Level       record.Level   `json:"level"`
	Time        time.Time      `json:"time"`
	TimeSource  string         `json:"timeSource,omitempty"`
	SHA256      record.Digest  `json:"sha256"`
	Development bool           `json:"development,omitempty" doc:"The service trusts a development authority: not for real documents."`
}

// A FileVerdict is the verdict on an uploaded file, in words too.
type FileVerdict struct {
	record.Verdict
	Words       string `json:"words"`
	Development bool   `json:"development,omitempty"`
}

// A Stranger is a request of somebody without a key.
type Stranger struct{ ctx huma.Context }

// Resolve keeps the request: its body is streamed, its address counted.
func (v *Stranger) Resolve(ctx huma.Context) []error {
	v.ctx = ctx
	return nil
}

func (s *Server) addVerify(api huma.API) {
	limits := func(op *huma.Operation) {
		op.Errors = append(op.Errors, http.StatusTooManyRequests, http.StatusRequestEntityTooLarge, http.StatusNotFound)
	}
	pdf := func(op *huma.Operation) {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/pdf": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	}
	register(api, operation("verify-file", "Verify a PDF; nothing of it is kept", limits, pdf), func(ctx context.Context, in *Stranger) (*body[FileVerdict], error) {
		leave, err := s.admit(in.ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return answer(s.VerifyUpload(ctx, request(in.ctx), writer(in.ctx)))
	})
	register(api, operation("verify-document", "Verify a sealed document by its id", limits), func(ctx context.Context, in *struct {
		DocumentPath
		Stranger
	}) (*body[Public], error) {
		leave, err := s.admit(in.ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return answer(s.Public(ctx, in.Document))
	})
}

// admit lets a stranger in: not too often, and not too many at a time.
func (s *Server) admit(ctx huma.Context) (leave func(), err error) {
	if !s.visitors.admit(ctx.RemoteAddr(), time.Now()) {
		return nil, errTooManyRequests
	}
	select {
	case s.verifying <- struct{}{}:
		return func() { <-s.verifying }, nil
	case <-ctx.Context().Done():
		return nil, ctx.Context().Err()
	case <-time.After(10 * time.Second):
		return nil, errTooManyRequests
	}
}

// VerifyUpload verifies the body of a request. It lies in the spool while a child
// reads it, and is gone afterwards.
func (s *Server) VerifyUpload(ctx context.Context, r *http.Request, w http.ResponseWriter) (FileVerdict, error) {
	u, err := s.Spool.Receive(s.patient(r, w), s.VerifyBytes)
	if err != nil {
		return FileVerdict{}, err
	}
	defer u.Remove()
	v, err := verify.File(ctx, u.Path, s.Policy)
	if err != nil {
		return FileVerdict{}, err
	}
	v.File = ""
	lang, _ := ctx.Value(languageKey).(string)
	return FileVerdict{Verdict: v, Words: say.Verdict(lang, v), Development: s.Development}, nil
}

// Public verifies a sealed document of any agency by its id. What is not sealed
// yet, or never was, looks like an unknown id.
func (s *Server) Public(ctx context.Context, id string) (Public, error) {
	d, err := s.Catalogue.Document(ctx, id)
	if err != nil {
		return Public{}, err
	}
	sealed, ok := d.Rendition(record.RenditionSealed)
	if !ok {
		return Public{}, notFound("document", id)
	}
	agency, err := s.Catalogue.Agency(ctx, d.Agency)
	if err != nil {
		return Public{}, err
	}
	v, err := s.verifyObject(ctx, sealed)
	if err != nil {
		return Public{}, err
	}
	lang, _ := ctx.Value(languageKey).(string)
	_, words := say.Outcome(lang, v.Outcome)
	p := Public{Document: d.ID, Outcome: v.Outcome, Words: words, Status: d.Status, Agency: agency.Name, Level: d.Level, SHA256: sealed.SHA256, Development: s.Development}
	if len(v.Signatures) > 0 {
		p.Time, p.TimeSource = v.Signatures[0].Time, v.Signatures[0].TimeSource
	}
	seen, err := s.reviewed(ctx, d)
	p.Type, p.IssuedDate = seen.Fields[record.TypeName].Normal, seen.Fields[record.IssuedDate].Normal
	p.Number = numberOf(seen.Fields)
	return p, err
}

// numberOf is số and ký hiệu as they are written together.
func numberOf(f record.Fields) string {
	number, notation := f[record.CodeNumber].Normal, f[record.CodeNotation].Normal
	if number != "" && notation != "" {
		return number + "/" + notation
	}
	return number + notation
}

// verifyObject verifies a stored PDF in a child.
func (s *Server) verifyObject(ctx context.Context, r record.Rendition) (record.Verdict, error) {
	f, err := os.CreateTemp("", "sohoa-verify-")
	if err != nil {
		return record.Verdict{}, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := s.Store.Get(ctx, r.SHA256, r.VersionID, f); err != nil {
		return record.Verdict{}, err
	}
	return verify.File(ctx, f.Name(), s.Policy)
}
