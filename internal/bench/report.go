package bench

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Row is what one class of pages cost, from scan to signed PDF/A.
type Row struct {
	Class      string // e.g. "colour 300 dpi"
	Documents  int
	Pages      int
	CPU        time.Duration // everything
	Recognise  time.Duration // in the recogniser's child: preparing and Tesseract
	Prepare    time.Duration // decode, facts, preview, clean
	Seal       time.Duration
	PeakMemory int64 // bytes, all processes together
	In, Out    int64 // bytes of scans and of signed PDFs
}

// add counts a document into the row.
func (r *Row) add(o Row) {
	r.Documents, r.Pages = r.Documents+o.Documents, r.Pages+o.Pages
	r.CPU, r.Recognise, r.Prepare, r.Seal = r.CPU+o.CPU, r.Recognise+o.Recognise, r.Prepare+o.Prepare, r.Seal+o.Seal
	r.PeakMemory = max(r.PeakMemory, o.PeakMemory)
	r.In, r.Out = r.In+o.In, r.Out+o.Out
}

// Tesseract is the engine's processor time, the start of its child included.
func (r Row) Tesseract() time.Duration { return max(0, r.Recognise-r.Prepare) }

// OtherShare is the share of processor time that is not Tesseract's, 0 to 1.
func (r Row) OtherShare() float64 {
	if r.CPU == 0 {
		return 0
	}
	return float64(r.CPU-r.Tesseract()) / float64(r.CPU)
}

// A Report is one measuring.
type Report struct {
	Date    time.Time
	Rows    []Row
	Refused []string // documents that were refused, and why: not in the rows
}

// Total is the sum of all rows.
func (r Report) Total() Row {
	total := Row{Class: "all"}
	for _, row := range r.Rows {
		total.add(row)
	}
	return total
}

// WriteMarkdown writes the report as a table, with the date and the size of the machine.
func (r Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s.\n\n", r.Date.Format(time.DateOnly), machine())
	b.WriteString("| class | documents | pages | pages / CPU s | CPU s / page | Tesseract s | preparing s | sealing s | rest s | not Tesseract | peak memory | out / in |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	rows := slices.SortedFunc(slices.Values(r.Rows), func(a, b Row) int { return cmp.Compare(a.Class, b.Class) })
	for _, row := range append(rows, r.Total()) {
		if row.Pages > 0 && row.CPU > 0 {
			b.WriteString(row.markdown())
		}
	}
	for _, why := range r.Refused {
		fmt.Fprintf(&b, "\nRefused: %s\n", why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Row) markdown() string {
	each := func(d time.Duration) float64 { return d.Seconds() / float64(r.Pages) }
	return fmt.Sprintf("| %s | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f %% | %d MB | %.2f |\n",
		r.Class, r.Documents, r.Pages, float64(r.Pages)/r.CPU.Seconds(), each(r.CPU), each(r.Tesseract()), each(r.Prepare), each(r.Seal),
		each(r.CPU-r.Recognise-r.Seal), 100*r.OtherShare(), r.PeakMemory>>20, float64(r.Out)/float64(max(1, r.In)))
}

// machine says how large this one is.
func machine() string {
	model := runtime.GOARCH
	if m := lineOf("/proc/cpuinfo", "model name"); m != "" {
		model = m
	}
	var kB int64
	fmt.Sscanf(lineOf("/proc/meminfo", "MemTotal"), "%d", &kB)
	return fmt.Sprintf("%d cores (%s), %d GB of memory, %s", runtime.NumCPU(), model, (kB+1<<19)>>20, runtime.Version())
}

// lineOf returns the value of the first line "key : value" of a file, "" if there is none.
func lineOf(file, key string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if k, v, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
