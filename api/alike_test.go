package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// A paper that is held already is shown, and using it is kept in its history.
func TestAHeldPaperIsUsedAgain(t *testing.T) {
	h := open(t)
	first, other := h.dossier("H01"), h.dossier("H01")
	held, again := h.upload("H01", first, png).Document, h.upload("H01", other, png).Document
	h.seal(held)
	path := "/api/v1/documents/"
	found := read[api.List[catalogue.Likeness]](t, h.ask("H01 clerk", "GET", path+again+"/alike", nil))
	if len(found.Items) != 1 || found.Items[0].How != catalogue.SameBytes || found.Items[0].Document.ID != held {
		t.Errorf("alike = %+v; want %s by its bytes", found.Items, held)
	}
	h.ask("H01 clerk", "POST", path+held+"/reuse", map[string]string{"dossier": other}).want(t, http.StatusOK, "")
	h.ask("H01 clerk", "POST", path+held+"/reuse", map[string]string{"dossier": h.dossier("H02")}).want(t, http.StatusNotFound, record.NotFound)
	events := read[api.List[record.Event]](t, h.ask("H01 clerk", "GET", path+held+"/history", nil)).Items
	in := read[record.Dossier](t, h.ask("H01 clerk", "GET", "/api/v1/dossiers/"+other, nil))
	if last := events[len(events)-1]; last.Kind != "reused" || last.Note != in.Code || !slices.Equal(in.Reused, []string{held}) {
		t.Errorf("last event %+v, dossier %+v; want reused in %s, and the document in it", last, in, other)
	}
	h.ask("H01 clerk", "POST", path+held+"/reuse", map[string]string{"dossier": other, "instead": again}).want(t, http.StatusConflict, record.WrongState)
	h.ingest(again)
	h.ask("H01 clerk", "POST", path+held+"/reuse", map[string]string{"dossier": other, "instead": again}).want(t, http.StatusOK, "")
	if d := read[record.Document](t, h.ask("H01 clerk", "GET", path+again, nil)); d.Status != record.Superseded || d.Superseder != held {
		t.Errorf("the new scan: %s by %q; want superseded by %s", d.Status, d.Superseder, held)
	}
	for _, manifest := range []string{held, again} {
		h.ask("H01 clerk", "GET", path+manifest+"/manifest", nil).want(t, http.StatusOK, "")
	}
}
