package field

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// A token is a word at its place on the levelled page: x and y are those of the
// page after its skew was taken out, box is where the word really is.
type token struct {
	text           string
	conf           float64 // of the engine
	likely         float64 // that it is right, by all that recognition knows; 0: not known
	page           int
	box            record.Box
	x0, y0, x1, y1 float64
	line           int
	hand           bool // lies where the page has handwriting
}

func (t token) mid() float64    { return (t.x0 + t.x1) / 2 }
func (t token) middle() float64 { return (t.y0 + t.y1) / 2 }

// A row is a run of tokens on one level, left to right.
type row struct {
	tokens         []token
	x0, y0, x1, y1 float64
	size           float64 // height of the letters, ascender to descender
}

func (r row) mid() float64    { return (r.x0 + r.x1) / 2 }
func (r row) middle() float64 { return (r.y0 + r.y1) / 2 }
func (r row) width() float64  { return r.x1 - r.x0 }

func (r row) text() string {
	words := make([]string, len(r.tokens))
	for i, t := range r.tokens {
		words[i] = t.text
	}
	return strings.Join(words, " ")
}

// A sheet is one page as rows from top to bottom.
type sheet struct {
	number        int
	width, height float64
	unit          float64 // the usual height of a line of letters on this page
	rows          []row
	marks         []record.Region // seals, stamps, handwriting: boxes as on the page
}

// layout levels the words of a page and puts them into rows.
func layout(p record.Page) sheet {
	slope := pageSlope(p)
	s := sheet{number: p.Number, width: float64(p.Width), height: float64(p.Height), marks: p.Regions}
	var sizes []float64
	var tokens []token
	for i, l := range p.Lines {
		if l.Size > 0 && len(l.Words) > 2 {
			sizes = append(sizes, l.Size)
		}
		for _, w := range l.Words {
			t := levelled(w, p.Number, i, slope)
			t.hand = byHand(w.Box, p.Regions)
			tokens = append(tokens, t)
		}
		mendStream(tokens[len(tokens)-len(l.Words):])
	}
	s.unit = median(sizes)
	if s.unit == 0 {
		s.unit = max(10, float64(p.Width)/46)
	}
	s.rows = rowsOf(tokens, s.unit)
	return s
}

// mendStream puts right what recognition makes of Ia, "stream" in languages of the
// highlands, with which many places begin: xã 1a Kring.
func mendStream(line []token) {
	for i := range line[:max(0, len(line)-1)] {
		next := []rune(line[i+1].text)
		if text := line[i].text; text != "1a" && text != "la" && text != "1A" || !unicode.IsUpper(next[0]) {
			continue
		}
		dated := i+2 < len(line) && strings.HasSuffix(line[i+1].text, ",") && fold(line[i+2].text).like(dateWords[0], 0.74) > 0
		if dated || i > 0 && slices.Contains(townUnits, plain(line[i-1].text)) {
			line[i].text = "I" + line[i].text[1:]
		}
	}
}

// byHand reports whether most of a word's box lies where handwriting was seen.
func byHand(b record.Box, regions []record.Region) bool {
	for _, r := range regions {
		wide := min(b[2], r.Box[2]) - max(b[0], r.Box[0])
		high := min(b[3], r.Box[3]) - max(b[1], r.Box[1])
		if r.Kind == record.HandRegion && wide > 0 && high > 0 && 2*wide*high > b.Width()*b.Height() {
			return true
		}
	}
	return false
}

// pageSlope is the median slope of the page's longer lines.
func pageSlope(p record.Page) float64 {
	var slopes []float64
	for _, l := range p.Lines {
		if len(l.Words) >= 4 && math.Abs(l.Baseline.Slope) < 0.2 {
			slopes = append(slopes, l.Baseline.Slope)
		}
	}
	return median(slopes)
}

// The engine is sure of words that no syllable is written like (tính for tỉnh); what
// recognition knows besides is believed where it says that hardly one in five such
// words is right.
const (
	unlikely = 0.2
	doubtful = 0.6
)

func levelled(w record.Word, page, line int, slope float64) token {
	shift := slope * float64(w.Box[0]+w.Box[2]) / 2
	conf := w.Raw()
	if w.Confidence < unlikely {
		conf = min(conf, doubtful)
	}
	return token{
		text: w.Text, conf: conf, likely: w.Confidence, page: page, box: w.Box, line: line,
		x0: float64(w.Box[0]), x1: float64(w.Box[2]),
		y0: float64(w.Box[1]) - shift, y1: float64(w.Box[3]) - shift,
	}
}

// rowsOf groups tokens by their recognised line and joins lines that stand on
// one level beside each other.
func rowsOf(tokens []token, unit float64) []row {
	lines := map[int][]token{}
	for _, t := range tokens {
		lines[t.line] = append(lines[t.line], t)
	}
	var rows []row
	for _, ts := range lines {
		rows = append(rows, rowOf(ts, unit))
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.middle(), b.middle()), cmp.Compare(a.x0, b.x0))
	})
	var out []row
	for _, r := range rows {
		if n := len(out); n > 0 && beside(out[n-1], r) {
			out[n-1] = rowOf(append(slices.Clone(out[n-1].tokens), r.tokens...), unit)
			continue
		}
		out = append(out, r)
	}
	return out
}

func rowOf(ts []token, unit float64) row {
	slices.SortFunc(ts, func(a, b token) int { return cmp.Or(cmp.Compare(a.x0, b.x0), cmp.Compare(a.y0, b.y0)) })
	r := row{tokens: ts, x0: math.Inf(1), x1: math.Inf(-1)}
	var tops, bottoms, heights []float64
	for _, t := range ts {
		r.x0, r.x1 = min(r.x0, t.x0), max(r.x1, t.x1)
		tops, bottoms = append(tops, t.y0), append(bottoms, t.y1)
		heights = append(heights, t.y1-t.y0)
	}
	r.y0, r.y1 = median(tops), median(bottoms)
	r.size = min(max(slices.Max(heights), 1), 2*unit)
	return r
}

// beside reports whether b continues a on the same level; ink between them may have
// widened a word's box into the next.
func beside(a, b row) bool {
	overlap := min(a.y1, b.y1) - max(a.y0, b.y0)
	if overlap < 0.6*min(a.y1-a.y0, b.y1-b.y0) {
		return false
	}
	for _, s := range a.tokens {
		for _, t := range b.tokens {
			if min(s.x1, t.x1)-max(s.x0, t.x0) > 0.5*min(a.y1-a.y0, b.y1-b.y0) {
				return false
			}
		}
	}
	return true
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
