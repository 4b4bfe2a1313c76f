package paper

import (
	"fmt"

	"rsc.io/qr"
)

// code prints the QR code of the one-stop mechanism: top left of page 1.
func (w *writer) code() error {
	if w.spec.Marks.QR == "" {
		return nil
	}
	code, err := qr.Encode(w.spec.Marks.QR, qr.M)
	if err != nil {
		return fmt.Errorf("QR code of %d bytes: %w", len(w.spec.Marks.QR), err)
	}
	const x0, y0, side = 24.0, 22.0, 62.0
	step := side / float64(code.Size)
	first := w.press.leaves[0]
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				at := point{x0 + float64(x)*step, y0 + float64(y)*step}
				first.rules = append(first.rules, rectangle(at.x, at.y, at.x+step, at.y+step))
			}
		}
	}
	return nil
}
