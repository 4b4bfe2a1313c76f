package api_test

import (
	"net/http"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// A clerk splits a file of two papers, or says that it is one.
func TestSplit(t *testing.T) {
	h := open(t)
	dossier := h.dossier("H01")
	id := h.upload("H01", dossier, png).Document
	d := h.ingest(id)
	split := func(who string, body map[string]any) reply {
		return h.ask(who, "POST", "/api/v1/documents/"+id+"/split", body)
	}
	whole := read[api.Divided](t, split("H01 clerk", map[string]any{"version": d.Version}))
	if whole.Document.Status != record.InReview || len(whole.Into) != 0 {
		t.Errorf("kept whole: %+v; want the document in review", whole)
	}
	pages := []map[string]int{{"from": 1, "to": 1}, {"from": 2, "to": 2}}
	split("H02 clerk", map[string]any{"version": whole.Document.Version, "documents": pages}).want(t, http.StatusNotFound, record.NotFound)
	split("H01 clerk", map[string]any{"version": d.Version, "documents": pages}).want(t, http.StatusConflict, record.StaleDecision)
	split("H01 clerk", map[string]any{"version": whole.Document.Version, "documents": pages[1:]}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	split("H01 clerk", map[string]any{"version": whole.Document.Version, "documents": []map[string]int{{"from": 0, "to": 2}}}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	got := read[api.Divided](t, split("H01 clerk", map[string]any{"version": whole.Document.Version, "documents": pages}))
	if len(got.Into) != 2 || got.Document.Status != record.Superseded || got.Into[1].Dossier != dossier || *got.Into[1].Span != (record.Span{From: 2, To: 2}) {
		t.Fatalf("split: %+v; want two documents in its place", got)
	}
	for _, subject := range []string{id, got.Into[0].ID, got.Into[1].ID} {
		h.ask("H01 clerk", "GET", "/api/v1/documents/"+subject+"/manifest", nil).want(t, http.StatusOK, "")
	}
	if original := h.ask("H01 clerk", "GET", "/api/v1/documents/"+got.Into[1].ID+"/content/original", nil); string(original.body) != string(png) {
		t.Errorf("the original of the second: %d, %d bytes; want the file as it came", original.StatusCode, len(original.body))
	}
	split("H01 clerk", map[string]any{"version": got.Document.Version}).want(t, http.StatusConflict, record.WrongState)
}
