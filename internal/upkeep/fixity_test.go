package upkeep_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/record"
)

func TestFixity(t *testing.T) {
	h := open(t, sqlite(t))
	h.inEveryState()
	fixity := upkeep.Fixity{Store: h.store, Catalogue: h.catalogue, Manifests: h.manifests}
	whole, err := fixity.Run(ctx)
	if err != nil || len(whole.Faults) != 0 || whole.Objects < 20 || whole.Bytes == 0 || whole.Renditions < whole.Objects {
		t.Fatalf("Run on sound objects = %+v, %v", whole, err)
	}
	documents := all(t, h.catalogue)
	archival, _ := documents["sealed"].Rendition(record.RenditionArchival)
	sealed, _ := documents["raised"].Rendition(record.RenditionSealed)
	h.flip(archival.SHA256)
	if err := os.Remove(h.objectPath(sealed.SHA256)); err != nil {
		t.Fatal(err)
	}
	stray := h.put("", "an upload that was cut off")
	h.flip(stray.SHA256)
	for round := range 2 { // the second finds the same and tells it once
		seen, err := fixity.Run(ctx)
		if err != nil || len(seen.Faults) != 3 || seen.Objects != whole.Objects-2 {
			t.Fatalf("round %d: %+v, %v", round, seen, err)
		}
		for _, want := range []upkeep.Fault{
			{Object: archival.SHA256, Document: documents["sealed"].ID, Rendition: record.RenditionArchival},
			{Object: sealed.SHA256, Document: documents["raised"].ID, Rendition: record.RenditionSealed, Missing: true},
			{Object: stray.SHA256},
		} {
			if !slices.ContainsFunc(seen.Faults, func(f upkeep.Fault) bool { f.Seen = ""; return f == want }) {
				t.Errorf("faults: %v; want %v", seen.Faults, want)
			}
		}
	}
	e, err := h.catalogue.LastEvent(ctx, documents["sealed"].ID)
	if err != nil || e.Kind != upkeep.DamageFound || e.Number != documents["sealed"].Version+1 || !strings.Contains(e.Note, "archival damaged "+string(archival.SHA256)) {
		t.Errorf("last event: %+v, %v", e, err)
	}
	if _, err := h.store.Manifest(ctx, e.Subject, e.Number); err != nil {
		t.Errorf("its manifest: %v", err)
	}
}

func TestFixityKeepsItsRate(t *testing.T) {
	h := open(t, sqlite(t))
	h.put("", strings.Repeat("x", 3<<20))
	fixity := upkeep.Fixity{Store: h.store, Catalogue: h.catalogue, Manifests: h.manifests, Rate: 4 << 20}
	r, err := fixity.Run(ctx)
	if took := r.Ended.Sub(r.Begun).Seconds(); err != nil || took < 0.45 { // the first MiB is free
		t.Errorf("3 MiB at 4 MiB/s took %.2f s, %v; want at least half a second", took, err)
	}
}
