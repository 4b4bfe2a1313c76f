package page

import (
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"github.com/sohoa/sohoa/record"
)

// The three patterns that a Code 128 begins with, in modules: bar, space, bar, …
var starts128 = [3][6]float64{{2, 1, 1, 4, 1, 2}, {2, 1, 1, 2, 1, 4}, {2, 1, 1, 2, 3, 2}}

// maxRows128 bounds the lines of a page that are given to the decoder, each way.
const maxRows128 = 400

// A sweep reads a bitmap in parallel lines: its rows or its columns, each from
// either end.
type sweep struct {
	bitmap
	down, back bool
}

var sweeps = [4]sweep{{}, {back: true}, {down: true}, {down: true, back: true}}

func (s sweep) lines() int {
	if s.down {
		return s.width
	}
	return s.height
}

func (s sweep) length() int {
	if s.down {
		return s.height
	}
	return s.width
}

// at reports whether a place of a line is black.
func (s sweep) at(line, i int) bool {
	if s.back {
		i = s.length() - 1 - i
	}
	if s.down {
		return s.black(line, i)
	}
	return s.black(i, line)
}

// edges returns where the colour changes along a line, as bitmap.edges does. From
// the other end each dark part begins where it ended.
func (s sweep) edges(line int, out []int) []int {
	if s.down {
		out = s.bitmap.edgesDown(line, out)
	} else {
		out = s.bitmap.edges(line, out)
	}
	if s.back {
		slices.Reverse(out)
		for i, at := range out {
			out[i] = s.length() - at
		}
	}
	return out
}

func (s sweep) row(from, to, line int) *gozxing.BitArray {
	row := gozxing.NewBitArray(to - from)
	for i := from; i < to; i++ {
		if s.at(line, i) {
			row.Set(i - from)
		}
	}
	return row
}

// box is where a part of a line lies on the page.
func (s sweep) box(from, to, line int) record.Box {
	if s.back {
		from, to = s.length()-to, s.length()-from
	}
	if s.down {
		return record.Box{line, from, line + 1, to}
	}
	return record.Box{from, line, to, line + 1}
}

// strips finds and reads the Code 128 symbols, whichever way they lie, looking at
// every step-th line; two lines must say the same. The same look finds where PDF417
// symbols start.
func (b bitmap) strips(step int) (out []record.Symbol, stacks []stack) {
	for _, s := range sweeps {
		s.bitmap = b
		read, starts := s.strips(step)
		out = append(out, read...)
		stacks = append(stacks, s.stacks(starts, step)...)
	}
	return out, stacks
}

func (s sweep) strips(step int) (out []record.Symbol, starts []start) {
	var found []record.Symbol
	var lines []int // how many showed it
	var edges []int
	tries := 0
	for line := step / 2; line < s.lines(); line += step {
		edges = s.edges(line, edges[:0])
		starts = s.starts(line, edges, starts)
		for i := 0; i+24 < len(edges) && tries < maxRows128; i += 2 {
			n := strip128(edges, i)
			if n == 0 {
				continue
			}
			tries++
			quiet := (edges[i+6] - edges[i]) // a symbol's width: 11 modules
			text, ok := read128(s.row(max(0, edges[i]-quiet), min(s.length(), edges[i+n]+quiet), line))
			if !ok {
				continue
			}
			box := s.box(edges[i], edges[i+n], line)
			i += n - n%2
			k := indexOf(found, text, box)
			if k < 0 {
				found, lines = append(found, record.Symbol{Kind: record.Code128, Text: text, Box: box}), append(lines, 1)
				continue
			}
			found[k].Box = found[k].Box.Union(box)
			lines[k]++
		}
	}
	for k, f := range found {
		if lines[k] > 1 {
			out = append(out, f)
		}
	}
	return out, starts
}

// indexOf finds the symbol of the same text in the same columns or rows.
func indexOf(found []record.Symbol, text string, box record.Box) int {
	for i, s := range found {
		if s.Text == text && (s.Box[0] < box[2] && box[0] < s.Box[2] || s.Box[1] < box[3] && box[1] < s.Box[3]) {
			return i
		}
	}
	return -1
}

// strip128 returns how many runs from edge i on look like one Code 128: a quiet
// zone, a start, and as many bars and spaces as such a symbol has; 0 if none.
func strip128(edges []int, i int) int {
	unit := float64(edges[i+6]-edges[i]) / 11
	before := edges[i]
	if i > 0 {
		before -= edges[i-1]
	}
	if unit < 1 || float64(before) < 5*unit && i > 0 || !startsAs128(edges[i:i+7], unit) {
		return 0
	}
	n := 1
	for i+n+1 < len(edges) && float64(edges[i+n+1]-edges[i+n]) < 5.2*unit {
		n++
	}
	if n < 25 || n%6 != 1 {
		return 0
	}
	return n
}

func startsAs128(edges []int, unit float64) bool {
	for _, pattern := range starts128 {
		fits := true
		for k, want := range pattern {
			fits = fits && math.Abs(float64(edges[k+1]-edges[k])-want*unit) <= 0.5*unit+0.7
		}
		if fits {
			return true
		}
	}
	return false
}

func read128(row *gozxing.BitArray) (string, bool) {
	return safely(func() (string, error) {
		r, err := oned.NewCode128Reader().(interface {
			DecodeRow(int, *gozxing.BitArray, map[gozxing.DecodeHintType]any) (*gozxing.Result, error)
		}).DecodeRow(0, row, nil)
		if err != nil {
			return "", err
		}
		return r.GetText(), nil
	})
}
