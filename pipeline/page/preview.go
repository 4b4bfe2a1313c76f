package page

import (
	"fmt"
	"io"
)

const (
	previewSide    = 1600 // pixels, the longer side
	previewHalf    = 0.45 // a page that would get a little smaller than half is halved: a third of the work
	previewLeast   = 4    // the shorter
	previewQuality = 75
)

// Preview writes the upright page as a JPEG that any browser shows, at most 1600
// pixels on its longer side (1778 if it is halved) if the shorter keeps some.
func (p *Picture) Preview(w io.Writer) error {
	long, short := float64(max(p.pixels.Width(), p.pixels.Height())), float64(min(p.pixels.Width(), p.pixels.Height()))
	factor := min(1, max(previewSide/long, previewLeast/short))
	if factor > previewHalf && factor < 0.5 {
		factor = 0.5
	}
	small, err := p.pixels.thumbnail(factor)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	defer small.Free()
	up, err := small.Turned(p.turn)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	defer up.Free()
	b, err := up.EncodeJPEG(previewQuality)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	_, err = w.Write(b)
	return err
}
