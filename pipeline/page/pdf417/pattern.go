package pdf417

import (
	_ "embed"
	"math"
	"strings"
	"sync"
)

const (
	modules   = 17  // wide is every codeword, and the start pattern
	codewords = 929 // in each of three clusters
	clusters  = 3   // row r is written in cluster r%3; the standard numbers them 0, 3, 6
)

// The bars and spaces that a symbol starts with.
var start = [8]float64{8, 1, 1, 1, 1, 1, 1, 3}

// patternList holds the widths of four bars and four spaces in modules for every
// codeword, a line for each, in the three clusters (ISO/IEC 15438, annex A).
//
//go:embed patterns.txt
var patternList string

// A mark is what one pattern says.
type mark struct {
	cluster, value int
}

// marks finds the mark of a pattern, by its modules without the first and the
// last, which are the same in all.
var marks = sync.OnceValue(func() map[uint16]mark {
	all := make(map[uint16]mark, clusters*codewords)
	value := 0
	for line := range strings.Lines(patternList) {
		for cluster, digits := range strings.Fields(line) {
			var widths [8]int
			for i := range widths {
				widths[i] = int(digits[i] - '0')
			}
			all[key(widths)] = mark{cluster, value}
		}
		value++
	}
	return all
})

// key is a pattern of 17 modules, dark ones as 1, without the first and the last.
func key(widths [8]int) uint16 {
	var bits uint32
	for i, w := range widths {
		bits <<= w
		if i%2 == 0 {
			bits |= 1<<w - 1
		}
	}
	return uint16(bits >> 1 & 0x7fff)
}

// read returns what nine edges around eight bars and spaces say. Printing and
// scanning make all dark parts wider by about the same, spread modules: the
// distance from an edge to the next of its kind keeps its length, and so the sums of
// neighbours are rounded, not the widths (the standard's reference algorithm).
func read(edges []float64, spread float64) (mark, bool) {
	unit := (edges[8] - edges[0]) / modules
	var sums [7]int // of widths i-1 and i
	dark := 0.0
	for i := 1; i < 7; i++ {
		sums[i] = int(math.Round((edges[i+1] - edges[i-1]) / unit))
	}
	for i := 0; i < 8; i += 2 {
		dark += (edges[i+1]-edges[i])/unit - spread
	}
	// Each width follows from the first; all bars together say what that is.
	var widths [8]int
	for i := 1; i < 7; i++ {
		widths[i] = sums[i] - widths[i-1]
	}
	first := int(math.Round((dark - float64(widths[2]+widths[4]+widths[6])) / 4))
	total := 0
	for i := range widths[:7] {
		if i%2 == 0 {
			widths[i] += first
		} else {
			widths[i] -= first
		}
		if widths[i] < 1 || widths[i] > 6 {
			return mark{}, false
		}
		total += widths[i]
	}
	widths[7] = modules - total
	if widths[7] < 1 || widths[7] > 6 {
		return mark{}, false
	}
	m, ok := marks()[key(widths)]
	return m, ok
}

// Starts reports whether a symbol may start at edge i of a line of edges, dark
// beginning at even places, and how wide a module is. It asks little of most lines:
// the first bar must be about as wide as all that follows.
func Starts[T int | float64](edges []T, i int) (unit float64, ok bool) {
	if i+8 >= len(edges) {
		return 0, false
	}
	whole, bar := edges[i+8]-edges[i], edges[i+1]-edges[i]
	if 5*bar < 2*whole || 5*bar > 3*whole || whole < modules {
		return 0, false
	}
	unit = float64(whole) / modules
	for k, want := range start {
		if math.Abs(float64(edges[i+k+1]-edges[i+k])-want*unit) > 0.55*unit+0.8 {
			return 0, false
		}
	}
	return unit, true
}
