package proof

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// The rules that suggest another word, and the share of their suggestions that is
// right on pages with truth (see docs/performance.md).
const (
	ruleRepeated = "syllable/in-document" // no syllable is written so; one near form is, and the document has it
	ruleCommon   = "syllable/frequent"    // no syllable is written so; one near form is frequent
	rulePhrase   = "phrase"               // the words beside it belong to a fixed phrase with a near form
)

var scores = map[string]float64{ruleRepeated: 0.6, ruleCommon: 0.6, rulePhrase: 0.6}

// suggest puts suggestions beside the words of a page that may be wrong.
func (c context) suggest(p *record.Page) {
	for _, l := range p.Lines {
		for i := range l.Words {
			w := &l.Words[i]
			w.Suggestion = nil
			word := bare(w.Text)
			to, rule := c.instead(l, i, word)
			if to == "" {
				continue
			}
			text := strings.Replace(w.Text, word, likeCase(to, word), 1)
			w.Suggestion = &record.Suggestion{Text: text, Rule: rule, Score: scores[rule]}
		}
	}
}

// instead returns what may have been printed for a word, "" for nothing else, and
// the rule that says so.
func (c context) instead(l record.Line, i int, word string) (to, rule string) {
	lower := strings.ToLower(word)
	near := append(nearMarks(lower), nearLetters(lower)...)
	if to := phrase(l, i, lower, near); to != "" {
		return to, rulePhrase
	}
	if is := shapeOf(word, Vietnamese); is != impossible && (is != foreign || plainLatin(lower)) || !letters(word) || c.forms[lower] > 1 {
		return "", "" // a name or a foreign word that the document has again stays
	}
	var frequents, repeated []string
	for _, n := range near {
		if _, ok := parse(n); ok && common()[n] {
			frequents = addNew(frequents, n)
		}
		if _, ok := parse(n); ok && c.forms[n] > 0 {
			repeated = addNew(repeated, n)
		}
	}
	switch {
	case len(repeated) == 1:
		return repeated[0], ruleRepeated
	case len(repeated) == 0 && len(frequents) == 1:
		return frequents[0], ruleCommon
	}
	return "", ""
}

// phrase returns the one near form that belongs to a fixed phrase with a neighbour,
// where the word itself belongs to none. Words with a capital may be names, which
// keep to no phrase: there the next word must be small.
func phrase(l record.Line, i int, lower string, near []string) string {
	if len([]rune(lower)) < 2 || inPhrase(l, i, lower) || besideMistake(l, i, lower) || capital(l, i) && (i+1 >= len(l.Words) || capital(l, i+1)) {
		return ""
	}
	var found []string
	for _, n := range near {
		if has(phrases().before[form(l, i+1)], n) || !capital(l, i) && has(phrases().after[form(l, i-1)], n) {
			found = addNew(found, n)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// besideMistake reports whether a word would belong to a phrase if one beside it were
// read otherwise: then that one is in doubt.
func besideMistake(l record.Line, i int, lower string) bool {
	return slices.ContainsFunc(nearMarks(form(l, i-1)), func(n string) bool { return has(phrases().after[n], lower) }) ||
		slices.ContainsFunc(nearMarks(form(l, i+1)), func(n string) bool { return has(phrases().before[n], lower) })
}

// capital reports whether word i of a line begins with a capital and goes on small.
func capital(l record.Line, i int) bool {
	word := []rune(bare(l.Words[i].Text))
	return len(word) > 0 && unicode.IsUpper(word[0]) && (len(word) == 1 || unicode.IsLower(word[len(word)-1]))
}

func has(all []string, s string) bool { return slices.Contains(all, s) }

func addNew(all []string, s string) []string {
	if has(all, s) {
		return all
	}
	return append(all, s)
}

// letters reports whether a word is three letters or more of one case.
func letters(word string) bool { return len([]rune(word)) > 2 && cased(word) }

// plainLatin reports whether a word has no letter with a mark.
func plainLatin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// likeCase writes a lower-case word as the model is written.
func likeCase(lower, model string) string {
	rs := []rune(model)
	switch {
	case len(rs) > 1 && strings.ToUpper(model) == model && strings.ToLower(model) != model:
		return strings.ToUpper(lower)
	case len(rs) > 0 && unicode.IsUpper(rs[0]):
		out := []rune(lower)
		out[0] = unicode.ToUpper(out[0])
		return string(out)
	}
	return lower
}
