package pdfa_test

import (
	"runtime"
	"testing"

	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

// A watched writer forgets what it gets and remembers how large the heap became.
type watched struct {
	written, looked, most int64
}

func (w *watched) Write(b []byte) (int, error) {
	w.written += int64(len(b))
	if w.written-w.looked > 4<<20 {
		w.looked = w.written
		w.most = max(w.most, heap())
	}
	return len(b), nil
}

// heap is what is alive.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// heapOf writes so many pages and returns what that takes beyond the pages themselves.
func heapOf(t *testing.T, pages int) int64 {
	t.Helper()
	work := t.TempDir()
	p := fixture(t, work, pictures[1], 0)
	all := make([]record.Page, pages)
	for i := range all {
		all[i] = p
	}
	before := heap()
	w := &watched{}
	if err := pdfa.Write(w, pdfa.Document{Pages: all, Work: work}); err != nil {
		t.Fatal(err)
	}
	w.most = max(w.most, heap())
	runtime.KeepAlive(all)
	return w.most - before
}

// The writer keeps some bytes an object and no page.
func TestMemoryIsFlatInPages(t *testing.T) {
	cost := map[int]int64{}
	for _, pages := range []int{1, 100, 2000} {
		cost[pages] = heapOf(t, pages)
		t.Logf("%d pages: %d KiB", pages, cost[pages]>>10)
	}
	const eachPage = 300 // bytes: three objects of eight bytes, a place in the page tree, and room to grow
	if more := cost[2000] - cost[1]; more > 1<<20+2000*eachPage {
		t.Errorf("2000 pages take %d bytes more than one", more)
	}
}
