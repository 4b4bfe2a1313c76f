package api_test

import (
	"net/http"
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
	if last := events[len(events)-1]; last.Kind != "reused" || last.Note[:len("dossier ")+len(other)] != "dossier "+other {
		t.Errorf("last event %+v; want reused in %s", last, other)
	}
}
