package ocr

import (
	"slices"

	"github.com/sohoa/sohoa/record"
)

// doubted is the confidence below which a word gives way to one that another reading is
// surer of.
const doubted = 0.9

// voted returns the lines of the first reading of a page, with the words on which the
// others agree against it, or of which one is clearly surer.
func voted(first []record.Line, others [][]record.Line) []record.Line {
	for i, l := range first {
		for j, w := range l.Words {
			var at []record.Word
			for _, other := range others {
				if v, ok := alone(other, w.Box); ok && single(l.Words, j, v) {
					at = append(at, v)
				}
			}
			first[i].Words[j] = elected(w, at)
		}
	}
	return first
}

// elected is the word that most of the readings have, else the surest if the first is doubted.
func elected(w record.Word, at []record.Word) record.Word {
	best := w
	for i, v := range at {
		same := func(u record.Word) bool { return u.Text == v.Text }
		if same(w) {
			return w
		}
		if slices.ContainsFunc(at[i+1:], same) || w.Confidence < doubted && v.Confidence > best.Confidence+0.1 {
			best = v
		}
	}
	w.Text, w.Confidence = best.Text, best.Confidence
	return w
}

// alone returns the only word at a place.
func alone(lines []record.Line, b record.Box) (found record.Word, ok bool) {
	for _, l := range lines {
		for _, w := range l.Words {
			if !onto(w.Box, b) {
				continue
			}
			if ok {
				return found, false
			}
			found, ok = w, true
		}
	}
	return found, ok
}

// single reports whether a word of another reading takes the place of one word of a
// line, and of no more.
func single(words []record.Word, j int, v record.Word) bool {
	for k, w := range words {
		if k != j && onto(w.Box, v.Box) {
			return false
		}
	}
	return true
}
