package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// In the lightest colour a red seal and a blue signature go away, and so does
// coloured text. Lines of coloured text are looked for on a coarse map and their
// ink is put back; a seal, whose parts hang together in a ring or a frame, and the
// sweep of a signature are no lines.

const (
	mapDPI        = 100    // of the coarse map
	colouredShare = 0.0002 // of the page, below which nothing coloured is looked for
)

// addColouredText puts lines of coloured text into the ink.
func (p *Picture) addColouredText() error {
	if p.pixels.Depth() != 32 {
		return nil
	}
	step := max(1, int(math.Round(p.dpi/mapDPI)))
	coloured, n, err := p.pixels.colouredMap(step)
	if err != nil {
		return err
	}
	defer coloured.Free()
	if float64(n) < colouredShare*float64(coloured.Width()*coloured.Height()) {
		return nil
	}
	closed, err := coloured.joinedAcross(mapDPI/8, 2)
	if err != nil {
		return err
	}
	defer closed.Free()
	for _, b := range closed.parts() {
		if h, w := b.Height(), b.Width(); h < mapDPI/25 || h > mapDPI*2/5 || w < mapDPI*3/5 || w < 4*h {
			continue
		}
		around := record.Box{(b[0] - 3) * step, (b[1] - 3) * step, (b[2] + 3) * step, (b[3] + 3) * step}
		if err := p.addInk(around); err != nil {
			return err
		}
	}
	return nil
}

// colouredMap returns a 1-bit map of every step-th pixel that is clearly red or blue, and how
// many there are.
func (x *Pix) colouredMap(step int) (coloured *Pix, n int, err error) {
	marks, err := x.marked(step, 0)
	if err != nil {
		return nil, 0, err
	}
	defer marks.Free()
	if coloured, err = newPix(marks.Width(), marks.Height(), 1); err != nil {
		return nil, 0, err
	}
	words, wpl := coloured.words()
	for y := range marks.Height() {
		for x, mark := range marks.row(y) {
			if mark&clearInk != 0 {
				words[y*wpl+x/32] |= 1 << (31 - x%32)
				n++
			}
		}
	}
	return coloured, n, nil
}

// addInk takes a box of the scan in its darkest colour, in which no ink is light.
func (p *Picture) addInk(b record.Box) error {
	b = record.Box{max(0, b[0]), max(0, b[1]), min(p.pixels.Width(), b[2]), min(p.pixels.Height(), b[3])}
	part, err := p.pixels.through(
		func(x *Pix) (*Pix, error) { return x.Clipped(b[0], b[1], b.Width(), b.Height()) },
		(*Pix).darkest,
		func(x *Pix) (*Pix, error) { return x.scaled(p.scale) })
	if err != nil {
		return err
	}
	defer part.Free()
	ink, err := part.inked()
	if err != nil {
		return err
	}
	defer ink.Free()
	x, y := int(float64(b[0])*p.scale), int(float64(b[1])*p.scale)
	p.ink.darken(ink, x, y)
	return p.grey.darken8(part, x, y)
}
