package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// The pixels of a fax are as much as twice as high as wide (ITU-T T.4: 204 dots an inch
// on 98 lines). Such a page is looked at as if they were square, for letters of half
// their height cannot be read; what was found on it is put onto the scan again.

// Resolutions that differ by less are those of square pixels; by more, no scanner's.
const (
	unequal   = 1.2
	farApart  = 4
	mostSpace = 60e6 // pixels that a page may have when they are square
)

// squared returns the pixels of a scan made square, and the scan that they would be of.
// It owns pixels from then on.
func squared(pixels *Pix, s record.Scan) (*Pix, record.Scan, error) {
	ratio := s.DPIX / s.DPIY
	wide, high := max(1, 1/ratio), max(1, ratio)
	stretch := wide * high
	if !believed(s.DPIX) || !believed(s.DPIY) || stretch < unequal || stretch > farApart || float64(s.Width)*float64(s.Height)*stretch > mostSpace {
		return pixels, s, nil
	}
	defer pixels.Free()
	shades, err := pixels.eightBits()
	if err != nil {
		return nil, s, err
	}
	defer shades.Free()
	square, err := shades.stretched(wide, high)
	if err != nil {
		return nil, s, err
	}
	s.Width, s.Height = square.Width(), square.Height()
	s.DPIX, s.DPIY = max(s.DPIX, s.DPIY), max(s.DPIX, s.DPIY)
	return square, s, nil
}

// oblong reports whether the pixels of the scan are not square.
func (p *Picture) oblong() bool {
	return p.stored.Width != p.scan.Width || p.stored.Height != p.scan.Height
}

// AsStored puts what was found on the page where it lies on the scan.
func (p *Picture) AsStored(page record.Page) record.Page {
	page.Scan = p.stored
	if !p.oblong() {
		return page
	}
	fx, fy := float64(p.stored.Width)/float64(p.scan.Width), float64(p.stored.Height)/float64(p.scan.Height)
	page.Width, page.Height = p.stored.Width, p.stored.Height
	if p.turn%180 != 0 {
		fx, fy, page.Width, page.Height = fy, fx, page.Height, page.Width
	}
	put := func(b *record.Box) {
		*b = record.Box{int(float64(b[0]) * fx), int(float64(b[1]) * fy), min(int(math.Ceil(float64(b[2])*fx)), page.Width), min(int(math.Ceil(float64(b[3])*fy)), page.Height)}
	}
	for i := range page.Lines {
		l := &page.Lines[i]
		put(&l.Box)
		l.Size, l.Baseline.Offset, l.Baseline.Slope = l.Size*fy, l.Baseline.Offset*fy, l.Baseline.Slope*fy/fx
		for j := range l.Words {
			put(&l.Words[j].Box)
		}
	}
	for i := range page.Regions {
		put(&page.Regions[i].Box)
	}
	for i := range page.Codes {
		put(&page.Codes[i].Box)
	}
	for i := range page.Occupied {
		put(&page.Occupied[i])
	}
	return page
}
