package page

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/pipeline/page/pdf417"
	"github.com/sohoa/sohoa/record"
)

// A cut is the part of the scan where a symbol may lie, grey, turned so that the
// symbol reads from left to right.
type cut struct {
	stack
	pix         *Pix
	words       []uint32
	wpl         int
	scale       float64 // from the pixels of the cut to those of the sweep
	from        int     // where the cut begins along the lines of the sweep
	first, last int     // its lines in the sweep
	level       float64 // darker is ink
}

// cut takes as much as the largest symbol of that module may need.
func (st stack) cut(p *Picture) (*cut, error) {
	top, low := st.starts[0], st.starts[len(st.starts)-1]
	wide := 600 * top.unit // 30 columns, two indicators, start and stop
	over := int(float64(low.line-top.line)/2 + 12*top.unit + wide/10)
	at := min(top.at, low.at)
	c := &cut{stack: st, scale: p.scale, from: max(0, at-int(6*top.unit)),
		first: max(0, top.line-over), last: min(st.lines(), low.line+over)}
	to := min(st.length(), at+int(wide))
	box := st.box(c.from, to, c.first).Union(st.box(c.from, to, c.last-1))
	quarter := map[[2]bool]int{{false, false}: 0, {false, true}: 180, {true, false}: 270, {true, true}: 90}[[2]bool{st.down, st.back}]
	scan := p.scanned(box)
	if scan.Width() <= 0 || scan.Height() <= 0 {
		return nil, record.Refuse(record.Damaged, nil, "cut out a symbol: no pixels")
	}
	clip := func(x *Pix) (*Pix, error) { return x.Clipped(scan[0], scan[1], scan.Width(), scan.Height()) }
	turn := func(x *Pix) (*Pix, error) { return x.Turned((p.turn + quarter) % 360) }
	var err error
	if c.pix, err = p.pixels.through(clip, (*Pix).lightest, turn); err != nil {
		return nil, err
	}
	c.words, c.wpl = c.pix.words()
	return c, nil
}

// scanned is where in the stored scan a box of the upright ink lies.
func (p *Picture) scanned(b record.Box) record.Box {
	w, h := p.pixels.Width(), p.pixels.Height()
	for i, v := range b {
		b[i] = int(float64(v) / p.scale)
	}
	switch p.turn {
	case 90:
		b = record.Box{b[1], h - b[2], b[3], h - b[0]}
	case 180:
		b = record.Box{w - b[2], h - b[3], w - b[0], h - b[1]}
	case 270:
		b = record.Box{w - b[3], b[0], w - b[1], b[2]}
	}
	return record.Box{max(0, b[0]), max(0, b[1]), min(w, b[2]), min(h, b[3])}
}

// row is where a line of the sweep lies in the cut: turning half round, and a
// quarter one way, brings the last line to the top.
func (c *cut) row(line int) float64 {
	if c.down != c.back {
		return float64(c.last-1-line) / c.scale
	}
	return float64(line-c.first) / c.scale
}

// box is where in the sweep a line of the symbol lies.
func (c *cut) box(x, y, wide, slope float64) record.Box {
	line := func(y float64) int {
		l := int(y * c.scale)
		if c.down != c.back {
			return c.last - 1 - l
		}
		return c.first + l
	}
	from, to := c.from+int(x*c.scale), min(c.length(), c.from+int((x+wide)*c.scale))
	end := max(0, min(float64(c.pix.Height()-1), y-slope*wide))
	return c.sweep.box(from, to, line(y)).Union(c.sweep.box(from, to, line(end)))
}

func (c *cut) grey(x, y int) float64 { return float64(c.words[y*c.wpl+x/4] >> (24 - 8*(x%4)) & 255) }

// threshold lies between the paper and the ink of the start pattern.
func (c *cut) threshold() float64 {
	var counts [256]int
	total := 0
	for _, s := range c.starts {
		y, x := int(c.row(s.line)), float64(s.at-c.from)/c.scale
		for i := range int(17 * s.unit / c.scale) {
			if x := int(x) + i; x < c.pix.Width() && y >= 0 && y < c.pix.Height() {
				counts[int(c.grey(x, y))]++
				total++
			}
		}
	}
	share := func(part int) (level int) {
		for n := counts[0]; n*20 < total*part && level < 255; n += counts[level] {
			level++
		}
		return level
	}
	return float64(share(2)+share(18)) / 2
}

// edges appends where a line changes its colour, dark beginning at even places,
// from x on; y falls by slope a pixel. Between two pixels greys tell where.
func (c *cut) edges(x, y, slope, wide float64) []float64 {
	var out []float64
	first, width, height := max(0, int(x)), c.pix.Width(), c.pix.Height()
	y += slope * (float64(first) - x)
	before, dark := 255.0, false
	for at := first; at < min(width, first+int(wide)); at++ {
		top := int(math.Floor(y))
		if top < 0 || top+1 >= height {
			break
		}
		below := y - float64(top)
		v := c.grey(at, top)*(1-below) + c.grey(at, top+1)*below
		if now := v < c.level; now != dark {
			out = append(out, float64(at)-0.5+(before-c.level)/(before-v)-0.5)
			dark = now
		}
		before = v
		y += slope
	}
	return out
}

// A side is the left edge of a symbol: x = x0 + slope*y.
type side struct {
	x0, slope, unit float64
	top, low        int
}

func (s side) at(y int) float64 { return s.x0 + s.slope*float64(y) }

// side finds the left edge from all lines that show the start pattern near where
// the sweep saw it.
func (c *cut) side() (side, bool) {
	var ys, xs, units []float64
	top, low := c.starts[0], c.starts[len(c.starts)-1]
	lean := 0.0
	if low.line > top.line {
		lean = float64(low.at-top.at) / c.scale / (c.row(low.line) - c.row(top.line))
	}
	for y := range c.pix.Height() {
		unit := top.unit / c.scale
		near := float64(top.at-c.from)/c.scale + lean*(float64(y)-c.row(top.line))
		edges := c.edges(near-6*unit, float64(y), 0, 30*unit)
		for i := 0; i+8 < len(edges); i += 2 {
			if u, ok := pdf417.Starts(edges, i); ok && math.Abs(edges[i]-near) < 5*unit {
				ys, xs, units = append(ys, float64(y)), append(xs, edges[i]), append(units, u)
				break
			}
		}
	}
	n := len(ys)
	if n < 8 {
		return side{}, false
	}
	var slopes, offsets []float64
	for i := range n / 2 {
		slopes = append(slopes, (xs[i+n/2]-xs[i])/(ys[i+n/2]-ys[i]))
	}
	slope := median(slopes)
	for i := range ys {
		offsets = append(offsets, xs[i]-slope*ys[i])
	}
	return side{median(offsets), slope, median(units), int(ys[0]), int(ys[n-1])}, true
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
