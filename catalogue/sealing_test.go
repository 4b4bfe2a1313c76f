package catalogue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// approved has n documents of a dossier approved, each with a job that seals it.
func (h *house) approved(t *testing.T, dossier record.Dossier, n int, after time.Duration) []record.Document {
	t.Helper()
	var all []record.Document
	for i := range n {
		d := h.move(t, h.receive(t, dossier, fmt.Sprint(dossier.ID, after, i)), record.Change{}, record.InReview)
		h.end(t, d.ID)
		all = append(all, h.move(t, d, record.Change{Job: record.JobAuthenticate, JobAfter: after}, record.Approved))
	}
	return all
}

// end finishes the jobs of a document.
func (h *house) end(t *testing.T, document string) {
	t.Helper()
	due, err := h.Pending(h.ctx, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range due {
		if j.Document == document {
			h.take(t, j)
			if err := h.Finish(h.ctx, j.JobRef); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (h *house) take(t *testing.T, j record.Job) record.Job {
	t.Helper()
	got, ours, err := h.Start(h.ctx, j.JobRef, "worker")
	if err != nil || !ours {
		t.Fatalf("Start = %v, %v; want it", ours, err)
	}
	return got
}

func (h *house) sealsDue(t *testing.T, n int) []record.Job {
	t.Helper()
	due, err := h.Pending(h.ctx, record.LaneSeal, n)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

// taken together are seals of one dossier that are due, and no others.
func takenTogether(t *testing.T, h *house) {
	h.approved(t, h.a, 5, 0)
	h.approved(t, h.a, 1, time.Hour)
	h.approved(t, h.b, 2, 0)
	h.receive(t, h.a, "unread")
	var first record.Job
	for _, j := range h.sealsDue(t, 10) {
		if j.Agency == h.a.Agency && first.ID == "" {
			first = h.take(t, j)
		}
	}
	more, err := h.StartAlike(h.ctx, first.JobRef, "worker", 3)
	if err != nil || len(more) != 3 {
		t.Fatalf("StartAlike(3) = %d, %v; want 3", len(more), err)
	}
	for _, j := range more {
		if j.Agency != h.a.Agency || j.Kind != record.JobAuthenticate || j.State != catalogue.JobRunning || j.Attempts != 1 || j.ID == first.ID {
			t.Errorf("taken beside it: %+v", j)
		}
	}
	if left, err := h.StartAlike(h.ctx, first.JobRef, "worker", 10); err != nil || len(left) != 1 {
		t.Errorf("StartAlike(10) = %d, %v; want the one that is left and due", len(left), err)
	}
	// Jobs whose worker died are done apart from those that never failed.
	if n, err := h.Revive(h.ctx, -time.Hour); err != nil || n != 5 {
		t.Fatalf("Revive = %d, %v; want 5", n, err)
	}
	fresh := h.take(t, h.ofJobs(t, h.approved(t, h.a, 1, -time.Second)[0].ID))
	if none, err := h.StartAlike(h.ctx, fresh.JobRef, "worker", 10); err != nil || len(none) != 0 {
		t.Errorf("StartAlike of one that never failed = %d, %v; want none of those whose worker died", len(none), err)
	}
	again := h.take(t, h.ofJobs(t, first.Document))
	if same, err := h.StartAlike(h.ctx, again.JobRef, "worker", 10); err != nil || len(same) != 4 || again.Reason != record.ChildCrashed {
		t.Errorf("StartAlike of one whose worker died (%s) = %d, %v; want the four others", again.Reason, len(same), err)
	}
}

// ofJobs is the job that is due for a document.
func (h *house) ofJobs(t *testing.T, document string) record.Job {
	t.Helper()
	for _, j := range h.sealsDue(t, 100) {
		if j.Document == document {
			return j
		}
	}
	t.Fatalf("no seal of %s is due", document)
	return record.Job{}
}

// released at once are the seals of a decision on many.
func released(t *testing.T, h *house) {
	h.approved(t, h.a, 3, time.Hour)
	h.approved(t, h.b, 1, time.Hour)
	if due := h.sealsDue(t, 10); len(due) != 0 {
		t.Errorf("%d seals are due before their decision ends; want none", len(due))
	}
	if err := h.Release(h.ctx, h.a.ID); err != nil {
		t.Fatal(err)
	}
	if due := h.sealsDue(t, 10); len(due) != 3 {
		t.Errorf("%d seals are due; want the three of that dossier", len(due))
	}
}

// dossiers of an agency take turns: a large one holds up no other.
func dossierTurns(t *testing.T, h *house) {
	h.approved(t, h.a, 6, 0)
	small, err := h.CreateDossier(h.ctx, "H01", "HS-2", "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	late := h.approved(t, small, 1, 0)[0]
	if due := h.sealsDue(t, 2); len(due) != 2 || due[1].Document != late.ID {
		t.Errorf("the second that is due is %s of a dossier of six; want the one that came last, of another", due[1].Document)
	}
}

// sealProgress is told of a dossier, and what failed is tried again when a person
// says so.
func sealProgress(t *testing.T, h *house) {
	all := h.approved(t, h.a, 4, 0)
	jobs := map[string]record.Job{}
	for _, d := range all[:3] {
		jobs[d.ID] = h.take(t, h.ofJobs(t, d.ID))
	}
	sealed := h.move(t, all[0], record.Change{Finish: ref(jobs[all[0].ID])}, record.Sealing, record.Sealed)
	for _, d := range all[1:3] {
		h.move(t, d, record.Change{Reason: record.KeyLocked}, record.Approved)
	}
	if err := h.Bury(h.ctx, jobs[all[1].ID].JobRef, record.KeyLocked); err != nil {
		t.Fatal(err)
	}
	if err := h.Retry(h.ctx, jobs[all[2].ID].JobRef, record.KeyUnreadable, time.Hour); err != nil {
		t.Fatal(err)
	}
	got, err := h.Sealing(h.ctx, h.a.ID)
	if err != nil || got.Sealed != 1 || got.Waiting != 1 || len(got.Failed) != 2 {
		t.Fatalf("Sealing = %+v, %v; want one sealed, one waiting, two failed", got, err)
	}
	if f := got.Failed[0]; f.Document != all[1].ID || f.Name != all[1].Name || f.Reason != record.KeyLocked || f.Again != nil {
		t.Errorf("the first that failed: %+v; want %s, key-locked, for a person", f, all[1].ID)
	}
	if f := got.Failed[1]; f.Document != all[2].ID || f.Reason != record.KeyUnreadable || f.Again == nil {
		t.Errorf("the second that failed: %+v; want key-unreadable, tried again by itself", f)
	}
	if again, err := h.SealAgain(h.ctx, h.a.ID, 10, "test"); err != nil || len(again) != 2 {
		t.Errorf("SealAgain = %v, %v; want both", again, err)
	}
	if due := h.sealsDue(t, 10); len(due) != 3 {
		t.Errorf("%d seals are due; want both and the one that waits", len(due))
	}
	if got, err := h.Sealing(h.ctx, h.a.ID); err != nil || got.Waiting != 3 || len(got.Failed) != 0 {
		t.Errorf("Sealing = %+v, %v; want three waiting", got, err)
	}
	if d, err := h.Document(h.ctx, all[1].ID); err != nil || d.Reason != "" || d.Version != all[1].Version+2 {
		t.Errorf("the document says %q at version %d, %v; want no reason and an event", d.Reason, d.Version, err)
	}
	if none, err := h.SealAgain(h.ctx, h.a.ID, 10, "test"); err != nil || len(none) != 0 {
		t.Errorf("SealAgain once more = %v, %v; want nothing", none, err)
	}
	if d, err := h.Document(h.ctx, sealed.ID); err != nil || d.Status != record.Sealed {
		t.Errorf("the sealed one is %s, %v", d.Status, err)
	}
}

func ref(j record.Job) *record.JobRef { return &j.JobRef }
