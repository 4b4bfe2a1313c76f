package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

// TestJobsRedrive drives again what was set aside for the reason that is named, and
// nothing else.
func TestJobsRedrive(t *testing.T) {
	data, _ := kept(t)
	cat, err := app.OpenCatalogue(t.Context(), app.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	all, _, err := cat.Documents(t.Context(), catalogue.Query{Agency: "H01", Limit: 10})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d documents, %v", len(all), err)
	}
	if _, err := cat.Advance(context.Background(), all[0].ID, record.Received, record.SetAside, record.Change{Actor: "test", Reason: record.DiskFull}); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ reason, want string }{{"dsik-full", "Driven again: 0 documents.\nCould not be processed, by reason: disk-full 1."}, {"disk-full", "Driven again: 1"}, {"disk-full", "Driven again: 0"}} {
		if r := sohoa(t, "jobs", "redrive", row.reason, "--data", data); r.code != exitDone || !strings.Contains(r.out, row.want) {
			t.Errorf("redrive %s: %d %s%s; want %s", row.reason, r.code, r.out, r.stderr, row.want)
		}
	}
	if d, err := cat.Document(t.Context(), all[0].ID); err != nil || d.Status != record.Received {
		t.Errorf("the document is %s, %v; want received", d.Status, err)
	}
}

// TestJobsSaysWhy lists what is not done, with settings as flags, and what its
// reasons mean in the reader's language.
func TestJobsSaysWhy(t *testing.T) {
	data, _ := kept(t)
	cat, err := app.OpenCatalogue(t.Context(), app.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	due, err := cat.Pending(t.Context(), "", 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d jobs are due, %v", len(due), err)
	}
	if _, ours, err := cat.Start(t.Context(), due[0].JobRef, "w"); err != nil || !ours {
		t.Fatalf("Start = %v, %v", ours, err)
	}
	if err := cat.Retry(t.Context(), due[0].JobRef, record.DiskFull, time.Hour); err != nil {
		t.Fatal(err)
	}
	for lang, head := range map[string]string{"vi": "TÀI LIỆU", "en": "DOCUMENT", "fr": "TÂCHE"} {
		r := sohoa(t, "jobs", "--data", data, "--lang", lang)
		if r.code != exitDone || !strings.Contains(r.out, head) || !strings.Contains(r.out, due[0].Document) || !strings.Contains(r.out, "disk-full: "+say.Reason(lang, "disk-full")) {
			t.Errorf("jobs in %s: %d\n%s%s", lang, r.code, r.out, r.stderr)
		}
	}
}
