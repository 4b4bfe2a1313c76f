package paper

import (
	"fmt"

	"github.com/boombuler/barcode/pdf417"
	"rsc.io/qr"
)

// codes prints the QR code of the one-stop mechanism, top left of page 1, and the
// PDF417 of tax software, at its bottom.
func (w *writer) codes() error {
	if text := w.spec.Marks.QR; text != "" {
		code, err := qr.Encode(text, qr.M)
		if err != nil {
			return fmt.Errorf("QR code of %d bytes: %w", len(text), err)
		}
		const side = 62.0
		w.modules(point{24, 22}, side/float64(code.Size), code.Size, code.Size, code.Black)
	}
	if text := w.spec.Marks.PDF417; text != "" {
		code, err := pdf417.Encode(text, 4)
		if err != nil {
			return fmt.Errorf("PDF417 of %d bytes: %w", len(text), err)
		}
		const module = 0.72 // points: a hundredth of an inch
		width, height := code.Bounds().Dx(), code.Bounds().Dy()
		w.modules(point{40, 842 - 20 - module*float64(height)}, module, width, height, func(x, y int) bool {
			r, _, _, _ := code.At(x, y).RGBA()
			return r < 0x8000
		})
	}
	return nil
}

// modules prints the dark squares of a code on page 1.
func (w *writer) modules(at point, step float64, width, height int, dark func(x, y int) bool) {
	first := w.press.leaves[0]
	for y := range height {
		for x := range width {
			if dark(x, y) {
				p := point{at.x + float64(x)*step, at.y + float64(y)*step}
				first.rules = append(first.rules, rectangle(p.x, p.y, p.x+step, p.y+step))
			}
		}
	}
}
