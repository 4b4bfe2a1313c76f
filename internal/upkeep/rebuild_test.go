package upkeep_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/record"
)

// TestRebuild loses a catalogue with a document in every state, makes it again
// from the bucket alone, on each database, and compares field by field.
func TestRebuild(t *testing.T) {
	for name, dsn := range map[string]func(t *testing.T) string{"sqlite": sqlite, "postgres": func(t *testing.T) string { return testsvc.Postgres(t) }} {
		t.Run(name, func(t *testing.T) {
			h := open(t, dsn(t))
			h.inEveryState()
			again := openCatalogue(t, dsn(t))
			r, err := upkeep.Rebuild{Store: h.store, Catalogue: again, Target: record.BLTA}.Run(ctx)
			if err != nil || len(r.Lost) != 0 {
				t.Fatalf("Rebuild = %+v, %v", r, err)
			}
			compare(t, h.catalogue, again)
			sameJobs(t, again, r)
			changed := record.Agency{ID: "H03", Name: "Sở được đổi tên sau khi dựng lại"}
			if err := again.PutAgency(ctx, changed, "test"); err != nil {
				t.Fatal(err)
			}
			if due, err := again.DueManifests(ctx, "H03", 10); err != nil || len(due) != 1 || due[0].Number != 2 {
				t.Errorf("manifests due of a changed agency: %+v, %v; want number 2", due, err)
			}
			if _, err := (upkeep.Rebuild{Store: h.store, Catalogue: again}).Run(ctx); record.ReasonOf(err) != record.Conflict {
				t.Errorf("a second Rebuild = %v; want a refusal", err)
			}
		})
	}
}

// compare holds two catalogues against each other.
func compare(t *testing.T, lost, again *catalogue.Catalogue) {
	t.Helper()
	same(t, "agencies", lost, again, func(c *catalogue.Catalogue) (any, error) { return c.Agencies(ctx) })
	documents := all(t, lost)
	if len(documents) != 24 {
		t.Fatalf("%d documents; want one in every state", len(documents))
	}
	for _, agency := range []string{"H01", "H02"} {
		same(t, "dossiers", lost, again, func(c *catalogue.Catalogue) (any, error) {
			d, _, err := c.Dossiers(ctx, agency, "", "", 100)
			return d, err
		})
		same(t, "events", lost, again, func(c *catalogue.Catalogue) (any, error) { return c.Events(ctx, agency, "", 0, 1000) })
		same(t, "counts", lost, again, func(c *catalogue.Catalogue) (any, error) { return c.CountByStatus(ctx, agency) })
		for _, s := range []catalogue.Search{{Text: "duong pho"}, {Text: "sealed"}, {Text: "damag"}, {Number: "7"}, {Number: "8"}, {Person: "do thi uoc"}, {Status: record.Sealed}, {SealedOnly: true}} {
			s.Agency, s.Limit = agency, 100
			same(t, "search", lost, again, func(c *catalogue.Catalogue) (any, error) {
				d, _, err := c.Find(ctx, s)
				return d, err
			})
		}
	}
	for name, d := range documents {
		same(t, "document "+name, lost, again, func(c *catalogue.Catalogue) (any, error) { return c.Document(ctx, d.ID) })
	}
}

func same(t *testing.T, what string, lost, again *catalogue.Catalogue, read func(*catalogue.Catalogue) (any, error)) {
	t.Helper()
	want, err := read(lost)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(again)
	if err != nil || !reflect.DeepEqual(got, want) {
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		t.Errorf("%s: %v\ngot  %s\nwant %s", what, err, g, w)
	}
}

// sameJobs checks that every document that waits has its job again, and no other.
func sameJobs(t *testing.T, again *catalogue.Catalogue, r upkeep.Rebuilt) {
	t.Helper()
	jobs, err := again.Jobs(ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for name, d := range all(t, again) {
		names[d.ID] = name
	}
	got := map[string]string{}
	for _, j := range jobs {
		got[names[j.Document]] = string(j.Lane) + " " + string(j.Kind)
	}
	want := map[string]string{"received": "read ingest", "new": "read ingest", "long": "large ingest", "joined-1": "read ingest", "joined-2": "read ingest",
		"approved": "seal authenticate", "sealing": "seal authenticate", "sealed": "raise raise", "held": "raise raise",
		"awaiting": "seal prepare-mark", "mark wanted": "seal prepare-mark", "mark answered": "seal complete-mark"}
	if !reflect.DeepEqual(got, want) || len(jobs) != len(want) {
		t.Errorf("jobs: %v; want %v", got, want)
	}
	if r.Jobs[record.JobIngest] != 5 || r.Jobs[record.JobAuthenticate] != 2 || r.Jobs[record.JobRaise] != 2 || r.Documents != 24 || r.Dossiers != 3 || r.Agencies != 3 {
		t.Errorf("it says %+v", r)
	}
}

// TestRebuildSaysWhatIsLost takes parts of the bucket away: what is left comes
// back, and the rest is named.
func TestRebuildSaysWhatIsLost(t *testing.T) {
	h := open(t, sqlite(t))
	h.inEveryState()
	documents := all(t, h.catalogue)
	manifest := func(id, n string) string { return filepath.Join(h.dir, "manifest", id, n+".json") }
	remove := func(path string) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	sealed, raised, received := documents["sealed"], documents["raised"], documents["received"]
	remove(manifest(sealed.ID, "2"))
	h.flip(raised.Fields)
	if err := os.Chmod(manifest(received.ID, "1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest(received.ID, "1"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := openCatalogue(t, sqlite(t))
	r, err := upkeep.Rebuild{Store: h.store, Catalogue: again, Target: record.BB}.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lost-event 2 " + sealed.ID, "lost-fields " + raised.ID + " " + string(raised.Fields), "lost-subject " + received.ID + " 1"} {
		if !slices.ContainsFunc(r.Lost, func(l upkeep.Loss) bool { return strings.HasPrefix(l.String(), want) }) {
			t.Errorf("lost: %q; want %q", r.Lost, want)
		}
	}
	for _, l := range r.Lost {
		for _, lang := range say.Languages {
			if line := say.Upkeep(lang, l.Code, l.Of...); strings.HasPrefix(line, l.Code) || strings.Contains(line, "%!") {
				t.Errorf("in %s: %s", lang, line)
			}
		}
	}
	if got := all(t, again); len(got) != 23 || got["sealed"].Status != record.Sealed {
		t.Errorf("%d documents came back, the sealed one is %s; want 23, sealed", len(got), got["sealed"].Status)
	}
}
