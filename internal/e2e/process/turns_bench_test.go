//go:build crash && bench

package process

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
)

// TestShortBesideLong prints how long a document of one page takes from upload to
// review, alone and beside dossiers of 2,000 pages (the heads of pages) that fill
// every place of theirs.
func TestShortBesideLong(t *testing.T) {
	h := embedded(t)
	h.work.Jobs = 2
	p := h.all()
	p.Timing = queue.DefaultTiming()
	start(t, p)
	h.awake()
	fmt.Println("| a document of one page, from upload to review | median | longest of 9 |\n|---|--:|--:|")
	h.timeShort("alone", 100)
	var long []string
	for i := range int64(3) {
		long = append(long, h.upload("dai.pdf", pages(t, strip(t, 120+i), 2000)).Document)
	}
	h.until("a long one is being read", func() error { return h.running(long...) })
	time.Sleep(20 * time.Second) // it is split first
	h.timeShort("beside three dossiers of 2,000 pages", 200)
	for _, id := range long {
		h.reaches(id, record.Received, "")
	}
}

func (h *house) timeShort(how string, seed int64) {
	h.t.Helper()
	var all []time.Duration
	for i := range int64(9) {
		body := scan(h.t, seed+i)
		start := time.Now()
		h.reaches(h.upload("don.jpg", body).Document, record.InReview, "")
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	fmt.Printf("| %s | %.1f s | %.1f s |\n", how, all[len(all)/2].Seconds(), all[len(all)-1].Seconds())
}
