package proof

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed lists/syllables.txt
var syllablesFile string

//go:embed lists/phrases.txt
var phrasesFile string

//go:embed lists/abbreviations.txt
var abbreviationsFile string

// Lists are loaded when something is judged for the first time: most child processes
// of the program judge nothing.
var (
	common        = sync.OnceValue(func() map[string]bool { return fieldsOf(syllablesFile) }) // frequent syllables of administrative language
	abbreviations = sync.OnceValue(func() map[string]bool { return fieldsOf(abbreviationsFile) })
	phrases       = sync.OnceValue(loadPhrases)
)

// company has the words that follow a word in the fixed phrases of official
// papers, and those that come before it.
type company struct{ after, before map[string][]string }

func loadPhrases() company {
	n := company{map[string][]string{}, map[string][]string{}}
	for _, line := range strings.Split(phrasesFile, "\n") {
		words := strings.Fields(line)
		for i := 1; i < len(words); i++ {
			n.after[words[i-1]] = append(n.after[words[i-1]], words[i])
			n.before[words[i]] = append(n.before[words[i]], words[i-1])
		}
	}
	return n
}

// bare is a word without the signs around it.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
