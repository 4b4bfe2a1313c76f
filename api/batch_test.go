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

// How far the seals of a dossier are is told of its own agency, and what failed is
// tried again when an approver says so.
func TestSealProgress(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	dossier := h.dossier("H01")
	path := "/api/v1/dossiers/" + dossier + "/sealing"
	var all []any
	for n := range 2 {
		id := h.upload("H01", dossier, append(slices.Clone(png), byte(n))).Document
		d := h.ingest(id)
		archival, _ := d.Rendition(record.RenditionArchival)
		all = append(all, map[string]any{"document": id, "archival": archival.SHA256, "fields": d.Fields})
	}
	h.ask("H01 approver", "POST", "/api/v1/dossiers/"+dossier+"/decision", map[string]any{"documents": all})
	jobs, err := h.catalogue.Pending(ctx, record.LaneSeal, 10)
	if err != nil || len(jobs) != 2 {
		t.Fatalf("%d seals are due, %v; want both, as soon as the decision is answered", len(jobs), err)
	}
	if _, _, err := h.catalogue.Start(ctx, jobs[0].JobRef, "worker"); err != nil {
		t.Fatal(err)
	}
	if err := h.catalogue.Bury(ctx, jobs[0].JobRef, record.KeyLocked); err != nil {
		t.Fatal(err)
	}
	h.ask("H01 reader", "GET", path, nil).want(t, http.StatusForbidden, record.Forbidden)
	h.ask("H02 clerk", "GET", path, nil).want(t, http.StatusNotFound, record.NotFound)
	h.ask("H02 approver", "POST", path, nil).want(t, http.StatusNotFound, record.NotFound)
	got := read[record.SealProgress](t, h.ask("H01 clerk", "GET", path, nil))
	if got.Waiting != 1 || len(got.Failed) != 1 || got.Failed[0].Reason != record.KeyLocked || got.Failed[0].Document != jobs[0].Document {
		t.Errorf("progress: %+v; want one waiting and one with a locked key", got)
	}
	h.ask("H01 clerk", "POST", path, nil).want(t, http.StatusForbidden, record.Forbidden)
	if again := read[record.SealProgress](t, h.ask("H01 approver", "POST", path, nil)); again.Waiting != 2 || len(again.Failed) != 0 {
		t.Errorf("tried again: %+v; want two waiting", again)
	}
	history := read[api.List[record.Event]](t, h.ask("H01 approver", "GET", "/api/v1/documents/"+jobs[0].Document+"/history", nil))
	if last := history.Items[len(history.Items)-1]; last.Kind != "seal-again" || last.Actor == "" {
		t.Errorf("last event: %+v; want who asked for it", last)
	}
}
