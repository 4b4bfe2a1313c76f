package field

import (
	"strings"
	"unicode"
)

// A known phrase of agency names, upper case, with its words.
type knownPhrase struct {
	words []string
	text  string
	head  bool
}

// known are the phrases of agency names and the provinces with and without
// their unit, longest first.
var known = func() [][]knownPhrase {
	by := make([][]knownPhrase, 12)
	add := func(name string, head bool) {
		up := strings.ToUpper(name)
		w := strings.Fields(up)
		by[len(w)] = append(by[len(w)], knownPhrase{w, up, head})
	}
	for _, p := range phrases {
		add(p.name, p.head)
	}
	for _, p := range provinces {
		add(p.name, false)
		add(p.unit+" "+p.name, false)
		add("UBND "+p.unit+" "+p.name, true)
	}
	return by
}()

// mend replaces what reads almost like a known phrase of agency names by the
// phrase. checked says which words a list confirms.
func mend(words []string) (out []string, checked []bool) {
	for i := 0; i < len(words); {
		n, as := knownAt(words[i:])
		if n == 0 {
			out, checked = append(out, words[i]), append(checked, false)
			i++
			continue
		}
		for _, w := range as {
			out, checked = append(out, w), append(checked, true)
		}
		i += n
	}
	return out, checked
}

// knownAt returns the longest known phrase that words begin with.
func knownAt(words []string) (n int, as []string) {
	for n = min(len(words), len(known)-1); n > 0; n-- {
		if p, ok := bestPhrase(words[:n], known[n]); ok {
			return n, withPunctuation(p.words, words[:n])
		}
	}
	return 0, nil
}

// bestPhrase finds the phrase that the words read like: the same letters, the
// same but for marks, or, for longer phrases, one clear winner.
func bestPhrase(words []string, among []knownPhrase) (knownPhrase, bool) {
	text := strings.Join(words, " ")
	folded := plain(text)
	var best knownPhrase
	score, next := 0.0, 0.0
	for _, p := range among {
		s := similar(text, p.text)
		if plain(p.text) != folded && (len(folded) < 6 || !wordwise(words, p.words)) {
			s = min(s, 0.5)
		}
		if s > score {
			best, score, next = p, s, score
		} else {
			next = max(next, s)
		}
	}
	least := 0.85
	if plain(best.text) == folded {
		least = 0.7
	}
	return best, score >= least && (score > 0.995 || score-next > 0.04)
}

func wordwise(a, b []string) bool {
	for i := range a {
		if similar(a[i], b[i]) < 0.6 {
			return false
		}
	}
	return true
}

// withPunctuation keeps the commas and dashes that the words end in.
func withPunctuation(known, read []string) []string {
	out := make([]string, len(known))
	for i, w := range known {
		tail := read[i][len(strings.TrimRightFunc(read[i], unicode.IsPunct)):]
		if strings.TrimRightFunc(w, unicode.IsPunct) == w && tail == "," {
			w += tail
		}
		out[i] = w
	}
	return out
}
