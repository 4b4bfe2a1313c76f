package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// What stands on no paper is given by a person, in the forms of the law, and what
// was read outside the header and close keeps its place on the page.
func TestMetadata(t *testing.T) {
	h := open(t)
	id := h.upload("H01", h.dossier("H01"), png).Document
	d := h.ingest(id)
	kept, err := h.store.PutBytes(context.Background(), []byte(`{"pages":[{"number":1,"source":"image"}],"particulars":{"language":"01",
		"codes":[{"kind":"personId","value":"079203012345","normal":"079203012345","confidence":0.9,"status":"read","evidence":[{"page":1,"box":[5,6,7,8]}]},
			{"kind":"personId","value":"079203012399","normal":"079203012399","confidence":0.4,"status":"read"}]}}`), "application/json")
	if err != nil {
		t.Fatal(err)
	}
	kept.Kind = record.RenditionRecord
	if d, err = h.catalogue.Advance(context.Background(), id, record.InReview, record.Rejected, record.Change{Actor: "worker", Renditions: []record.Rendition{kept}}); err == nil {
		d, err = h.catalogue.Advance(context.Background(), id, record.Rejected, record.InReview, record.Change{Actor: "worker"})
	}
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/v1/documents/" + id
	correct := func(fields map[string]string) reply {
		return h.ask("H01 clerk", "PUT", path+"/fields", map[string]any{"version": d.Version, "fields": fields})
	}
	correct(map[string]string{"maintenance": "99"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	correct(map[string]string{"riskRecovery": "perhaps"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	seen := read[api.Reviewed](t, correct(map[string]string{"maintenance": "01", "personId": "079203012345", "subject": "Về việc thử"}))
	if f := seen.Fields["personId"]; f.Status != record.Confirmed || len(f.Evidence) != 1 || f.Evidence[0].Box != (record.Box{5, 6, 7, 8}) {
		t.Errorf("personId: %+v; want confirmed, with its place on the page", f)
	}
	got := read[api.Described](t, h.ask("H01 clerk", "GET", path+"/metadata", nil))
	for name, want := range map[string]string{"maintenance": "01", "language": "01", "numberOfPage": "1", "subject": "Về việc thử", "codeNumber": "12"} {
		if got.Metadata.Archive[name] != want {
			t.Errorf("%s is %q; want %q", name, got.Metadata.Archive[name], want)
		}
	}
	missing := map[string]string{}
	for _, f := range got.Metadata.Flaws {
		missing[f.Element] = f.Why
	}
	if missing["mode"] != "missing" || missing["maintenance"] != "" || len(got.Particulars.Codes) != 2 {
		t.Errorf("flaws %v, %d codes; want mode missing, maintenance not, 2", missing, len(got.Particulars.Codes))
	}
	h.ask("H01 reader", "GET", path+"/metadata", nil).want(t, http.StatusNotFound, record.NotFound)
}

// A reader sees the pages of what is sealed, and of nothing else.
func TestAReaderSeesPages(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	sealed := h.seal(h.upload("H01", dossier, png).Document)
	open := h.ingest(h.upload("H01", dossier, append(png, 'x')).Document)
	for _, what := range []string{"/pages/1/preview", "/words", "/metadata"} {
		h.ask("H01 reader", "GET", "/api/v1/documents/"+sealed.ID+what, nil).want(t, http.StatusOK, "")
		h.ask("H01 reader", "GET", "/api/v1/documents/"+open.ID+what, nil).want(t, http.StatusNotFound, record.NotFound)
		h.ask("H02 reader", "GET", "/api/v1/documents/"+sealed.ID+what, nil).want(t, http.StatusNotFound, record.NotFound)
	}
	if counts := read[map[record.Status]int](t, h.ask("H01 clerk", "GET", "/api/v1/counts", nil)); counts[record.Sealed] != 1 || counts[record.InReview] != 1 {
		t.Errorf("counts %v; want one sealed, one in review", counts)
	}
	if b := sealed.Brief; b == nil || b.Number != "12" {
		t.Errorf("brief %+v; want number 12", b)
	}
}
