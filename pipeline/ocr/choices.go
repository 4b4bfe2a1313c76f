package ocr

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/record"
)

// Where letters differ by a mark alone the engine mostly sees the right one, too, and is
// sure of another. Which of them makes sense where it stands a page tells better than a letter.
const seen = 0.3 // how sure the engine must be of what it takes for less likely

// A sign of a word as the engine read it: what it may be, the likeliest first.
type sign []choice

type choice struct {
	text string
	sure float64 // the engine's figure, 0 to 1; those of a sign do not add up to 1
}

// A reading is a word, and what else the engine saw there.
type reading struct {
	record.Word
	others []record.Word // each with one letter of another mark
}

// readingOf returns a word with what else its signs may be.
func readingOf(w record.Word, signs []sign) reading {
	r := reading{Word: w}
	r.Text = trim(w.Text)
	var best []string
	for _, s := range signs {
		if len(s) == 0 {
			return r
		}
		best = append(best, s[0].text)
	}
	if strings.Join(best, "") != w.Text {
		return r // the word is not made of the likeliest
	}
	for i, s := range signs {
		for _, c := range s[1:] {
			if c.sure < seen || c.text == s[0].text || unmarked(c.text) != unmarked(s[0].text) {
				continue
			}
			other := w
			other.Text = trim(strings.Join(slices.Concat(best[:i], []string{c.text}, best[i+1:]), ""))
			other.Confidence = w.Confidence * c.sure / s[0].sure
			r.others = append(r.others, other)
		}
	}
	return r
}

// unmarked returns s without the marks of its letters, đ as d.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// ways are how words may be replaced: by those that were read, by the same with one letter
// otherwise, or, where there are as many of both, by one of them.
func ways(words []record.Word, read []reading) [][]record.Word {
	asRead := make([]record.Word, len(read))
	for i, r := range read {
		asRead[i] = r.Word
	}
	all := [][]record.Word{asRead}
	with := func(words []record.Word, i int, w record.Word) {
		words = slices.Clone(words)
		words[i] = w
		all = append(all, words)
	}
	for i, r := range read {
		for _, w := range r.others {
			with(asRead, i, w)
		}
	}
	if len(read) != len(words) || len(words) == 1 {
		return all
	}
	for i, r := range read {
		for _, w := range append([]record.Word{r.Word}, r.others...) {
			with(words, i, w)
		}
	}
	return all
}
