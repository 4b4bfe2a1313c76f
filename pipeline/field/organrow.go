package field

import (
	"slices"
	"strings"
	"unicode"
)

// nameTokensOf keeps the words of a row and the dashes between them; single
// letters at its ends are specks; a line may begin with "Y TẾ".
func nameTokensOf(r row) []token {
	var out []token
	for _, t := range r.tokens {
		if t.conf < sure && strings.IndexFunc(t.text, unicode.IsLower) >= 0 && !mostlyCaps(t.text) {
			continue // a name is in capitals: this was written beside it
		}
		if t.text == "-" || t.text == "–" || len(clean([]token{t})) > 0 {
			out = append(out, t)
		}
	}
	speck := func(t token) bool { return !isWord(t.text) || letters(t.text) == 1 && t.conf < 0.95 }
	for len(out) > 0 && (speck(out[0]) || letters(out[0].text) == 1 && plain(out[0].text) != "y") && !isClipped(out) {
		out = out[1:]
	}
	for len(out) > 0 && speck(out[len(out)-1]) && !numbersUnit(out) {
		out = out[:len(out)-1]
	}
	return out
}

// numbered are words that a number follows in names: QUẬN 3, QUÂN KHU 7, KHU VỰC V.
var numbered = []string{"quan", "phuong", "khu", "vuc", "vung", "so", "cum", "doi", "chinhanh", "an"}

// numbersUnit reports whether the last of the tokens is the number of what stands
// before it, surely enough to be no speck.
func numbersUnit(tokens []token) bool {
	n := len(tokens)
	if n < 2 || tokens[n-1].conf < 0.75 || !slices.Contains(numbered, plain(tokens[n-2].text)) {
		return false
	}
	last := bare(tokens[n-1].text)
	return strings.ContainsFunc(last, isDigit) || last == "I" || last == "V" || last == "X"
}

// isClipped reports whether the row is a known name whose first word lost its
// beginning.
func isClipped(tokens []token) bool {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = strings.ToUpper(t.text)
	}
	n, _ := clipped(words)
	return n > 0
}

func isName(tokens []token) bool {
	text := row{tokens: tokens}.text()
	if !mostlyCaps(text) || isMark(tokens) {
		return false
	}
	f := fold(text)
	for _, s := range stamps {
		if f.like(s, 0.85) > 0 {
			return false
		}
	}
	return true
}
