package field

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A title is where the type's name stands: the row, and how many of its tokens.
type title struct {
	kind  kind
	row   int // in header.below
	words int
	score float64
}

// findTitle looks for the type below the header: in capitals, in the middle.
func findTitle(h header) (title, bool) {
	for i, r := range h.below {
		if i > 9 || r.y0 > h.bottom+14*h.sheet.unit {
			break
		}
		if t, ok := titleIn(r, h.sheet); ok {
			t.row = i
			return t, true
		}
	}
	return title{}, false
}

func titleIn(r row, s sheet) (title, bool) {
	tokens := clean(r.tokens)
	text := row{tokens: tokens}.text()
	if len(tokens) == 0 || !isCaps(text) || min(abs(r.mid()-textMid(s)), abs(core(r, s.unit).mid()-textMid(s))) > 0.1*s.width {
		return title{}, false
	}
	best := title{score: 0.8}
	for _, k := range kinds() {
		n, s := begins(tokens, k.name, best.score)
		if n > 0 && (s > best.score || n > best.words) {
			best = title{kind: k, words: n, score: s}
		}
	}
	return best, best.words > 0
}

// textMid is the middle of the text block: margins differ left and right.
func textMid(s sheet) float64 {
	left, right := textMargins(s)
	return (left + right) / 2
}

// textMargins are where most of the long rows begin and end.
func textMargins(s sheet) (left, right float64) {
	var lefts, rights []float64
	for _, r := range s.rows {
		if r.width() > 0.55*s.width {
			lefts, rights = append(lefts, r.x0), append(rights, r.x1)
		}
	}
	if len(lefts) < 3 {
		return 0.14 * s.width, 0.92 * s.width
	}
	return median(lefts), median(rights)
}

// field is the type as printed; the notation confirms it.
func (t title) field(h header, notation string) record.Field {
	abbr, _, _ := strings.Cut(notation, "-")
	conf := 0.9 * t.score
	if t.kind.abbr != "" && t.kind.abbr == abbr {
		conf = 0.99
	} else if t.score > 0.97 {
		conf = 0.96
	}
	name := strings.ToUpper(t.kind.name.text)
	return record.Field{Value: name, Normal: name, Code: t.kind.code, Confidence: round(conf), Status: record.Read,
		Rule: "kind/title", Evidence: evidence(clean(h.below[t.row].tokens)[:t.words])}
}
