package field

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// A numberLine is "Số: <number>/<notation>" taken apart.
type numberLine struct {
	row      row
	lead     token // Số
	number   []token
	merged   bool  // the digits share a box with the print beside them
	slash    token // the token that holds the slash
	notation []token
	unread   bool // known by its place alone

	slashless bool // the slash was not read
}

// findNumber returns the number line of the header: left column, on the level of
// the date when there is one.
func findNumber(h header) (numberLine, bool) {
	best, score := numberLine{}, 0.0
	for _, r := range h.left {
		n, s := splitNumber(r)
		if s == 0 {
			continue
		}
		if h.dateRow >= 0 {
			s -= min(3, abs(r.middle()-h.right[h.dateRow].middle())/h.sheet.unit)
		}
		if s > score {
			best, score = n, s
		}
	}
	if score > 0 {
		return best, true
	}
	return unreadNumber(h)
}

// unreadNumber takes the row on the date's level for a number line that could
// not be read: where the form has it, there it is.
func unreadNumber(h header) (numberLine, bool) {
	if h.dateRow < 0 {
		return numberLine{}, false
	}
	level := h.right[h.dateRow].middle()
	for _, r := range h.left {
		if abs(r.middle()-level) < 1.1*h.sheet.unit && !mostlyLower(r.text()) && !isMark(clean(r.tokens)) && strings.ContainsAny(r.text(), "0123456789/-:") {
			last := r.tokens[len(r.tokens)-1]
			n := numberLine{row: r, number: r.tokens, slash: last, notation: r.tokens[len(r.tokens)-1:], unread: true}
			if _, _, lead := cutLead(last); lead {
				n.lead, n.number, n.slash, n.notation = last, nil, token{}, nil
			}
			return n, true
		}
	}
	return numberLine{}, false
}

func mostlyLower(s string) bool {
	lower, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsLower(r) {
				lower++
			}
		}
	}
	return 2*lower > all && all > 6
}

// splitNumber takes a row apart; the score says how much it reads like a number
// line, 0: not at all.
func splitNumber(r row) (n numberLine, score float64) {
	n.row = r
	tokens := r.tokens
	if len(tokens) == 0 {
		return n, 0
	}
	for i := range min(3, len(tokens)) {
		lead, rest, ok := cutLead(tokens[i])
		if !ok {
			continue
		}
		n.lead, score = lead, 2
		tokens = tokens[i+1:]
		if rest.text != "" {
			tokens = append([]token{rest}, tokens...)
			n.merged = true
		}
		break
	}
	at, cut := slashIn(tokens)
	width := 1
	if at < 0 {
		at, cut, width = lostSlash(tokens)
		n.slashless = true
	}
	if at < 0 {
		return n, 0
	}
	n.number = append(n.number, tokens[:at]...)
	t := tokens[at]
	runes := []rune(t.text)
	if cut < 0 {
		cut, width = 0, 0
	}
	if cut > 0 {
		n.number = append(n.number, part(t, 0, cut))
		n.merged = true
	}
	n.slash = part(t, cut, len(runes))
	n.notation = append([]token{part(t, cut+width, len(runes))}, tokens[at+1:]...)
	if n.notation[0].text == "" {
		n.notation = n.notation[1:]
	}
	if notationLike(n.notation) {
		score += 2
	}
	return n, score
}

// cutLead takes "Số:" from the beginning of a token.
func cutLead(t token) (lead, rest token, ok bool) {
	runes := []rune(t.text)
	i := 0
	for i < len(runes) && !unicode.IsLetter(runes[i]) {
		i++
	}
	if i+1 >= len(runes) || (base(runes[i]) != 's') || !strings.ContainsRune("o0e6c", base(runes[i+1])) {
		return t, t, false
	}
	i += 2
	if i+2 < len(runes) && runes[i] == '/' && base(runes[i+1]) == 'n' { // Số/No.
		i += 3
	}
	for i < len(runes) && strings.ContainsRune(":.;,'’`·", runes[i]) {
		i++
	}
	if i < len(runes) && unicode.IsLetter(runes[i]) && !strings.ContainsRune("IlOo", runes[i]) {
		return t, t, false
	}
	lead = part(t, 0, i)
	if i < len(runes) {
		rest = part(t, i, len(runes))
	}
	return lead, rest, true
}

// lostSlash finds where a notation begins that no slash was read before: after a
// digit ("50QĐ-UBND") or after what the slash was read as ("294#DA-THPT", sign 1).
func lostSlash(tokens []token) (at, cut, sign int) {
	for i, t := range tokens {
		runes := []rune(t.text)
		for j := 1; j+2 < len(runes); j++ {
			abbr, agency, ok := strings.Cut(string(runes[j:]), "-")
			if !unicode.IsUpper(runes[j]) || unicode.IsLetter(runes[j-1]) && !slices.Contains(agencyAbbrs, agency) {
				continue
			}
			if ok {
				if known := anyType(abbr); known && (isDigit(runes[j-1]) || unicode.IsLetter(runes[j-1])) {
					return i, j, 0
				} else if known && j > 1 {
					return i, j - 1, 1
				}
			}
		}
	}
	return -1, 0, 0
}

// slashIn finds the slash that parts number and notation: token and letter, -1 for
// none. The party writes "Số 12-QĐ/TU": there a dash parts them. Where a pen has
// left another one, the slash before a type's abbreviation counts.
func slashIn(tokens []token) (at, cut int) {
	at = -1
	for i, t := range tokens {
		runes := []rune(t.text)
		if i > 0 && partyNotation.MatchString(t.text) {
			return i, -1 // "215 KH/TĐTN": a space parts them
		}
		for j, r := range runes {
			switch {
			case r == '-' && partyNotation.MatchString(string(runes[j+1:])):
				return i, j
			case r == '/' || r == '⁄':
				if at < 0 || (namesType(runes[j+1:]) || digitBehind(tokens[at], cut)) && !yearBetween(tokens, at, cut, i, j) {
					at, cut = i, j
				}
			case r == '-' && at < 0 && (j == 0 || isDigit(runes[j-1])) && j+1 < len(runes) && unicode.IsUpper(runes[j+1]):
				return i, j
			}
		}
	}
	return at, cut
}

// partyNotation is what follows the number in the party's papers: QĐ/TU, CV/BTCTU
// (Hướng dẫn 36-HD/VPTW).
// The youth union's agencies add their part: KH/TĐTN-TG.
var partyNotation = regexp.MustCompile(`^(NQ|QĐ|CT|KL|QC|QyĐ|TC|TB|HD|CTr|KH|ĐA|PA|DA|BC|BB|TTr|CV|GM|TT)/(\p{Lu}[\p{L}]{1,7}(?:-\p{Lu}{2,6})?)$`)

// digitBehind reports whether a digit follows the slash: a stroke of handwriting,
// or a year.
func digitBehind(t token, cut int) bool {
	runes := []rune(t.text)
	return cut+1 < len(runes) && isDigit(runes[cut+1])
}

// namesType reports whether a notation that a type begins follows.
func namesType(rest []rune) bool {
	abbr, _, ok := strings.Cut(string(rest), "-")
	return ok && anyType(abbr)
}

// yearBetween reports whether a year stands between two slashes: 30/2020/NĐ-CP.
func yearBetween(tokens []token, at, cut, to, end int) bool {
	between := ""
	for i := at; i <= to; i++ {
		runes := []rune(tokens[i].text)
		from, until := 0, len(runes)
		if i == at {
			from = cut + 1
		}
		if i == to {
			until = end
		}
		between += string(runes[from:until])
	}
	return len(between) == 4 && strings.Trim(between, "0123456789") == ""
}

func notationLike(tokens []token) bool {
	text := row{tokens: tokens}.text()
	upper := strings.IndexFunc(text, unicode.IsUpper)
	return upper >= 0 && letters(text) >= 2 && letters(text) <= 40
}

// numberField reads the number's slot.
func numberField(n numberLine, height float64, marks []record.Region) record.Field {
	foot := 0.0
	if n.lead.text != "" && !n.merged {
		foot = n.lead.y1
	}
	s := readSlot(n.number, n.merged, roomy(n.lead, n.number, n.slash, height), height, foot)
	if n.lead.text == "" || n.slashless {
		s.conf = min(s.conf, 0.7) // a slash is also read as 1 or 7
	}
	s.written = s.written || n.unread
	f := record.Field{
		Value: row{tokens: n.number}.text(), Normal: s.digits, Confidence: round(s.conf),
		Status: record.Read, Rule: "number/number-line", Evidence: evidence(n.number),
	}
	if s.digits != "" {
		f.Value = s.digits
	}
	if s.written {
		f.Status, f.Confidence, f.Rule = record.Handwritten, min(f.Confidence, 0.5), "number/handwriting"
		f.Evidence = []record.Evidence{{Page: n.row.tokens[0].page, Box: n.slotBox(marks)}}
	}
	return f
}

// roomy reports whether the tokens stand in a gap wider than a space.
func roomy(before token, tokens []token, after token, height float64) bool {
	if len(tokens) == 0 || height == 0 {
		return true
	}
	first, last := tokens[0], tokens[len(tokens)-1]
	return before.text != "" && first.x0-before.x1 > 0.8*height || after.text != "" && after.x0-last.x1 > 0.6*height
}
