package api

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

const (
	certificatesPerMark = 6
	valueLimit          = 24 << 10 // bytes of a signature value or a CMS
)

type markWish struct {
	DocumentPath
	Body struct {
		Certificates [][]byte `json:"certificates,omitempty" maxItems:"6" doc:"The person's certificate and then its issuers, DER in base64."`
		PSS          bool     `json:"pss,omitempty" doc:"The token signs with RSASSA-PSS (salt as long as the digest) in place of PKCS#1 v1.5."`
	}
}

type markValue struct {
	DocumentPath
	Body struct {
		Signature []byte `json:"signature,omitempty" doc:"What the token made of the document's mark.attributes (whose digest by mark.hash is mark.digest), base64."`
		CMS       []byte `json:"cms,omitempty" doc:"Or a detached CAdES signature, DER in base64."`
	}
}

// A returnedMark is a body that is streamed.
type returnedMark struct {
	DocumentPath
	ctx huma.Context
}

// Resolve keeps the request, whose body is streamed.
func (r *returnedMark) Resolve(ctx huma.Context) []error {
	r.ctx = ctx
	return nil
}

func (s *Server) addMark(api huma.API) {
	accepted := func(op *huma.Operation) {
		op.DefaultStatus = http.StatusAccepted
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	binary := func(op *huma.Operation) {
		accepted(op)
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	}
	register(api, operation("prepare-mark", "Ask for what a person's token signs: mark.attributes of the document, when it is there", accepted), s.prepareMark)
	register(api, operation("complete-mark", "Send the signature that a person's token made", accepted), s.completeMark)
	register(api, operation("return-mark", "Send the rendition to-mark back, signed by a person's own program", binary), s.returnMark)
}

// awaiting returns a document of the caller's agency that waits for a mark.
func (s *Server) awaiting(ctx context.Context, id string) (record.Document, error) {
	d, err := s.ownDocument(ctx, id)
	if err == nil && d.Status != record.AwaitingMark {
		err = wrongState(d, "mark")
	}
	return d, err
}

func (s *Server) prepareMark(ctx context.Context, in *markWish) (*body[record.Document], error) {
	d, err := s.awaiting(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	if n := len(in.Body.Certificates); n == 0 || n > certificatesPerMark {
		return nil, fmt.Errorf("%d certificates: %w", n, record.ErrInvalid)
	}
	for _, der := range in.Body.Certificates {
		if _, err := x509.ParseCertificate(der); err != nil {
			return nil, record.Refuse(record.KeyUnreadable, err, "read a person's certificate")
		}
	}
	mark := &record.Mark{Chain: in.Body.Certificates, PSS: in.Body.PSS, Actor: actor(ctx)}
	return s.move(ctx, d, record.AwaitingMark, record.Change{Kind: "mark-wanted", Mark: mark, Job: record.JobPrepareMark})
}

func (s *Server) completeMark(ctx context.Context, in *markValue) (*body[record.Document], error) {
	d, err := s.awaiting(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	if (len(in.Body.Signature) == 0) == (len(in.Body.CMS) == 0) || len(in.Body.Signature)+len(in.Body.CMS) > valueLimit {
		return nil, fmt.Errorf("one of signature and cms, of at most %d bytes: %w", valueLimit, record.ErrInvalid)
	}
	if !d.Mark.Prepared() {
		return nil, &record.Error{Reason: record.MarkNotPrepared, Kind: record.ErrConflict, Detail: fmt.Sprintf("mark document %s", d.ID)}
	}
	mark := *d.Mark
	mark.Signature, mark.CMS, mark.Returned, mark.Actor = in.Body.Signature, in.Body.CMS, "", actor(ctx)
	return s.move(ctx, d, record.AwaitingMark, record.Change{Kind: "mark-answered", Mark: &mark, Job: record.JobCompleteMark})
}

// returnMark stores what came. Whether it is our document with one signature more
// is looked at by a worker, in a child.
func (s *Server) returnMark(ctx context.Context, in *returnedMark) (*body[record.Document], error) {
	d, err := s.awaiting(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	if _, ok := d.Rendition(record.RenditionToMark); !ok {
		return nil, &record.Error{Reason: record.MarkNotPrepared, Kind: record.ErrConflict, Detail: fmt.Sprintf("mark document %s", d.ID)}
	}
	r, w := humago.Unwrap(in.ctx)
	one, err := s.spoolFile(s.patient(r, w), "marked.pdf")
	if err != nil {
		return nil, err
	}
	defer one.Remove()
	if one.mediaType != "application/pdf" {
		return nil, record.Refuse(record.MarkUnsound, nil, "mark document %s: what came back is no PDF", d.ID)
	}
	f, err := one.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := s.Store.Put(ctx, f, one.Bytes, one.SHA256, one.mediaType); err != nil {
		return nil, err
	}
	crash.Point("mark-returned")
	mark := &record.Mark{Returned: one.SHA256, Actor: actor(ctx), Time: time.Now().UTC().Truncate(time.Second)}
	return s.move(ctx, d, record.AwaitingMark, record.Change{Kind: "mark-answered", Mark: mark, Job: record.JobCompleteMark})
}

// approve moves a document that a person approved: to its seal, or first to the
// person's own mark where the agency asks for it.
func (s *Server) approve(ctx context.Context, d record.Document, made *record.Decision, wait time.Duration) (*body[record.Document], error) {
	agency, err := s.Catalogue.Agency(ctx, d.Agency)
	if err != nil {
		return nil, err
	}
	if agency.PersonMark {
		return s.move(ctx, d, record.AwaitingMark, record.Change{Decision: made, Note: made.Note, Job: record.JobPrepareMark})
	}
	return s.move(ctx, d, record.Approved, record.Change{Decision: made, Note: made.Note, Job: record.JobAuthenticate, JobAfter: wait})
}
