package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/signing/verify/pages"
	"github.com/sohoa/sohoa/storage"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{"verify": verify.Serve, pages.Child: pages.Serve})
	os.Exit(m.Run())
}

// A house is a served API on embedded parts, with two agencies, a key of each
// scope in both, and nobody working: tests move documents themselves.
type house struct {
	t         *testing.T
	url       string
	dir       string
	catalogue *catalogue.Catalogue
	store     *storage.Store
	server    *api.Server
	keys      map[string]string // "H01 clerk" → secret
	fields    record.Fields     // of documents that are read
}

func open(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, dir: t.TempDir(), keys: map[string]string{}, fields: maps.Clone(testFields)}
	var err error
	if h.catalogue, err = catalogue.Open(ctx, "sqlite:"+filepath.Join(h.dir, "c.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.catalogue.Close() })
	if h.store, err = storage.OpenFiles(filepath.Join(h.dir, "objects")); err != nil {
		t.Fatal(err)
	}
	spool, err := storage.OpenSpool(filepath.Join(h.dir, "spool"), 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	h.server = &api.Server{Catalogue: h.catalogue, Store: h.store, Spool: spool, Manifests: h.manifests, UploadBytes: 4 << 20, VerifyBytes: 1 << 20,
		Version: "test", Ready: func(context.Context) error { return nil }}
	for _, agency := range []string{"H01", "H02"} {
		if err := h.catalogue.PutAgency(ctx, record.Agency{ID: agency, Name: "Sở " + agency}, "test"); err != nil {
			t.Fatal(err)
		}
		for _, scope := range record.Scopes {
			_, secret, err := h.catalogue.CreateKey(ctx, agency, scope, scope, time.Time{}, "test")
			if err != nil {
				t.Fatal(err)
			}
			h.keys[agency+" "+scope] = secret
		}
	}
	served := httptest.NewServer(h.server.Handler())
	t.Cleanup(served.Close)
	h.url = served.URL
	return h
}

func (h *house) manifests(ctx context.Context, subject string) error {
	due, err := h.catalogue.DueManifests(ctx, subject, 100)
	for _, m := range due {
		if err == nil {
			err = h.store.PutManifest(ctx, m.Subject, m.Number, m.Body)
		}
		if err == nil {
			err = h.catalogue.ManifestStored(ctx, m.Subject, m.Number)
		}
	}
	return err
}

// A reply is a response read to its end.
type reply struct {
	*http.Response
	body []byte
}

// ask sends a request as somebody ("H01 clerk", "" for nobody).
func (h *house) ask(who, method, path string, body any, headers ...string) reply {
	h.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	case io.Reader:
		r = b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			h.t.Fatal(err)
		}
		r = bytes.NewReader(text)
		headers = append([]string{"Content-Type", "application/json"}, headers...)
	}
	req, err := http.NewRequest(method, h.url+path, r)
	if err != nil {
		h.t.Fatal(err)
	}
	if who != "" {
		secret, known := h.keys[who]
		if !known {
			secret = who
		}
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatalf("%s %s: read the answer: %v", method, path, err)
	}
	return reply{resp, text}
}

// want fails unless the answer has the status and, if not empty, the reason.
func (r reply) want(t *testing.T, status int, reason record.Reason) {
	t.Helper()
	var p api.Problem
	_ = json.Unmarshal(r.body, &p) // not every answer is a problem
	if r.StatusCode != status || p.Reason != reason && reason != "" {
		t.Errorf("%s %s = %d %q; want %d %q: %.300s", r.Request.Method, r.Request.URL.Path, r.StatusCode, p.Reason, status, reason, r.body)
	}
	if status >= 400 && (p.Type != "urn:sohoa:reason:"+string(p.Reason) || p.Title == "" || r.Header.Get("Content-Type") != "application/problem+json") {
		t.Errorf("%s %s: no problem of RFC 9457: %s %.300s", r.Request.Method, r.Request.URL.Path, r.Header.Get("Content-Type"), r.body)
	}
}

func read[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil || r.StatusCode >= 300 {
		t.Fatalf("%s %s = %d, %v: %.300s", r.Request.Method, r.Request.URL.Path, r.StatusCode, err, r.body)
	}
	return v
}

var png = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("scan"), 100)...)

func (h *house) dossier(agency string) string {
	h.t.Helper()
	return read[record.Dossier](h.t, h.ask(agency+" clerk", "POST", "/api/v1/dossiers", map[string]string{"code": "HS-" + catalogue.NewID(), "title": "Hồ sơ"})).ID
}

func (h *house) upload(agency, dossier string, body []byte) record.Receipt {
	h.t.Helper()
	return read[record.Receipt](h.t, h.ask(agency+" clerk", "POST", "/api/v1/dossiers/"+dossier+"/documents?name=don.png", body))
}

var testFields = record.Fields{
	record.CodeNumber: {Value: "12", Normal: "12", Confidence: 0.9, Status: record.Read, Evidence: []record.Evidence{{Page: 1, Box: record.Box{1, 2, 3, 4}}}},
	record.SignerName: {Value: "Nguyễn Văn Thử", Normal: "Nguyễn Văn Thử", Confidence: 0.5, Status: record.Read},
}

// ingest does what a worker does, with bytes of no meaning.
func (h *house) ingest(id string) record.Document {
	h.t.Helper()
	ctx := context.Background()
	put := func(kind, body, mediaType string) record.Rendition {
		r, err := h.store.PutBytes(ctx, []byte(body), mediaType)
		if err != nil {
			h.t.Fatal(err)
		}
		r.Kind = kind
		return r
	}
	fields, err := json.Marshal(h.fields)
	if err != nil {
		h.t.Fatal(err)
	}
	previews := put(record.RenditionPreviews, "page onepage two!", "application/octet-stream")
	previews.Parts = [][2]int64{{0, 8}, {8, 9}}
	current := put(record.RenditionFields, string(fields), "application/json")
	d, err := h.catalogue.Advance(ctx, id, record.Received, record.InReview, record.Change{Actor: "worker", Pages: 2, Fields: h.fields, FieldsAt: current.SHA256,
		Text: "Đơn đề nghị cấp giấy", Renditions: []record.Rendition{put(record.RenditionArchival, "%PDF archival "+id, "application/pdf"), current,
			put(record.RenditionALTO, "words alto", "application/xml"), put(record.RenditionHOCR, "words hocr", "application/xhtml+xml"),
			put(record.RenditionRecord, `{"pages":[]}`, "application/json"), previews}})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// seal takes a document from received to sealed.
func (h *house) seal(id string) record.Document {
	h.t.Helper()
	d := h.ingest(id)
	ctx := context.Background()
	sealed, err := h.store.PutBytes(ctx, []byte("%PDF sealed "+id), "application/pdf")
	if err != nil {
		h.t.Fatal(err)
	}
	sealed.Kind = record.RenditionSealed
	for _, to := range []record.Status{record.Approved, record.Sealing, record.Sealed} {
		change := record.Change{Actor: "test"}
		if to == record.Sealed {
			change.Level, change.Renditions = record.BB, []record.Rendition{sealed}
		}
		if d, err = h.catalogue.Advance(ctx, id, d.Status, to, change); err != nil {
			h.t.Fatal(err)
		}
	}
	return d
}
