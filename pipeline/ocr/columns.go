package ocr

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

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
		if !ok {
			continue
		}
		above := 0
		if len(out) > 0 {
			above = out[len(out)-1].to
		}
		if b = reach(rows, b, above); head(rows, b) || closing(rows, b) {
			out = append(out, b)
			i = b.to - 1
		}
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
		if b.to-b.from > best.to-best.from && written(rows, b) {
			best = b
		}
	}
	return best, best.to-best.from > 1
}

// columnLetters is what a column has of letters at least: what was made of a scribble or
// a stamp on the margin is none.
const columnLetters = 8

// written reports whether there is text on both sides of the gutter of b.
func written(rows []row, b band) bool {
	var left, right int
	for _, r := range rows[b.from:b.to] {
		for _, p := range r.pieces {
			n := 0
			for _, w := range p.line.Words {
				n += len(bare(w.Text))
			}
			if p.line.Box[0]+p.line.Box[2] < b.x0+b.x1 {
				left += n
			} else {
				right += n
			}
		}
	}
	return min(left, right) >= columnLetters
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

// reach extends a band upwards, no higher than row above: the right column may
// begin higher than the left, or the left than the row that has both.
func reach(rows []row, b band, above int) band {
	for b.from > above && len(rows[b.from-1].pieces) == 1 {
		size := rows[b.from-1].pieces[0].line.Size
		x0, x1, leftward, _ := gutter(rows[b.from-1], b)
		if float64(x1-x0) < 0.6*size || leftward && rows[b.from].y-rows[b.from-1].y > 3*size {
			break
		}
		b.x0, b.x1, b.from = x0, x1, b.from-1
	}
	return b
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
		if r < unicode.MaxASCII && unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, unmarked(s))
}
