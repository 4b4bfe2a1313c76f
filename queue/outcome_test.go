package queue

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
)

func TestOutcome(t *testing.T) {
	passing := record.Fail(record.DiskFull, nil, "store a page")
	crashed := record.Fail(record.ChildCrashed, nil, "page 1")
	for _, row := range []struct {
		name     string
		err      error
		kind     record.JobKind
		attempts int
		want     action
	}{
		{"done", nil, record.JobIngest, 1, finish},
		{"somebody else was faster", fmt.Errorf("move: %w", record.ErrConflict), record.JobIngest, 1, finish},
		{"the document is gone", fmt.Errorf("read: %w", record.ErrNotFound), record.JobAuthenticate, 1, finish},
		{"a damaged scan", record.Refuse(record.Damaged, nil, "split"), record.JobIngest, 1, setAside},
		{"a request that cannot be right", fmt.Errorf("seal: %w", record.ErrInvalid), record.JobIngest, 1, setAside},
		{"a PDF that cannot be sealed", record.Refuse(record.MarkUnprintable, nil, "seal"), record.JobAuthenticate, 1, bury},
		{"a seal that cannot be raised", record.Refuse(record.NotSigned, nil, "raise"), record.JobRaise, 1, bury},
		{"a disk that is full", passing, record.JobIngest, 1, retry},
		{"a disk that is full, last try but one", passing, record.JobIngest, maxTries - 1, retry},
		{"a disk that stays full", passing, record.JobIngest, maxTries, setAside},
		{"a key that stays away", passing, record.JobAuthenticate, maxTries, bury},
		{"an authority that stays away", passing, record.JobRaise, 10 * maxTries, retry},
		{"an authority that answers nonsense", record.Refuse(record.TSAUntrusted, nil, "raise"), record.JobRaise, 1, retry},
		{"an error without a kind", errors.New("connection reset"), record.JobIngest, 1, retry},
		{"a process that is asked to end", context.Canceled, record.JobIngest, 1, retry},
		{"a child that crashed", crashed, record.JobIngest, 1, retry},
		{"a child that crashed, last try but one", crashed, record.JobIngest, poisonTries - 1, retry},
		{"a child that crashes every time", crashed, record.JobIngest, poisonTries, setAside},
		{"a page that takes too long every time", record.Refuse(record.TooMuchTime, nil, "page 1"), record.JobIngest, poisonTries, setAside},
		{"a page that swells, once", record.Refuse(record.TooMuchMemory, nil, "page 1"), record.JobIngest, 1, retry},
		{"a raise that crashes every time", crashed, record.JobRaise, poisonTries, bury},
	} {
		if got := outcome(row.err, record.Job{Kind: row.kind, Attempts: row.attempts}); got != row.want {
			t.Errorf("%s: %s; want %s", row.name, got, row.want)
		}
	}
}

func TestDelaysGrowToAnHour(t *testing.T) {
	for attempts, want := range map[int]time.Duration{0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 11: 2048 * time.Second, 12: time.Hour, 1000: time.Hour} {
		if got := delay(attempts); got != want {
			t.Errorf("delay(%d) = %v; want %v", attempts, got, want)
		}
	}
	var all time.Duration
	for attempts := 1; attempts < maxTries; attempts++ {
		all += delay(attempts)
	}
	if all < 5*time.Hour || all > 7*time.Hour {
		t.Errorf("a document is given up after %v; six hours are said", all)
	}
}

func TestTriesAreBounded(t *testing.T) {
	for _, row := range []struct {
		kind     record.JobKind
		attempts int
		want     record.Reason
	}{
		{record.JobIngest, maxTries, ""}, {record.JobIngest, maxTries + 1, record.ChildCrashed},
		{record.JobAuthenticate, maxTries + 1, record.ChildCrashed}, {record.JobRaise, 1000, ""},
	} {
		if got := record.ReasonOf(bounded(record.Job{Kind: row.kind, Attempts: row.attempts})); got != row.want {
			t.Errorf("try %d of %s: %q; want %q", row.attempts, row.kind, got, row.want)
		}
	}
}

func TestParseTask(t *testing.T) {
	ref := record.JobRef{ID: "abc", Gen: 7}
	if got, err := parseTask(ref.TaskID()); err != nil || got != ref {
		t.Errorf("parseTask(%s) = %v, %v", ref.TaskID(), got, err)
	}
	for _, task := range []string{"", "abc", "abc.", "abc.x"} {
		if _, err := parseTask(task); err == nil {
			t.Errorf("parseTask(%q) is taken", task)
		}
	}
}
