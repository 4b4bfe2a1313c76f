package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

const filesPerDocument = 2000

// An upload asks that the body becomes a document. It is streamed: nothing of it
// is held in memory.
type upload struct {
	Dossier        string `path:"dossier" maxLength:"64"`
	Name           string `query:"name" maxLength:"200" doc:"File name of a body that is one file."`
	Pages          int    `query:"pages" minimum:"0" maximum:"100000" doc:"Pages that the clerk counted; required when several files are joined. The document is set aside if another number is found."`
	Text           string `query:"text" enum:"skip,redo,force" doc:"What becomes of the text that a PDF has already: skip keeps it, redo recognises every page, force draws every page anew first. Default: the agency's."`
	Supersedes     string `query:"supersedes" maxLength:"64" doc:"The document that this new scan replaces."`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same request gets the same answer again."`
	SHA256         string `header:"X-Content-SHA256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of a body that is one file; another one is refused."`

	ctx huma.Context
}

// Resolve keeps the request, whose body is streamed.
func (u *upload) Resolve(ctx huma.Context) []error {
	u.ctx = ctx
	return nil
}

type accepted struct {
	Status   int
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed"`
	Body     record.Receipt
}

func (s *Server) addUpload(api huma.API) {
	op := operation("upload", "Upload a document: the body is one file, or multipart/form-data with several files that are joined in their order", func(op *huma.Operation) {
		op.DefaultStatus = http.StatusAccepted
		op.Errors = append(op.Errors, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusInsufficientStorage)
		binary := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": binary}}
	})
	register(api, op, s.receive)
	// Said afterwards: a schema that is no plain binary would have the body read into memory.
	parts := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": {Type: "array", Items: &huma.Schema{Type: "string", Format: "binary"}}}}
	api.OpenAPI().Paths[op.Path].Post.RequestBody.Content["multipart/form-data"] = &huma.MediaType{Schema: parts}
}

// receive takes an upload. When it answers 202 the bytes are durable, and the row,
// the job and the receipt's manifest are stored.
func (s *Server) receive(ctx context.Context, in *upload) (*accepted, error) {
	dossier, err := s.dossier(ctx, in.Dossier)
	if err != nil {
		return nil, err
	}
	spooled, err := s.spool(in)
	defer func() {
		for _, u := range spooled {
			u.Remove()
		}
	}()
	if err != nil {
		return nil, err
	}
	crash.Point("upload-spooled")
	request := in.digest(spooled)
	if in.IdempotencyKey != "" {
		held, err := s.Catalogue.Answered(ctx, dossier.Agency, in.IdempotencyKey, request)
		if err == nil {
			return replay(held)
		}
		if !isNotFound(err) {
			return nil, err
		}
	}
	receipt, err := s.accept(ctx, dossier, in, spooled)
	if err != nil {
		return nil, err
	}
	crash.Point("upload-manifest")
	out := &accepted{Status: http.StatusAccepted, Location: prefix + "/documents/" + receipt.Document, Body: receipt}
	if receipt.Duplicate {
		out.Status = http.StatusOK
	}
	return out, s.remember(ctx, in, request, out)
}

// accept stores the originals and then the row and the job.
func (s *Server) accept(ctx context.Context, dossier record.Dossier, in *upload, spooled []*spooledFile) (record.Receipt, error) {
	d := record.Document{Agency: dossier.Agency, Dossier: dossier.ID, Name: stem(spooled[0].name), Pages: in.Pages, Text: record.TextMode(in.Text)}
	for i, u := range spooled {
		r, err := s.keepOriginal(ctx, u, i)
		if err != nil {
			return record.Receipt{}, err
		}
		d.Renditions = append(d.Renditions, r)
	}
	// From here on a crash leaves objects that no row names; the same upload finds them.
	crash.Point("upload-object")
	d, duplicate, err := s.Catalogue.Receive(ctx, d, in.Supersedes, actor(ctx))
	if err != nil {
		return record.Receipt{}, err
	}
	crash.Point("upload-row")
	if err := s.Manifests(ctx, d.ID); err != nil {
		return record.Receipt{}, err // accepted, but not to be told before the manifest lies there; the client asks again
	}
	return receiptOf(d, duplicate), nil
}

func (s *Server) keepOriginal(ctx context.Context, u *spooledFile, part int) (record.Rendition, error) {
	r := record.Rendition{Kind: record.RenditionOriginal, SHA256: u.SHA256, Bytes: u.Bytes, MediaType: u.mediaType, Name: u.name, Part: part}
	f, err := u.Open()
	if err != nil {
		return r, err
	}
	defer f.Close()
	r.VersionID, err = s.Store.Put(ctx, f, u.Bytes, u.SHA256, u.mediaType)
	return r, err
}

func receiptOf(d record.Document, duplicate bool) record.Receipt {
	r := record.Receipt{Document: d.ID, Dossier: d.Dossier, Agency: d.Agency, AcceptedAt: d.CreatedAt, Duplicate: duplicate}
	for _, o := range d.Renditions {
		if o.Kind == record.RenditionOriginal {
			r.Originals = append(r.Originals, o)
		}
	}
	return r
}

// remember keeps the answer for the same request with the same key.
func (s *Server) remember(ctx context.Context, in *upload, request string, out *accepted) error {
	if in.IdempotencyKey == "" {
		return nil
	}
	b, err := json.Marshal(out.Body)
	if err != nil {
		return err
	}
	return s.Catalogue.KeepAnswer(ctx, caller(ctx).Agency, in.IdempotencyKey, request, catalogue.Answer{Status: out.Status, Body: b}, actor(ctx))
}

func replay(held catalogue.Answer) (*accepted, error) {
	out := &accepted{Status: held.Status, Replayed: "true"}
	err := json.Unmarshal(held.Body, &out.Body)
	out.Location = prefix + "/documents/" + out.Body.Document
	return out, err
}

// A spooledFile is one file of an upload that has arrived.
type spooledFile struct {
	*storage.Spooled
	name, mediaType string
}

// spool takes the files of an upload in, in their order. It returns those that
// have arrived even with an error, so that they can be removed.
func (s *Server) spool(in *upload) ([]*spooledFile, error) {
	r, w := humago.Unwrap(in.ctx)
	in0 := s.patient(r, w)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // anything else is one file
	if kind != "multipart/form-data" {
		one, err := s.spoolFile(in0, in.Name)
		if err != nil {
			return nil, err
		}
		if in.SHA256 != "" && in.SHA256 != string(one.SHA256) {
			return []*spooledFile{one}, record.Refuse(record.DigestMismatch, nil, "%s was announced, %s came", in.SHA256, one.SHA256)
		}
		return []*spooledFile{one}, nil
	}
	all, err := s.spoolParts(multipart.NewReader(in0, params["boundary"]))
	switch {
	case err != nil:
		return all, err
	case len(all) == 0:
		return all, record.Refuse(record.EmptyFile, nil, "no part named file")
	case len(all) > 1 && in.Pages == 0:
		return all, record.Refuse(record.PagesMismatch, nil, "%d files are to be joined and pages does not say how many pages they have", len(all))
	}
	return all, nil
}

func (s *Server) spoolParts(parts *multipart.Reader) ([]*spooledFile, error) {
	var all []*spooledFile
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, record.Fail(record.UploadCut, err, "read part %d", len(all)+1)
		}
		if part.FormName() != "file" {
			continue
		}
		if len(all) == filesPerDocument {
			return all, record.Refuse(record.TooManyPages, nil, "more than %d files", filesPerDocument)
		}
		one, err := s.spoolFile(part, part.FileName())
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
}

// spoolFile takes one file in and looks at its first bytes.
func (s *Server) spoolFile(r io.Reader, name string) (*spooledFile, error) {
	u, err := s.Spool.Receive(r, s.UploadBytes)
	if err != nil {
		return nil, err
	}
	one := &spooledFile{Spooled: u, name: cleanName(name), mediaType: sniff(u.Head)}
	switch {
	case u.Bytes == 0:
		u.Remove()
		return nil, record.Refuse(record.EmptyFile, nil, "receive %s", one.name)
	case one.mediaType == "image/heic", one.mediaType == "image/avif":
		u.Remove()
		return nil, record.Refuse(record.FormatNotRead, nil, "receive %s", one.name)
	case one.mediaType == "":
		u.Remove()
		return nil, record.Refuse(record.UnknownType, nil, "receive %s", one.name)
	}
	return one, nil
}

// cleanName keeps the base name of what a client called its file.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if name == "." || name == "/" || name == "" || name == ".." {
		return "document"
	}
	return name
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// digest is equal for requests that ask for the same.
func (u *upload) digest(spooled []*spooledFile) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", u.Dossier, strconv.Itoa(u.Pages), u.Supersedes)
	if u.Text != "" {
		fmt.Fprintf(h, "text %s\n", u.Text)
	}
	for _, f := range spooled {
		fmt.Fprintf(h, "%s %s\n", f.SHA256, f.name)
	}
	return hex.EncodeToString(h.Sum(nil))
}
