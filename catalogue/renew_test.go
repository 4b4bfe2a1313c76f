package catalogue_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
)

func renewals(t *testing.T, h *house) {
	day := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	seal := func(name string, until time.Time) record.Document {
		d := h.receive(t, h.a, name)
		change := record.Change{Level: record.BLTA, Renditions: []record.Rendition{{Kind: record.RenditionSealed, SHA256: record.DigestOf([]byte(name)), Level: record.BLTA, Until: &until}}}
		return h.move(t, d, change, toSealed...)
	}
	soon, withdrawn := seal("ends soon", day), seal("is withdrawn", day)
	seal("ends late", day.AddDate(5, 0, 0))
	h.move(t, withdrawn, record.Change{}, record.Withdrawn)
	for _, c := range []struct {
		when   string
		before time.Time
		want   int
	}{{"long before", day.AddDate(-1, 0, 0), 0}, {"when it ends soon", day.AddDate(0, 0, 1), 1}, {"while that job waits", day.AddDate(0, 0, 1), 0}} {
		if n, err := h.Renew(h.ctx, c.before, 10, "test"); err != nil || n != c.want {
			t.Errorf("%s: Renew = %d, %v; want %d", c.when, n, err, c.want)
		}
	}
	h.anotherTable(t, soon, day)
	jobs, err := h.Pending(h.ctx, "", 100)
	var raised []string
	for _, j := range jobs {
		if j.Kind == record.JobRaise {
			raised = append(raised, j.Document)
		}
	}
	if err != nil || len(raised) != 2 || !slices.Contains(raised, soon.ID) {
		t.Errorf("raise jobs for %v, %v; want one for %s and one for what ends earlier now", raised, err, soon.ID)
	}
}

// anotherTable works out again when seals end: what does not change is no event, and
// what ends earlier is renewed earlier.
func (h *house) anotherTable(t *testing.T, one record.Document, day time.Time) {
	t.Helper()
	all, err := h.OtherTable(h.ctx, "new", "", 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("OtherTable = %d, %v; want the two that are sealed", len(all), err)
	}
	if rest, err := h.OtherTable(h.ctx, "new", all[0].ID, 10); err != nil || len(rest) != 1 || rest[0].ID != all[1].ID {
		t.Errorf("OtherTable after the first = %d, %v; want the second", len(rest), err)
	}
	for _, d := range all {
		until := day
		if d.ID != one.ID {
			until = day.AddDate(0, -6, 0)
		}
		if err := h.Reschedule(h.ctx, d, until, "new", "test"); err != nil {
			t.Fatal(err)
		}
		after, err := h.Document(h.ctx, d.ID)
		if moved := d.ID != one.ID; err != nil || (after.Version > d.Version) != moved {
			t.Errorf("document %s is at version %d after %d, %v; want an event %v", d.ID, after.Version, d.Version, err, moved)
		}
		if err := h.Reschedule(h.ctx, record.Document{ID: d.ID, Version: d.Version - 1}, until, "new", "test"); !errors.Is(err, record.ErrConflict) {
			t.Errorf("Reschedule of one that has changed = %v; want a conflict", err)
		}
	}
	if left, err := h.OtherTable(h.ctx, "new", "", 10); err != nil || len(left) != 0 {
		t.Errorf("%d are by another table still, %v; want none", len(left), err)
	}
	if n, err := h.Renew(h.ctx, day.AddDate(0, -1, 0), 10, "test"); err != nil || n != 1 {
		t.Errorf("by the other table Renew = %d, %v; want the one that ends earlier", n, err)
	}
}
