// Package process tests the service as it runs: real processes on real parts, broken
// on purpose.
package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// A house is a service under test: its parts, its processes, a key, a dossier.
type house struct {
	t       *testing.T
	config  app.Config
	work    work.Config
	url     string
	secret  string
	dossier string
	s3      storage.S3Config // of production
	tsa     *faulty
}

// embedded is a service on parts inside its own process.
func embedded(t *testing.T) *house {
	return prepare(t, app.Config{Data: t.TempDir(), SpoolBytes: 1 << 30, UploadBytes: 64 << 20})
}

// production is a service on real Redis, PostgreSQL and MinIO.
func production(t *testing.T, redis string) *house {
	b := testsvc.MinIO(t)
	s3 := storage.S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey}
	if _, err := storage.MakeBucket(context.Background(), s3, false); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	secret := filepath.Join(data, "store.secret")
	if err := os.WriteFile(secret, []byte(b.SecretKey), 0o600); err != nil {
		t.Fatal(err)
	}
	h := prepare(t, app.Config{Data: data, Store: fmt.Sprintf("s3://%s@%s/%s", b.AccessKey, b.Endpoint, b.Name), StoreSecret: secret,
		Catalogue: testsvc.Postgres(t), Redis: redis, SpoolBytes: 1 << 30, UploadBytes: 64 << 20})
	h.s3 = s3
	return h
}

// prepare makes the agency, its key and a development PKI that the test serves.
func prepare(t *testing.T, c app.Config) *house {
	t.Helper()
	h := &house{t: t, config: c}
	cat, err := app.OpenCatalogue(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer cat.Close()
	ctx := context.Background()
	if err := cat.PutAgency(ctx, record.Agency{ID: "H01", Name: "Sở Thử nghiệm", CopyForm: "SAO Y"}, "test"); err != nil {
		t.Fatal(err)
	}
	if _, h.secret, err = cat.CreateKey(ctx, "H01", record.ScopeAdmin, "test", time.Time{}, "test"); err != nil {
		t.Fatal(err)
	}
	h.servePKI()
	h.url = "http://" + freeAddress(t)
	return h
}

func (h *house) servePKI() {
	h.t.Helper()
	dir := filepath.Join(h.t.TempDir(), "pki")
	if err := devpki.Init(dir, "http://"+freeAddress(h.t)); err != nil {
		h.t.Fatal(err)
	}
	l, err := devpki.Listen(dir)
	if err != nil {
		h.t.Fatal(err)
	}
	h.tsa = authority(h.t, dir)
	server := &http.Server{Handler: h.tsa}
	h.t.Cleanup(func() { server.Close() })
	go server.Serve(l)
	h.work = work.Config{Key: filepath.Join(dir, devpki.SignerFile), PasswordFile: filepath.Join(dir, devpki.PasswordFile), Level: "B-T",
		TSA: []string{"http://" + l.Addr().String() + "/tsa"}, TSATime: 10 * time.Second, AllowPrivate: true, Trust: []string{filepath.Join(dir, devpki.RootsFile)},
		Jobs: 1, Languages: "vie", PageTime: 2 * time.Minute, StopTime: time.Second}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// api is the part that faces the network; it verifies with the trust of the PKI.
func (h *house) api() part {
	return part{App: h.config, Listen: h.url[len("http://"):], Timing: short()}
}

// worker is a part that works; each has a data folder of its own.
func (h *house) worker() part {
	c := h.config
	c.Data = h.t.TempDir()
	w := h.work
	return part{App: c, Work: &w, Timing: short()}
}

// all is everything in one process.
func (h *house) all() part {
	p := h.api()
	w := h.work
	p.Work = &w
	return p
}

// call asks the API and reads the answer into out; it fails on any error.
func (h *house) call(method, path string, in, out any) {
	h.t.Helper()
	if err := h.try(method, path, in, out); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) try(method, path string, in, out any) error {
	var body io.Reader
	kind := "application/json"
	switch b := in.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(b)
	case joined:
		body, kind = b.body()
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, h.url+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+h.secret)
	if _, raw := in.([]byte); !raw {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, text)
	}
	if raw, is := out.(*[]byte); is {
		*raw = text
		return nil
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// joined are several files of one document.
type joined [][]byte

// body is a form with the files, and its media type.
func (j joined) body() (io.Reader, string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i, file := range j {
		if w, err := form.CreateFormFile("file", fmt.Sprintf("%d.jpg", i+1)); err == nil { // a buffer takes all
			w.Write(file)
		}
	}
	form.Close()
	return &b, form.FormDataContentType()
}

// awake waits until the API answers and makes the dossier.
func (h *house) awake() {
	h.t.Helper()
	h.until("the API answers", func() error {
		resp, err := http.Get(h.url + "/readyz")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("status %s", resp.Status)
		}
		return nil
	})
	var d record.Dossier
	h.call("POST", "/dossiers", map[string]string{"code": fmt.Sprint("HS-", time.Now().UnixNano()), "title": "Hồ sơ"}, &d)
	h.dossier = d.ID
}

// patience bounds what a test waits for; it is no measure of speed.
const patience = 4 * time.Minute

func (h *house) until(what string, f func() error) {
	h.t.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if err = f(); err == nil {
			return
		}
	}
	h.t.Fatalf("%s: not within %v: %v", what, patience, err)
}

// upload sends a scan and returns its receipt.
func (h *house) upload(name string, scan []byte) record.Receipt {
	h.t.Helper()
	var r record.Receipt
	h.call("POST", "/dossiers/"+h.dossier+"/documents?name="+name, scan, &r)
	return r
}

// reaches waits until a document stands in status (at level, if given).
func (h *house) reaches(id string, status record.Status, level record.Level) record.Document {
	h.t.Helper()
	var d record.Document
	h.until(fmt.Sprintf("document %s is %s %s", id, status, level), func() error {
		if err := h.try("GET", "/documents/"+id, nil, &d); err != nil {
			return err
		}
		if d.Status != status || !d.Level.AtLeast(level) {
			return fmt.Errorf("it is %s %s %s", d.Status, d.Level, d.Reason)
		}
		return nil
	})
	return d
}

// approve decides on what stands there.
func (h *house) approve(id string) {
	h.t.Helper()
	var seen api.Reviewed
	h.call("GET", "/documents/"+id+"/fields", nil, &seen)
	h.call("POST", "/documents/"+id+"/decision", map[string]any{"approve": true, "archival": seen.Archival, "fields": seen.Digest}, nil)
}

// scan is a small page with text that no other scan has.
func scan(t *testing.T, seed int64) []byte {
	t.Helper()
	spec := paper.SampleDossier()[0]
	spec.Seed, spec.DPI = seed, 100
	doc, err := paper.Make(spec)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := paper.WriteJPEG(&b, doc.Pages[0].Image, spec.DPI, 70); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sound checks one document against the promises: a gapless history, every object
// with its digest, one seal.
func (h *house) sound(id string) {
	h.t.Helper()
	seals := 0
	for _, e := range h.history(id) {
		if e.From == record.Sealing && e.To == record.Sealed {
			seals++
		}
	}
	if seals != 1 {
		h.t.Errorf("%d seals of one decision on %s", seals, id)
	}
	var d record.Document
	h.call("GET", "/documents/"+id, nil, &d)
	for _, kind := range []string{"original", "archival", "sealed"} {
		var b []byte
		h.call("GET", "/documents/"+id+"/content/"+kind, nil, &b)
		if r, _ := d.Rendition(kind); record.DigestOf(b) != r.SHA256 {
			h.t.Errorf("%s of %s has digest %s; want %s", kind, id, record.DigestOf(b), r.SHA256)
		}
	}
	var m record.Manifest
	h.call("GET", "/documents/"+id+"/manifest", nil, &m)
	if m.Document == nil || m.Document.Version != d.Version || m.Document.Status != d.Status {
		h.t.Errorf("manifest of %s: %+v; want version %d", id, m.Document, d.Version)
	}
}

// history is what happened to a document, without a gap.
func (h *house) history(id string) []record.Event {
	h.t.Helper()
	var history api.List[record.Event]
	h.call("GET", "/documents/"+id+"/history", nil, &history)
	for i, e := range history.Items {
		if e.Number != i+1 || i > 0 && e.From != history.Items[i-1].To {
			h.t.Errorf("history of %s at %d: %+v", id, i, e)
		}
	}
	return history.Items
}
