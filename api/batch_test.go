package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// A dossier is approved in one request; what fails is told one by one and does
// not hold up the rest.
func TestDecideDossier(t *testing.T) {
	h := open(t)
	dossier, other := h.dossier("H01"), h.dossier("H01")
	seen := func(dossier, content string) (map[string]any, string) {
		id := h.upload("H01", dossier, append(slices.Clone(png), content...)).Document
		d := h.ingest(id)
		archival, _ := d.Rendition(record.RenditionArchival)
		return map[string]any{"document": id, "archival": archival.SHA256, "fields": d.Fields}, id
	}
	first, firstID := seen(dossier, "1")
	second, _ := seen(dossier, "2")
	elsewhere, _ := seen(other, "3")
	changed, changedID := seen(dossier, "4")
	changed["fields"] = changed["archival"]
	foreign := h.upload("H02", h.dossier("H02"), png).Document
	path := "/api/v1/dossiers/" + dossier + "/decision"
	all := map[string]any{"documents": []any{first, changed, elsewhere, first, map[string]any{"document": foreign, "archival": "", "fields": ""}, second}, "note": "cả hồ sơ"}
	h.ask("H01 clerk", "POST", path, all).want(t, http.StatusForbidden, record.Forbidden)
	h.ask("H01 approver", "POST", path, map[string]any{"documents": []any{}}).want(t, http.StatusUnprocessableEntity, record.Invalid)
	got := read[api.DossierDecided](t, h.ask("H01 approver", "POST", path, all))
	var reasons []record.Reason
	for _, item := range got.Items {
		if item.Problem == nil {
			reasons = append(reasons, record.Reason(item.Status))
			continue
		}
		reasons = append(reasons, item.Problem.Reason)
	}
	want := []record.Reason{"approved", record.StaleDecision, record.NotFound, record.WrongState, record.NotFound, "approved"}
	if got.Approved != 2 || got.Failed != 4 || !slices.Equal(reasons, want) {
		t.Errorf("%d approved, %d failed, %q; want 2, 4, %q", got.Approved, got.Failed, reasons, want)
	}
	for id, want := range map[string]record.Status{firstID: record.Approved, changedID: record.InReview} {
		if d, err := h.catalogue.Document(context.Background(), id); err != nil || d.Status != want {
			t.Errorf("document %s: %s, %v; want %s", id, d.Status, err, want)
		}
	}
}
