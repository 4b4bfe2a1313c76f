package catalogue_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

// TestRestore makes a catalogue again, on each database, from what its manifests
// say and compares the rows.
func TestRestore(t *testing.T) {
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "c.db") },
		"postgres": func(t *testing.T) string { return testsvc.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			lost := open(t, dsn(t))
			inEveryState(t, lost)
			again, err := catalogue.Open(lost.ctx, dsn(t))
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if empty, err := again.Empty(lost.ctx); err != nil || !empty {
				t.Fatalf("Empty = %v, %v; want true", empty, err)
			}
			if err := again.Restore(lost.ctx, subjects(t, lost)); err != nil {
				t.Fatal(err)
			}
			if empty, err := again.Empty(lost.ctx); err != nil || empty {
				t.Errorf("Empty = %v, %v; want false", empty, err)
			}
			for _, query := range []string{
				"SELECT id, body, version FROM agencies ORDER BY id",
				"SELECT * FROM dossiers ORDER BY id",
				"SELECT * FROM documents ORDER BY id",
				"SELECT * FROM events ORDER BY seq",
				"SELECT document, agency, dossier, status, number, notation, organ, person, issued, type, subject, fold FROM search ORDER BY document",
				"SELECT kind, document, agency, state FROM jobs WHERE state <> 'done' ORDER BY document",
			} {
				want, err := lost.Dump(lost.ctx, query)
				if err != nil || len(want) == 0 {
					t.Fatalf("%s: %d rows, %v", query, len(want), err)
				}
				got, err := again.Dump(lost.ctx, query)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: %v\ngot  %q\nwant %q", query, err, got, want)
				}
			}
			goesOn(t, lost.ctx, again, lost.a)
		})
	}
}

// goesOn checks that a restored catalogue works: text is found, the next event
// follows the last.
func goesOn(t *testing.T, ctx context.Context, c *catalogue.Catalogue, dossier record.Dossier) {
	t.Helper()
	hits, _, err := c.Find(ctx, catalogue.Search{Agency: dossier.Agency, Text: "duong pho", Limit: 10})
	if err != nil || len(hits) == 0 {
		t.Errorf("Find = %d, %v; want a document", len(hits), err)
	}
	before, err := c.NewestEvent(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Receive(ctx, scan(dossier, "later"), "", "test"); err != nil {
		t.Fatal(err)
	}
	if after, err := c.NewestEvent(ctx); err != nil || after <= before {
		t.Errorf("the newest event is %d, %v; want more than %d", after, err, before)
	}
}

// inEveryState leaves documents in every state, one of them corrected and raised.
func inEveryState(t *testing.T, h *house) {
	t.Helper()
	fields := record.Fields{record.CodeNumber: {Value: "012", Normal: "012"}, record.SignerName: {Value: "Đặng Thị Ước"}, record.OrganName: {Value: "Sở Tư pháp"}}
	read := record.Change{Fields: fields, FieldsAt: "f1", Text: "Cộng hòa; đường phố", Pages: 2}
	h.receive(t, h.a, "received")
	corrected := h.move(t, h.receive(t, h.a, "in review"), read, record.InReview)
	fields[record.CodeNumber] = record.Field{Value: "13", Normal: "13", Status: record.Confirmed}
	if _, err := h.SaveFields(h.ctx, corrected.ID, corrected.Version, fields, record.Rendition{Kind: record.RenditionFields, SHA256: "f2"}, "key:clerk"); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	for name, states := range map[string][]record.Status{
		"approved": {record.InReview, record.Approved}, "awaiting": {record.InReview, record.AwaitingMark}, "sealing": {record.InReview, record.Approved, record.Sealing},
		"sealed": {record.InReview, record.Approved, record.Sealing, record.Sealed}, "rejected": {record.InReview, record.Rejected},
		"set aside": {record.SetAside}, "withdrawn": {record.Withdrawn},
	} {
		d := h.receive(t, h.b, name)
		change := record.Change{Reason: record.Damaged, Note: "ghi chú", Decision: &record.Decision{Approve: true, At: until}, Intent: &record.Intent{Time: until}}
		if name == "sealed" {
			change = record.Change{Level: record.BLTA, Renditions: []record.Rendition{{Kind: record.RenditionSealed, SHA256: "s", Until: &until}}}
		}
		h.move(t, d, change, states...)
	}
	old := h.receive(t, h.a, "old")
	if _, _, err := h.Receive(h.ctx, scan(h.a, "new"), old.ID, "test"); err != nil {
		t.Fatal(err)
	}
	finishJobs(t, h)
}

// finishJobs ends the jobs of documents that wait for nothing.
func finishJobs(t *testing.T, h *house) {
	t.Helper()
	due, err := h.Pending(h.ctx, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range due {
		if d, err := h.Document(h.ctx, j.Document); err != nil || d.Status == record.Received {
			continue
		}
		if _, ours, err := h.Start(h.ctx, j.JobRef, "w"); err != nil || !ours {
			t.Fatalf("Start = %v, %v", ours, err)
		}
		if err := h.Finish(h.ctx, j.JobRef); err != nil {
			t.Fatal(err)
		}
	}
}

// subjects reads the manifests of a house, dossiers first.
func subjects(t *testing.T, h *house) []catalogue.Subject {
	t.Helper()
	due, err := h.DueManifests(h.ctx, "", 10000)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	var all []catalogue.Subject
	for _, m := range due {
		var told record.Manifest
		if err := json.Unmarshal(m.Body, &told); err != nil {
			t.Fatal(err)
		}
		i, known := at[m.Subject]
		if !known {
			i = len(all)
			at[m.Subject] = i
			all = append(all, catalogue.Subject{})
		}
		s := &all[i]
		if told.Event.Kind == record.EventAgency {
			s.Agency, s.Changes = told.Agency, told.Event.Number
			continue
		}
		s.Agency, s.Dossier, s.Document, s.Events = told.Agency, told.Dossier, told.Document, append(s.Events, told.Event)
	}
	for i := range all {
		s := &all[i]
		if d := s.Document; d != nil && d.Fields != "" {
			s.Fields = record.Fields{record.CodeNumber: {Normal: "13"}, record.SignerName: {Value: "Đặng Thị Ước"}, record.OrganName: {Value: "Sở Tư pháp"}}
			s.Text = "Cộng hòa; đường phố"
		}
		if s.Document != nil && s.Document.Status == record.Received {
			s.Job = record.JobIngest
		}
	}
	slices.SortStableFunc(all, func(a, b catalogue.Subject) int {
		switch {
		case a.Dossier != nil && b.Dossier == nil:
			return -1
		case a.Dossier == nil && b.Dossier != nil:
			return 1
		}
		return 0
	})
	return all
}
