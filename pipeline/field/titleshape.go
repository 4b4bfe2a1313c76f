package field

import (
	"slices"
	"strings"
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
	authority string
	office    string // as in the list, "" for a body
	body      string
	seldom    float64 // how far off a commoner line may be that is preferred, in units
}

func (s shape) text() string {
	return strings.TrimSpace(s.authority + " " + strings.ToUpper(s.office) + s.body)
}

// shapes are the lines that can stand below the line above; c says who heads the
// agency. The list of offices begins with those that sign most.
func (c closing) shapes(above titleLine) []shape {
	var out []shape
	for i, o := range offices {
		s := shape{office: o.name.text, seldom: 0.4 * float64(i) / float64(len(offices))}
		switch {
		case above.authority == "KT.":
			if o.chief != "" && o.chief == above.office {
				out = append(out, s)
			}
		case strings.HasPrefix(above.authority, "T") && above.authority != "TM.": // TL., TUQ.
			if o.chief == "" {
				out = append(out, s)
			}
		case o.chief == "" && (c.chief == "" || s.office == c.chief):
			for authority, seldom := range map[string]float64{"": 0, "KT.": 0, "Q.": 0.3} {
				out = append(out, shape{authority, s.office, "", s.seldom + seldom})
			}
		}
	}
	if above.text == "" && c.chief == "Chủ tịch" {
		for _, b := range bodies {
			out = append(out, shape{authority: "TM.", body: b})
		}
	}
	return out
}

// byShape finds the one line of a title that the words end or begin and whose middle
// would be at mid.
func (c closing) byShape(tokens []token, mid float64, above titleLine) (titleLine, bool) {
	tokens = pressed(tokens)
	for i := range tokens {
		for _, rest := range [][]token{tokens[i:], tokens[:len(tokens)-i]} {
			if l, ok := c.shaped(rest, mid, above); ok {
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

// shaped is byShape for all of the tokens.
func (c closing) shaped(tokens []token, mid float64, above titleLine) (titleLine, bool) {
	read, unit := row{tokens: tokens}.text(), c.sheet.unit
	if n := letters(read); n < 2 || n < 3 && above.text == "" {
		return titleLine{}, false
	}
	best, off, next := shape{}, 0.5*unit, 2*unit
	for _, s := range c.shapes(above) {
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
	if best.text() == "" || next-off < 0.25*unit {
		return titleLine{}, false
	}
	return titleLine{text: best.text(), tokens: tokens, conf: expectedBy, authority: best.authority, shown: best.authority, office: best.office, guessed: true}, true
}

// miss is how far from its place the rest of the line stands; fits: it is the end or
// the beginning of the line.
func (s shape) miss(read string, tokens []token, mid float64) (off float64, fits bool) {
	whole, n := []rune(s.text()), len([]rune(read))
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
