package ocr

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

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

// A row is the pieces at one height, from left to right.
type row struct {
	pieces []*piece
	y      float64
}

// A band is a run of rows with a gutter that no piece crosses.
type band struct {
	from, to int // rows, to exclusive
	x0, x1   int // of the gutter
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
	return numbered(assemble(lines, pieces, column, first))
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

// inRows groups pieces by height.
func inRows(pieces []*piece, size float64) []row {
	sorted := slices.Clone(pieces)
	slices.SortStableFunc(sorted, func(a, b *piece) int { return cmp.Compare(a.y, b.y) })
	var rows []row
	for _, p := range sorted {
		if n := len(rows); n > 0 && p.y-rows[n-1].y < 0.45*size {
			rows[n-1].pieces = append(rows[n-1].pieces, p)
			continue
		}
		rows = append(rows, row{[]*piece{p}, p.y})
	}
	for _, r := range rows {
		slices.SortStableFunc(r.pieces, func(a, b *piece) int { return cmp.Compare(a.line.Box[0], b.line.Box[0]) })
	}
	return rows
}

// columns finds the head and the close.
func columns(rows []row) []band {
	var out []band
	for i := 0; i < len(rows); i++ {
		if len(rows[i].pieces) < 2 {
			continue
		}
		b, ok := grow(rows, i)
		if !ok || !head(rows, b) && !closing(rows, b) {
			continue
		}
		for b.from > 0 && rightOf(rows[b.from-1], b) && (len(out) == 0 || b.from > out[len(out)-1].to) {
			b.from-- // the right column may begin higher than the left
		}
		out = append(out, b)
		i = b.to - 1
	}
	return out
}

// grow extends a band downwards from row i, which has a gap, as long as there is
// a gutter and the left column goes on without a break.
func grow(rows []row, i int) (band, bool) {
	best := band{}
	for g := 1; g < len(rows[i].pieces); g++ {
		left, right := rows[i].pieces[g-1].line, rows[i].pieces[g].line
		b := band{i, i + 1, left.Box[2], right.Box[0]}
		size := min(left.Size, right.Size)
		bottom := rows[i].y
		for b.to < len(rows) {
			x0, x1, leftward, rightward := gutter(rows[b.to], b)
			if float64(x1-x0) < 0.6*size || leftward && !rightward && rows[b.to].y-bottom > 3*size {
				break
			}
			if leftward {
				bottom = rows[b.to].y
			}
			b.x0, b.x1, b.to = x0, x1, b.to+1
		}
		if b.to-b.from > best.to-best.from {
			best = b
		}
	}
	return best, best.to-best.from > 1
}

// gutter narrows the gutter of b to what row r leaves of it, and says on which
// sides of it r has pieces.
func gutter(r row, b band) (x0, x1 int, leftward, rightward bool) {
	x0, x1 = b.x0, b.x1
	for _, p := range r.pieces {
		switch box := p.line.Box; {
		case box[0]+box[2] < x0+x1:
			x0, leftward = max(x0, box[2]), true
		default:
			x1, rightward = min(x1, box[0]), true
		}
	}
	return x0, x1, leftward, rightward
}

func rightOf(r row, b band) bool {
	return !slices.ContainsFunc(r.pieces, func(p *piece) bool { return p.line.Box[0] < b.x0 })
}

// head reports whether a band is the head of a paper: nothing but a page number
// or such stands above it, and it names the country.
func head(rows []row, b band) bool {
	return b.from < 3 && says(rows, b, "conghoa", "doclap")
}

// closing reports whether a band is the close: it names the recipients, or it is
// the last on the page and leaves room to sign between its rows.
func closing(rows []row, b band) bool {
	if says(rows, b, "noinhan") {
		return true
	}
	room := 0.0
	for i := b.from; i < b.to; i++ {
		if len(rows[i].pieces) > 2 {
			return false
		}
		if i > b.from {
			room = max(room, (rows[i].y-rows[i-1].y)/rows[i].pieces[0].line.Size)
		}
	}
	return b.to == len(rows) && room > 3
}

// says reports whether a piece of the band begins with one of words, all without marks.
func says(rows []row, b band, words ...string) bool {
	for _, r := range rows[b.from:b.to] {
		for _, p := range r.pieces {
			var text strings.Builder
			for _, w := range p.line.Words {
				text.WriteString(bare(w.Text))
			}
			if slices.ContainsFunc(words, func(w string) bool { return begins(text.String(), w) }) {
				return true
			}
		}
	}
	return false
}

// begins reports whether s begins with word, one letter wrong allowed.
func begins(s, word string) bool {
	if len(s) < len(word) {
		return false
	}
	wrong := 0
	for i := range len(word) {
		if s[i] != word[i] {
			wrong++
		}
	}
	return wrong <= 1
}

// bare returns the letters of s in lower case without marks, đ as d.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ' || r == 'Đ':
			return 'd'
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
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
			out = append(out, joined(lines, first[left])...)
			out = append(out, joined(lines, first[left+1])...)
		}
	}
	return out
}

// joined makes lines of the pieces of a column: what came from one line is one again.
func joined(lines []record.Line, column []*piece) []record.Line {
	var out []record.Line
	for i, p := range column {
		if i > 0 && column[i-1].of == p.of {
			last := &out[len(out)-1]
			*last = within(lines[p.of], append(slices.Clone(last.Words), p.line.Words...))
			continue
		}
		p.line.Block = -p.line.Block - 1
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
