package api

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/signing/verify/pages"
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
	Words       string        `json:"words"`
	Pages       []ChangedPage `json:"pages,omitempty" doc:"Pages that look different since the first signature after which more than evidence was added. Only if asked for."`
	PagesLeft   int           `json:"pagesLeft,omitempty" doc:"Pages that were not compared."`
	Development bool          `json:"development,omitempty"`
}

// A ChangedPage is a page that looks different since it was signed, as it was and as
// it is, the differences marked.
type ChangedPage struct {
	pages.Page
	Before []byte `json:"before,omitempty" doc:"JPEG"`
	After  []byte `json:"after,omitempty" doc:"JPEG"`
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
	register(api, operation("verify-file", "Verify a PDF; nothing of it is kept", limits, pdf), func(ctx context.Context, in *struct {
		Stranger
		Pages bool `query:"pages" doc:"Also draw the pages that look different since they were signed."`
	}) (*body[FileVerdict], error) {
		leave, err := s.admit(in.ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return answer(s.VerifyUpload(ctx, request(in.ctx), writer(in.ctx), in.Pages))
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

// VerifyUpload verifies the body of a request and, if asked to, draws what changed.
// It lies in the spool while children read it, and is gone afterwards.
func (s *Server) VerifyUpload(ctx context.Context, r *http.Request, w http.ResponseWriter, draw bool) (FileVerdict, error) {
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
	out := FileVerdict{Verdict: v, Words: say.Verdict(lang, v), Development: s.Development}
	if draw {
		s.drawChanges(ctx, &out, u.Path)
	}
	return out, nil
}

// changedLimits keep a stranger's file from holding a processor for long.
var changedLimits = pages.Limits{Pages: 60, Differ: 6, Time: 20 * time.Second}

// drawChanges adds the pages that look different since the first signature after
// which more than evidence was added. A file that cannot be drawn has a verdict all
// the same.
func (s *Server) drawChanges(ctx context.Context, f *FileVerdict, path string) {
	i := slices.IndexFunc(f.Signatures, func(s record.SignatureVerdict) bool {
		return s.SignedBytes > 0 && s.ChangesAfter != record.ChangesNone && s.ChangesAfter != record.ChangesArchive
	})
	if i < 0 {
		return
	}
	folder, err := s.Spool.MakeFolder()
	if err != nil {
		return
	}
	defer os.RemoveAll(folder)
	found, err := pages.Compare(ctx, path, folder, f.Signatures[i].SignedBytes, changedLimits)
	if err != nil {
		slog.WarnContext(ctx, "pages not compared", "error", err)
		return
	}
	f.PagesLeft = found.Left
	for _, p := range found.Pages {
		f.Pages = append(f.Pages, ChangedPage{p, read(p.Before), read(p.After)})
	}
}

// read returns a file of ours; nil if there is none.
func read(path string) []byte {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return b
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
	brief := record.BriefOf(seen.Fields) // without handwriting that nobody typed
	p.Type, p.IssuedDate, p.Number = brief.Type, brief.IssuedDate, brief.Number
	return p, err
}

// verifyObject verifies a stored PDF in a child.
func (s *Server) verifyObject(ctx context.Context, r record.Rendition) (record.Verdict, error) {
	folder, err := s.Spool.MakeFolder()
	if err != nil {
		return record.Verdict{}, err
	}
	defer os.RemoveAll(folder)
	f, err := os.Create(filepath.Join(folder, "sealed.pdf"))
	if err != nil {
		return record.Verdict{}, err
	}
	defer f.Close()
	if err := s.Store.Get(ctx, r.SHA256, r.VersionID, f); err != nil {
		return record.Verdict{}, record.Gone(r.SHA256, err)
	}
	return verify.File(ctx, f.Name(), s.Policy)
}
