package paper

import (
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
)

// patchy is how stamp ink takes on paper: fields of it a few tenths of a
// millimetre to some millimetres wide took less.
func patchy(rng *rand.Rand, dpi, worst float64) texture {
	coarse, fine := newCloud(rng, dpi/6), newCloud(rng, dpi/40)
	return func(x, y int) float64 {
		return 1 - worst*(0.65*coarse.at(x, y)+0.35*fine.at(x, y))
	}
}

// A cloud is smooth noise in 0 to 1: random values on a grid, cell pixels apart.
type cloud struct {
	cell   float64
	values [64 * 64]float64
}

func newCloud(rng *rand.Rand, cell float64) *cloud {
	c := &cloud{cell: max(1, cell)}
	for i := range c.values {
		c.values[i] = rng.Float64()
	}
	return c
}

func (c *cloud) at(x, y int) float64 {
	fx, fy := float64(x)/c.cell, float64(y)/c.cell
	ix, iy := int(fx), int(fy)
	u, v := ease(fx-float64(ix)), ease(fy-float64(iy))
	value := func(i, j int) float64 { return c.values[(j&63)*64+i&63] }
	top := value(ix, iy)*(1-u) + value(ix+1, iy)*u
	low := value(ix, iy+1)*(1-u) + value(ix+1, iy+1)*u
	return top*(1-v) + low*v
}

func ease(t float64) float64 { return t * t * (3 - 2*t) }

// seal stamps an agency's round seal: rings, a star in the middle, the agency's
// name around it, closed by a star at the bottom or by a second name. r is the
// outer radius in points (a real one has 36 mm across).
func (s *sheet) seal(rng *rand.Rand, at point, r float64, above, below string) {
	turn := (rng.Float64() - .5) * .5
	took := patchy(rng, s.dpi, .05+.7*rng.Float64()*rng.Float64())
	strength := .85 + .13*rng.Float64()
	lay := func(q path) { s.ink(q, red, strength, took) }
	lay(ring(at, r, r*.045))
	lay(ring(at, r*.93, r*.02))
	lay(ring(at, r*.61, r*.022))
	lay(star(at, r*.36).transform(turnedAt(at, turn)))
	for range 220 { // what is around the star in a real one, worn to dots
		sn, cs := math.Sincos(2 * math.Pi * rng.Float64())
		far := r * (.40 + .18*rng.Float64())
		lay(dot(point{at.x + far*sn, at.y + far*cs}, r*.012*(.5+rng.Float64())))
	}
	size := r * .2
	if len(above) > 24 {
		s.around(above, at, r*.695, size, turn, 1.7*math.Pi, lay)
		lay(star(point{at.x - r*.77*math.Sin(turn), at.y + r*.77*math.Cos(turn)}, r*.075))
		return
	}
	s.around(above, at, r*.695, size, turn, 1.15*math.Pi, lay)
	s.around(below, at, r*.695, size*.85, turn+math.Pi, .5*math.Pi, lay)
	for _, side := range []float64{-1, 1} {
		angle := turn + math.Pi + side*.36*math.Pi
		lay(star(point{at.x + r*.77*math.Sin(angle), at.y - r*.77*math.Cos(angle)}, r*.06))
	}
}

// around sets text on a circle, its middle at angle mid (0 is the top,
// clockwise), spaced or squeezed to sweep radians.
func (s *sheet) around(text string, at point, radius, size, mid, sweep float64, lay func(path)) {
	f := sansBold
	length := f.width(text) * size / radius
	if length > sweep {
		size *= sweep / length
		length = sweep
	}
	gap := (sweep - length) / float64(len([]rune(text)))
	angle := mid - sweep/2
	for _, r := range text {
		g := f.glyph(r)
		half := g.advance*size/2/radius + gap/2
		m := moved(at.x, at.y).after(turned(angle + half)).after(affine{size, 0, 0, size, -g.advance * size / 2, -radius})
		lay(g.outline.transform(m))
		angle += 2 * half
	}
}

// received stamps the box of an incoming document, number and day written into
// it by hand: NĐ 30/2020, appendix IV.
func (s *sheet) received(rng *rand.Rand, at point, agency, number, day string) {
	ink := [3]color.RGBA{red, blue, {110, 40, 130, 255}}[rng.IntN(3)]
	took := patchy(rng, s.dpi, .2+.5*rng.Float64())
	tilt := (rng.Float64() - .5) * .12
	m := moved(at.x, at.y).after(turned(tilt))
	const w, h = 99.0, 85.0 // 35 mm × 30 mm
	s.ink(frame(0, 0, w, h, 1.1).transform(m), ink, .85, took)
	s.ink(rectangle(0, 20, w, 20.7).transform(m), ink, .85, took)
	s.ink(rectangle(0, 60, w, 60.7).transform(m), ink, .85, took)
	size := min(7.5, (w-6)/sansBold.width(agency))
	write := func(text string, f face, size, x, y float64) {
		s.text(text, f, size, m.after(moved(x, y)), ink, .85, took)
	}
	write(agency, sansBold, size, (w-sansBold.width(agency)*size)/2, 13)
	write("ĐẾN", sansBold, 13, 6, 45)
	write("Số: "+strings.Repeat(".", 13), sans, 7, 40, 34)
	write("Ngày: "+strings.Repeat(".", 11), sans, 7, 40, 52)
	write("Chuyển: "+strings.Repeat(".", 29), sans, 7, 5, 74)
	p := pen{blue, .8, rng}
	numberAt, dayAt := m.apply(point{56, 32}), m.apply(point{61, 50})
	p.digits(s, number, numberAt.x, numberAt.y, 8)
	p.digits(s, day, dayAt.x, dayAt.y, 7)
}
