package pdfa

import (
	"bytes"
	"fmt"
	"math"

	"github.com/sohoa/sohoa/record"
)

// text writes the lines of a page as invisible text (rendering mode 3) and
// reports whether there were any.
func (f *font) text(b *bytes.Buffer, s sheet, lines []record.Line) bool {
	var any bool
	size := ""
	for _, l := range lines {
		words := f.words(l)
		if len(words) == 0 {
			continue
		}
		if !any {
			b.WriteString("BT 3 Tr\n")
			any = true
		}
		t := newTrack(s, l)
		if n := number(t.size); n != size {
			size = n
			fmt.Fprintf(b, "/F %s Tf\n", size)
		}
		t.write(b, f, words)
	}
	if any {
		b.WriteString("ET\n")
	}
	return any
}

// words returns the words of a line that have a character, the characters encoded.
func (f *font) words(l record.Line) []codedWord {
	var out []codedWord
	for _, w := range l.Words {
		if codes := f.encode(w.Text); len(codes) > 0 {
			out = append(out, codedWord{codes, float64(w.Box[0]), float64(w.Box[2])})
		}
	}
	part(out, letterSize(l)*narrowGap)
	return out
}

// letterSize is the height of a line's letters in pixels.
func letterSize(l record.Line) float64 {
	if l.Size > 0 {
		return l.Size
	}
	return float64(max(l.Box.Height(), 1))
}

// narrowGap is the least width of a space, in ems: below 0.15 poppler copies
// none, and a word that begins before the last one ended starts a new line.
const narrowGap = 0.17

// part makes room between words that overlap or stand closer than a gap, around
// the middle between them.
func part(words []codedWord, gap float64) {
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

// A codedWord is a word in codes of the font, from one x to another in pixels.
type codedWord struct {
	codes    []uint16
	from, to float64
}

// A track is the baseline of a line in user space.
type track struct {
	s        sheet
	line     record.Line
	along    point   // unit vector in the direction of the text
	perPixel float64 // length along the track of one pixel to the right
	size     float64 // of the font
}

func newTrack(s sheet, l record.Line) track {
	slope := l.Baseline.Slope
	d := point{s.x.x + slope*s.y.x, s.x.y + slope*s.y.y}
	n := math.Hypot(d.x, d.y)
	return track{
		s: s, line: l, perPixel: n, along: point{d.x / n, d.y / n},
		size: letterSize(l) * math.Hypot(s.y.x, s.y.y),
	}
}

// base returns the point of the baseline at a given x, in user space.
func (t *track) base(x float64) point {
	l := t.line
	return t.s.at(x, float64(l.Box[3])+l.Baseline.Offset+l.Baseline.Slope*(x-float64(l.Box[0])))
}

// write sets the words one behind the other, each stretched to its box. A space
// that about fills the gap belongs to the word before it: pdfium does not know
// where a piece of one letter goes, and takes a hyphen that stands alone for the
// break of a word. So a last word of one letter gets a space too.
func (t *track) write(b *bytes.Buffer, f *font, words []codedWord) {
	start := t.base(words[0].from)
	fmt.Fprintf(b, "%s %s %s %s %s %s Tm\n",
		fixed(t.along.x, 6), fixed(t.along.y, 6), fixed(-t.along.y, 6), fixed(t.along.x, 6), number(start.x), number(start.y))
	for i, w := range words {
		if i > 0 {
			fmt.Fprintf(b, "%s 0 Td ", number((w.from-words[i-1].from)*t.perPixel))
		}
		stretch := (w.to - w.from) * t.perPixel / (f.width(w.codes) / 1000 * t.size)
		codes := w.codes
		if i+1 < len(words) {
			gap := (words[i+1].from - w.to) * t.perPixel
			codes = append(codes, f.space(1000*gap/(stretch*t.size)))
		} else if len(codes) == 1 {
			codes = append(codes, f.space(1000*narrowGap))
		}
		fmt.Fprintf(b, "%s Tz <", number(100*stretch))
		for _, c := range codes {
			fmt.Fprintf(b, "%04x", c)
		}
		b.WriteString("> Tj\n")
	}
}
