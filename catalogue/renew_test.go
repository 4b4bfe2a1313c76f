package catalogue_test

import (
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
	jobs, err := h.Pending(h.ctx, "", 100)
	var raised []string
	for _, j := range jobs {
		if j.Kind == record.JobRaise {
			raised = append(raised, j.Document)
		}
	}
	if err != nil || len(raised) != 1 || raised[0] != soon.ID {
		t.Errorf("raise jobs for %v, %v; want one for %s", raised, err, soon.ID)
	}
}
