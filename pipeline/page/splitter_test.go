package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// blankPNG is a white picture.
func blankPNG(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// splitBy takes b apart with s.
func splitBy(t *testing.T, s *Splitter, b []byte) (Document, error) {
	t.Helper()
	in := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return s.Split(t.Context(), in, t.TempDir(), "", Limits{})
}

// resting is the process id of the only child that rests, 0 if there is none.
func resting(t *testing.T, s *Splitter) int {
	t.Helper()
	if len(s.idle) > 1 {
		t.Fatalf("%d children rest, want one at most", len(s.idle))
	}
	if len(s.idle) == 0 {
		return 0
	}
	return s.idle[0].PID()
}

// One child takes files of every kind apart and holds none of them open; what was asked of one says nothing
// to the next. A file that is refused ends it.
func TestSplitterKeepsItsChild(t *testing.T) {
	var s Splitter
	defer s.Close()
	files := [][]byte{blankPNG(t, 40, 30), writePDF(t, nil, pdfPaper{content: "0 0 50 50 re f"}, pdfPaper{}), blankPNG(t, 7, 9)}
	pages := []int{1, 2, 1}
	first := 0
	for round := range 2 {
		for i, file := range files {
			d, err := splitBy(t, &s, file)
			if err != nil || len(d.Pages) != pages[i] {
				t.Fatalf("file %d: %d pages, %v; want %d", i, len(d.Pages), err, pages[i])
			}
			pid := resting(t, &s)
			if round+i == 0 {
				first = pid
			}
			if pid == 0 || pid != first {
				t.Errorf("file %d was taken apart by process %d, the first by %d", i, pid, first)
			}
			if open := filesNamed(t, pid, "/in"); len(open) > 0 {
				t.Errorf("after file %d the child holds %v", i, open)
			}
		}
	}
	if _, err := splitBy(t, &s, []byte("\x89PNG\r\n\x1a\n")); record.ReasonOf(err) != record.Truncated {
		t.Fatalf("half a PNG: %v, want %s", err, record.Truncated)
	}
	if pid := resting(t, &s); pid != 0 {
		t.Errorf("after a refusal process %d is kept", pid)
	}
	if _, err := splitBy(t, &s, files[0]); err != nil {
		t.Fatal(err)
	}
	if pid := resting(t, &s); pid == first {
		t.Errorf("process %d, which met a refusal, works on", pid)
	}
}

// filesNamed lists what a process has open whose name ends so.
func filesNamed(t *testing.T, pid int, end string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if name, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, f.Name())); err == nil && strings.HasSuffix(name, end) {
			names = append(names, name)
		}
	}
	return names
}

// A child that grew large, or is asked for other limits, or has done its share, is replaced; Close ends it.
func TestSplitterReplacesItsChild(t *testing.T) {
	var s Splitter
	small := blankPNG(t, 40, 30)
	if _, err := splitBy(t, &s, small); err != nil {
		t.Fatal(err)
	}
	first := resting(t, &s)
	s.idle[0].files = splitFiles - 1
	if _, err := splitBy(t, &s, small); err != nil {
		t.Fatal(err)
	}
	if pid := resting(t, &s); pid != 0 {
		t.Errorf("process %d is kept after %d files (the first was %d)", pid, splitFiles, first)
	}
	if _, err := splitBy(t, &s, small); err != nil {
		t.Fatal(err)
	}
	second := resting(t, &s)
	in := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in, small, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Split(t.Context(), in, t.TempDir(), "", Limits{Memory: 1 << 30}); err != nil {
		t.Fatal(err)
	}
	if pid := resting(t, &s); pid == second {
		t.Errorf("process %d works under a limit that is not its own", pid)
	}
	last := resting(t, &s)
	s.Close()
	if _, err := os.Stat(fmt.Sprintf("/proc/%d", last)); err == nil {
		t.Errorf("process %d lives after Close", last)
	}
}

// Many files at once, some of them given up, leave no more children than were at work.
func TestSplitterAtOnce(t *testing.T) {
	var s Splitter
	defer s.Close()
	in := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in, blankPNG(t, 400, 300), 0o600); err != nil {
		t.Fatal(err)
	}
	const atOnce = 4
	var all sync.WaitGroup
	for worker := range atOnce {
		all.Go(func() {
			for i := range 6 {
				ctx, cancel := context.WithCancel(t.Context())
				if (worker+i)%3 == 0 {
					cancel()
				}
				_, err := s.Split(ctx, in, t.TempDir(), "", Limits{})
				if given := ctx.Err() != nil; given && !errors.Is(err, context.Canceled) || !given && err != nil {
					t.Errorf("worker %d, file %d: %v (given up: %v)", worker, i, err, given)
				}
				cancel()
			}
		})
	}
	all.Wait()
	if n := len(s.idle); n == 0 || n > atOnce {
		t.Errorf("%d children rest, want 1 to %d", n, atOnce)
	}
}
