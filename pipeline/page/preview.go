package page

import (
	"fmt"
	"io"
)

const (
	previewSide    = 1600 // pixels, the longer side
	previewQuality = 75
)

// Preview writes the upright page as a JPEG that any browser shows, at most 1600
// pixels on its longer side.
func (p *Picture) Preview(w io.Writer) error {
	factor := min(1, previewSide/float64(max(p.pixels.Width(), p.pixels.Height())))
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
