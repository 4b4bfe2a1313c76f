//go:build crash

package process

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// TestKilledWhileADocumentGivesItsPlace: a document is split, a held one is used in
// its place, a new scan of several files supersedes it; the service dies at each
// point of that, and the person asks again until she sees that it is done. What
// takes the place is there once, whole, and goes on to its seal.
func TestKilledWhileADocumentGivesItsPlace(t *testing.T) {
	t.Parallel()
	h := embedded(t)
	l := newLoad(h)
	one := start(t, h.all(), l.armed("")...)
	h.awake()
	l.add(5300)
	h.until("one is held", func() error {
		if l.drive(); len(l.done) == 0 {
			return fmt.Errorf("it is not")
		}
		return nil
	})
	held := l.done[0]
	split := func(old record.Document) error {
		return h.try("POST", "/documents/"+old.ID+"/split", map[string]any{"version": old.Version, "documents": []record.Span{{From: 1, To: 1}, {From: 2, To: 2}}}, nil)
	}
	reuse := func(old record.Document) error {
		return h.try("POST", "/documents/"+held+"/reuse", map[string]any{"dossier": old.Dossier, "instead": old.ID}, nil)
	}
	supersede := func(seed int64) func(record.Document) error { // two with one text may be sealed in one second
		again := joined{strip(t, seed), strip(t, seed+1)}
		return func(old record.Document) error {
			return h.try("POST", "/dossiers/"+old.Dossier+"/documents?pages=2&supersedes="+old.ID, again, nil)
		}
	}
	for i, c := range []struct {
		point string
		ask   func(old record.Document) error
		heirs int // new documents in the dossier
	}{
		{"split-inserted", split, 2},
		{"split-rows", split, 2},
		{"reuse-noted", reuse, 0},
		{"reused-rows", reuse, 0},
		{"file-linked:2", supersede(5301), 1},
		{"upload-row", supersede(5303), 1},
	} {
		h.awake() // in a dossier of its own
		two := papers(t, strip(t, int64(5310+2*i)), strip(t, int64(5311+2*i)))
		old := h.reaches(h.upload("hai.pdf", two).Document, record.InReview, "")
		one.kill()
		l.arm(c.point, one)
		one.again()
		h.until("killed at "+c.point, func() error {
			_ = c.ask(old) // asked again
			return l.untilKilled(one)
		})
		l.arm("", one)
		one.again()
		h.until("it has given its place", func() error {
			var d record.Document
			if err := h.try("GET", "/documents/"+old.ID, nil, &d); err != nil {
				return err
			}
			if old = d; d.Status != record.Superseded {
				return fmt.Errorf("it is %s: %v", d.Status, c.ask(d))
			}
			return nil
		})
		heirs := h.heirs(old)
		if len(heirs) != c.heirs || c.heirs == 0 && old.Superseder != held || c.heirs > 0 && !slices.Contains(heirs, old.Superseder) {
			t.Errorf("killed at %s: superseded by %s, new in the dossier %v; want %d", c.point, old.Superseder, heirs, c.heirs)
		}
		h.history(old.ID)
		l.open, l.gone = append(l.open, heirs...), append(l.gone, old.ID)
	}
	l.finish(1)
	uses := slices.DeleteFunc(h.history(held), func(e record.Event) bool { return e.Kind != "reused" })
	if len(uses) != 2 {
		t.Errorf("the held document was noted as used %d times; want once in each of two dossiers", len(uses))
	}
}

// heirs are the documents of a superseded document's dossier but itself.
func (h *house) heirs(old record.Document) (ids []string) {
	h.t.Helper()
	var all api.List[record.Document]
	h.call("GET", "/documents?dossier="+old.Dossier, nil, &all)
	for _, d := range all.Items {
		if d.ID != old.ID && d.Dossier == old.Dossier {
			ids = append(ids, d.ID)
		}
	}
	return ids
}
