package field

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed lists/phrases.tsv
var phrasesFile string

// pairs holds the usual pairs of words by their letters without marks; "" where
// two pairs of the list have the same letters.
var pairs = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, row := range load(phrasesFile, func(c []string) []string { return c }) {
		for _, p := range row {
			if p == "" {
				continue
			}
			if other, there := out[plain(p)]; there && other != p {
				p = ""
			}
			out[plain(p)] = p
		}
	}
	return out
})

// mendWording puts the marks of words right, where a pair of them is usual with
// other marks alone, or where the rest of the document says it otherwise at least
// twice and never so.
func mendWording(tokens []token, r *recall) []token {
	out := slices.Clone(tokens)
	listed := make([]bool, len(out)) // the list has spoken: the document's misreading does not count
	for i := 0; i+1 < len(out); i++ {
		a, b := bare(out[i].text), bare(out[i+1].text)
		if letters(a) < 2 || letters(b) < 1 || a != strings.Trim(out[i].text, "\"“”(") {
			continue
		}
		if a == "la" && unicode.IsUpper([]rune(b)[0]) {
			out[i].text, a = strings.Replace(out[i].text, "la", "Ia", 1), "Ia" // a small l and a capital I are one in many faces
		}
		want := pairs()[plain(a)+plain(b)]
		if plain(a) == "nam" && isYear(b) {
			want = "năm " + b
		}
		if want != "" {
			listed[i], listed[i+1] = true, true
		} else if !listed[i] {
			want = r.mostSaid(a, b)
		}
		words := strings.Fields(want)
		if len(words) != 2 || plain(words[0]) != plain(a) || plain(words[1]) != plain(b) {
			continue
		}
		for k, word := range words {
			out[i+k] = respelled(out[i+k], word)
		}
	}
	return out
}

// respelled is the token with its letters written as word has them.
func respelled(t token, word string) token {
	core := bare(t.text)
	if tonesPlaced(core) == tonesPlaced(word) {
		t.conf = max(t.conf, 0.95)
		return t
	}
	from, to := []rune(core), []rune(word)
	for i := range to {
		if i < len(from) && unicode.IsUpper(from[i]) {
			to[i] = []rune(strings.ToUpper(string(to[i])))[0]
		}
	}
	t.text = strings.Replace(t.text, core, string(to), 1)
	t.conf = min(max(t.conf, 0.9), 0.94)
	return t
}

// mostSaid is the pair as the document says it, "" unless it says it at least once
// more than here, where it counts as read and as part of the text, and always so.
func (r *recall) mostSaid(a, b string) string {
	best, so, otherwise := r.say([]string{a, b})
	if so < 3 || otherwise > 1 || len(best) != 2 {
		return ""
	}
	return strings.Join(best, " ")
}
