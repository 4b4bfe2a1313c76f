package page

import "github.com/sohoa/sohoa/record"

// A Picture is a page opened for looking at: its pixels, and what on it is ink.
// Facts, Preview and Clean look at it; it alters nothing. The owner calls Free.
type Picture struct {
	stored  record.Scan
	scan    record.Scan // that pixels are of: stored, or what it would be with square pixels
	pixels  *Pix        // as stored but square, or the mirror image where the scan asks for it
	grey    *Pix        // levelled, at the scale of recognition, as stored; nil if ink is the scan itself
	ink     *Pix        // 1 bit, at the scale of recognition, as stored
	letters float64     // how high lower-case letters are wanted for recognition
	scale   float64     // from stored pixels to the scale of recognition
	dpi     float64
	dpiFrom string
	spoiled bool // whether part of the pixels is what the decoder made of damaged data
	paper   int  // level of the paper in grey, 0 if the scan is 1-bit
	turn    int  // clockwise, from stored pixels to upright
}

// Free gives the memory back.
func (p *Picture) Free() {
	p.pixels.Free()
	p.grey.Free()
	p.ink.Free()
}

// Open decodes a scan and separates ink from paper. Letters is the height of a
// lower-case letter that Clean aims at, in pixels: see [Letters].
func Open(work string, s record.Scan, letters float64) (*Picture, error) {
	pixels, err := Decode(work, s)
	if err != nil {
		return nil, err
	}
	if s.Mirrored {
		pixels.mirror()
	}
	p := &Picture{stored: s, turn: s.Rotate, letters: letters, spoiled: s.Spoiled || pixels.faults > 0}
	if p.pixels, p.scan, err = squared(pixels, s); err != nil {
		return nil, err
	}
	p.dpi, p.dpiFrom = resolution(p.scan)
	if err := p.separate(); err != nil {
		p.Free()
		return nil, err
	}
	return p, nil
}
