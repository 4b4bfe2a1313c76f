package record_test

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestLaneOf(t *testing.T) {
	of := func(pages int, bytes ...int64) record.Document {
		d := record.Document{Pages: pages, Renditions: []record.Rendition{{Kind: record.RenditionArchival, Bytes: 1 << 40}}}
		for _, n := range bytes {
			d.Renditions = append(d.Renditions, record.Rendition{Kind: record.RenditionOriginal, Bytes: n})
		}
		return d
	}
	for _, row := range []struct {
		name string
		kind record.JobKind
		d    record.Document
		want record.Lane
	}{
		{"a page", record.JobIngest, of(1, 1<<20), record.LaneRead},
		{"nobody counted", record.JobIngest, of(0, 1<<20), record.LaneRead},
		{"the longest short one", record.JobIngest, of(record.ShortPages, record.ShortBytes), record.LaneRead},
		{"a page more", record.JobIngest, of(record.ShortPages+1, 1<<20), record.LaneLarge},
		{"a byte more, in two files", record.JobIngest, of(0, record.ShortBytes, 1), record.LaneLarge},
		{"a seal on a long one", record.JobAuthenticate, of(2000, 1<<30), record.LaneSeal},
		{"a person's mark", record.JobCompleteMark, of(1, 1), record.LaneSeal},
		{"a raise", record.JobRaise, of(1, 1), record.LaneRaise},
	} {
		if got := record.LaneOf(row.kind, row.d); got != row.want {
			t.Errorf("%s: %s; want %s", row.name, got, row.want)
		}
	}
}
