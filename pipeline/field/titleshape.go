package field

import (
	"slices"
	"strings"
	"sync"
)

// A seal leaves the end or the beginning of a signer's title. What it took is told
// by the form: title and name have one middle, so the width of the whole follows
// from where the rest ends, and only an office of that width can have stood there.
// That is a suggestion, below sure.

// axis is the middle of the signer's name, below which nothing else has it.
func (c closing) axis() (mid float64, ok bool) {
	for _, r := range c.rows {
		if f, tokens, named := nameOn(r); named && !isCaps(f.Value) && len(tokens) > 1 {
			return rowOf(slices.Clone(tokens), c.sheet.unit).mid(), true
		}
	}
	return 0, false
}

// A shape is a title's line that may have stood on a row.
type shape struct {
	authority, office string // as in the list; "" for a body
	text              string
	seldom            float64 // how far off a commoner line may be that is preferred, in units
}

// officeShapes are the lines that are an office alone; the list begins with those
// that sign most.
var officeShapes = sync.OnceValue(func() []shape {
	var out []shape
	for i, o := range offices() {
		out = append(out, shape{"", o.name.text, strings.ToUpper(o.name.text), 0.4 * float64(i) / float64(len(offices()))})
	}
	return out
})

// shapes are the lines that can stand below the line above; c says who heads the
// agency.
func (c closing) shapes(above titleLine) []shape {
	if above.text != "" && !strings.HasPrefix(above.authority, "T") && above.authority != "KT." {
		return nil // nobody else signs
	}
	delegated := strings.HasPrefix(above.authority, "T") && above.authority != "TM." // TL., TUQ.
	var out []shape
	for i, o := range offices() {
		s := officeShapes()[i]
		switch {
		case above.authority == "KT.":
			if o.chief != "" && o.chief == above.office {
				out = append(out, s)
			}
		case o.chief != "":
		case delegated:
			out = append(out, s)
		case c.chief == "" || s.office == c.chief:
			out = append(out, s, shape{"KT.", s.office, "KT. " + s.text, s.seldom}, shape{"Q.", s.office, "Q. " + s.text, s.seldom + 0.3})
		}
	}
	if above.text == "" && c.chief == "Chủ tịch" {
		for _, b := range bodies {
			out = append(out, shape{authority: "TM.", text: "TM. " + b})
		}
	}
	return out
}

// byShape finds the one line of a title that the words end or begin and whose middle
// would be at mid.
func (c closing) byShape(tokens []token, mid float64, above titleLine) (titleLine, bool) {
	tokens = pressed(tokens)
	if len(tokens) == 0 {
		return titleLine{}, false
	}
	all := c.shapes(above)
	for i := range tokens {
		for _, rest := range [][]token{tokens[i:], tokens[:len(tokens)-i]} {
			if l, ok := shaped(all, rest, mid, c.sheet.unit, above.text == ""); ok {
				return l, true
			}
		}
	}
	return titleLine{}, false
}

// pressed are the words in capitals, without the signs around them.
func pressed(tokens []token) []token {
	var out []token
	for _, t := range tokens {
		core := bare(t.text)
		if core == "" || core != strings.ToUpper(core) {
			continue
		}
		from := len([]rune(t.text[:strings.Index(t.text, core)]))
		out = append(out, part(t, from, from+len([]rune(core))))
	}
	return out
}

// shaped is byShape for all of the tokens and one of the shapes.
func shaped(all []shape, tokens []token, mid, unit float64, first bool) (titleLine, bool) {
	read := row{tokens: tokens}.text()
	if n := letters(read); n < 2 || n < 3 && first {
		return titleLine{}, false
	}
	best, off, next := shape{}, 0.5*unit, 2*unit
	for _, s := range all {
		miss, fits := s.miss(read, tokens, mid)
		miss += s.seldom * unit
		switch {
		case !fits:
		case miss < off:
			best, off, next = s, miss, off
		default:
			next = min(next, miss)
		}
	}
	if best.text == "" || next-off < 0.25*unit {
		return titleLine{}, false
	}
	return titleLine{text: best.text, tokens: tokens, conf: expectedBy, authority: best.authority, shown: best.authority, office: best.office, guessed: true}, true
}

// miss is how far from its place the rest of the line stands; fits: it is the end or
// the beginning of the line.
func (s shape) miss(read string, tokens []token, mid float64) (off float64, fits bool) {
	whole, n := []rune(s.text), len([]rune(read))
	if n+2 > len(whole) {
		return 0, false
	}
	from, to := tokens[0].x0, tokens[len(tokens)-1].x1
	least := 0.7
	if n < 4 {
		least = 0.85
	}
	if end := string(whole[len(whole)-n:]); fold(read).like(fold(end), least) > 0 {
		return abs(mid + (to-from)*setWidth(string(whole))/setWidth(end)/2 - to), true
	}
	if start := string(whole[:n]); fold(read).like(fold(start), least) > 0 && s.authority == "" {
		return abs(mid - (to-from)*setWidth(string(whole))/setWidth(start)/2 - from), true
	}
	return 0, false
}

// setWidth is how wide a text in bold capitals is set, in hundredths of its size.
func setWidth(text string) float64 {
	w := 0.0
	for _, r := range text {
		switch base(r) {
		case ' ', '.':
			w += 25
		case 'i':
			w += 39
		case 's', 'p':
			w += 58
		case 'g', 'h', 'k', 'o', 'q':
			w += 78
		case 'm':
			w += 94
		default:
			w += 70
		}
	}
	return w
}
