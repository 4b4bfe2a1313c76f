package ocr

import (
	"slices"

	"github.com/sohoa/sohoa/record"
)

// An administrative paper has two places where lines stand side by side and are
// read one column after the other (NĐ 30/2020/NĐ-CP, appendix I): the head, with
// the agency on the left and the national name on the right, and the close, with
// the recipients on the left and the signer on the right. The engine often takes
// them for lines that run across. Everywhere else its order stands.

// A piece is a line, or the part of one on one side of a wide gap.
type piece struct {
	line record.Line
	of   int     // index of the line it came from
	y    float64 // middle, with the slope of the page taken out
}

// ordered brings the lines of a page into reading order. Boxes are those of the
// straightened picture.
func ordered(lines []record.Line) []record.Line {
	pieces := split(lines)
	rows := inRows(pieces, medianSize(lines))
	column := map[*piece]int{} // 1 and 2, 3 and 4, … for the columns of a band
	first := map[int][]*piece{}
	for n, b := range columns(rows) {
		for _, r := range rows[b.from:b.to] {
			for _, p := range r.pieces {
				side := 2*n + 1
				if p.line.Box[0] >= b.x0 {
					side++
				}
				column[p] = side
				first[side] = append(first[side], p)
			}
		}
	}
	return numbered(downwards(assemble(lines, pieces, column, first)))
}

// downwards keeps the order of lines but where one would come before another above it: the
// engine has read the lower half of a page first, or a scribble on the margin. Two lines
// stand above one another if they share half of the width of the narrower.
func downwards(lines []record.Line) []record.Line {
	slope := medianSlope(lines)
	middle := func(b record.Box) float64 { return float64(b[1]+b[3])/2 - slope*float64(b[0]+b[2])/2 }
	above := func(a, b record.Line) bool {
		shared := min(a.Box[2], b.Box[2]) - max(a.Box[0], b.Box[0])
		return 2*shared > min(a.Box.Width(), b.Box.Width()) && middle(b.Box)-middle(a.Box) > min(a.Size, b.Size)/2
	}
	over := make([]int, len(lines)) // lines that stand above each and are to come; -1: it has come
	for i, l := range lines {
		for _, other := range lines {
			if above(other, l) {
				over[i]++
			}
		}
	}
	out := make([]record.Line, 0, len(lines))
	for range lines {
		next := slices.Index(over, 0)
		out, over[next] = append(out, lines[next]), -1
		for i, l := range lines {
			if above(lines[next], l) {
				over[i]--
			}
		}
	}
	return out
}

// split parts lines at wide gaps.
func split(lines []record.Line) []*piece {
	slope := medianSlope(lines)
	var out []*piece
	for i, l := range lines {
		from := 0
		for j := 1; j <= len(l.Words); j++ {
			if j < len(l.Words) && float64(l.Words[j].Box[0]-l.Words[j-1].Box[2]) < 1.2*l.Size {
				continue
			}
			part := within(l, l.Words[from:j])
			x, y := float64(part.Box[0]+part.Box[2])/2, float64(part.Box[1]+part.Box[3])/2
			out = append(out, &piece{part, i, y - slope*x})
			from = j
		}
	}
	return out
}

// within returns the line with some of its words only.
func within(l record.Line, words []record.Word) record.Line {
	part := l
	part.Words, part.Box = words, record.Box{}
	for _, w := range words {
		part.Box = part.Box.Union(w.Box)
	}
	part.Baseline.Offset += float64(l.Box[3]-part.Box[3]) + l.Baseline.Slope*float64(part.Box[0]-l.Box[0])
	return part
}

// assemble puts each column where its band is first met and joins again what was
// parted elsewhere. The right column follows the left.
func assemble(lines []record.Line, pieces []*piece, column map[*piece]int, first map[int][]*piece) []record.Line {
	var out []record.Line
	done := map[int]bool{}
	for i, p := range pieces {
		side := column[p]
		switch {
		case side == 0 && i > 0 && pieces[i-1].of == p.of && column[pieces[i-1]] == 0:
			last := &out[len(out)-1]
			*last = within(lines[p.of], append(slices.Clone(last.Words), p.line.Words...))
		case side == 0:
			out = append(out, p.line)
		case !done[(side-1)/2]:
			done[(side-1)/2] = true
			left := (side-1)/2*2 + 1
			out = append(out, joined(lines, first[left], left)...)
			out = append(out, joined(lines, first[left+1], left+1)...)
		}
	}
	return out
}

// joined makes lines of the pieces of a column: what came from one line is one again.
func joined(lines []record.Line, column []*piece, side int) []record.Line {
	var out []record.Line
	for i, p := range column {
		if i > 0 && column[i-1].of == p.of {
			last := &out[len(out)-1]
			*last = within(lines[p.of], append(slices.Clone(last.Words), p.line.Words...))
			continue
		}
		p.line.Block = -side // not that of a neighbour
		out = append(out, p.line)
	}
	return out
}

// numbered counts the blocks anew, in reading order.
func numbered(lines []record.Line) []record.Line {
	n, last := 0, 0
	for i, l := range lines {
		if i == 0 || l.Block != last {
			n, last = n+1, l.Block
		}
		lines[i].Block = n
	}
	return lines
}

func medianSize(lines []record.Line) float64 {
	var sizes []float64
	for _, l := range lines {
		sizes = append(sizes, l.Size)
	}
	return median(sizes)
}

func medianSlope(lines []record.Line) float64 {
	var slopes []float64
	for _, l := range lines {
		if len(l.Words) > 3 {
			slopes = append(slopes, l.Baseline.Slope)
		}
	}
	return median(slopes)
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
