package pdfa

import (
	"bytes"
	"fmt"
	"math"

	"github.com/sohoa/sohoa/record"
)

// text writes the lines of a page as invisible text (rendering mode 3) and
// reports whether there were any.
//
// A level line is one piece of text: viewers sort pieces by where they lie and
// break lines between them.
func (f *font) text(b *bytes.Buffer, s sheet, lines []record.Line) bool {
	var any bool
	for _, l := range lines {
		words := wordsOf(l)
		if len(words) == 0 {
			continue
		}
		if !any {
			b.WriteString("BT 3 Tr /F 1 Tf\n")
			any = true
		}
		t := newTrack(s, l)
		t.write(b, f, words)
	}
	if any {
		b.WriteString("ET\n")
	}
	return any
}

// A word is what can be written of a record's word, from one x to another in pixels.
type word struct {
	chars    []rune
	from, to float64
}

// wordsOf returns the words of a line that have a character and were not rejected.
func wordsOf(l record.Line) []word {
	var out []word
	for _, w := range l.Words {
		if chars := writable(w.Text); len(chars) > 0 && !w.Rejected {
			out = append(out, word{chars, float64(w.Box[0]), float64(w.Box[2])})
		}
	}
	part(out, em(l)*narrowGap)
	return out
}

// em is the size of the font for a line, in pixels: its letters fill it from
// ascent to descent. It is smaller than the distance of lines even where the
// height of the letters was taken for too much.
func em(l record.Line) float64 {
	size := l.Size
	if size <= 0 {
		size = float64(max(l.Box.Height(), 1))
	}
	return size * 1000 / (ascent - descent)
}

// narrowGap is the least width of a space, in ems: below 0.15 poppler copies
// none, and a word that begins before the last one ended starts a new line.
const narrowGap = 0.17

// letterGap is the most by which the letters of a word are moved apart, in ems: from
// 0.1 on poppler and pdf.js see two words.
const letterGap = 0.08

// part makes room between words that overlap or stand closer than a gap, around
// the middle between them.
func part(words []word, gap float64) {
	for i := range words {
		w := &words[i]
		if i > 0 && w.from < words[i-1].to+gap {
			before := &words[i-1]
			middle := (max(w.from, before.from) + before.to) / 2
			before.to = max(middle-gap/2, before.from+1)
			w.from = before.to + gap
		}
		w.to = max(w.to, w.from+1)
	}
}

// A track is the baseline of a line in user space.
type track struct {
	s        sheet
	line     record.Line
	along    point   // unit vector in the direction of level text
	perPixel float64 // length along the track of one pixel to the right, in ems
	em       float64 // in units of user space
}

func newTrack(s sheet, l record.Line) track {
	n := math.Hypot(s.x.x, s.x.y)
	size := em(l) * math.Hypot(s.y.x, s.y.y)
	return track{s: s, line: l, perPixel: n / size, along: point{s.x.x / n, s.x.y / n}, em: size}
}

// at returns where level text begins whose middle lies on the baseline.
func (t *track) at(from, to float64) point {
	l := t.line
	return t.s.at(from, float64(l.Box[3])+l.Baseline.Offset+l.Baseline.Slope*((from+to)/2-float64(l.Box[0])))
}

// write writes the words of the line level: as one piece, or, where the line rises
// or falls by more than a reader would see, each word as a piece at its own height.
// Poppler begins a new word where a letter stands half a point above or below the
// last one, and pdf.js does not see the end of a line that slopes.
func (t *track) write(b *bytes.Buffer, f *font, words []word) {
	from, to := words[0].from, words[len(words)-1].to
	if math.Abs(t.line.Baseline.Slope)*(to-from)*math.Hypot(t.s.y.x, t.s.y.y)*t.s.unit <= seen {
		t.piece(b, f, words, t.at(from, to))
		return
	}
	for i, w := range words {
		t.piece(b, f, words[i:i+1], t.at(w.from, w.to))
	}
}

// seen is the rise of a line, in points, from which its words are written one by one.
const seen = 0.8

// piece writes words as one piece of text from start on. Every word has a space
// behind it, the last of a line too: mutool would join a line of one word with the
// next, and pdfium takes a hyphen that stands alone for the break of a word.
func (t *track) piece(b *bytes.Buffer, f *font, words []word, start point) {
	var width, natural float64
	for _, w := range words {
		width += (w.to - w.from) * t.perPixel
		natural += naturalWidth(w.chars)
	}
	stretch := width / natural
	x, y := t.along.x*t.em, t.along.y*t.em
	fmt.Fprintf(b, "%s %s %s %s %s %s Tm %s Tz [", fixed(x, 5), fixed(y, 5), fixed(-y, 5), fixed(x, 5),
		number(start.x), number(start.y), number(100*stretch))
	a := array{b: b, f: f, most: letterGap / stretch}
	unit := t.perPixel / stretch // ems, as stretched, of a pixel
	for _, w := range words {
		a.move((w.from-words[0].from)*unit - a.pen)
		a.word(w.chars, (w.to-words[0].from)*unit-a.pen)
		a.show(' ', 0)
	}
	a.end()
}

// An array is the operand of TJ: strings of codes, and numbers that move the pen.
type array struct {
	b    *bytes.Buffer
	f    *font
	pen  float64 // behind what was shown, in ems
	most float64 // that letters are moved apart, in ems
	open bool    // a string
}

// word shows a word in letters of the scale that fills its box best, moved a
// little so that it ends where the box does. That it ends earlier nobody sees; if
// it ended later, the space behind it might get too narrow to be copied.
func (a *array) word(chars []rune, width float64) {
	natural := naturalWidth(chars)
	scale := fit(width / natural)
	missing := width - natural*scales[scale]
	const early, late = 0.06, -0.02
	if missing > late && missing < early || len(chars) == 1 {
		missing = 0
	}
	for i, r := range chars {
		if i > 0 {
			a.move(min(missing/float64(len(chars)-1), a.most))
		}
		a.show(r, scale)
	}
}

// move moves the pen to the right, by whole thousandths.
func (a *array) move(by float64) {
	n := int(math.Round(by * 1000))
	if n == 0 {
		return
	}
	a.close()
	fmt.Fprintf(a.b, "%d", -n)
	a.pen += float64(n) / 1000
}

func (a *array) show(r rune, scale int) {
	code, ok := a.f.code(char{r, scale})
	if !ok {
		return
	}
	if !a.open {
		a.b.WriteByte('<')
		a.open = true
	}
	fmt.Fprintf(a.b, "%04x", code)
	a.pen += float64(widths[char{r, scale}.glyph()]) / 1000
}

func (a *array) close() {
	if a.open {
		a.b.WriteByte('>')
		a.open = false
	}
}

func (a *array) end() {
	a.close()
	a.b.WriteString("] TJ\n")
}
