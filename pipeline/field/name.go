package field

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

//go:embed lists/names.tsv
var namesFile string

// A syllable of Vietnamese personal names.
type syllable struct {
	family bool // is a family name
	common bool // one of those that most people have
	rare   bool // seldom a name, and like a common one but for its marks
}

// A nameList holds the syllables of personal names.
type nameList struct {
	syllables map[string]syllable
	siblings  map[string][]string // by letters without marks
	families  []string
}

var nameSyllables = sync.OnceValue(func() nameList {
	all := nameList{syllables: map[string]syllable{}, siblings: map[string][]string{}}
	for _, e := range load(namesFile, func(c []string) [2]string { return [2]string{c[0], c[1]} }) {
		for _, w := range strings.Fields(e[1]) {
			s, seen := all.syllables[w]
			s.family = s.family || e[0] == "family"
			s.common = s.common || e[0] == "common"
			s.rare = s.rare || e[0] == "rare"
			all.syllables[w] = s
			if e[0] == "family" && !slices.Contains(all.families, w) {
				all.families = append(all.families, w)
			}
			if !seen {
				all.siblings[plain(w)] = append(all.siblings[plain(w)], w)
			}
		}
	}
	return all
})

// ranks are written before a name and are no part of it.
var ranks = foldAll("Thiếu úy", "Trung úy", "Thượng úy", "Đại úy", "Thiếu tá", "Trung tá", "Thượng tá", "Đại tá",
	"Thiếu tướng", "Trung tướng", "Thượng tướng", "Đại tướng")

// nameField finds the signer's name below the title, and the tokens of its row: two
// to five words in title case, most of them names.
func nameField(c closing, from int) (record.Field, []token, bool) {
	var capitals record.Field // a name in capitals counts where no other follows: what is left of a title reads like one
	var in []token
	for _, r := range c.rows[min(from, len(c.rows)):] {
		f, tokens, ok := nameOn(r)
		switch {
		case !ok:
		case isCaps(f.Value) && in == nil:
			capitals, in = f, tokens
		case !isCaps(f.Value):
			return f, tokens, true
		}
	}
	return capitals, in, in != nil
}

// nameOn reads the name on a row.
func nameOn(r row) (record.Field, []token, bool) {
	whole := withoutRank(withVowel(r.tokens))
	tokens := trimEnds(whole)
	words, conf, ok := readName(tokens)
	if !ok || isOffice(tokens, 0.8) {
		return record.Field{}, nil, false
	}
	if len(tokens) < len(whole) || strings.EqualFold(words[0], "Văn") || strings.EqualFold(words[0], "Thị") {
		conf = min(conf, 0.5) // a word of the name may lie under the scrap
	}
	value := strings.Join(words, " ")
	return record.Field{Value: value, Normal: value, Confidence: round(0.985 * conf), Status: record.Read,
		Rule: "signer/name", Evidence: evidence(tokens)}, trimEnds(clean(r.tokens)), true
}

// withVowel are the words of the row, and before them a vowel with its mark that is
// all that was left of a family name: ũ Văn Toản.
func withVowel(tokens []token) []token {
	out := clean(tokens)
	for i, t := range tokens {
		if i+1 >= len(tokens) || len(out) == 0 || tokens[i+1].box != out[0].box {
			continue
		}
		if text := bare(t.text); letters(text) == 1 && strings.IndexFunc(text, marks) >= 0 && t.x1 < tokens[i+1].x0 && tokens[i+1].x0-t.x1 < t.y1-t.y0 {
			return append([]token{t}, out...)
		}
	}
	return out
}

// loneTrust is below what may be used without a look: a title would tell whose
// name it is.
const loneTrust = 0.7

// loneName finds the name of a signer whose title a seal has covered: a row of the
// right half that is nothing but a family name and given names.
func loneName(c closing) (record.Field, []token, bool) {
	for _, r := range c.rows {
		if r.mid() < 0.58*c.sheet.width {
			continue
		}
		f, tokens, ok := nameField(closing{sheet: c.sheet, rows: []row{r}}, 0)
		if words := strings.Fields(f.Normal); ok && nameSyllables().syllables[words[0]].family && mostlyNames(words) {
			f.Confidence, f.Rule = min(f.Confidence, loneTrust), "signer/name-alone"
			return f, tokens, true
		}
	}
	return record.Field{}, nil, false
}

// mostlyNames reports whether at most one word in three is no known name.
func mostlyNames(words []string) bool {
	unknown := 0
	for _, w := range words {
		if _, known := nameSyllables().syllables[w]; !known {
			unknown++
		}
	}
	return 3*unknown <= len(words)
}

// withoutRank takes ranks and degrees off: what ends in a full stop or is a rank.
func withoutRank(tokens []token) []token {
	for len(tokens) > 2 {
		n, _ := beginsAny(tokens, ranks, 0.75)
		if strings.HasSuffix(tokens[0].text, ".") && len([]rune(tokens[0].text)) <= 9 {
			n = 1
		}
		if n == 0 || len(tokens)-n < 2 {
			break
		}
		tokens = tokens[n:]
	}
	return tokens
}

// readName returns the words of a name and the chance that they are right.
func readName(tokens []token) (words []string, conf float64, ok bool) {
	if len(tokens) < 2 || len(tokens) > 6 {
		return nil, 0, false
	}
	first := nameWord(tokens[0])
	family, cut := cutFamily(first)
	if !cut {
		family, cut = begunFamily(first)
	}
	if cut {
		rest, conf, ok := readName(append([]token{{text: family, conf: 1}}, tokens[1:]...))
		return rest, min(conf, 0.65), ok
	}
	names := 0
	conf = 1
	for i, t := range tokens {
		w := nameWord(t)
		if i > 0 && i+1 < len(tokens) && t.conf < 0.6 && !titleCase(w) && letters(w) <= 4 && strings.HasSuffix(plain(w), "i") {
			w, t.conf = "Thị", 0 // no other name that short stands in the middle and ends so
		}
		if i == 0 {
			w = withoutScrap(w)
		}
		if i == 0 && !titleCase(w) && letters(w) > 3 && unicode.IsUpper([]rune(w)[0]) {
			if f, ok := nearestFamily(asName(w)); ok {
				w, t.conf = f, 0 // ĐinB
			}
		}
		if !titleCase(w) {
			return nil, 0, false
		}
		word, p, known := readSyllable(w, t.conf, i == 0)
		if isCaps(bare(t.text)) {
			words = append(words, strings.ToUpper(word))
		} else {
			words = append(words, word)
		}
		conf *= p
		if known {
			names++
		}
		if i == 0 && (known && nameSyllables().syllables[word].family || strings.ContainsAny(word, "'’")) {
			names += 2 - min(1, names)
		}
	}
	return words, conf, names >= 2 && 2*names >= len(tokens)
}

// nameWord is the token as a name: a name in capitals is read as one.
func nameWord(t token) string {
	w := strings.Trim(t.text, ".,:;'’`“”\"")
	if isCaps(w) {
		return asName(w)
	}
	return w
}

// asName writes a word as names are written.
func asName(w string) string {
	r := []rune(strings.ToLower(w))
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// trimEnds drops what a seal or a pen left at the ends of a row.
func trimEnds(tokens []token) []token {
	scrap := func(t token) bool {
		w := nameWord(t)
		return t.conf < 0.5 && t.likely < 0.7 && !isSyllable(w) && !isFamilyIn(w)
	}
	for len(tokens) > 0 && scrap(tokens[0]) {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && scrap(tokens[len(tokens)-1]) {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// titleCase reports whether the word begins with a capital letter and goes on in
// small ones. Peoples of the highlands have names of one letter (Y Bion, Giàng A
// Páo) and such that a prefix begins (H'Yim, K'Brể).
func titleCase(w string) bool {
	if prefix, rest, ok := strings.Cut(strings.NewReplacer("’", "'", "‘", "'").Replace(w), "'"); ok && len(prefix) == 1 {
		w = rest
	}
	if w == "Y" || w == "A" {
		return true
	}
	rest := false
	for i, r := range []rune(w) {
		if !unicode.IsLetter(r) || (i == 0) != unicode.IsUpper(r) {
			return false
		}
		rest = rest || i > 0
	}
	return rest
}
