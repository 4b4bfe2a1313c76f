package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

const (
	fieldsLimit = 4 << 20   // bytes
	wordsLimit  = 256 << 20 // bytes
)

// Reviewed is what a decision is made on: the fields as they stand, and the two
// digests that the decision must name.
type Reviewed struct {
	Document string        `json:"document"`
	Version  int           `json:"version"`
	Archival record.Digest `json:"archival"`
	Digest   record.Digest `json:"digest"` // of the fields
	Fields   record.Fields `json:"fields"`
}

type correction struct {
	DocumentPath
	Body struct {
		Version int               `json:"version" doc:"Of the document that was seen."`
		Fields  map[string]string `json:"fields" doc:"Normal form by field name, as a person confirms it; an empty value takes the field out."`
	}
}

type decision struct {
	DocumentPath
	Body struct {
		Approve  bool   `json:"approve"`
		Archival string `json:"archival" doc:"SHA-256 of the archival PDF that was seen."`
		Fields   string `json:"fields" doc:"SHA-256 of the fields that were seen."`
		Note     string `json:"note,omitempty" maxLength:"2000" doc:"Required for a rejection."`
	}
}

func (s *Server) addReview(api huma.API) {
	conflicts := func(op *huma.Operation) { op.Errors = append(op.Errors, http.StatusConflict) }
	register(api, operation("read-fields", "Read the fields and the digests that a decision names"), func(ctx context.Context, in *DocumentPath) (*body[Reviewed], error) {
		d, err := s.document(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		return answer(s.reviewed(ctx, d))
	})
	register(api, operation("correct-fields", "Correct fields of a document in review", conflicts), s.correct)
	register(api, operation("decide", "Approve or reject what was seen", conflicts), s.decide)
}

func (s *Server) reviewed(ctx context.Context, d record.Document) (Reviewed, error) {
	if d.Fields == "" {
		return Reviewed{}, notFound("fields of document", d.ID)
	}
	b, err := s.Store.Read(ctx, d.Fields, "", fieldsLimit)
	if err != nil {
		return Reviewed{}, record.Gone(d.Fields, err)
	}
	fields, err := record.ParseFields(b)
	archival, _ := d.Rendition(record.RenditionArchival)
	return Reviewed{Document: d.ID, Version: d.Version, Archival: archival.SHA256, Digest: d.Fields, Fields: fields}, err
}

// correct stores the fields as a person confirmed them. The value that the
// machine read stays in the record rendition.
func (s *Server) correct(ctx context.Context, in *correction) (*body[Reviewed], error) {
	d, err := s.ownDocument(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	seen, err := s.reviewed(ctx, d)
	if err != nil {
		return nil, err
	}
	read, err := s.unlisted(ctx, d, seen.Fields, in.Body.Fields)
	if err != nil {
		return nil, err
	}
	for name, value := range in.Body.Fields {
		if value == "" {
			delete(seen.Fields, name)
			continue
		}
		before, listed := seen.Fields[name]
		if !listed {
			before = read[name]
		}
		field, err := confirmed(name, value, before)
		if err != nil {
			return nil, err
		}
		seen.Fields[name] = field
	}
	b, err := json.Marshal(seen.Fields)
	if err != nil {
		return nil, err
	}
	object, err := s.Store.PutBytes(ctx, b, "application/json")
	if err != nil {
		return nil, err
	}
	object.Kind = record.RenditionFields
	if d, err = s.Catalogue.SaveFields(ctx, d.ID, in.Body.Version, seen.Fields, object, actor(ctx)); err != nil {
		return nil, err
	}
	_ = s.Manifests(ctx, d.ID) // stays due; the reconciler writes it
	return answer(s.reviewed(ctx, d))
}

// unlisted are what the machine read under names that are corrected and are no
// fields yet: on a form, and identifiers by their kind.
func (s *Server) unlisted(ctx context.Context, d record.Document, fields record.Fields, corrected map[string]string) (record.Fields, error) {
	known := true
	for name := range corrected {
		_, is := fields[name]
		known = known && is
	}
	if known {
		return nil, nil
	}
	digitised, err := s.digitised(ctx, d)
	read := record.Fields{}
	count := map[record.CodeKind]int{}
	for _, code := range digitised.Particulars.Codes {
		name := string(code.Kind)
		if count[code.Kind]++; count[code.Kind] > 1 {
			name += strconv.Itoa(count[code.Kind]) // personId, personId2, …
		}
		read[name] = code.Field
	}
	maps.Copy(read, digitised.Particulars.FormFields)
	return read, err
}

// confirmed is a field as a person confirms it.
func confirmed(name, value string, read record.Field) (record.Field, error) {
	if err := record.CheckField(name, value); err != nil {
		return record.Field{}, err
	}
	f := record.Field{Value: value, Normal: value, Confidence: 1, Status: record.Confirmed, Rule: "person", Evidence: read.Evidence}
	if read.Normal == value || read.Value == value {
		f.Value, f.Code = read.Value, read.Code
	}
	return f, nil
}

// decide approves or rejects. What is sealed is what was seen: a decision on
// another archival PDF or other fields than stand now is refused.
func (s *Server) decide(ctx context.Context, in *decision) (*body[record.Document], error) {
	return s.decideOn(ctx, in, 0)
}

// decideOn lets the seal of what is approved wait for a time, unless it is released.
func (s *Server) decideOn(ctx context.Context, in *decision, wait time.Duration) (*body[record.Document], error) {
	d, err := s.ownDocument(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	if d.Status != record.InReview {
		return nil, wrongState(d, "decide on")
	}
	archival, _ := d.Rendition(record.RenditionArchival)
	if in.Body.Archival != string(archival.SHA256) || in.Body.Fields != string(d.Fields) {
		return nil, &record.Error{Reason: record.StaleDecision, Kind: record.ErrConflict, Detail: fmt.Sprintf("decide on document %s", d.ID)}
	}
	made := &record.Decision{Approve: in.Body.Approve, Archival: archival.SHA256, Fields: d.Fields, Note: in.Body.Note, Actor: actor(ctx), At: time.Now().UTC().Truncate(time.Microsecond)}
	if !made.Approve {
		if in.Body.Note == "" {
			return nil, fmt.Errorf("a rejection needs a note: %w", record.ErrInvalid)
		}
		return s.move(ctx, d, record.Rejected, record.Change{Decision: made, Note: made.Note})
	}
	if archival.SHA256 == "" {
		return nil, record.Refuse(record.WrongState, nil, "document %s has no archival PDF to seal", d.ID)
	}
	return s.approve(ctx, d, made, wait)
}

type previewPath struct {
	DocumentPath
	Page int `path:"page" minimum:"1" maximum:"100000"`
}

// preview answers one page of the bundle of previews.
func (s *Server) preview(ctx context.Context, in *previewPath) (*huma.StreamResponse, error) {
	d, err := s.document(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	bundle, ok := d.Rendition(record.RenditionPreviews)
	if !ok || in.Page > len(bundle.Parts) {
		return nil, notFound("preview of document", in.Document)
	}
	o, err := s.Store.Open(ctx, bundle.SHA256, bundle.VersionID)
	if err != nil {
		return nil, record.Gone(bundle.SHA256, err)
	}
	defer o.Close()
	part := bundle.Parts[in.Page-1]
	if _, err := o.Seek(part[0], 0); err != nil {
		return nil, err
	}
	picture := make([]byte, part[1])
	if _, err := io.ReadFull(o, picture); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "image/jpeg")
		ctx.SetHeader("Cache-Control", "private, max-age=3600")
		http.ServeContent(writer(ctx), request(ctx), "", time.Time{}, bytes.NewReader(picture))
	}}, nil
}
