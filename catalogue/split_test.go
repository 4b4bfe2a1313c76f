package catalogue_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// spans makes spans of their first and last pages.
func spans(pages ...int) []record.Span {
	var all []record.Span
	for pair := range slices.Chunk(pages, 2) {
		all = append(all, record.Span{From: pair[0], To: pair[1]})
	}
	return all
}

func splitting(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "two papers in one file"), record.Change{Pages: 5}, record.InReview)
	for _, c := range []struct {
		what    string
		version int
		spans   []record.Span
		want    error
	}{
		{"one span", d.Version, spans(1, 5), record.ErrInvalid},
		{"a page left out", d.Version, spans(1, 2, 4, 5), record.ErrInvalid},
		{"a page twice", d.Version, spans(1, 3, 3, 5), record.ErrInvalid},
		{"the last page missing", d.Version, spans(1, 2, 3, 4), record.ErrInvalid},
		{"an empty span", d.Version, spans(1, 0, 1, 5), record.ErrInvalid},
		{"an older version", d.Version - 1, spans(1, 2, 3, 5), record.ErrConflict},
	} {
		if _, err := h.Split(h.ctx, d.ID, c.version, c.spans, "test"); !errors.Is(err, c.want) {
			t.Errorf("%s: Split = %v; want %v", c.what, err, c.want)
		}
	}
	parts, err := h.Split(h.ctx, d.ID, d.Version, spans(1, 2, 3, 5), "test")
	if err != nil || len(parts) != 2 {
		t.Fatalf("Split = %v, %v; want two documents", parts, err)
	}
	old, err := h.Document(h.ctx, d.ID)
	if err != nil || old.Status != record.Superseded || !slices.Equal(old.SplitInto, []string{parts[0].ID, parts[1].ID}) || old.Superseder != parts[0].ID {
		t.Errorf("the document that was split: %+v, %v; want superseded by its parts", old, err)
	}
	if e, err := h.LastEvent(h.ctx, d.ID); err != nil || e.Kind != "split" {
		t.Errorf("its last event: %+v, %v; want split", e, err)
	}
	for i, want := range spans(1, 2, 3, 5) {
		p, err := h.Document(h.ctx, parts[i].ID)
		if err != nil || p.Status != record.Received || *p.Span != want || p.Pages != want.Pages() || p.Supersedes != d.ID || len(p.Renditions) != 1 || p.Renditions[0].SHA256 != d.Renditions[0].SHA256 {
			t.Errorf("part %d: %+v, %v; want pages %v of the same original, received", i+1, p, err, want)
		}
		if found, err := h.Alike(h.ctx, p); err != nil || len(found) > 0 {
			t.Errorf("part %d is like %+v, %v; want like nothing", i+1, found, err)
		}
	}
	again := h.move(t, parts[1], record.Change{Pages: 3}, record.InReview)
	if parts, err = h.Split(h.ctx, again.ID, again.Version, spans(1, 1, 2, 3), "test"); err != nil || *parts[1].Span != (record.Span{From: 4, To: 5}) {
		t.Errorf("split again: %+v, %v; want the last part to be pages 4 to 5 of the original", parts, err)
	}
	if got, duplicate, err := h.Receive(h.ctx, scan(h.a, "two papers in one file"), "", "test"); err != nil || duplicate {
		t.Errorf("the same file again: %s, %v, %v; want a new document", got.ID, duplicate, err)
	}
	jobs, err := h.Pending(h.ctx, "", 20)
	if err != nil || len(jobs) < 3 {
		t.Errorf("jobs %v, %v; want one for each part that is to be read", jobs, err)
	}
}

func reusing(t *testing.T, h *house) {
	held := h.move(t, h.receive(t, h.a, "held"), record.Change{}, toSealed...)
	other, err := h.CreateDossier(h.ctx, "H01", "HS-2", "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	scanned := h.move(t, h.receive(t, other, "scanned again"), record.Change{}, record.InReview)
	foreign := h.receive(t, h.b, "another agency")
	dead := h.move(t, h.receive(t, h.a, "dead"), record.Change{}, record.Withdrawn)
	for _, c := range []struct {
		what, held, instead string
		want                error
	}{
		{"of another agency", foreign.ID, "", record.ErrNotFound},
		{"a withdrawn one", dead.ID, "", record.ErrConflict},
		{"an unknown one", "unknown", "", record.ErrNotFound},
		{"instead of a scan elsewhere", held.ID, dead.ID, record.ErrNotFound},
		{"instead of itself", scanned.ID, scanned.ID, record.ErrNotFound},
	} {
		if _, err := h.Reuse(h.ctx, c.held, other.ID, c.instead, "test"); !errors.Is(err, c.want) {
			t.Errorf("%s: Reuse = %v; want %v", c.what, err, c.want)
		}
	}
	for range 2 {
		if _, err := h.Reuse(h.ctx, held.ID, other.ID, "", "test"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := h.Reuse(h.ctx, held.ID, other.ID, scanned.ID, "test")
	if err != nil || got.Version != held.Version+1 || got.Status != record.Sealed {
		t.Errorf("Reuse = %+v, %v; want the held document with one event more", got, err)
	}
	if in, err := h.Dossier(h.ctx, other.ID); err != nil || !slices.Equal(in.Reused, []string{held.ID}) || in.Version != 2 {
		t.Errorf("the dossier: %+v, %v; want the held document in it, once", in, err)
	}
	if d, err := h.Document(h.ctx, scanned.ID); err != nil || d.Status != record.Superseded || d.Superseder != held.ID {
		t.Errorf("the new scan: %+v, %v; want superseded by the held document", d, err)
	}
	if _, err := h.Reuse(h.ctx, held.ID, other.ID, scanned.ID, "test"); !errors.Is(err, record.ErrConflict) {
		t.Errorf("Reuse again instead of it = %v; want a conflict", err)
	}
	due, err := h.DueManifests(h.ctx, other.ID, 10)
	if err != nil || len(due) != 2 {
		t.Errorf("manifests due of the dossier: %d, %v; want its creation and its reuse", len(due), err)
	}
}
