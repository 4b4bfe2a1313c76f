package api_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
)

// A document of an agency that asks for the person's own mark waits for it, and
// what comes from her desk is stored for a worker.
func TestMark(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	if err := h.catalogue.PutAgency(ctx, record.Agency{ID: "H01", Name: "Sở H01", PersonMark: true}, "test"); err != nil {
		t.Fatal(err)
	}
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	id := h.upload("H01", h.dossier("H01"), png).Document
	d := h.ingest(id)
	archival, _ := d.Rendition(record.RenditionArchival)
	path := "/api/v1/documents/" + id
	mark := func(way string, body any) reply { return h.ask("H01 clerk", "POST", path+"/mark"+way, body) }
	certificates := map[string]any{"certificates": []string{base64.StdEncoding.EncodeToString(p.Signer.Certificate.Raw)}}
	mark("/prepare", certificates).want(t, http.StatusConflict, record.WrongState)
	approve := map[string]any{"approve": true, "archival": archival.SHA256, "fields": d.Fields}
	if d = read[record.Document](t, h.ask("H01 approver", "POST", path+"/decision", approve)); d.Status != record.AwaitingMark {
		t.Fatalf("approved: %s; want awaiting-mark", d.Status)
	}
	value := map[string]any{"signature": "AAAA"}
	pdf := []byte("%PDF-1.7\nsigned at a desk")
	for _, c := range []struct {
		what, way string
		body      any
		status    int
		want      record.Reason
	}{
		{"no certificate", "/prepare", map[string]any{}, http.StatusUnprocessableEntity, record.Invalid},
		{"a certificate that is none", "/prepare", map[string]any{"certificates": []string{"AAAA"}}, http.StatusUnprocessableEntity, record.KeyUnreadable},
		{"a value before anything is prepared", "/complete", value, http.StatusConflict, record.MarkNotPrepared},
		{"a document before anything is prepared", "", pdf, http.StatusConflict, record.MarkNotPrepared},
		{"a certificate", "/prepare", certificates, http.StatusAccepted, ""},
	} {
		t.Log(c.what)
		mark(c.way, c.body).want(t, c.status, c.want)
	}
	prepared, err := h.store.PutBytes(ctx, []byte("%PDF-1.7\nto be signed"), "application/pdf")
	if err != nil {
		t.Fatal(err)
	}
	prepared.Kind = record.RenditionToMark
	if _, err = h.catalogue.Advance(ctx, id, record.AwaitingMark, record.AwaitingMark, record.Change{Actor: "worker", Renditions: []record.Rendition{prepared},
		Mark: &record.Mark{Draft: prepared.SHA256, Attributes: []byte("attributes")}}); err != nil {
		t.Fatal(err)
	}
	if got := h.ask("H01 clerk", "GET", path+"/content/to-mark", nil); string(got.body) != "%PDF-1.7\nto be signed" {
		t.Errorf("to-mark = %d %q", got.StatusCode, got.body)
	}
	mark("/complete", map[string]any{}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	mark("/complete", map[string]any{"signature": "AAAA", "cms": "AAAA"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	mark("", png).want(t, http.StatusUnprocessableEntity, record.MarkUnsound)
	answered := mark("/complete", value)
	answered.want(t, http.StatusAccepted, "")
	if d = read[record.Document](t, answered); !d.Mark.Answered() || d.Mark.Draft != prepared.SHA256 {
		t.Errorf("mark %+v; want the value beside what was prepared", d.Mark)
	}
	returned := mark("", pdf)
	returned.want(t, http.StatusAccepted, "")
	if d = read[record.Document](t, returned); d.Mark.Returned != record.DigestOf(pdf) || len(d.Mark.Signature) > 0 {
		t.Errorf("mark %+v; want what came last alone", d.Mark)
	}
	jobs, err := h.catalogue.Pending(ctx, "", 20)
	kinds := map[record.JobKind]int{}
	for _, j := range jobs {
		kinds[j.Kind]++
	}
	if err != nil || kinds[record.JobPrepareMark] != 2 || kinds[record.JobCompleteMark] != 2 || kinds[record.JobAuthenticate] != 0 {
		t.Errorf("jobs %v, %v; want two to prepare, two to complete, none to seal", kinds, err)
	}
}
