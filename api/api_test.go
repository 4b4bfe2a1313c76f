package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// TestRoutesAndScopes calls every route of the table with every scope, without a
// key, and with an invented one.
func TestRoutesAndScopes(t *testing.T) {
	h := open(t)
	for _, r := range api.Routes {
		path := strings.NewReplacer("{dossier}", "none", "{document}", "none", "{page}", "1", "{rendition}", "sealed", "{key}", "none", "{grant}", "none").Replace(r.Path)
		if r.ID == "follow-agency" {
			continue // does not end by itself; TestEvents has it
		}
		for _, who := range []string{"", "sohoa_aaaa_bbbb", "H01 clerk", "H01 approver", "H01 reader", "H01 admin"} {
			got := h.ask(who, r.Method, path, []byte("{}"), "Content-Type", "application/json")
			_, scope, known := strings.Cut(who, " ")
			switch {
			case r.Open:
				if got.StatusCode == http.StatusUnauthorized || got.StatusCode == http.StatusForbidden {
					t.Errorf("%s as %q = %d; it is open", r.ID, who, got.StatusCode)
				}
			case !known:
				got.want(t, http.StatusUnauthorized, record.Unauthenticated)
			case scope == record.ScopeAdmin || slices.Contains(r.Scopes, scope):
				if got.StatusCode == http.StatusUnauthorized || got.StatusCode == http.StatusForbidden {
					t.Errorf("%s as %s = %d; the scope allows it", r.ID, who, got.StatusCode)
				}
			default:
				got.want(t, http.StatusForbidden, record.Forbidden)
			}
		}
	}
}

// TestForeignIdsLookUnknown: what another agency has and what nobody has are told
// in the same words.
func TestForeignIdsLookUnknown(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	id := h.upload("H01", dossier, png).Document
	h.seal(id)
	for _, r := range api.Routes {
		if r.Open || !strings.Contains(r.Path, "{document}") && !strings.Contains(r.Path, "{dossier}") {
			continue
		}
		ask := func(document, dossier string) reply {
			path := strings.NewReplacer("{dossier}", dossier, "{document}", document, "{page}", "1", "{rendition}", "sealed").Replace(r.Path)
			return h.ask("H02 admin", r.Method, path, map[string]any{
				"correct-fields": map[string]any{"version": 1, "fields": map[string]string{}},
				"decide":         map[string]any{"approve": true, "archival": "", "fields": ""},
				"reopen":         map[string]any{"note": "x"}, "withdraw": map[string]any{"note": "x"},
				"split": map[string]any{"version": 1}, "decide-dossier": map[string]any{}, "reuse": map[string]any{"dossier": dossier}, "prepare-mark": map[string]any{}, "complete-mark": map[string]any{},
			}[r.ID])
		}
		foreign, unknown := ask(id, dossier), ask(strings.Repeat("a", len(id)), strings.Repeat("a", len(dossier)))
		foreign.want(t, http.StatusNotFound, record.NotFound)
		same := strings.NewReplacer(id, "", dossier, "", strings.Repeat("a", len(id)), "", strings.Repeat("a", len(dossier)), "")
		if same.Replace(string(foreign.body)) != same.Replace(string(unknown.body)) {
			t.Errorf("%s tells a foreign id from an unknown one:\n%s\n%s", r.ID, foreign.body, unknown.body)
		}
	}
}

func TestUpload(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	path := "/api/v1/dossiers/" + dossier + "/documents"
	first := h.ask("H01 clerk", "POST", path+"?name=C:\\scans\\don.png", png, "X-Content-SHA256", string(record.DigestOf(png)))
	first.want(t, http.StatusAccepted, "")
	receipt := read[record.Receipt](t, first)
	if o := receipt.Originals[0]; o.SHA256 != record.DigestOf(png) || o.Name != "don.png" || o.MediaType != "image/png" || first.Header.Get("Location") != "/api/v1/documents/"+receipt.Document {
		t.Errorf("receipt %+v, location %q", receipt, first.Header.Get("Location"))
	}
	if b, err := h.store.Manifest(context.Background(), receipt.Document, 1); err != nil || !bytes.Contains(b, []byte(receipt.Document)) {
		t.Errorf("the receipt's manifest is not there: %v", err)
	}
	again := h.ask("H01 clerk", "POST", path, png)
	again.want(t, http.StatusOK, "")
	if r := read[record.Receipt](t, again); r.Document != receipt.Document || !r.Duplicate {
		t.Errorf("the same bytes again: %+v", r)
	}
	other := h.upload("H01", h.dossier("H01"), png)
	if other.Document == receipt.Document || other.Originals[0].SHA256 != receipt.Originals[0].SHA256 {
		t.Errorf("in another dossier: %+v; want a new document on the same object", other)
	}
	if got := h.ask("H01 clerk", "GET", "/api/v1/documents/"+receipt.Document+"/receipt", nil); !bytes.Contains(got.body, []byte(receipt.Originals[0].SHA256)) {
		t.Errorf("receipt read again: %s", got.body)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	path := "/api/v1/dossiers/" + dossier + "/documents"
	for _, c := range []struct {
		name    string
		body    any
		headers []string
		status  int
		reason  record.Reason
	}{
		{"nothing", []byte{}, nil, http.StatusUnprocessableEntity, record.EmptyFile},
		{"no scan", []byte("hello"), nil, http.StatusUnsupportedMediaType, record.UnknownType},
		{"a photo as telephones store them", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), nil, http.StatusUnsupportedMediaType, record.FormatNotRead},
		{"too large", append(slices.Clone(png), make([]byte, 4<<20)...), nil, http.StatusRequestEntityTooLarge, record.TooManyBytes},
		{"over the quota of the spool", append(slices.Clone(png), make([]byte, 9<<20)...), nil, http.StatusRequestEntityTooLarge, record.TooManyBytes},
		{"other bytes than announced", png, []string{"X-Content-SHA256", string(record.DigestOf([]byte("x")))}, http.StatusUnprocessableEntity, record.DigestMismatch},
		{"a digest that is none", png, []string{"X-Content-SHA256", "abc"}, http.StatusUnprocessableEntity, record.Invalid},
		{"multipart without a boundary", png, []string{"Content-Type", "multipart/form-data"}, http.StatusBadRequest, record.UploadCut},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.ask("H01 clerk", "POST", path, c.body, c.headers...).want(t, c.status, c.reason)
			if left, _ := os.ReadDir(filepath.Join(h.dir, "spool")); len(left) != 0 {
				t.Errorf("%d files stay in the spool", len(left))
			}
		})
	}
	if docs := h.ask("H01 clerk", "GET", "/api/v1/documents", nil); !bytes.Contains(docs.body, []byte(`"items":[]`)) {
		t.Errorf("a refused upload left a document: %s", docs.body)
	}
}

func TestAnUploadThatIsCutOffLeavesNothing(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /api/v1/dossiers/%s/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000000\r\n\r\n%s", dossier, h.keys["H01 clerk"], png)
	conn.Close()
	for range 200 {
		left, _ := os.ReadDir(filepath.Join(h.dir, "spool"))
		docs := h.ask("H01 clerk", "GET", "/api/v1/documents", nil)
		if len(left) == 0 && bytes.Contains(docs.body, []byte(`"items":[]`)) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("something stays behind")
}

func form(t *testing.T, files map[string][]byte, order ...string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range order {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(files[name])
	}
	w.Close()
	return &b, w.FormDataContentType()
}

func TestSeveralFilesBecomeOneDocument(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	path := "/api/v1/dossiers/" + dossier + "/documents"
	files := map[string][]byte{"b.png": append(slices.Clone(png), 'b'), "a.png": append(slices.Clone(png), 'a')}
	body, kind := form(t, files, "b.png", "a.png")
	h.ask("H01 clerk", "POST", path, body, "Content-Type", kind).want(t, http.StatusUnprocessableEntity, record.PagesMismatch)
	body, kind = form(t, files, "b.png", "a.png")
	receipt := read[record.Receipt](t, h.ask("H01 clerk", "POST", path+"?pages=2&text=redo", body, "Content-Type", kind))
	if o := receipt.Originals; len(o) != 2 || o[0].Name != "b.png" || o[1].Name != "a.png" || o[1].Part != 1 {
		t.Errorf("originals %+v; want b.png, a.png", o)
	}
	if d, err := h.catalogue.Document(context.Background(), receipt.Document); err != nil || d.Text != record.RedoText {
		t.Errorf("text %q, %v; want redo, as the clerk asked", d.Text, err)
	}
	second := h.ask("H01 clerk", "GET", "/api/v1/documents/"+receipt.Document+"/content/original?part=1", nil)
	if !bytes.Equal(second.body, files["a.png"]) {
		t.Error("part 1 is not the second file")
	}
}

func TestIdempotency(t *testing.T) {
	h := open(t)
	path := "/api/v1/dossiers/" + h.dossier("H01") + "/documents"
	first := h.ask("H01 clerk", "POST", path, png, "Idempotency-Key", "k1")
	second := h.ask("H01 clerk", "POST", path, png, "Idempotency-Key", "k1")
	if first.StatusCode != 202 || second.StatusCode != 202 || !bytes.Equal(first.body, second.body) || second.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s\n%d %s", first.StatusCode, first.body, second.StatusCode, second.body)
	}
	h.ask("H01 clerk", "POST", path, append(slices.Clone(png), '!'), "Idempotency-Key", "k1").want(t, http.StatusConflict, record.IdempotencyUsed)
}

func TestReview(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	path := "/api/v1/documents/" + id
	h.ask("H01 clerk", "GET", path+"/fields", nil).want(t, http.StatusNotFound, record.NotFound)
	h.ingest(id)
	seen := read[api.Reviewed](t, h.ask("H01 clerk", "GET", path+"/fields", nil))
	if seen.Fields[record.CodeNumber].Value != "12" || seen.Digest == "" || seen.Archival == "" {
		t.Fatalf("seen %+v", seen)
	}
	if p := h.ask("H01 clerk", "GET", path+"/pages/2/preview", nil); string(p.body) != "page two!" || p.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("preview = %q", p.body)
	}
	h.ask("H01 clerk", "GET", path+"/pages/3/preview", nil).want(t, http.StatusNotFound, record.NotFound)

	correct := func(version int, fields map[string]string) reply {
		return h.ask("H01 clerk", "PUT", path+"/fields", map[string]any{"version": version, "fields": fields})
	}
	correct(seen.Version, map[string]string{record.IssuedDate: "hôm qua"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	correct(seen.Version, map[string]string{"<script>": "x"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	correct(seen.Version, map[string]string{record.CodeNumber: strings.Repeat("1", 12)}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	after := read[api.Reviewed](t, correct(seen.Version, map[string]string{record.SignerName: "Nguyễn Văn Thửa", record.IssuedDate: "2026-11-23"}))
	if f := after.Fields[record.SignerName]; f.Status != record.Confirmed || f.Normal != "Nguyễn Văn Thửa" || after.Digest == seen.Digest {
		t.Errorf("after the correction: %+v", after)
	}
	correct(seen.Version, map[string]string{record.SignerName: "x"}).want(t, http.StatusConflict, record.StaleDecision)

	decide := func(who string, body map[string]any) reply { return h.ask(who, "POST", path+"/decision", body) }
	approve := map[string]any{"approve": true, "archival": after.Archival, "fields": after.Digest}
	decide("H01 clerk", approve).want(t, http.StatusForbidden, record.Forbidden)
	decide("H02 approver", approve).want(t, http.StatusNotFound, record.NotFound)
	decide("H01 approver", map[string]any{"approve": true, "archival": seen.Archival, "fields": seen.Digest}).want(t, http.StatusConflict, record.StaleDecision)
	decide("H01 approver", map[string]any{"approve": true, "archival": seen.Digest, "fields": after.Digest}).want(t, http.StatusConflict, record.StaleDecision)
	decide("H01 approver", map[string]any{"approve": false, "archival": after.Archival, "fields": after.Digest}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	if d := read[record.Document](t, decide("H01 approver", approve)); d.Status != record.Approved || d.Decision.Fields != after.Digest {
		t.Errorf("approved %+v", d)
	}
	decide("H01 approver", approve).want(t, http.StatusConflict, record.WrongState)
	jobs, err := h.catalogue.Pending(context.Background(), "", 10)
	if err != nil || !slices.ContainsFunc(jobs, func(j record.Job) bool { return j.Kind == record.JobAuthenticate && j.Document == id }) {
		t.Errorf("no job to seal: %v, %v", jobs, err)
	}
}

func TestStatesByHand(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	path := "/api/v1/documents/" + id
	h.ask("H01 clerk", "POST", path+"/redrive", nil).want(t, http.StatusConflict, record.WrongState)
	if _, err := h.catalogue.Advance(context.Background(), id, record.Received, record.SetAside, record.Change{Reason: record.Damaged}); err != nil {
		t.Fatal(err)
	}
	if d := read[record.Document](t, h.ask("H01 clerk", "GET", path, nil)); d.Status != record.SetAside || d.Reason != record.Damaged {
		t.Errorf("document %+v", d)
	}
	if o := h.ask("H01 clerk", "GET", path+"/content/original", nil); !bytes.Equal(o.body, png) {
		t.Error("the original of a document that was set aside cannot be fetched")
	}
	if d := read[record.Document](t, h.ask("H01 clerk", "POST", path+"/redrive", nil)); d.Status != record.Received {
		t.Errorf("redriven to %s", d.Status)
	}
	h.seal(id)
	h.ask("H01 approver", "POST", path+"/withdraw", map[string]string{"note": ""}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	if d := read[record.Document](t, h.ask("H01 approver", "POST", path+"/reopen", map[string]string{"note": "sai số"})); d.Status != record.InReview || d.Note != "sai số" {
		t.Errorf("reopened to %+v", d)
	}
	if s := h.ask("H01 clerk", "GET", path+"/content/sealed", nil); string(s.body) != "%PDF sealed "+id {
		t.Error("the old seal is not fetchable after reopening")
	}
	if d := read[record.Document](t, h.ask("H01 approver", "POST", path+"/withdraw", map[string]string{"note": "nộp nhầm"})); d.Status != record.Withdrawn {
		t.Errorf("withdrawn to %s", d.Status)
	}
	history := read[api.List[record.Event]](t, h.ask("H01 clerk", "GET", path+"/history", nil)).Items
	for i, e := range history {
		if e.Number != i+1 {
			t.Errorf("history has a gap at %d: %+v", i, e)
		}
	}
}

func TestContent(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	h.seal(id)
	path := "/api/v1/documents/" + id + "/content/"
	whole := h.ask("H01 reader", "GET", path+"original", nil)
	whole.want(t, http.StatusOK, "")
	tag := `"` + string(record.DigestOf(png)) + `"`
	if !bytes.Equal(whole.body, png) || whole.Header.Get("ETag") != tag || whole.ContentLength != int64(len(png)) {
		t.Errorf("%d bytes, ETag %s", len(whole.body), whole.Header.Get("ETag"))
	}
	for match, want := range map[string]int{tag: 304, `"other", ` + tag: 304, "W/" + tag: 304, "*": 304, `"other"`: 200, string(record.DigestOf(png)): 200} {
		if r := h.ask("H01 reader", "GET", path+"original", nil, "If-None-Match", match); r.StatusCode != want {
			t.Errorf("If-None-Match: %s = %d; want %d", match, r.StatusCode, want)
		}
	}
	if r := h.ask("H01 reader", "GET", path+"sealed", nil, "Range", "bytes=5-10"); r.StatusCode != http.StatusPartialContent || string(r.body) != "sealed" {
		t.Errorf("Range = %d %q", r.StatusCode, r.body)
	}
	for kind, suffix := range map[string]string{"alto": ".alto.xml", "hocr": ".hocr"} {
		r := h.ask("H01 reader", "GET", path+kind, nil)
		if name := r.Header.Get("Content-Disposition"); string(r.body) != "words "+kind || !strings.HasSuffix(name, suffix) {
			t.Errorf("%s = %q, %q", kind, r.body, name)
		}
	}
	h.ask("H01 reader", "GET", path+"sealed", nil, "Range", "bytes=99999-").want(t, http.StatusRequestedRangeNotSatisfiable, record.RangeOutside)
	if r := h.ask("H01 reader", "HEAD", path+"archival", nil); r.StatusCode != http.StatusOK || len(r.body) != 0 {
		t.Errorf("HEAD = %d, %d bytes", r.StatusCode, len(r.body))
	}
	h.ask("H01 reader", "GET", path+"secret", nil).want(t, http.StatusUnprocessableEntity, record.Invalid)
	h.ask("H01 reader", "GET", path+"original?part=7", nil).want(t, http.StatusNotFound, record.NotFound)
}

// TestDamagedBytesAreNeverWhole flips a bit on the disk: every way to fetch the
// object breaks off, and the history says so once. If it is gone that is our fault,
// not the asker's.
func TestDamagedBytesAreNeverWhole(t *testing.T) {
	for _, headers := range [][]string{nil, {"Range", "bytes=0-3"}} {
		h := open(t)
		id := h.upload("H01", h.dossier("H01"), png).Document
		d := record.DigestOf(png)
		file := filepath.Join(h.dir, "objects", "sha256", string(d[:2]), string(d[2:4]), string(d))
		bad := slices.Clone(png)
		bad[len(bad)-1] ^= 1
		if err := errors.Join(os.Chmod(file, 0o644), os.WriteFile(file, bad, 0o644)); err != nil {
			t.Fatal(err)
		}
		req, _ := http.NewRequest("GET", h.url+"/api/v1/documents/"+id+"/content/original", nil)
		req.Header.Set("Authorization", "Bearer "+h.keys["H01 clerk"])
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			var b []byte
			b, err = io.ReadAll(resp.Body)
			if err == nil {
				t.Errorf("%v: a complete answer of %d bytes, status %d", headers, len(b), resp.StatusCode)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		h.ask("H01 clerk", "GET", "/api/v1/documents/"+id+"/content/original", nil).want(t, http.StatusInternalServerError, record.StoredDamaged)
		history := h.ask("H01 clerk", "GET", "/api/v1/documents/"+id+"/history", nil)
		if bytes.Count(history.body, []byte("damage-found")) != 1 {
			t.Errorf("%v: asked twice, the history has not one event of it: %s", headers, history.body)
		}
	}
}

func TestReaders(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	open1 := h.upload("H01", dossier, png).Document
	sealed := h.upload("H01", dossier, append(slices.Clone(png), 's')).Document
	h.seal(sealed)
	h.ask("H01 reader", "GET", "/api/v1/documents/"+open1, nil).want(t, http.StatusNotFound, record.NotFound)
	h.ask("H01 reader", "GET", "/api/v1/documents/"+sealed, nil).want(t, http.StatusOK, "")
	h.ask("H02 reader", "GET", "/api/v1/documents/"+sealed, nil).want(t, http.StatusNotFound, record.NotFound)
	grant := map[string]any{"to": "H02", "purpose": "đối chiếu", "until": time.Now().Add(time.Hour), "dossiers": []string{dossier}}
	g := read[record.Grant](t, h.ask("H01 admin", "POST", "/api/v1/admin/grants", grant))
	h.ask("H02 reader", "GET", "/api/v1/documents/"+sealed, nil).want(t, http.StatusOK, "")
	h.ask("H02 reader", "GET", "/api/v1/documents/"+sealed+"/content/sealed", nil).want(t, http.StatusOK, "")
	h.ask("H02 clerk", "GET", "/api/v1/documents/"+sealed, nil).want(t, http.StatusNotFound, record.NotFound)
	if got := h.ask("H02 reader", "GET", "/api/v1/search?q=don+de+nghi", nil); !bytes.Contains(got.body, []byte(sealed)) || bytes.Contains(got.body, []byte(open1)) {
		t.Errorf("search by a grant: %s", got.body)
	}
	h.ask("H02 admin", "DELETE", "/api/v1/admin/grants/"+g.ID, nil).want(t, http.StatusNotFound, record.NotFound)
	h.ask("H01 admin", "DELETE", "/api/v1/admin/grants/"+g.ID, nil).want(t, http.StatusNoContent, "")
	h.ask("H02 reader", "GET", "/api/v1/documents/"+sealed, nil).want(t, http.StatusNotFound, record.NotFound)
}

func TestKeysByRoute(t *testing.T) {
	h := open(t)
	k := read[api.NewKey](t, h.ask("H01 admin", "POST", "/api/v1/admin/keys", map[string]string{"scope": "reader", "label": "thử"}))
	h.ask(k.Secret, "GET", "/api/v1/whoami", nil).want(t, http.StatusOK, "")
	if all := h.ask("H01 admin", "GET", "/api/v1/admin/keys", nil); bytes.Contains(all.body, []byte(k.Secret)) || !bytes.Contains(all.body, []byte(k.ID)) {
		t.Errorf("keys: %s", all.body)
	}
	h.ask("H01 admin", "DELETE", "/api/v1/admin/keys/"+k.ID, nil).want(t, http.StatusNoContent, "")
	h.ask(k.Secret, "GET", "/api/v1/whoami", nil).want(t, http.StatusUnauthorized, record.Unauthenticated)
	expired := read[api.NewKey](t, h.ask("H01 admin", "POST", "/api/v1/admin/keys", map[string]any{"scope": "reader", "label": "cũ", "expiresAt": time.Now().Add(-time.Minute)}))
	h.ask(expired.Secret, "GET", "/api/v1/whoami", nil).want(t, http.StatusUnauthorized, record.Unauthenticated)
}

func TestBodiesThatDoNotFit(t *testing.T) {
	h := open(t)
	for name, body := range map[string]any{
		"no JSON":     []byte("{"),
		"wrong types": map[string]any{"code": 7, "title": []int{1}},
		"no code":     map[string]any{"title": "x"},
		"empty code":  map[string]any{"code": "", "title": "x"},
		"too long":    map[string]any{"code": strings.Repeat("x", 101), "title": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.ask("H01 clerk", "POST", "/api/v1/dossiers", body, "Content-Type", "application/json")
			if r.StatusCode != http.StatusUnprocessableEntity && r.StatusCode != http.StatusBadRequest {
				t.Errorf("%d %s", r.StatusCode, r.body)
			}
			r.want(t, r.StatusCode, record.Invalid)
		})
	}
	h.ask("H01 clerk", "POST", "/api/v1/dossiers", bytes.Repeat([]byte(" "), 2<<20), "Content-Type", "application/json").want(t, http.StatusRequestEntityTooLarge, record.TooManyBytes)
	h.ask("H01 clerk", "GET", "/api/v1/documents?status=odd", nil).want(t, http.StatusUnprocessableEntity, record.Invalid)
	h.ask("H01 clerk", "GET", "/api/v1/documents?limit=100000", nil).want(t, http.StatusUnprocessableEntity, record.Invalid)
	h.ask("H01 clerk", "GET", "/api/v1/documents?cursor=odd", nil).want(t, http.StatusUnprocessableEntity, record.Invalid)
	h.ask("H01 clerk", "GET", "/api/v1/nowhere", nil).want(t, http.StatusNotFound, record.NotFound)
}

func TestPublicVerification(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	h.ask("", "GET", "/api/v1/verify/"+id, nil).want(t, http.StatusNotFound, record.NotFound) // not sealed: as unknown
	h.ask("", "GET", "/api/v1/verify/nobody", nil).want(t, http.StatusNotFound, record.NotFound)
	h.seal(id)
	got := h.ask("", "GET", "/api/v1/verify/"+id, nil)
	got.want(t, http.StatusOK, "")
	if !bytes.Contains(got.body, []byte(`"verdict":"un`)) || bytes.Contains(got.body, []byte("Nguyễn Văn Thử")) || !bytes.Contains(got.body, []byte("Sở H01")) {
		t.Errorf("public answer: %s", got.body)
	}
	if got := h.ask("", "POST", "/api/v1/verify", []byte("no pdf")); !bytes.Contains(got.body, []byte(`"verdict":"unreadable"`)) {
		t.Errorf("a file that is no PDF: %d %s", got.StatusCode, got.body)
	}
	h.ask("", "POST", "/api/v1/verify", make([]byte, 2<<20)).want(t, http.StatusRequestEntityTooLarge, record.TooManyBytes)
	if left, _ := os.ReadDir(filepath.Join(h.dir, "spool")); len(left) != 0 {
		t.Errorf("verification keeps %d files", len(left))
	}
	limited := false
	for range 40 {
		r := h.ask("", "GET", "/api/v1/verify/nobody", nil)
		limited = limited || r.StatusCode == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("forty questions in a row were answered")
	}
}

// A stranger is told no number that nobody has read: a guess at handwriting is none.
func TestPublicVerificationGuessesNoHandwriting(t *testing.T) {
	h := open(t)
	h.fields[record.CodeNumber] = record.Field{Value: "439", Normal: "439", Confidence: 0.3, Status: record.Handwritten}
	h.fields[record.CodeNotation] = record.Field{Value: "NQ-HĐND", Normal: "NQ-HĐND", Confidence: 0.9, Status: record.Read}
	id := h.upload("H01", h.dossier("H01"), png).Document
	h.seal(id)
	if got := read[api.Public](t, h.ask("", "GET", "/api/v1/verify/"+id, nil)); got.Number != "…/NQ-HĐND" {
		t.Errorf("number %q; want it without the guess", got.Number)
	}
}

func TestEvents(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	h.ingest(id)
	follow := func(path, last string) string {
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		req, _ := http.NewRequestWithContext(ctx, "GET", h.url+path, nil)
		req.Header.Set("Authorization", "Bearer "+h.keys["H01 clerk"])
		if last != "" {
			req.Header.Set("Last-Event-ID", last)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got strings.Builder
		b := make([]byte, 1)
		for strings.Count(got.String(), "\n\n") < 1 || !strings.Contains(got.String(), "advanced") {
			if _, err := resp.Body.Read(b); err != nil {
				t.Fatalf("%v after %s", err, got.String())
			}
			got.Write(b)
		}
		return got.String()
	}
	all := follow("/api/v1/documents/"+id+"/events", "")
	if !strings.Contains(all, "event: received") {
		t.Errorf("events: %s", all)
	}
	events, err := h.catalogue.Events(context.Background(), "H01", id, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	later := follow("/api/v1/events", fmt.Sprint(events[0].Seq))
	if strings.Contains(later, "event: received") {
		t.Errorf("events after %d: %s", events[0].Seq, later)
	}
	h.ask("H01 clerk", "GET", "/api/v1/events", nil, "Last-Event-ID", "x").want(t, http.StatusUnprocessableEntity, record.Invalid)
}

func TestMessagesInThreeLanguages(t *testing.T) {
	h := open(t)
	titles := map[string]bool{}
	for _, lang := range []string{"vi", "en-GB,en;q=0.8", "fr"} {
		r := h.ask("", "GET", "/api/v1/documents", nil, "Accept-Language", lang)
		r.want(t, http.StatusUnauthorized, record.Unauthenticated)
		titles[string(r.body)] = true
	}
	if len(titles) != 3 {
		t.Errorf("%d different answers in three languages", len(titles))
	}
}

// TestOpenAPI compares the committed description with the code.
func TestOpenAPI(t *testing.T) {
	got, err := api.Description()
	if err != nil {
		t.Fatal(err)
	}
	const path = "../docs/openapi.yaml"
	if os.Getenv("WRITE_DOCS") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/openapi.yaml is not what the code says (%v): WRITE_DOCS=1 go test ./api", err)
	}
	for _, r := range api.Routes {
		if !bytes.Contains(got, []byte("operationId: "+r.ID)) {
			t.Errorf("route %s has no operation", r.ID)
		}
	}
}

// TestADossierIsFoundByItsCode: by another program that has lost the answer, and by
// no other agency.
func TestADossierIsFoundByItsCode(t *testing.T) {
	h := open(t)
	h.dossier("H01")
	made := read[record.Dossier](t, h.ask("H01 clerk", "POST", "/api/v1/dossiers", map[string]string{"code": "H48.01-261123-0001", "title": "Hồ sơ"}))
	for _, c := range []struct {
		who, code string
		want      []string
	}{
		{"H01 clerk", made.Code, []string{made.ID}},
		{"H01 clerk", "H48.01-261123-000", nil},
		{"H02 clerk", made.Code, nil},
	} {
		var got []string
		for _, d := range read[api.List[record.Dossier]](t, h.ask(c.who, "GET", "/api/v1/dossiers?code="+c.code, nil)).Items {
			got = append(got, d.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("dossiers of %s with the code %s = %v; want %v", c.who, c.code, got, c.want)
		}
	}
}
