package stamp

import (
	"fmt"
	"io"

	"rsc.io/qr"
)

const quiet = 4 // modules around a code (ISO/IEC 18004)

// The sides of a module in points, the first that finds a place: 0.35 and 0.26 mm, four
// and three dots of a 300 dpi printer.
var modules = []float64{1, 0.75}

// NewWithCode is [New] with a QR code of an address at the left of the texts. The
// code is left out where it finds no place that is free: the letters say it all.
func NewWithCode(p Page, corner Corner, address string, texts ...string) (*Mark, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return nil, fmt.Errorf("lay out the mark: code of %d characters: %w", len(address), err)
	}
	for _, module := range modules {
		if m, err := lay(p, corner, code, module, texts); err == nil && !m.Covers {
			return m, nil
		}
	}
	return New(p, corner, texts...)
}

// codeSide is the side of the code in points, its quiet zone included.
func (m *Mark) codeSide() float64 {
	if m.code == nil {
		return 0
	}
	return float64(m.code.Size+2*quiet) * m.module
}

// drawCode fills the dark modules, those of a row that touch at once. h is the
// height of the mark.
func (m *Mark) drawCode(w io.Writer, h float64) {
	if m.code == nil {
		return
	}
	module := m.module
	top := (h+m.codeSide())/2 - quiet*module
	for row := range m.code.Size {
		for column := 0; column < m.code.Size; column++ {
			start := column
			for column < m.code.Size && m.code.Black(column, row) {
				column++
			}
			if column > start {
				fmt.Fprintf(w, "%.3f %.3f %.3f %.3f re\n", (quiet+float64(start))*module, top-float64(row+1)*module, float64(column-start)*module, module)
			}
		}
	}
	io.WriteString(w, "f\n")
}
