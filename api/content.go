package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

type contentPath struct {
	DocumentPath
	Rendition string `path:"rendition" enum:"original,archival,to-mark,marked,sealed,alto,hocr"`
	Part      int    `query:"part" minimum:"0" doc:"Which of several originals."`
}

func (s *Server) addContent(api huma.API) {
	bytesOf := func(types ...string) func(*huma.Operation) {
		return func(op *huma.Operation) {
			content := map[string]*huma.MediaType{}
			for _, t := range types {
				content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
			}
			op.Responses = map[string]*huma.Response{"200": {Description: "The bytes. ETag is their SHA-256.", Content: content}}
		}
	}
	register(api, operation("read-content", "Fetch a rendition; ETag is its SHA-256", bytesOf("application/octet-stream")), s.content)
	register(api, operation("read-preview", "Fetch a page as a picture for a screen", bytesOf("image/jpeg")), s.preview)
	register(api, operation("read-words", "Read pages, lines and words as recognised", bytesOf("application/json")), func(ctx context.Context, in *DocumentPath) (*huma.StreamResponse, error) {
		d, err := s.document(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		r, ok := d.Rendition(record.RenditionRecord)
		if !ok {
			return nil, notFound("words of document", in.Document)
		}
		return s.stream(ctx, d, r, "")
	})
}

// content streams a rendition.
func (s *Server) content(ctx context.Context, in *contentPath) (*huma.StreamResponse, error) {
	d, err := s.document(ctx, in.Document)
	if err != nil {
		return nil, err
	}
	for i := len(d.Renditions) - 1; i >= 0; i-- {
		if r := d.Renditions[i]; r.Kind == in.Rendition && r.Part == in.Part {
			return s.stream(ctx, d, r, fileName(d, r))
		}
	}
	return nil, notFound(in.Rendition+" of document", in.Document)
}

func fileName(d record.Document, r record.Rendition) string {
	if r.Name != "" {
		return r.Name
	}
	switch r.Kind {
	case record.RenditionALTO:
		return d.Name + ".alto.xml"
	case record.RenditionHOCR:
		return d.Name + ".hocr"
	}
	return d.Name + ".pdf"
}

// stream answers with an object. Its digest is checked while it streams: if the
// bytes are not those, the connection is cut before the last of them, so that
// nobody takes them for whole. A range is answered only from an object that was
// read whole and found right since this process started.
func (s *Server) stream(ctx context.Context, d record.Document, r record.Rendition, name string) (*huma.StreamResponse, error) {
	o, err := s.Store.Open(ctx, r.SHA256, r.VersionID)
	if isNotFound(err) {
		s.damaged(ctx, d, r, "missing", err)
	}
	if err != nil {
		return nil, record.Gone(r.SHA256, err)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer o.Close()
		w, req := s.patientWriter(writer(ctx)), request(ctx)
		defer w.close()
		h := w.Header()
		h.Set("Content-Type", r.MediaType)
		h.Set("ETag", `"`+string(r.SHA256)+`"`)
		h.Set("Cache-Control", "private, no-cache")
		h.Set("X-Content-SHA256", string(r.SHA256))
		if name != "" {
			h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
		}
		if req.Header.Get("Range") != "" {
			s.checkFirst(req, d, r, o)
			http.ServeContent(&ranges{ResponseWriter: w, lang: languageOf(req)}, req, "", time.Time{}, o)
			return
		}
		s.streamWhole(w, req, d, r, o)
	}}, nil
}

// checkFirst reads an object whole before the first range of it is answered.
func (s *Server) checkFirst(req *http.Request, d record.Document, r record.Rendition, o storage.Object) {
	if _, checked := s.whole.Load(r.SHA256); checked {
		return
	}
	if _, err := io.Copy(io.Discard, storage.Check(o, o.Size, r.SHA256)); err != nil {
		s.damaged(req.Context(), d, r, "damaged", err)
		panic(http.ErrAbortHandler)
	}
	if _, err := o.Seek(0, io.SeekStart); err != nil {
		panic(http.ErrAbortHandler)
	}
	s.whole.Store(r.SHA256, true)
}

// A ranges writer tells in a problem that a range lies outside.
type ranges struct {
	http.ResponseWriter
	lang    string
	outside bool
}

func (r *ranges) WriteHeader(status int) {
	if r.outside = status == http.StatusRequestedRangeNotSatisfiable; !r.outside {
		r.ResponseWriter.WriteHeader(status)
		return
	}
	writeProblem(r.ResponseWriter, problemOf(errRange, r.lang))
}

func (r *ranges) Write(b []byte) (int, error) {
	if r.outside {
		return len(b), nil // the words of the library
	}
	return r.ResponseWriter.Write(b)
}

// held reports whether a client says that it has the bytes with this digest
// (RFC 9110, 13.1.2: a list, compared weakly).
func held(noneMatch []string, digest string) bool {
	for tag := range strings.SplitSeq(strings.Join(noneMatch, ","), ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || tag == `"`+digest+`"` {
			return true
		}
	}
	return false
}

func (s *Server) streamWhole(w http.ResponseWriter, req *http.Request, d record.Document, r record.Rendition, o storage.Object) {
	if held(req.Header.Values("If-None-Match"), string(r.SHA256)) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Length", strconv.FormatInt(o.Size, 10))
	w.Header().Set("Accept-Ranges", "bytes")
	if req.Method == http.MethodHead {
		return
	}
	_, err := io.Copy(w, storage.Check(o, o.Size, r.SHA256))
	if errors.Is(err, storage.ErrDamaged) {
		s.damaged(req.Context(), d, r, "damaged", err)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // cuts the connection: never a complete answer
	}
	s.whole.Store(r.SHA256, true)
}

// damaged makes an event of stored bytes that are not what their name says, or gone:
// one, however often they are asked for.
func (s *Server) damaged(ctx context.Context, d record.Document, r record.Rendition, what string, err error) {
	slog.ErrorContext(ctx, "stored bytes are damaged or gone", "document", d.ID, "sha256", string(r.SHA256), "rendition", r.Kind, "error", err)
	if _, before := s.told.LoadOrStore(r.SHA256, true); before {
		return
	}
	if err := s.Catalogue.Note(context.WithoutCancel(ctx), d.ID, "damage-found", fmt.Sprintf("%s %s %s", r.Kind, what, r.SHA256), "system"); err != nil {
		slog.ErrorContext(ctx, "cannot keep the event", "document", d.ID, "error", err)
	}
}

func writer(ctx huma.Context) http.ResponseWriter {
	_, w := humago.Unwrap(ctx)
	return w
}

func request(ctx huma.Context) *http.Request {
	r, _ := humago.Unwrap(ctx)
	return r
}
