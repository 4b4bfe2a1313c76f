package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Seals, stamps and what is written by hand are looked for on a coarse map of the
// inks, so that the fields and a reviewer know what on the page is no print.

const regionDPI = 50 // of the map

// The inks of a cell of the map.
const (
	redInk = 1 << iota
	blueInk
	darkInk
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
	words, wpl := p.pixels.words()
	look, each := p.inkAt(), max(1, step/2)
	for y := 0; y < p.pixels.Height(); y += each {
		row, cells := words[y*wpl:(y+1)*wpl], m.cells[y/step*m.width:]
		for x := 0; x < p.pixels.Width(); x += each {
			cells[x/step] |= look(row, x)
		}
	}
	return m, step
}

// inkAt returns how to see the ink of a pixel.
func (p *Picture) inkAt() func(row []uint32, x int) byte {
	switch p.pixels.Depth() {
	case 1:
		return func(row []uint32, x int) byte { return byte(row[x/32]>>(31-x%32)&1) * darkInk }
	case 8:
		dark := byte(p.paper * 55 / 100)
		return func(row []uint32, x int) byte {
			if byte(row[x/4]>>(24-8*(x%4))) < dark {
				return darkInk
			}
			return 0
		}
	}
	dark := p.paper * 45 / 100
	return func(row []uint32, x int) byte {
		w := row[x]
		r, g, b := int(w>>24), int(w>>16&255), int(w>>8&255)
		switch {
		case r-max(g, b) > 55 && min(g, b) < 170:
			return redInk
		case b-r > 30 && r < 190:
			return blueInk
		case max(r, g, b) < dark:
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
