package page

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/sohoa/sohoa/pipeline/page/pdf417"
	"github.com/sohoa/sohoa/record"
)

// Limits of a search on a hostile page.
const (
	maxStacks = 12  // symbols looked at
	maxStarts = 600 // places where a line showed a start pattern, each way
)

// A start is where a line of a sweep shows the start pattern of a PDF417 symbol.
type start struct {
	line, at int
	unit     float64 // width of a module
}

// A stack is the left side of what may be a PDF417 symbol: starts above each other.
type stack struct {
	sweep
	starts []start
}

// starts appends the start patterns that a line shows.
func (s sweep) starts(line int, edges []int, out []start) []start {
	for i := 0; i+8 < len(edges) && len(out) < maxStarts; i += 2 {
		if unit, ok := pdf417.Starts(edges, i); ok {
			out = append(out, start{line, edges[i], unit})
		}
	}
	return out
}

// stacks joins starts that lie above each other, at most a tenth aside: symbols lie
// as straight as the page. The small ones are met by one line only.
func (s sweep) stacks(starts []start, step int) []stack {
	var all []stack
next:
	for _, a := range starts {
		for k, st := range all {
			b := st.starts[len(st.starts)-1]
			down := a.line - b.line
			if down > 0 && down <= 3*step && math.Abs(float64(a.at-b.at)) < 2*a.unit+float64(down)/10 && a.unit < 1.3*b.unit && b.unit < 1.3*a.unit {
				all[k].starts = append(st.starts, a)
				continue next
			}
		}
		all = append(all, stack{s, []start{a}})
	}
	return all
}

// stacked reads the PDF417 symbols that the stacks are, and joins those that hold one
// text together if all of them are on the page (macro PDF417).
func stacked(stacks []stack, p *Picture) []record.Symbol {
	slices.SortStableFunc(stacks, func(a, b stack) int { return cmp.Compare(len(b.starts), len(a.starts)) })
	var out []record.Symbol
	files := map[string][]part{}
	for _, st := range stacks[:min(len(stacks), maxStacks)] {
		s, content, ok := st.read(p)
		switch {
		case !ok:
		case content.Part == nil:
			if k := indexOf(out, s.Text, s.Box); k >= 0 { // both ends of a side that is torn in the middle
				out[k].Box = out[k].Box.Union(s.Box)
				continue
			}
			out = append(out, s)
		default:
			files[content.Part.File] = append(files[content.Part.File], part{s, content.Part})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out = append(out, join(files[name])...)
	}
	return out
}

// A part is a symbol that is one of several.
type part struct {
	record.Symbol
	place *pdf417.Part
}

// join makes one symbol of all parts; if some are missing they stay as they are.
func join(parts []part) []record.Symbol {
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.place.Index, b.place.Index) })
	whole, last := parts[0].Symbol, parts[len(parts)-1].place
	complete := last.Last || last.Count == len(parts)
	out := []record.Symbol{whole}
	for i, p := range parts {
		complete = complete && p.place.Index == i
		if i > 0 {
			whole.Text += p.Text
			whole.Box = whole.Box.Union(p.Box)
			out = append(out, p.Symbol)
		}
	}
	if complete {
		return []record.Symbol{whole}
	}
	return out
}

// read reads the symbol from the scan itself, whose pixels are finer than those of
// recognition and have their greys.
func (st stack) read(p *Picture) (record.Symbol, pdf417.Content, bool) {
	c, err := st.cut(p)
	if err != nil {
		return record.Symbol{}, pdf417.Content{}, false
	}
	defer c.pix.Free()
	c.level = c.threshold()
	side, ok := c.side()
	if !ok {
		return record.Symbol{}, pdf417.Content{}, false
	}
	var symbol pdf417.Symbol
	more := (side.low - side.top) / 2 // where the side is torn there may be rows yet
	for y := max(0, side.top-more); y < min(c.pix.Height(), side.low+more); y++ {
		at := side.at(y)
		symbol.Add(c.edges(at-4*side.unit, float64(y), -side.slope, 600*side.unit), at, side.unit)
	}
	content, err := symbol.Read()
	if err != nil {
		return record.Symbol{}, pdf417.Content{}, false
	}
	wide := float64(content.Width) * side.unit
	box := c.box(side.at(side.top), float64(side.top), wide, side.slope).Union(c.box(side.at(side.low), float64(side.low), wide, side.slope))
	return record.Symbol{Kind: record.PDF417, Text: content.Text, Box: box}, content, true
}
