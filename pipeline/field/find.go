package field

// A place is a run of tokens in a row that reads like a phrase.
type place struct {
	from, to int // tokens[from:to]
	score    float64
}

// locate finds where in tokens the phrase is read best, if at least as well as least.
func locate(tokens []token, phrase folded, least float64) (place, bool) {
	best := place{score: least}
	for i := range tokens {
		if n, s := begins(tokens[i:], phrase, best.score); n > 0 && s > best.score {
			best = place{i, i + n, s}
		}
	}
	return best, best.to > 0
}

// begins returns how many of the first tokens read like the phrase, and how well;
// 0 if not at least as well as least. A phrase may be read in more or fewer words.
func begins(tokens []token, phrase folded, least float64) (n int, score float64) {
	var runes, bases [80]rune // most phrases fit: nothing is allocated
	text := folded{runes: runes[:0], bases: bases[:0]}
	for i, t := range tokens {
		if i > phrase.words+1 {
			break
		}
		text = text.and(t.text)
		if len(text.runes)*3 < len(phrase.runes)*2 {
			continue
		}
		if len(text.runes) > len(phrase.runes)*3/2+1 {
			break
		}
		if s := text.like(phrase, least); s >= least && s > score {
			n, score = i+1, s
		}
	}
	return n, score
}

// beginsAny returns the best of several phrases.
func beginsAny(tokens []token, phrases []folded, least float64) (n int, score float64) {
	for _, p := range phrases {
		if k, s := begins(tokens, p, least); s > score {
			n, score = k, s
		}
	}
	return n, score
}
