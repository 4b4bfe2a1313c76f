package pdf417

import (
	"errors"
	"math"
)

// Limits of the standard (ISO/IEC 15438, 5.2), and of what is listened to.
const (
	leastRows, mostRows = 3, 90
	mostColumns         = 30
	mostCodewords       = 928
	maxLines            = 4000
)

// errUnread is for what could not be read: no symbol, or one too damaged.
var errUnread = errors.New("read a PDF417 symbol: too little of it can be read")

// A Symbol collects what lines across one symbol say. The zero value has heard none.
type Symbol struct {
	lines  []line
	spread float64 // how much wider bars are than they should be, in modules, where last seen
}

// A line is what one line across the symbol says: column 0 is the left row
// indicator, data begin at column 1; what could not be read has no cluster.
type line [mostColumns + 2]struct {
	mark
	read bool
}

// Add reads a line: where its colour changes, dark beginning at even places, in
// any unit. At is where the symbol's start pattern should begin, unit the width of a
// module. Lines must come in order, at equal distances.
func (s *Symbol) Add(edges []float64, at, unit float64) {
	if len(s.lines) == maxLines || unit <= 0 {
		return
	}
	var l line
	pos := at + modules*unit
	if i := nearest(edges, at, unit); i >= 0 && i+8 < len(edges) && math.Abs(edges[i+8]-edges[i]-modules*unit) < 1.5*unit {
		pos, unit = edges[i+8], (edges[i+8]-edges[i])/modules
		s.spread = spreadOf(edges[i:i+9], unit)
	}
	for column := range l {
		i := nearest(edges, pos, unit)
		pos += modules * unit
		if i < 0 || i+8 >= len(edges) {
			continue
		}
		width := edges[i+8] - edges[i]
		if math.Abs(width-modules*unit) > 1.3*unit {
			continue
		}
		if m, ok := read(edges[i:i+9], s.spread); ok {
			l[column].mark, l[column].read = m, true
			pos = edges[i] + modules*unit
		}
		if math.Abs(width-modules*unit) < 0.5*unit { // else what follows begins elsewhere: it is torn
			pos, unit = edges[i+8], (3*unit+width/modules)/4
		}
	}
	s.lines = append(s.lines, l)
}

// spreadOf is how much wider than it should be each of the four bars of the start
// pattern is.
func spreadOf(edges []float64, unit float64) float64 {
	dark := 0.0
	for i := 0; i < 8; i += 2 {
		dark += edges[i+1] - edges[i]
	}
	const bars = 8 + 1 + 1 + 1
	return max(-0.8, min(0.8, (dark/unit-bars)/4))
}

// nearest returns the edge at which dark begins nearest to pos; -1 if there is none
// within a module and a quarter: two are never nearer to each other than two modules.
func nearest(edges []float64, pos, unit float64) int {
	low, high := 0, len(edges)/2
	for low < high {
		mid := (low + high) / 2
		if edges[2*mid] < pos {
			low = mid + 1
		} else {
			high = mid
		}
	}
	best := -1
	for _, i := range [2]int{2*low - 2, 2 * low} {
		if i >= 0 && i < len(edges) && math.Abs(edges[i]-pos) < 1.25*unit && (best < 0 || math.Abs(edges[i]-pos) < math.Abs(edges[best]-pos)) {
			best = i
		}
	}
	return best
}

// Read returns what all lines together say.
func (s *Symbol) Read() (Content, error) {
	for _, shape := range s.shapes() {
		words, missing := s.elect(shape)
		if !correct(words, missing, shape.check()) {
			continue
		}
		length := words[0]
		if length < 1 || length > len(words)-shape.check() {
			continue
		}
		content, err := parse(words[1:length])
		content.Width = modules*(shape.columns+4) + 1
		return content, err
	}
	return Content{}, errUnread
}
