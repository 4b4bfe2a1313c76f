package field

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed lists/agencies.tsv
var agenciesFile string

// A phrase of agency names, in capitals.
type phrase struct {
	folded
	parts []string
	plain string
	role  string
}

// phrases holds the phrases of agency names, and the provinces with and without
// their unit, by their number of words.
var phrases = sync.OnceValue(func() [][]phrase {
	by := make([][]phrase, 12)
	add := func(name, role string) {
		f := fold(strings.ToUpper(name))
		by[f.words] = append(by[f.words], phrase{f, strings.Fields(f.text), plain(f.text), role})
	}
	for _, e := range load(agenciesFile, func(c []string) [2]string { return [2]string{c[0], c[1]} }) {
		add(e[0], e[1])
	}
	for _, p := range provinces() {
		add(p.name.text, "province")
		add(p.unit+" "+p.name.text, "")
		add("UBND "+p.unit+" "+p.name.text, "head")
	}
	return by
})

// phraseRoles say what a phrase is in a name: heads can begin it, openHeads begin it and go
// on in the next line, offshoots are such that may stand alone, tails look like heads
// and never are. unspaced holds phrases of several
// words by their letters without marks, for words grown together.
type phraseRoles struct {
	heads, openHeads, offshoots, tails map[string]bool

	unspaced map[string]phrase
}

var roles = sync.OnceValue(func() phraseRoles {
	as := phraseRoles{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]phrase{}}
	for n, same := range phrases() {
		for _, p := range same {
			as.heads[p.text] = as.heads[p.text] || p.role == "head" || p.role == "open" || p.role == "office"
			as.openHeads[p.text] = as.openHeads[p.text] || p.role == "open" || p.role == "office"
			as.offshoots[p.text] = as.offshoots[p.text] || p.role == "office"
			as.tails[p.text] = as.tails[p.text] || p.role == "tail"
			if n > 1 && len(p.plain) >= 6 {
				as.unspaced[p.plain] = p
			}
		}
	}
	return as
})

// A mended run is one or more words of an agency's name.
type mended struct {
	text   string
	listed bool    // a list has the phrase that the words belong to
	conf   float64 // that it is right
}

// mend replaces what reads almost like a known phrase of agency names by the
// phrase, where recognition itself was in doubt.
func mend(tokens []token, places gazetteer) []mended {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = strings.ToUpper(t.text)
		if i+1 < len(tokens) && plain(t.text) == "tinh" && (i == 0 || plain(words[i-1]) != "ha") {
			words[i] = "TỈNH" // before a name no other word has these letters; Hà Tĩnh is one
		}
	}
	var out []mended
	for i := 0; i < len(tokens); {
		if i == 0 && nearlyUBND(words, tokens) {
			out, i = append(out, mended{text: "UBND", listed: true, conf: clippedHead}), 1
			continue
		}
		if n, p := grown(words[i:]); n > 0 {
			out = append(out, mended{text: p.text, listed: true, conf: 0.95})
			i += n
			continue
		}
		if n, p := clipped(words[i:]); i == 0 && n > 0 {
			for k, part := range p.parts {
				m := accept(words[k], part, tokens[k])
				if k == 0 {
					m.conf = clippedHead
				}
				out = append(out, m)
			}
			i += n
			continue
		}
		if n, name := townAt(words[:i], words[i:], tokens[i:]); n > 0 {
			out = append(out, name...)
			i += n
			continue
		}
		n, as := places.at(words[i:])
		if n == 0 && !(i > 0 && plain(words[i]) == "van" && isFamily(words[i-1])) { // HỒ VĂN PHONG is no office
			n, as = phraseAt(words[i:], tokens[i:], i == 0)
		}
		if n == 1 && isFamily(bare(words[i])) && bare(words[i]) != as.text && opensPerson(words[i:], tokens[i:]) {
			n = 0 // VŨ DIỆU HƯƠNG is no VỤ
		}
		for k := range n {
			m := accept(words[i+k], as.parts[k], tokens[i+k])
			if k == 0 && bare(words[i]) != bare(as.parts[0]) && hasTwin(as) {
				m.conf = min(m.conf, twinned)
			}
			out = append(out, m)
		}
		if n == 0 {
			out = append(out, unlisted(words[i], tokens[i]))
			n = 1
		}
		i += n
	}
	return out
}

// opensPerson reports whether two to four names of persons follow the family name to
// the end, and nothing of an agency's name.
func opensPerson(words []string, tokens []token) bool {
	if len(words) < 3 || len(words) > 5 {
		return false
	}
	n, _ := phraseAt(words[1:], tokens[1:], false)
	return n == 0 && !slices.ContainsFunc(words[1:], func(w string) bool { return !isSyllable(asName(bare(w))) })
}

// twinned is for the first word of a name that was misread, where another name
// differs in that word alone: BỘ TÀI CHÍNH, SỞ TÀI CHÍNH.
const twinned = 0.7

func hasTwin(p phrase) bool {
	return p.words > 1 && slices.ContainsFunc(phrases()[p.words], func(o phrase) bool {
		return o.parts[0] != p.parts[0] && slices.Equal(o.parts[1:], p.parts[1:])
	})
}

// nearlyUBND reports whether the first word can only be UBND: recognition doubts it,
// it is a letter or two off, and a unit follows.
func nearlyUBND(words []string, tokens []token) bool {
	if len(words) < 3 || tokens[0].conf >= 0.9 || len([]rune(words[0])) < 3 || bare(words[0]) == "UBND" {
		return false
	}
	next := plain(words[1])
	return distance([]rune(bare(words[0])), []rune("UBND")) <= 2 && (next == "tinh" || slices.Contains(townUnits, next) || next == "thanh")
}

// clippedHead is for a name whose first word lost its first letters (Ở Y TẾ).
const clippedHead = 0.78

// clipped finds the longest name that the words are but for the first letters of
// the first one.
func clipped(words []string) (n int, p phrase) {
	first := bare(words[0])
	if letters(first) == 0 || letters(first) > 3 || roles().heads[first] {
		return 0, phrase{}
	}
	for n := min(len(words), len(phrases())-1); n > 1; n-- {
		for _, p := range phrases()[n] {
			if roles().heads[p.text] && p.parts[0] != first && strings.HasSuffix(p.parts[0], first) && slices.EqualFunc(words[1:n], p.parts[1:], func(a, b string) bool { return bare(a) == bare(b) }) {
				return n, p
			}
		}
	}
	return 0, phrase{}
}

// grown finds a phrase of several words that were read as fewer or more.
func grown(words []string) (n int, p phrase) {
	text := ""
	for i, w := range words[:min(len(words), 6)] {
		letters := plain(w)
		text += letters
		if q, ok := roles().unspaced[text]; ok && letters != "" && i+1 != len(q.parts) {
			n, p = i+1, q
		}
	}
	return n, p
}

// accept gives the list's word for what was read.
func accept(read, listed string, t token) mended {
	m := mended{text: listed, listed: true, conf: 0.998}
	if strings.HasSuffix(read, ",") && !strings.HasSuffix(listed, ",") {
		m.text += ","
	}
	if bare(read) != bare(listed) {
		m.conf = 0.97
		if t.conf > 0.93 {
			m.conf = 0.8
		}
	}
	return m
}

// unlisted is a word that only recognition speaks for: a name. Its marks are
// less sure than those of common words, and a single letter is none.
func unlisted(word string, t token) mended {
	m := mended{text: undoubled(word), conf: right(t.conf)}
	if m.text != word {
		m.conf *= 0.7
	}
	if letters(word) == 1 && !strings.ContainsFunc(word, isDigit) {
		m.conf *= 0.5
	}
	if t.conf < 0.93 {
		m.conf *= 0.95
	}
	return m
}

// undoubled takes out a vowel that was read twice, with two marks: ĐIÊỀN. No syllable
// has ê, â or ô twice.
func undoubled(word string) string {
	runes := []rune(word)
	for i := 0; i+1 < len(runes); i++ {
		a, b := unicode.ToLower(runes[i]), unicode.ToLower(runes[i+1])
		if base(a) == base(b) && strings.ContainsRune("aeo", base(a)) && a != base(a) && b != base(b) {
			drop := i // the plainer one
			if strings.ContainsRune("êâôăơ", b) && !strings.ContainsRune("êâôăơ", a) {
				drop = i + 1
			}
			return string(slices.Delete(runes, drop, drop+1))
		}
	}
	return word
}

func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !sounds(r) })
}

// phraseAt returns the longest known phrase that the words begin with. A single
// word in the midst of a name is mended only where recognition doubts it.
func phraseAt(words []string, tokens []token, first bool) (n int, as phrase) {
	for n = min(len(words), len(phrases())-1); n > 0; n-- {
		p, ok := bestPhrase(words[:n], phrases()[n])
		if ok && (n > 1 || first || tokens[0].conf < 0.9 || bare(words[0]) == p.text) && !contradicts(tokens[:n], p) {
			return n, p
		}
	}
	return 0, phrase{}
}

// contradicts reports whether recognition is sure of a word with other letters
// than the phrase has: TÀI NGUYÊN is no misread THÁI NGUYÊN.
func contradicts(tokens []token, p phrase) bool {
	for i, t := range tokens {
		if t.conf > 0.92 && plain(t.text) != plain(p.parts[i]) {
			return true
		}
	}
	return false
}

// bestPhrase finds the phrase that the words read like: the same letters, the
// same but for marks, or, for longer phrases, one clear winner.
func bestPhrase(words []string, among []phrase) (best phrase, ok bool) {
	text := fold(strings.Join(words, " "))
	letters := string(text.bases)
	score, next := 0.0, 0.0
	for _, p := range among {
		least := 0.81 // what is less like neither wins nor disputes
		if p.plain == letters {
			least = 0.7
		}
		s := text.like(p.folded, least)
		if s > 0 && p.plain != letters && (len(letters) < 6 || p.role == "province" || !wordwise(words, p.parts)) {
			s = 0
		}
		if s > score {
			best, score, next = p, s, score
		} else {
			next = max(next, s)
		}
	}
	least := 0.85
	if best.plain == letters {
		least = 0.7
	}
	return best, score >= least && (score > 0.995 || score-next > 0.04)
}

// wordwise reports whether each word is like its counterpart; in a long phrase
// one may be cut short.
func wordwise(a, b []string) bool {
	unlike := 0
	for i := range a {
		if similar(a[i], b[i]) < 0.6 {
			unlike++
		}
	}
	return unlike == 0 || unlike == 1 && len(a) >= 5
}
