package page

import (
	"fmt"
	"io"
)

const (
	previewSide    = 1600 // pixels, the longer side
	previewLeast   = 4    // the shorter
	previewQuality = 75
)

// Preview writes the upright page as a JPEG that any browser shows, at most 1600
// pixels on its longer side if the shorter keeps some.
func (p *Picture) Preview(w io.Writer) error {
	long, short := float64(max(p.pixels.Width(), p.pixels.Height())), float64(min(p.pixels.Width(), p.pixels.Height()))
	factor := min(1, max(previewSide/long, previewLeast/short))
	small, err := p.pixels.scaled(factor)
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
