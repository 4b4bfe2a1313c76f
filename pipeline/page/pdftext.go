package page

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/internal/raster"
	"github.com/sohoa/sohoa/record"
)

// takeText makes s a page of text if the page has text of its own that can be
// read, and no picture of a scan. The scale is in pixels per unit of the page.
func (p *pdfSource) takeText(page *raster.Page, m marks, s *record.Scan, scale float64) error {
	if p.text == record.RedoText || p.text == record.ForceText || m.text == 0 || m.hasScan() {
		return nil
	}
	chars, err := page.Text()
	if err != nil {
		return drawError(err)
	}
	chars = slices.DeleteFunc(chars, func(c raster.Char) bool { return c.Hidden || outside(c, page) })
	if !isSensible(chars, len(m.images) == 0 && m.paths <= 20) || runsDown(chars) {
		return nil
	}
	t := typesetter{scale: scale}
	for _, c := range chars {
		t.add(c)
	}
	t.endLine()
	if len(t.lines) > 0 {
		s.Source, s.Text = "text", t.lines
	}
	return nil
}

// hasScan reports whether pictures take up so much of the page that its text may
// be only a part of what can be read there.
func (m marks) hasScan() bool {
	const much = 0.4
	covered := 0.0
	for _, i := range m.images {
		covered += i.shown.area()
	}
	return covered >= much*m.page.area()
}

// outside reports whether a character lies off the page.
func outside(c raster.Char, p *raster.Page) bool {
	return !c.Generated && (c.X < 0 || c.Y < 0 || c.X > p.Width || c.Y > p.Height)
}

// isSensible reports whether characters are text that a person could read: the
// fonts say which characters they are, and these are not the Latin-1 look of an
// old Vietnamese encoding (TCVN3, VNI). few allows for a page with little text,
// which is right only where nothing else is drawn.
func isSensible(chars []raster.Char, few bool) bool {
	var letters, bad, foreign int
	for _, c := range chars {
		switch {
		case c.Generated || unicode.IsSpace(c.Rune):
		case c.Unmapped, c.Rune == 0, c.Rune == unicode.ReplacementChar, unicode.Is(unicode.Co, c.Rune), unicode.Is(unicode.Cs, c.Rune):
			bad++
		case strings.ContainsRune(oldEncodings, c.Rune):
			foreign++
			letters++
		case unicode.IsLetter(c.Rune) || unicode.IsDigit(c.Rune):
			letters++
		}
	}
	enough := 20
	if few {
		enough = 1
	}
	return letters >= enough && bad*50 <= letters && foreign*33 <= letters
}

// runsDown reports whether most of the text runs up or down the page: a page on
// its side, which is turned when it is recognised.
func runsDown(chars []raster.Char) bool {
	across, down := 0, 0
	for i := 1; i < len(chars); i++ {
		a, b := chars[i-1], chars[i]
		if isBlankChar(a) || isBlankChar(b) {
			continue
		}
		if math.Abs(b.Y-a.Y) > math.Abs(b.X-a.X) {
			down++
		} else {
			across++
		}
	}
	return down > across
}

// oldEncodings are characters that Vietnamese and French do without, or nearly,
// and that TCVN3 and VNI put in the place of accented letters.
const oldEncodings = "µ¸¶·¹¨»¾¼½©®ª«¬\u00ad×÷ßøþäöåÿñûüï"

// A typesetter gathers characters into words and lines.
type typesetter struct {
	scale float64 // pixels per unit of the page
	lines []record.Line
	line  []raster.Char // of the current line, blanks among them
	block int
}

func (t *typesetter) add(c raster.Char) {
	if c.Rune == '\r' || c.Rune == '\n' {
		t.endLine()
		return
	}
	if last, ok := t.last(); ok && !isBlankChar(c) && breaksLine(last, c) {
		t.endLine()
	}
	t.line = append(t.line, c)
}

// last is the last visible character of the current line.
func (t *typesetter) last() (raster.Char, bool) {
	for _, c := range slices.Backward(t.line) {
		if !isBlankChar(c) {
			return c, true
		}
	}
	return raster.Char{}, false
}

func isBlankChar(c raster.Char) bool { return c.Generated || unicode.IsSpace(c.Rune) }

// breaksLine reports whether c stands on another baseline than last, before it,
// or behind a gap as between columns.
func breaksLine(last, c raster.Char) bool {
	size := max(last.Size, c.Size, 1)
	return math.Abs(c.Y-last.Y) > size/2 || c.X < last.X-size || c.Box[0]-last.Box[2] > 2.2*size
}

// endLine turns the current line into words.
func (t *typesetter) endLine() {
	var words []record.Word
	var word, ink []raster.Char
	flush := func() {
		if w, ok := t.word(word); ok {
			words = append(words, w)
			ink = append(ink, word...)
		}
		word = nil
	}
	for _, c := range t.line {
		if isBlankChar(c) {
			flush()
		} else {
			word = append(word, c)
		}
	}
	flush()
	t.line = t.line[:0]
	if len(words) == 0 {
		return
	}
	l := record.Line{Words: words}
	for _, w := range words {
		l.Box = l.Box.Union(w.Box)
	}
	l.Size, l.Baseline = t.measure(ink, l.Box)
	if n := len(t.lines); n == 0 || isNewBlock(t.lines[n-1], l) {
		t.block++
	}
	l.Block = t.block
	t.lines = append(t.lines, l)
}

// word joins characters; ok is false if nothing remains to be read.
func (t *typesetter) word(chars []raster.Char) (w record.Word, ok bool) {
	var b strings.Builder
	for _, c := range chars {
		switch {
		case c.Rune == 0x02 || c.Rune == 0xad: // a hyphen at the end of a line
			b.WriteRune('-')
		case c.Rune == 'Ð':
			b.WriteRune('Đ')
		case c.Rune < 0x20, c.Rune >= 0xfffe && c.Rune <= 0xffff, unicode.Is(unicode.Cs, c.Rune):
			continue
		default:
			b.WriteRune(c.Rune)
		}
		w.Box = w.Box.Union(t.pixels(c))
	}
	w.Text, w.Confidence = norm.NFC.String(b.String()), 1
	return w, w.Text != "" && w.Box.Width() > 0 && w.Box.Height() > 0
}

func (t *typesetter) pixels(c raster.Char) record.Box {
	down := func(v float64) int { return max(0, int(math.Floor(v*t.scale))) }
	up := func(v float64) int { return max(0, int(math.Ceil(v*t.scale))) }
	return record.Box{down(c.Box[0]), down(c.Box[1]), up(c.Box[2]), up(c.Box[3])}
}

// measure returns the height of the letters and the baseline through the first
// and the last character.
func (t *typesetter) measure(ink []raster.Char, box record.Box) (size float64, b record.Baseline) {
	for _, c := range ink {
		size = max(size, c.Size*t.scale)
	}
	first, last := ink[0], ink[len(ink)-1]
	if run := last.X - first.X; run > first.Size {
		b.Slope = (last.Y - first.Y) / run
	}
	b.Offset = first.Y*t.scale - b.Slope*(first.X*t.scale-float64(box[0])) - float64(box[3])
	return size, b
}

// isNewBlock reports whether there is more than a line's distance between lines,
// or the second stands higher or beside the first.
func isNewBlock(before, l record.Line) bool {
	gap := float64(l.Box[1] - before.Box[3])
	return gap > l.Size || l.Box[1] < before.Box[1] || l.Box[0] >= before.Box[2] || l.Box[2] <= before.Box[0]
}
