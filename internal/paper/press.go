package paper

import "strings"

// A style is a face, its size in points, and whether it is printed in red.
type style struct {
	face face
	size float64
	red  bool
}

// A run is text in one style. A hand run is written by hand into a slot that is
// as wide as the text and some air.
type run struct {
	text  string
	style style
	hand  bool
}

// A token is a word set on a sheet: its left edge, baseline and width in points.
type token struct {
	text  string
	style style
	hand  bool
	x, y  float64
	w     float64
	glued bool // no space before it
}

// A leaf is one page as set: lines of text in reading order, rules, and marks
// put on it afterwards (seals, signatures), in that order.
type leaf struct {
	lines [][]token
	rules []path
	marks []func(*sheet)
}

// An align is how a line stands in its column.
type align int

const (
	left align = iota
	centre
	right
	justified
)

// A column is where text is set, in points.
type column struct {
	x0, x1 float64
	align  align
	indent float64 // of the first line
	hang   float64 // of the other lines
	lead   float64 // line distance as a multiple of the size
}

// A press sets text on leaves from top to bottom.
type press struct {
	leaves []*leaf
	y      float64 // the lower edge of what is set on the last leaf
	margin struct{ left, top, right, bottom float64 }
	number func(p *press, page int) // prints a page number on leaves after the first
}

const mm = 72 / 25.4

func newPress() *press {
	p := &press{}
	p.margin.left, p.margin.top, p.margin.right, p.margin.bottom = 30*mm, 20*mm, sheetWidth-17*mm, sheetHeight-20*mm
	p.turn()
	return p
}

func (p *press) leaf() *leaf { return p.leaves[len(p.leaves)-1] }

// turn begins a new leaf.
func (p *press) turn() {
	p.leaves = append(p.leaves, &leaf{})
	p.y = p.margin.top
	if len(p.leaves) > 1 && p.number != nil {
		p.number(p, len(p.leaves))
	}
}

// need turns the leaf if less than h points are left on it.
func (p *press) need(h float64) {
	if p.y+h > p.margin.bottom {
		p.turn()
	}
}

func (p *press) skip(h float64) { p.y += h }

// body is the column that text of the document runs in.
func (p *press) body(a align) column {
	return column{x0: p.margin.left, x1: p.margin.right, align: a, lead: 1.28}
}

func tokens(runs []run) []token {
	var out []token
	for _, r := range runs {
		glued := len(out) > 0 && !strings.HasPrefix(r.text, " ")
		for i, text := range strings.Fields(r.text) {
			t := token{text: text, style: r.style, hand: r.hand, glued: glued && i == 0, w: r.style.face.width(text) * r.style.size}
			if r.hand {
				t.w += 0.9 * r.style.size
			}
			out = append(out, t)
		}
	}
	return out
}

// set sets runs in a column below what is set already, line by line, turning the
// leaf where it is full. It returns the widest line's width.
func (p *press) set(c column, runs ...run) float64 {
	widest := 0.0
	rest := tokens(runs)
	for first := true; len(rest) > 0; first = false {
		x0 := c.x0 + c.hang
		if first {
			x0 = c.x0 + c.indent
		}
		n, w := fit(rest, c.x1-x0)
		size := 0.0
		for _, t := range rest[:n] {
			size = max(size, t.style.size)
		}
		p.need(size * c.lead)
		p.y += size * c.lead
		line := place(rest[:n], c, x0, w, p.y-size*c.lead*0.26, n == len(rest))
		p.leaf().lines = append(p.leaf().lines, line)
		rest, widest = rest[n:], max(widest, w)
	}
	return widest
}

func space(t token) float64 {
	if t.glued {
		return 0
	}
	return t.style.face.width(" ") * t.style.size
}

// fit returns how many tokens fit into room points, at least one, never ending
// before a glued one if that can be helped, and their width.
func fit(ts []token, room float64) (n int, width float64) {
	w := 0.0
	for i, t := range ts {
		if i > 0 {
			w += space(t)
		}
		w += t.w
		if w > room && n > 0 {
			return n, width
		}
		if i+1 == len(ts) || !ts[i+1].glued {
			n, width = i+1, w
		}
	}
	return n, width
}

func place(ts []token, c column, x0, w, baseline float64, last bool) []token {
	x, extra := x0, 0.0
	switch c.align {
	case centre:
		x += (c.x1 - x0 - w) / 2
	case right:
		x = c.x1 - w
	case justified:
		gaps := 0
		for _, t := range ts[1:] {
			if !t.glued {
				gaps++
			}
		}
		if !last && gaps > 0 {
			extra = (c.x1 - x0 - w) / float64(gaps)
		}
	}
	line := make([]token, len(ts))
	for i, t := range ts {
		if i > 0 && !t.glued {
			x += space(t) + extra
		}
		t.x, t.y = x, baseline
		line[i] = t
		x += t.w
	}
	return line
}

// rule draws a line of w points from x0 to x1 at y on the last leaf.
func (p *press) rule(x0, x1, y, w float64) {
	p.leaf().rules = append(p.leaf().rules, rectangle(x0, y, x1, y+w))
}

// ruleUnder draws a rule of the given length, centred in the column, just below what is set.
func (p *press) ruleUnder(c column, length float64) {
	middle := (c.x0 + c.x1) / 2
	p.rule(middle-length/2, middle+length/2, p.y+1.5, 0.75)
	p.skip(4)
}

// beside sets two blocks side by side from the same height; what follows goes
// below the longer one. Neither may turn the leaf: ask for need before.
func (p *press) beside(leftBlock, rightBlock func()) {
	top := p.y
	leftBlock()
	low := p.y
	p.y = top
	rightBlock()
	p.y = max(p.y, low)
}

// table sets rows in ruled columns; widths are shares of the column. The first
// row is the heading.
func (p *press) table(c column, size float64, shares []float64, rows [][]string) {
	const pad = 3.5
	for r, row := range rows {
		f, a := regular, left
		if r == 0 {
			f, a = bold, centre
		}
		cells := make([]column, len(row))
		x, tall := c.x0, 0.0
		for i, text := range row {
			w := shares[i] * (c.x1 - c.x0)
			cells[i] = column{x0: x + pad, x1: x + w - pad, align: a, lead: 1.2}
			if r > 0 && narrow(text) {
				cells[i].align = centre
			}
			tall = max(tall, height(cells[i], tokens([]run{{text: text, style: style{face: f, size: size}}}), size))
			x += w
		}
		if r == 0 {
			p.need(tall + 50) // a heading stands with a row below it
		}
		p.need(tall + 2*pad)
		top := p.y
		for i, text := range row {
			p.y = top + pad
			p.set(cells[i], run{text: text, style: style{face: f, size: size}})
			p.leaf().rules = append(p.leaf().rules, frame(cells[i].x0-pad, top, cells[i].x1+pad, top+tall+2*pad, 0.6))
		}
		p.y = top + tall + 2*pad
	}
}

func narrow(text string) bool { return len(text) <= 13 && !strings.Contains(text, " ") }

func height(c column, ts []token, size float64) float64 {
	lines := 0
	for len(ts) > 0 {
		n, _ := fit(ts, c.x1-c.x0)
		ts = ts[n:]
		lines++
	}
	return float64(lines) * size * c.lead
}
