package verify_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

// childKind is how the child of a test behaves: the real one, or what hostile
// bytes may make of it.
const childKind = "SOHOA_TEST_CHILD"

func TestMain(m *testing.M) {
	child := verify.Serve
	switch os.Getenv(childKind) {
	case "crash":
		child = func(c *sandbox.Conn) error { os.Exit(3); return nil }
	case "hang":
		child = func(c *sandbox.Conn) error { time.Sleep(time.Minute); return nil }
	case "swell":
		child = func(c *sandbox.Conn) error {
			for all := [][]byte{}; ; all = append(all, make([]byte, 64<<20)) {
				for i := 0; i < len(all); i++ {
					all[i][i*4096] = 1
				}
			}
		}
	}
	sandbox.Serve(map[string]sandbox.Func{verify.Child: child})
	os.Exit(m.Run())
}

func TestFileRunsInAChild(t *testing.T) {
	w := newWorld()
	path := filepath.Join(t.TempDir(), "văn bản.pdf")
	p := w.archived()
	if err := os.WriteFile(path, p.b, 0o600); err != nil {
		t.Fatal(err)
	}
	policy := w.policy(later)
	policy.File = "văn bản.pdf"
	want := p.verify(t, policy)
	v, err := verify.File(context.Background(), path, policy)
	if err != nil || v.SHA256 != want.SHA256 || said(v) != said(want) || v.File != want.File || !v.At.Equal(want.At) {
		t.Errorf("in a child: %v, %s\nin process: %s", err, said(v), said(want))
	}
	for kind, reason := range map[string]record.Reason{"crash": record.ChildCrashed, "hang": record.TooMuchTime, "swell": record.TooMuchMemory} {
		t.Run(kind, func(t *testing.T) {
			t.Setenv(childKind, kind)
			policy := policy
			if kind == "hang" {
				policy.Limits.Time = time.Millisecond
			}
			v, err := verify.File(context.Background(), path, policy)
			if err != nil || v.Outcome != record.Unreadable || v.Reason != string(reason) || v.SHA256 != want.SHA256 {
				t.Errorf("File = %s, %v; want unreadable %s", said(v), err, reason)
			}
		})
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	dir := t.TempDir()
	for path, reason := range map[string]record.Reason{filepath.Join(dir, "none.pdf"): record.InputMissing, dir: record.InputUnreadable} {
		if _, err := verify.File(context.Background(), path, verify.Policy{}); record.ReasonOf(err) != reason {
			t.Errorf("File(%s) = %v; want reason %s", path, err, reason)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	path := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(path, newPaper().b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verify.File(ctx, path, verify.Policy{}); !errors.Is(err, context.Canceled) {
		t.Errorf("File of a cancelled caller = %v; want %v", err, context.Canceled)
	}
}
