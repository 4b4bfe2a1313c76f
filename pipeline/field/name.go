package field

import (
	_ "embed"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

//go:embed lists/names.tsv
var namesFile string

// nameSyllables are the syllables of Vietnamese names: true for family names.
var nameSyllables = func() map[string]bool {
	out := map[string]bool{}
	for _, e := range load(namesFile, func(c []string) [2]string { return [2]string{c[0], c[1]} }) {
		for _, w := range strings.Fields(e[1]) {
			out[w] = out[w] || e[0] == "family"
		}
	}
	return out
}()

// ranks are written before a name and are no part of it.
var ranks = foldAll("Thiếu úy", "Trung úy", "Thượng úy", "Đại úy", "Thiếu tá", "Trung tá", "Thượng tá", "Đại tá",
	"Thiếu tướng", "Trung tướng", "Thượng tướng", "Đại tướng")

// nameField finds the signer's name below the title: two to five words in title
// case, the first a family name.
func nameField(c closing, from int) (record.Field, bool) {
	for _, r := range c.rows[min(from, len(c.rows)):] {
		tokens := withoutRank(clean(r.tokens))
		words, known, ok := nameWords(tokens)
		if !ok {
			continue
		}
		conf := 0.985
		for i, t := range tokens {
			p := right(t.conf)
			switch {
			case words[i] != t.text:
				p = min(p, 0.7)
			case !known[i]:
				p *= 0.75
			case t.conf < 0.93:
				p *= 0.97
			}
			conf *= p
		}
		value := strings.Join(words, " ")
		return record.Field{Value: value, Normal: value, Confidence: round(conf), Status: record.Read,
			Rule: "signer/name", Evidence: evidence(tokens)}, true
	}
	return record.Field{}, false
}

// withoutRank takes ranks and degrees off: what ends in a full stop or is a rank.
func withoutRank(tokens []token) []token {
	for len(tokens) > 2 {
		if strings.HasSuffix(tokens[0].text, ".") && len([]rune(tokens[0].text)) <= 9 {
			tokens = tokens[1:]
			continue
		}
		n, _ := beginsAny(tokens, ranks, 0.9)
		if n == 0 || len(tokens)-n < 2 {
			break
		}
		tokens = tokens[n:]
	}
	return tokens
}

// nameWords returns the words of a name, mended where only a mark is wrong and
// one name alone has these letters; known says which words are names.
func nameWords(tokens []token) (words []string, known []bool, ok bool) {
	if len(tokens) < 2 || len(tokens) > 6 {
		return nil, nil, false
	}
	names := 0
	for i, t := range tokens {
		w := strings.Trim(t.text, ".,:;'’`")
		if !titleCase(w) {
			return nil, nil, false
		}
		m, is := mendName(w, i == 0)
		words, known = append(words, m), append(known, is)
		if is {
			names++
		}
	}
	return words, known, 2*names >= len(tokens) && (known[0] || names >= 2)
}

func titleCase(w string) bool {
	rest := false
	for i, r := range []rune(w) {
		if !unicode.IsLetter(r) || (i == 0) != unicode.IsUpper(r) {
			return false
		}
		rest = rest || i > 0
	}
	return rest
}

// mendName returns the name that w is, or the only name with the same letters
// under other marks.
func mendName(w string, first bool) (string, bool) {
	if family, ok := nameSyllables[w]; ok && (family || !first) {
		return w, true
	}
	found, n := "", 0
	for name, family := range nameSyllables {
		if plain(name) == plain(w) && (family || !first) {
			found = name
			n++
		}
	}
	if n == 1 {
		return found, true
	}
	return w, false
}
