package catalogue_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

func TestMain(m *testing.M) { os.Exit(testsvc.Main(m)) }

// TestContract is what the catalogue promises on each database.
func TestContract(t *testing.T) {
	databases := map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "c.db") },
		"postgres": func(t *testing.T) string { return testsvc.Postgres(t) },
	}
	promises := map[string]func(*testing.T, *house){
		"a document and its job are received together":          received,
		"the same bytes in one dossier are one document":        duplicates,
		"after a rejection the same bytes start anew":           startAnew,
		"of sixteen that move a document one wins":              oneWins,
		"moves that the table does not know are refused":        noSuchMove,
		"events are gapless and cannot be changed":              gapless,
		"every event makes one manifest due":                    manifestsDue,
		"a finished job takes its document along or nothing":    finishTogether,
		"a worker that fell silent loses its try":               silence,
		"a ring that was lost is rung again":                    lostRing,
		"a clock that is set back holds up no job":              clockSetBack,
		"a job that gave up is tried again when a person says":  tryAgain,
		"jobs that are not done are counted by lane and state":  backlogs,
		"agencies take turns":                                   turns,
		"dossiers of an agency take turns":                      dossierTurns,
		"jobs of a dossier are taken together":                  takenTogether,
		"the seals of one decision are due together":            released,
		"seals that failed are told and tried again":            sealProgress,
		"a correction is on the version that was seen":          corrections,
		"a new scan supersedes the old":                         supersede,
		"text is found without accents":                         search,
		"readers find what is sealed and granted":               readers,
		"lists go on after their cursor":                        paging,
		"keys are known by their secret until they are revoked": keys,
		"an idempotency key answers for one request":            idempotency,
		"a code is used once in an agency":                      codes,
		"a seal that ends soon is raised by one job":            renewals,
		"what is held already is found again":                   alike,
		"what says nearly the same is found":                    alikeByText,
		"what says the same is found among many like it":        alikeAmongMany,
		"a document is split into all its pages or not at all":  splitting,
		"a held document takes the place of a new scan":         reusing,
	}
	for name, dsn := range databases {
		t.Run(name, func(t *testing.T) {
			for promise, check := range promises {
				t.Run(promise, func(t *testing.T) { check(t, open(t, dsn(t))) })
			}
		})
	}
}

// A house is a catalogue with two agencies and a dossier each.
type house struct {
	*catalogue.Catalogue
	ctx  context.Context
	a, b record.Dossier
}

func open(t *testing.T, dsn string) *house {
	t.Helper()
	ctx := context.Background()
	c, err := catalogue.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	h := &house{Catalogue: c, ctx: ctx}
	for i, id := range []string{"H01", "H02"} {
		if err := c.PutAgency(ctx, record.Agency{ID: id, Name: "Sở " + id}, "test"); err != nil {
			t.Fatal(err)
		}
		d, err := c.CreateDossier(ctx, id, "HS-1", "Hồ sơ", "test")
		if err != nil {
			t.Fatal(err)
		}
		*[]*record.Dossier{&h.a, &h.b}[i] = d
	}
	return h
}

// receive adds a document whose original has the bytes text.
func (h *house) receive(t *testing.T, dossier record.Dossier, text string) record.Document {
	t.Helper()
	d, _, err := h.Receive(h.ctx, scan(dossier, text), "", "test")
	if err != nil {
		t.Fatalf("Receive(%s) = %v", text, err)
	}
	return d
}

func scan(dossier record.Dossier, text string) record.Document {
	return record.Document{Agency: dossier.Agency, Dossier: dossier.ID, Name: text,
		Renditions: []record.Rendition{{Kind: record.RenditionOriginal, SHA256: record.DigestOf([]byte(text)), Bytes: int64(len(text)), MediaType: "image/png"}}}
}

// move takes a document through states, with a change at the last.
func (h *house) move(t *testing.T, d record.Document, change record.Change, states ...record.Status) record.Document {
	t.Helper()
	for i, to := range states {
		c := record.Change{Actor: "test"}
		if i == len(states)-1 {
			c = change
			c.Actor = "test"
		}
		var err error
		if d, err = h.Advance(h.ctx, d.ID, d.Status, to, c); err != nil {
			t.Fatalf("Advance(%s) = %v", to, err)
		}
	}
	return d
}

var toSealed = []record.Status{record.InReview, record.Approved, record.Sealing, record.Sealed}

func received(t *testing.T, h *house) {
	d := h.receive(t, h.a, "đơn")
	got, err := h.Document(h.ctx, d.ID)
	if err != nil || got.Status != record.Received || got.Version != 1 || got.Agency != "H01" || len(got.Renditions) != 1 {
		t.Errorf("Document = %+v, %v", got, err)
	}
	jobs, err := h.Pending(h.ctx, "", 10)
	if err != nil || len(jobs) != 1 || jobs[0].Document != d.ID || jobs[0].Kind != record.JobIngest {
		t.Errorf("Pending = %+v, %v", jobs, err)
	}
	events, err := h.Events(h.ctx, "H01", d.ID, 0, 10)
	if err != nil || len(events) != 1 || events[0].Kind != "received" || events[0].Number != 1 {
		t.Errorf("Events = %+v, %v", events, err)
	}
}

func duplicates(t *testing.T, h *house) {
	first := h.receive(t, h.a, "same")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			d, duplicate, err := h.Receive(h.ctx, scan(h.a, "same"), "", "test")
			if err != nil || !duplicate || d.ID != first.ID {
				t.Errorf("Receive again = %s, %v, %v; want %s", d.ID, duplicate, err, first.ID)
			}
		})
	}
	wg.Wait()
	if d, duplicate, err := h.Receive(h.ctx, scan(h.b, "same"), "", "test"); err != nil || duplicate || d.ID == first.ID {
		t.Errorf("Receive in another dossier = %s, %v, %v; want a new document", d.ID, duplicate, err)
	}
}

func startAnew(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "again"), record.Change{Reason: record.Damaged}, record.SetAside)
	if got, duplicate, err := h.Receive(h.ctx, scan(h.a, "again"), "", "test"); err != nil || duplicate || got.ID == d.ID {
		t.Errorf("Receive = %s, %v, %v; want a new document", got.ID, duplicate, err)
	}
}

func oneWins(t *testing.T, h *house) {
	d := h.receive(t, h.a, "race")
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 16 {
		wg.Go(func() {
			_, err := h.Advance(h.ctx, d.ID, record.Received, record.InReview, record.Change{Actor: "test"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, record.ErrConflict) {
				t.Errorf("Advance = %v; want conflict", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d won; want 1", won)
	}
}

func noSuchMove(t *testing.T, h *house) {
	d := h.receive(t, h.a, "x")
	if _, err := h.Advance(h.ctx, d.ID, record.Received, record.Sealed, record.Change{}); record.ReasonOf(err) != record.WrongState {
		t.Errorf("Advance(Received → Sealed) = %v; want wrong-state", err)
	}
	if _, err := h.Advance(h.ctx, "nobody", record.Received, record.InReview, record.Change{}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Advance(nobody) = %v; want not found", err)
	}
	if _, err := h.Advance(h.ctx, d.ID, record.Received, record.InReview, record.Change{Version: 7}); !errors.Is(err, record.ErrConflict) {
		t.Errorf("Advance of another version = %v; want conflict", err)
	}
}

func gapless(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "x"), record.Change{Level: record.BB}, toSealed...)
	events, err := h.Events(h.ctx, "H01", d.ID, 0, 100)
	if err != nil || len(events) != d.Version {
		t.Fatalf("%d events for version %d, %v", len(events), d.Version, err)
	}
	for i, e := range events {
		if e.Number != i+1 || e.Agency != "H01" || e.Actor != "test" || i > 0 && (e.Seq <= events[i-1].Seq || e.From != events[i-1].To) {
			t.Errorf("event %d = %+v", i, e)
		}
	}
	if err := h.TamperWithEvents(h.ctx); err == nil {
		t.Error("the database let an event be changed")
	}
}

func manifestsDue(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "x"), record.Change{}, record.InReview)
	due, err := h.DueManifests(h.ctx, d.ID, 10)
	if err != nil || len(due) != 2 || due[0].Number != 1 || due[1].Number != 2 {
		t.Fatalf("DueManifests = %d, %v; want 2", len(due), err)
	}
	if err := h.ManifestStored(h.ctx, d.ID, 1); err != nil {
		t.Fatal(err)
	}
	if due, err = h.DueManifests(h.ctx, d.ID, 10); err != nil || len(due) != 1 {
		t.Errorf("after one was stored: %d, %v; want 1", len(due), err)
	}
}

// start takes the only job that is due.
func (h *house) start(t *testing.T) record.Job {
	t.Helper()
	jobs, err := h.Pending(h.ctx, "", 10)
	if err != nil || len(jobs) == 0 {
		t.Fatalf("Pending = %d, %v", len(jobs), err)
	}
	j, ours, err := h.Start(h.ctx, jobs[0].JobRef, "w1")
	if err != nil || !ours {
		t.Fatalf("Start = %v, %v", ours, err)
	}
	if _, again, err := h.Start(h.ctx, jobs[0].JobRef, "w2"); err != nil || again {
		t.Errorf("a second worker got the same try: %v, %v", again, err)
	}
	return j
}

func finishTogether(t *testing.T, h *house) {
	d := h.receive(t, h.a, "x")
	j := h.start(t)
	if err := h.Retry(h.ctx, j.JobRef, record.Internal, 0); err != nil {
		t.Fatal(err)
	}
	_, err := h.Advance(h.ctx, d.ID, record.Received, record.InReview, record.Change{Finish: &j.JobRef})
	if !errors.Is(err, record.ErrConflict) {
		t.Errorf("Advance of a lost try = %v; want conflict", err)
	}
	if got, _ := h.Document(h.ctx, d.ID); got.Status != record.Received {
		t.Errorf("the document moved to %s", got.Status)
	}
	j = h.start(t)
	if j.Attempts != 2 {
		t.Errorf("%d attempts; want 2", j.Attempts)
	}
	if _, err = h.Advance(h.ctx, d.ID, record.Received, record.InReview, record.Change{Finish: &j.JobRef}); err != nil {
		t.Errorf("Advance = %v", err)
	}
	if open, err := h.Backlogs(h.ctx); err != nil || len(open) != 0 {
		t.Errorf("Backlogs = %v, %v; want none", open, err)
	}
}

func silence(t *testing.T, h *house) {
	h.receive(t, h.a, "x")
	j := h.start(t)
	if mine, err := h.Beat(h.ctx, j.JobRef); !mine || err != nil {
		t.Errorf("Beat = %v, %v", mine, err)
	}
	if n, err := h.Revive(h.ctx, time.Hour); n != 0 || err != nil {
		t.Errorf("Revive of a worker that lives = %d, %v", n, err)
	}
	if n, err := h.Abandoned(h.ctx, "w2"); n != 0 || err != nil {
		t.Errorf("Abandoned by another worker = %d, %v", n, err)
	}
	if n, err := h.Abandoned(h.ctx, "w1"); n != 1 || err != nil {
		t.Errorf("Abandoned = %d, %v; want 1", n, err)
	}
	if mine, err := h.Beat(h.ctx, j.JobRef); mine || err != nil {
		t.Errorf("Beat of an abandoned try = %v, %v", mine, err)
	}
	j = h.start(t)
	if n, err := h.Revive(h.ctx, -time.Second); n != 1 || err != nil {
		t.Errorf("Revive = %d, %v; want 1", n, err)
	}
	if mine, err := h.Beat(h.ctx, j.JobRef); mine || err != nil {
		t.Errorf("Beat of a lost try = %v, %v", mine, err)
	}
	if err := h.Finish(h.ctx, j.JobRef); !errors.Is(err, record.ErrConflict) {
		t.Errorf("Finish of a lost try = %v; want conflict", err)
	}
}

func tryAgain(t *testing.T, h *house) {
	h.receive(t, h.a, "x")
	j := h.start(t)
	if n, err := h.TryAgain(h.ctx, ""); n != 0 || err != nil {
		t.Errorf("TryAgain of what is at work = %d, %v", n, err)
	}
	if err := h.Bury(h.ctx, j.JobRef, record.DiskFull); err != nil {
		t.Fatal(err)
	}
	if n, err := h.TryAgain(h.ctx, "another"); n != 0 || err != nil {
		t.Errorf("TryAgain of another = %d, %v", n, err)
	}
	if n, err := h.TryAgain(h.ctx, j.ID); n != 1 || err != nil {
		t.Errorf("TryAgain = %d, %v; want 1", n, err)
	}
	if again := h.start(t); again.ID != j.ID || again.Gen == j.Gen || again.Attempts != 1 {
		t.Errorf("tried again: %+v", again)
	}
}

func backlogs(t *testing.T, h *house) {
	h.receive(t, h.a, "later")
	if err := h.Retry(h.ctx, h.start(t).JobRef, record.DiskFull, time.Hour); err != nil {
		t.Fatal(err)
	}
	h.receive(t, h.a, "dead")
	if err := h.Bury(h.ctx, h.start(t).JobRef, record.DiskFull); err != nil {
		t.Fatal(err)
	}
	h.receive(t, h.a, "done")
	if err := h.Finish(h.ctx, h.start(t).JobRef); err != nil {
		t.Fatal(err)
	}
	h.receive(t, h.a, "due")
	due, err := h.Pending(h.ctx, record.LaneRead, 1)
	if err != nil || len(due) != 1 {
		t.Fatalf("Pending = %v, %v", due, err)
	}
	h.receive(t, h.a, "due too")
	long := scan(h.a, "long")
	long.Pages = record.ShortPages + 1
	if _, _, err := h.Receive(h.ctx, long, "", "test"); err != nil {
		t.Fatal(err)
	}
	got, err := h.Backlogs(h.ctx)
	seen := map[string]int{}
	for _, b := range got {
		seen[string(b.Lane)+" "+b.State] = b.Jobs
		if b.State == catalogue.JobPending && b.Lane == record.LaneRead && !b.Oldest.Equal(due[0].CreatedAt) {
			t.Errorf("the oldest that is due is of %v; want %v", b.Oldest, due[0].CreatedAt)
		}
	}
	if want := map[string]int{"large pending": 1, "read pending": 2, "read later": 1, "read dead": 1}; err != nil || !maps.Equal(seen, want) {
		t.Errorf("Backlogs = %v, %v; want %v", seen, err, want)
	}
}

// clockSetBack leaves one job waiting, one rung and one at work, and sets the clock
// back by an hour: all are due within the usual time.
func clockSetBack(t *testing.T, h *house) {
	h.receive(t, h.a, "at work")
	h.start(t)
	h.receive(t, h.a, "rung")
	jobs, _ := h.Pending(h.ctx, "", 1)
	if err := h.Queued(h.ctx, jobs[0].JobRef); err != nil {
		t.Fatal(err)
	}
	h.receive(t, h.a, "waiting")
	h.SetClock(func() time.Time { return time.Now().Add(-time.Hour) })
	if lost, err := h.Unanswered(h.ctx, time.Second, 10); len(lost) != 1 || err != nil {
		t.Errorf("Unanswered = %d, %v; want 1", len(lost), err)
	}
	if n, err := h.Revive(h.ctx, time.Second); n != 1 || err != nil {
		t.Errorf("Revive = %d, %v; want 1", n, err)
	}
	if due, err := h.Pending(h.ctx, "", 10); len(due) != 2 || err != nil {
		t.Errorf("Pending = %d, %v; want the one that waited and the one that was worked on", len(due), err)
	}
}

func lostRing(t *testing.T, h *house) {
	h.receive(t, h.a, "x")
	jobs, _ := h.Pending(h.ctx, "", 1)
	if err := h.Queued(h.ctx, jobs[0].JobRef); err != nil {
		t.Fatal(err)
	}
	if due, _ := h.Pending(h.ctx, "", 10); len(due) != 0 {
		t.Errorf("%d jobs due after the ring", len(due))
	}
	lost, err := h.Unanswered(h.ctx, -time.Second, 10)
	if err != nil || len(lost) != 1 {
		t.Fatalf("Unanswered = %d, %v; want 1", len(lost), err)
	}
	if err := h.RingAgain(h.ctx, lost[0].JobRef); err != nil {
		t.Fatal(err)
	}
	due, _ := h.Pending(h.ctx, "", 10)
	if len(due) != 1 || due[0].Gen != jobs[0].Gen+1 {
		t.Errorf("due = %+v; want the next generation", due)
	}
}

func turns(t *testing.T, h *house) {
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		h.receive(t, h.a, text)
	}
	h.receive(t, h.b, "6")
	due, err := h.Pending(h.ctx, "", 2)
	if err != nil || len(due) != 2 || due[0].Agency == due[1].Agency {
		t.Errorf("Pending(2) = %+v, %v; want one of each agency", due, err)
	}
}

func corrections(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "x"), record.Change{}, record.InReview)
	fields := record.Fields{record.CodeNumber: {Value: "012", Normal: "012", Status: record.Confirmed, Confidence: 1}}
	object := record.Rendition{Kind: record.RenditionFields, SHA256: record.DigestOf([]byte("fields"))}
	saved, err := h.SaveFields(h.ctx, d.ID, d.Version, fields, object, "test")
	if err != nil || saved.Fields != object.SHA256 || saved.Version != d.Version+1 {
		t.Errorf("SaveFields = %+v, %v", saved, err)
	}
	if _, err := h.SaveFields(h.ctx, d.ID, d.Version, fields, object, "test"); record.ReasonOf(err) != record.StaleDecision {
		t.Errorf("SaveFields on an old version = %v; want stale-decision", err)
	}
	if found, _, err := h.Find(h.ctx, catalogue.Search{Agency: "H01", Number: "12", Limit: 10}); err != nil || len(found) != 1 {
		t.Errorf("Find number 12 = %d, %v; want 1", len(found), err)
	}
}

func supersede(t *testing.T, h *house) {
	old := h.move(t, h.receive(t, h.a, "old"), record.Change{}, record.InReview)
	d, _, err := h.Receive(h.ctx, scan(h.a, "new"), old.ID, "test")
	if err != nil || d.Supersedes != old.ID {
		t.Fatalf("Receive = %+v, %v", d, err)
	}
	if old, _ = h.Document(h.ctx, old.ID); old.Status != record.Superseded || old.Superseder != d.ID {
		t.Errorf("old = %s superseded by %q; want %s", old.Status, old.Superseder, d.ID)
	}
	if _, _, err := h.Receive(h.ctx, scan(h.b, "foreign"), d.ID, "test"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("superseding another agency's document = %v; want not found", err)
	}
}

func search(t *testing.T, h *house) {
	d := h.move(t, h.receive(t, h.a, "x"), record.Change{Text: "Ủy ban nhân dân tỉnh Đắk Lắk, đường Trần Hưng Đạo 123/QĐ-UBND"}, record.InReview)
	h.move(t, h.receive(t, h.b, "y"), record.Change{Text: "Ủy ban nhân dân"}, record.InReview)
	for _, c := range []struct {
		text string
		want int
	}{
		{"uy ban", 1}, {"ỦY BAN", 1}, {"dak lak", 1}, {"đường", 1}, {"duong tran hung dao", 1}, {"123/QĐ-UBND", 1}, {"qd ub", 1},
		{"hà nội", 0}, {"", 1}, {`"';--`, 1}, {"lak dak", 1},
	} {
		found, _, err := h.Find(h.ctx, catalogue.Search{Agency: "H01", Text: c.text, Limit: 10})
		if err != nil || len(found) != c.want || c.want == 1 && found[0].ID != d.ID {
			t.Errorf("Find(%q) = %d, %v; want %d", c.text, len(found), err, c.want)
		}
	}
}

func readers(t *testing.T, h *house) {
	h.receive(t, h.a, "not sealed")
	sealed := h.move(t, h.receive(t, h.a, "sealed"), record.Change{Level: record.BB}, toSealed...)
	find := func(s catalogue.Search) int {
		s.SealedOnly, s.Limit = true, 10
		found, _, err := h.Find(h.ctx, s)
		if err != nil {
			t.Error(err)
		}
		return len(found)
	}
	if n := find(catalogue.Search{Agency: "H01"}); n != 1 {
		t.Errorf("own reader finds %d; want 1", n)
	}
	if n := find(catalogue.Search{Agency: "H02"}); n != 0 {
		t.Errorf("foreign reader finds %d; want 0", n)
	}
	g, err := h.AddGrant(h.ctx, record.Grant{Agency: "H01", To: "H02", Dossiers: []string{h.a.ID}, Purpose: "đối chiếu", Until: time.Now().Add(time.Hour)}, "test")
	if err != nil {
		t.Fatal(err)
	}
	grants, err := h.GrantsTo(h.ctx, "H02")
	if err != nil || len(grants) != 1 || find(catalogue.Search{Agency: "H02", Grants: grants, Dossier: sealed.Dossier}) != 1 {
		t.Errorf("GrantsTo = %v, %v", grants, err)
	}
	if err := h.RevokeGrant(h.ctx, "H01", g.ID, "test"); err != nil {
		t.Error(err)
	}
	if grants, _ = h.GrantsTo(h.ctx, "H02"); len(grants) != 0 {
		t.Errorf("a revoked grant is held")
	}
}

func paging(t *testing.T, h *house) {
	var want []string
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		want = append(want, h.receive(t, h.a, text).ID)
	}
	slices.Reverse(want)
	var got []string
	cursor := ""
	for {
		docs, next, err := h.Documents(h.ctx, catalogue.Query{Agency: "H01", Cursor: cursor, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			got = append(got, d.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, _, err := h.Documents(h.ctx, catalogue.Query{Agency: "H01", Cursor: "nonsense", Limit: 2}); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("a cursor of nonsense: %v; want invalid", err)
	}
}

func keys(t *testing.T, h *house) {
	k, secret, err := h.CreateKey(h.ctx, "H01", record.ScopeClerk, "máy quét", time.Time{}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.KeyBySecret(h.ctx, secret); err != nil || got.ID != k.ID || got.Agency != "H01" || !got.Holds(record.ScopeClerk) || got.Holds(record.ScopeApprover) {
		t.Errorf("KeyBySecret = %+v, %v", got, err)
	}
	_, expired, err := h.CreateKey(h.ctx, "H01", record.ScopeClerk, "old", time.Now().Add(-time.Hour), "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "sohoa_x_y", secret + "x", secret[:len(secret)-1] + "_", expired} {
		if _, err := h.KeyBySecret(h.ctx, wrong); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("KeyBySecret(%.12s…) = %v; want not found", wrong, err)
		}
	}
	if err := h.RevokeKey(h.ctx, "H02", k.ID, "test"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another agency revoked the key: %v", err)
	}
	if err := h.RevokeKey(h.ctx, "H01", k.ID, "test"); err != nil {
		t.Error(err)
	}
	if _, err := h.KeyBySecret(h.ctx, secret); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a revoked key = %v; want not found", err)
	}
	if _, _, err := h.CreateKey(h.ctx, "H01", "god", "", time.Time{}, "test"); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("CreateKey(god) = %v; want invalid", err)
	}
}

func idempotency(t *testing.T, h *house) {
	if _, err := h.Answered(h.ctx, "H01", "k", "r1"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Answered = %v; want not found", err)
	}
	if err := h.KeepAnswer(h.ctx, "H01", "k", "r1", catalogue.Answer{Status: 202, Body: []byte(`{"a":1}`)}, "test"); err != nil {
		t.Fatal(err)
	}
	if a, err := h.Answered(h.ctx, "H01", "k", "r1"); err != nil || a.Status != 202 || string(a.Body) != `{"a":1}` {
		t.Errorf("Answered = %+v, %v", a, err)
	}
	if _, err := h.Answered(h.ctx, "H01", "k", "r2"); record.ReasonOf(err) != record.IdempotencyUsed {
		t.Errorf("another request = %v; want idempotency-used", err)
	}
	if _, err := h.Answered(h.ctx, "H02", "k", "r2"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another agency's key = %v; want not found", err)
	}
}

func codes(t *testing.T, h *house) {
	if _, err := h.CreateDossier(h.ctx, "H01", "HS-1", "again", "test"); !errors.Is(err, record.ErrConflict) {
		t.Errorf("CreateDossier = %v; want conflict", err)
	}
	if d, err := h.DossierByCode(h.ctx, "H01", "HS-1"); err != nil || d.ID != h.a.ID {
		t.Errorf("DossierByCode = %s, %v", d.ID, err)
	}
}
