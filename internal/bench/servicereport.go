package bench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// A ServiceReport is one measuring of the service.
type ServiceReport struct {
	Date                    time.Time
	Store, Catalogue, Queue string // which ones: embedded, or as configured
	Passes                  []Pass
	Cost                    Cost
	Speeds                  []Speed
	Searches                Searches
}

// WriteMarkdown writes the report as tables, with the date and the size of the machine.
func (r ServiceReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s. Store: %s, catalogue: %s, queue: %s.\n", r.Date.Format(time.DateOnly), machine(), r.Store, r.Catalogue, r.Queue)
	r.writePasses(&b)
	r.writeCost(&b)
	r.writeSearches(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r ServiceReport) writePasses(b *strings.Builder) {
	b.WriteString("\n| size | n | store: put MB/s | API: upload MB/s | API / store | uploads/s | store: get MB/s | API: fetch MB/s | API / store | CPU ms / upload | CPU ms / put |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, p := range r.Passes {
		rate := func(d time.Duration) float64 { return float64(p.Bytes) * float64(p.N) / 1e6 / d.Seconds() }
		each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(p.N) }
		fmt.Fprintf(b, "| %s | %d | %.1f | %.1f | %.2f | %.0f | %.1f | %.1f | %.2f | %.1f | %.1f |\n", size(p.Bytes), p.N, rate(p.Put), rate(p.Upload), rate(p.Upload)/rate(p.Put),
			float64(p.N)/p.Upload.Seconds(), rate(p.Get), rate(p.Fetch), rate(p.Fetch)/rate(p.Get), each(p.UploadCPU), each(p.Cost))
	}
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

func (r ServiceReport) writeCost(b *strings.Builder) {
	c := r.Cost
	fmt.Fprintf(b, "\n| | |\n|---|--:|\n| recognition, CPU s / document (%d documents, %d pages) | %.2f |\n", c.Documents, c.Pages, c.Recognise.Seconds()/float64(max(1, c.Documents)))
	fmt.Fprintf(b, "| API, queue, catalogue and store from upload to seal, CPU s / document (%d documents) | %.4f |\n", c.Replays, c.Service.Seconds()/float64(max(1, c.Replays)))
	fmt.Fprintf(b, "| as a share of recognition | %.1f %% |\n", 100*c.Share())
	for _, s := range r.Speeds {
		fmt.Fprintf(b, "| documents a minute, upload to B-B, jobs at a time: %d (CPU s / document) | %.1f (%.2f) |\n", s.Jobs, float64(s.Documents)/s.Took.Minutes(), s.CPU.Seconds()/float64(max(1, s.Documents)))
	}
}

func (r ServiceReport) writeSearches(b *strings.Builder) {
	fmt.Fprintf(b, "\n%d documents", r.Searches.N)
	for _, name := range slices.Sorted(maps.Keys(r.Searches.Loads)) {
		fmt.Fprintf(b, ", restored into %s in %.0f s", name, r.Searches.Loads[name].Seconds())
	}
	fmt.Fprintf(b, "; %d questions of each kind, pages of 20.\n\n| catalogue | question | hits | p50 ms | p95 ms |\n|---|---|--:|--:|--:|\n", questions)
	for _, s := range r.Searches.Asked {
		fmt.Fprintf(b, "| %s | %s | %d | %.1f | %.1f |\n", s.Catalogue, s.Question, s.Hits, ms(s.P50), ms(s.P95))
	}
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
