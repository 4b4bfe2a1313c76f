package bench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/pipeline/field"
)

// WriteMarkdown writes the sums, a table by field and one of confidence.
func (r FieldReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s.\n\n", r.Date.Format(time.DateOnly), machine())
	r.writeSums(&b)
	r.writeNames(&b)
	r.writeBins(&b)
	for _, why := range r.Refused {
		fmt.Fprintf(&b, "\nRefused: %s\n", why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r FieldReport) writeSums(b *strings.Builder) {
	p, h := r.Printed.Total(), r.ByHand.Total()
	printed := p.Right + p.Wrong + p.Missing + p.Flagged
	slots := h.Right + h.Wrong + h.Missing + h.Flagged
	read := p.Right + p.Wrong + h.Right + h.Wrong
	b.WriteString("| | |\n|---|--:|\n")
	fmt.Fprintf(b, "| documents, pages | %d, %d |\n", r.Documents, r.Pages)
	fmt.Fprintf(b, "| printed fields read exactly | %s |\n", share(p.Right, printed))
	fmt.Fprintf(b, "| slots filled by hand and reported so | %s |\n", share(h.Flagged, slots))
	fmt.Fprintf(b, "| printed fields reported as handwriting | %s |\n", share(p.Flagged, printed))
	fmt.Fprintf(b, "| silent errors: wrong at confidence 0.8 or more | %s |\n", share(p.Silent+h.Silent, read))
	if a := r.Parts.Total(); len(r.Parts.Names) > 0 {
		fmt.Fprintf(b, "| of attachments read exactly: pages, type, number, title, signer | %s |\n", share(a.Right, a.Right+a.Wrong+a.Missing))
	}
	fmt.Fprintf(b, "| precision, recall of printed fields | %.1f %%, %.1f %% |\n", 100*p.Precision(), 100*p.Recall())
	fmt.Fprintf(b, "| calibration: mean gap between confidence and share right | %.3f |\n", r.Printed.CalibrationError())
	fmt.Fprintf(b, "| processor time a document | %.1f ms |\n", float64(r.Spent.Microseconds())/1000/float64(max(1, r.Documents)))
}

func share(n, of int) string {
	if of == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(n)/float64(of), n, of)
}

func (r FieldReport) writeNames(b *strings.Builder) {
	b.WriteString("\n| field | right | wrong | not found | as handwriting | silent errors | precision | recall |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, name := range slices.Sorted(maps.Keys(r.Printed.Names)) {
		writeCount(b, name, *r.Printed.Names[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.ByHand.Names)) {
		writeCount(b, name+", by hand", *r.ByHand.Names[name])
	}
}

func writeCount(b *strings.Builder, name string, c field.Count) {
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %.0f %% | %.0f %% |\n", name, c.Right, c.Wrong, c.Missing, c.Flagged, c.Silent, 100*c.Precision(), 100*c.Recall())
}

func (r FieldReport) writeBins(b *strings.Builder) {
	b.WriteString("\n| confidence | values | right | mean confidence |\n|---|--:|--:|--:|\n")
	for i, bin := range r.Printed.Bins {
		if bin.Values > 0 {
			fmt.Fprintf(b, "| %.1f to %.1f | %d | %.0f %% | %.2f |\n", float64(i)/10, float64(i+1)/10, bin.Values, 100*float64(bin.Right)/float64(bin.Values), bin.Sum/float64(bin.Values))
		}
	}
}

// WriteMisses writes what was not as in truth, the surest first.
func (r FieldReport) WriteMisses(w io.Writer) error {
	var b strings.Builder
	slices.SortStableFunc(r.Misses, func(a, c Miss) int { return -int(1000 * (a.Confidence - c.Confidence)) })
	for _, m := range r.Misses {
		fmt.Fprintf(&b, "%s\t%s\t%.2f\t%s\tread %q\ttrue %q\n", m.Document, m.Field, m.Confidence, m.Rule, m.Got, m.Want)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
