package field

// A place is a run of tokens in a row that reads like a phrase.
type place struct {
	from, to int // tokens[from:to]
	score    float64
}

// locate finds where in tokens the phrase is read best, if at least as well as least.
func locate(tokens []token, phrase string, words int, least float64) (place, bool) {
	best := place{score: least}
	found := false
	for i := range tokens {
		text := ""
		for j := i; j < len(tokens) && j < i+words+2; j++ {
			text += tokens[j].text
			if s := similar(text, phrase); s > best.score || (s == best.score && !found) {
				best, found = place{i, j + 1, s}, true
			}
		}
	}
	return best, found
}

// startsWith reports how well the first tokens read like the phrase, and how many they are.
func startsWith(tokens []token, phrase string, words int, least float64) (n int, ok bool) {
	text, best := "", least
	for i := 0; i < len(tokens) && i < words+1; i++ {
		text += tokens[i].text
		if s := similar(text, phrase); s >= best {
			n, ok, best = i+1, true, s
		}
	}
	return n, ok
}
