package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A VerifyRow is what one verification of a file cost.
type VerifyRow struct {
	Name      string
	CPU, Time time.Duration // in process
	ChildTime time.Duration // in a child process of its own
}

// A VerifyReport is one measuring. Others has pyHanko's rows in the order of Rows.
type VerifyReport struct {
	Date         time.Time
	Count        int
	Rows, Others []VerifyRow
	Memory       []MemoryRow
}

// WriteMarkdown writes the report as tables, with the date and the size of the machine.
func (r VerifyReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s: %d verifications of each small file, a tenth of that of each large one, one at a time, offline.\n\n", r.Date.Format(time.DateOnly), machine(), r.Count)
	b.WriteString("| file | CPU ms | verifications / s | in a child / s | pyHanko CPU ms | pyHanko / s | times |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for i, row := range r.Rows {
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %.1f |", row.Name, milliseconds(row.CPU), 1/row.Time.Seconds(), 1/row.ChildTime.Seconds())
		if i < len(r.Others) {
			o := r.Others[i]
			fmt.Fprintf(&b, " %.1f | %.1f | %.0f |", milliseconds(o.CPU), 1/o.Time.Seconds(), float64(o.Time)/float64(row.Time))
		} else {
			b.WriteString(" | | |")
		}
		b.WriteByte('\n')
	}
	if len(r.Memory) > 0 {
		b.WriteString("\n| file | peak memory | s |\n|--:|--:|--:|\n")
	}
	for _, row := range r.Memory {
		fmt.Fprintf(&b, "| %d MB | %d MB | %.1f |\n", row.FileBytes>>20, row.Peak>>20, row.Time.Seconds())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
