package page

import (
	"errors"

	"github.com/sohoa/sohoa/record"
)

var errNoThreshold = errors.New("no threshold between ink and paper")

// A Picture is a page opened for looking at: its pixels, and what on it is ink.
// Facts, Preview and Clean look at it; it alters nothing. The owner calls Free.
type Picture struct {
	scan    record.Scan
	pixels  *Pix    // as stored
	grey    *Pix    // levelled, at the scale of recognition, as stored; nil if the scan is 1-bit
	ink     *Pix    // 1 bit, at the scale of recognition, as stored
	scale   float64 // from stored pixels to the scale of recognition
	dpi     float64
	dpiFrom string
	turn    int // clockwise, from stored pixels to upright
}

// Free gives the memory back.
func (p *Picture) Free() {
	p.pixels.Free()
	p.grey.Free()
	p.ink.Free()
}

// Open decodes a scan and separates ink from paper.
func Open(work string, s record.Scan) (*Picture, error) {
	pixels, err := Decode(work, s)
	if err != nil {
		return nil, err
	}
	p := &Picture{scan: s, pixels: pixels, turn: s.Rotate}
	p.dpi, p.dpiFrom = resolution(s)
	p.scale = scaleFor(p.dpi)
	if err := p.separate(); err != nil {
		p.Free()
		return nil, err
	}
	return p, nil
}

// scaleFor brings a page to what the recogniser reads best: 300 dpi when it has
// clearly more, twice as much when it has half as much.
func scaleFor(dpi float64) float64 {
	switch {
	case dpi > 330:
		return 300 / dpi
	case dpi <= 160:
		return 2
	}
	return 1
}

// separate fills grey and ink. Red seals and blue signatures matter here: red is
// as light as paper in the red channel, so a seal over a name goes away.
func (p *Picture) separate() error {
	if p.pixels.Depth() == 1 && p.scale == 1 {
		ink, err := p.pixels.scaled(1)
		p.ink = ink
		return err
	}
	grey, err := p.greyAtScale()
	if err != nil {
		return err
	}
	p.grey = grey
	if p.pixels.Depth() != 1 {
		if even, err := grey.levelled(); err == nil { // without any background there is nothing to level
			grey.Free()
			p.grey = even
		}
	}
	p.ink, err = p.grey.otsu()
	return err
}

func (p *Picture) greyAtScale() (*Pix, error) {
	if p.pixels.Depth() == 1 {
		return p.bilevelAtScale()
	}
	grey, err := p.pixels.grey(true)
	if err != nil || p.scale == 1 {
		return grey, err
	}
	defer grey.Free()
	return grey.scaled(p.scale)
}

func (p *Picture) bilevelAtScale() (*Pix, error) {
	if p.scale < 1 {
		return p.pixels.scaled(p.scale)
	}
	grey, err := p.pixels.grey(false)
	if err != nil {
		return nil, err
	}
	defer grey.Free()
	return grey.scaled(p.scale)
}

// Orientation returns by how much the stored pixels must be turned clockwise so
// that a person can read them, and whether that is sure. When it is not, the
// turn that the file asks for stands.
func (p *Picture) Orientation() (clockwise int, sure bool) {
	clockwise, sure = p.ink.orientation()
	if !sure {
		return p.scan.Rotate, false
	}
	return clockwise, true
}

// Turn sets the turn to be upright, clockwise from the stored pixels.
func (p *Picture) Turn(clockwise int) { p.turn = ((clockwise % 360) + 360) % 360 }
