package page

import (
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"github.com/sohoa/sohoa/record"
)

// The three patterns that a Code 128 begins with, in modules: bar, space, bar, …
var starts128 = [3][6]float64{{2, 1, 1, 4, 1, 2}, {2, 1, 1, 2, 1, 4}, {2, 1, 1, 2, 3, 2}}

// maxRows128 bounds the rows of a page that are given to the decoder.
const maxRows128 = 400

// strips finds and reads the Code 128 symbols whose bars stand upright, looking at
// every step-th row. Two rows must say the same.
func (b bitmap) strips(step int) []record.Symbol {
	var found []record.Symbol
	var rows []int // how many showed it
	var edges []int
	tries := 0
	for y := step / 2; y < b.height; y += step {
		edges = b.edges(y, edges[:0])
		for i := 0; i+24 < len(edges) && tries < maxRows128; i += 2 {
			n := b.strip128(edges, i)
			if n == 0 {
				continue
			}
			tries++
			quiet := (edges[i+6] - edges[i]) // a symbol's width: 11 modules
			x0, x1 := max(0, edges[i]-quiet), min(b.width, edges[i+n]+quiet)
			text, ok := read128(b.row(x0, x1, y))
			if !ok {
				continue
			}
			box := record.Box{edges[i], y, edges[i+n], y + 1}
			i += n - n%2
			k := indexOf(found, text, box)
			if k < 0 {
				found, rows = append(found, record.Symbol{Kind: record.Code128, Text: text, Box: box}), append(rows, 1)
				continue
			}
			found[k].Box = found[k].Box.Union(box)
			rows[k]++
		}
	}
	var out []record.Symbol
	for k, s := range found {
		if rows[k] > 1 {
			out = append(out, s)
		}
	}
	return out
}

// indexOf finds the symbol of the same text in the same columns.
func indexOf(found []record.Symbol, text string, box record.Box) int {
	for i, s := range found {
		if s.Text == text && s.Box[0] < box[2] && box[0] < s.Box[2] {
			return i
		}
	}
	return -1
}

// strip128 returns how many runs from edge i on look like one Code 128: a quiet
// zone, a start, and as many bars and spaces as such a symbol has; 0 if none.
func (b bitmap) strip128(edges []int, i int) int {
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
