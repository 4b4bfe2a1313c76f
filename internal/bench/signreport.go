package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A SignRow is what one signature of a kind cost.
type SignRow struct {
	Name      string
	CPU, Time time.Duration
}

// A MemoryRow is what sealing one large file took.
type MemoryRow struct {
	FileBytes, Peak int64
	Time            time.Duration
}

// A SignReport is one measuring; its first row is the work that nobody can do without.
type SignReport struct {
	Date      time.Time
	Count     int
	FileBytes int64
	Rows      []SignRow
	Memory    []MemoryRow
}

// WriteMarkdown writes the report as tables, with the date and the size of the machine.
func (r SignReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s: RSA 3072, a file of %d KB, %d signatures of each kind, one at a time.\n\n", r.Date.Format(time.DateOnly), machine(), r.FileBytes>>10, r.Count)
	b.WriteString("| signature | CPU ms | of the bare work | signatures / s |\n|---|--:|--:|--:|\n")
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %.0f |\n", row.Name, float64(row.CPU.Microseconds())/1e3, float64(row.CPU)/float64(max(1, r.Rows[0].CPU)), 1/row.Time.Seconds())
	}
	if len(r.Memory) > 0 {
		b.WriteString("\n| file | peak memory | times the file | s |\n|--:|--:|--:|--:|\n")
	}
	for _, row := range r.Memory {
		fmt.Fprintf(&b, "| %d MB | %d MB | %.1f | %.1f |\n", row.FileBytes>>20, row.Peak>>20, float64(row.Peak)/float64(row.FileBytes), row.Time.Seconds())
	}
	_, err := io.WriteString(w, b.String())
	return err
}
