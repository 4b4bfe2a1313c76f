package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Seals, stamps and what is written by hand are looked for on a coarse map of the
// inks, so that the fields and a reviewer know what on the page is no print.

const regionDPI = 50 // of the map

// The inks of a pixel, and of a cell of the map.
const (
	redInk = 1 << iota
	blueInk
	darkInk
	clearInk // of a pixel: red or blue enough to be text
)

// An inkMap says which inks each cell of the page has.
type inkMap struct {
	width, height int
	mm            float64 // cells a millimetre
	cells         []byte
}

// regions finds what on the page is no print. Boxes are those of the upright page.
func (p *Picture) regions(m inkMap, step int) []record.Region {
	var found []record.Region
	for _, ink := range []byte{redInk, blueInk, darkInk} {
		found = append(found, m.seals(ink)...)
	}
	found = append(found, m.stamps(redInk)...)
	found = append(found, m.stamps(blueInk)...)
	found = append(found, m.strokes(blueInk, found)...)
	found = append(found, m.strokes(darkInk, found)...)
	for i := range found {
		for j := range found[i].Box {
			found[i].Box[j] *= step
		}
		found[i].Box = p.upright(found[i].Box)
		found[i].Confidence = math.Round(found[i].Confidence*100) / 100
	}
	return found
}

// upright leads from a box of the stored pixels to one of the upright page.
func (p *Picture) upright(b record.Box) record.Box {
	w, h := p.pixels.Width(), p.pixels.Height()
	b = record.Box{max(0, b[0]), max(0, b[1]), min(w, b[2]), min(h, b[3])}
	switch p.turn {
	case 90:
		return record.Box{h - b[3], b[0], h - b[1], b[2]}
	case 180:
		return record.Box{w - b[2], h - b[3], w - b[0], h - b[1]}
	case 270:
		return record.Box{b[1], w - b[2], b[3], w - b[0]}
	}
	return b
}

// inks makes the map; step is how many stored pixels a cell has a side. It looks at
// every third pixel or so: strokes are wider.
func (p *Picture) inks() (m inkMap, step int) {
	step = max(1, int(math.Round(p.dpi/regionDPI)))
	m = inkMap{width: (p.pixels.Width() + step - 1) / step, height: (p.pixels.Height() + step - 1) / step, mm: p.dpi / 25.4 / float64(step)}
	m.cells = make([]byte, m.width*m.height)
	each := max(1, step/2)
	marks, err := p.marked(each)
	if err != nil {
		return m, step
	}
	defer marks.Free()
	for y := range marks.Height() {
		cells, x := m.cells[y*each/step*m.width:], 0
		for i, mark := range marks.row(y) {
			cells[x] |= mark &^ clearInk
			if (i+1)*each >= (x+1)*step {
				x++
			}
		}
	}
	return m, step
}

// marked returns what inks every step-th pixel of every step-th row has.
func (p *Picture) marked(step int) (*Pix, error) {
	if p.pixels.Depth() == 32 {
		return p.pixels.marked(step, p.paper*45/100)
	}
	marks, err := newPix((p.pixels.Width()+step-1)/step, (p.pixels.Height()+step-1)/step, 8)
	if err != nil {
		return nil, err
	}
	words, wpl := p.pixels.words()
	dark := p.darkAt()
	for y := range marks.Height() {
		row, to := words[y*step*wpl:(y*step+1)*wpl], marks.row(y)
		for x := range to {
			to[x] = dark(row, x*step)
		}
	}
	return marks, nil
}

// darkAt returns how to see whether a pixel of a picture without colours is ink.
func (p *Picture) darkAt() func(row []uint32, x int) byte {
	if p.pixels.Depth() == 1 {
		return func(row []uint32, x int) byte { return byte(row[x/32]>>(31-x%32)&1) * darkInk }
	}
	dark := byte(p.paper * 55 / 100)
	return func(row []uint32, x int) byte {
		if byte(row[x/4]>>(24-8*(x%4))) < dark {
			return darkInk
		}
		return 0
	}
}

func (m inkMap) has(x, y int, ink byte) bool {
	return x >= 0 && y >= 0 && x < m.width && y < m.height && m.cells[y*m.width+x]&ink != 0
}

// A blot is a part of one ink that hangs together.
type blot struct {
	box   record.Box
	cells int
}

// blots finds the parts of an ink, cells up to reach apart belonging together.
func (m inkMap) blots(ink byte, reach int) []blot {
	seen := make([]bool, len(m.cells))
	var all []blot
	var todo []int
	for start, c := range m.cells {
		if c&ink == 0 || seen[start] {
			continue
		}
		b := blot{box: record.Box{m.width, m.height, 0, 0}}
		seen[start], todo = true, append(todo[:0], start)
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			x, y := at%m.width, at/m.width
			b.cells++
			b.box = record.Box{min(b.box[0], x), min(b.box[1], y), max(b.box[2], x+1), max(b.box[3], y+1)}
			for ny := y - reach; ny <= y+reach; ny++ {
				for nx := x - reach; nx <= x+reach; nx++ {
					if m.has(nx, ny, ink) && !seen[ny*m.width+nx] {
						seen[ny*m.width+nx] = true
						todo = append(todo, ny*m.width+nx)
					}
				}
			}
		}
		all = append(all, b)
	}
	return all
}
