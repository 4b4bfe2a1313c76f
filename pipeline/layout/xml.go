package layout

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// A writer writes XML; the first error stays.
type writer struct {
	*bufio.Writer
	what string
	err  error
}

func newWriter(w io.Writer, what string) *writer {
	return &writer{Writer: bufio.NewWriterSize(w, 64<<10), what: what}
}

// put writes a line; a format's %s must be given what needs no escape, or be
// wrapped in text.
func (w *writer) put(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.Writer, format+"\n", args...)
	}
}

func (w *writer) close() error {
	if w.err == nil {
		w.err = w.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("write %s: %w", w.what, w.err)
	}
	return nil
}

// text escapes s for content and attributes; what XML cannot carry becomes U+FFFD.
func text(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// decimal writes x with at most so many digits behind the point; what is no
// number is 0.
func decimal(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if digits > 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// share keeps a confidence within 0 and 1.
func share(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}
