package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// A seal that is as black as print, as on every grey and bilevel scan, hangs
// together with the lines that it lies on, and the engine leaves all of it out.
// For a second look its rings, its lettering and its arms are taken off.

// How far the lines that a seal lies on reach beyond it, in mm: a seal covers a
// third of the signature from the left (NĐ 30/2020/NĐ-CP, article 33), the title
// stands above and the name below.
const (
	leftOfSeal, rightOfSeal = 15, 55
	aboveSeal, belowSeal    = 14, 16
)

// A Part is a piece of a cleaned picture off which a seal was taken.
type Part struct {
	*Pix
	X, Y int // where it lies in the cleaned picture
}

// Unsealed returns the surroundings of a seal without the seal; nil if there is no
// black ring. The box is that of the upright scan.
func (p *Picture) Unsealed(clean *Pix, m Mapping, seal record.Box) (*Part, error) {
	x, y := m.back(float64(seal[0]+seal[2])/2, float64(seal[1]+seal[3])/2)
	r := m.scale * float64(seal.Width()+seal.Height()) / 4
	mm := m.scale * p.dpi / 25.4
	x0, y0 := max(0, int(x-r-leftOfSeal*mm)), max(0, int(y-r-aboveSeal*mm))
	x1, y1 := min(clean.Width(), int(x+r+rightOfSeal*mm)), min(clean.Height(), int(y+r+belowSeal*mm))
	part, err := clean.Clipped(x0, y0, x1-x0, y1-y0)
	if err != nil {
		return nil, err
	}
	if part.Depth() != 1 {
		defer part.Free()
		if part, err = part.inked(); err != nil {
			return nil, err
		}
	}
	d := disc{pix: part, x: x - float64(x0), y: y - float64(y0), r: r, mm: mm}
	if d.fit() < ringBlack {
		part.Free()
		return nil, nil
	}
	if err := d.erase(); err != nil {
		part.Free()
		return nil, err
	}
	return &Part{part, x0, y0}, nil
}

// A disc is a seal on a 1-bit picture; mm is how many pixels a millimetre has.
type disc struct {
	pix         *Pix
	x, y, r, mm float64
}

const (
	ringBlack = 0.55 // share of the outermost ring that must be black
	ringsFrom = 0.55 // of the radius: rings are looked for from here
	ringsTo   = 1.1
	arms      = 0.66 // of the radius: what the inner ring encloses
	ringBand  = 0.42 // share of a circle from which it belongs to a ring
)

// fit moves the disc to where its outermost ring is blackest and returns how black.
func (d *disc) fit() float64 {
	black, most := d.pix.blackness(), 0.0
	for _, try := range []struct{ reach, step float64 }{{1.2 * d.mm, 2}, {2, 1}} {
		from := *d
		for dy := -try.reach; dy <= try.reach; dy += try.step {
			for dx := -try.reach; dx <= try.reach; dx += try.step {
				for dr := -try.reach; dr <= try.reach; dr += try.step {
					if s := covered(black, from.x+dx, from.y+dy, from.r+dr, 3); s > most {
						most, d.x, d.y, d.r = s, from.x+dx, from.y+dy, from.r+dr
					}
				}
			}
		}
	}
	return most
}

// compass are points of the unit circle.
var compass = func() (points [180][2]float64) {
	for i := range points {
		points[i][1], points[i][0] = math.Sincos(2 * math.Pi * float64(i) / float64(len(points)))
	}
	return points
}()

// covered is the share of a circle that is black, looked at at every step-th point.
func covered(black func(x, y int) bool, x, y, r float64, step int) float64 {
	n := 0
	for i := 0; i < len(compass); i += step {
		if black(int(x+r*compass[i][0]+0.5), int(y+r*compass[i][1]+0.5)) {
			n++
		}
	}
	return float64(n*step) / float64(len(compass))
}

// blackness returns how to see whether a pixel of a 1-bit picture is black; outside
// of it all is white.
func (x *Pix) blackness() func(x, y int) bool {
	words, wpl := x.words()
	w, h := x.Width(), x.Height()
	return func(x, y int) bool {
		return x >= 0 && y >= 0 && x < w && y < h && words[y*wpl+x/32]>>(31-x%32)&1 != 0
	}
}

// whiten makes the pixels of a box white for which a condition holds.
func (x *Pix) whiten(b record.Box, where func(x, y int) bool) {
	words, wpl := x.words()
	for y := max(0, b[1]); y < min(x.Height(), b[3]); y++ {
		for i := max(0, b[0]); i < min(x.Width(), b[2]); i++ {
			if where(i, y) {
				words[y*wpl+i/32] &^= 1 << (31 - i%32)
			}
		}
	}
}
