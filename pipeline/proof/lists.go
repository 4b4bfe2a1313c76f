package proof

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed lists/syllables.txt
var syllablesFile string

//go:embed lists/phrases.txt
var phrasesFile string

//go:embed lists/abbreviations.txt
var abbreviationsFile string

var (
	common        = fieldsOf(syllablesFile) // frequent syllables of administrative language
	abbreviations = fieldsOf(abbreviationsFile)

	// after has the words that follow a word in the fixed phrases of official
	// papers, before those that come before it.
	after, before = func() (after, before map[string][]string) {
		after, before = map[string][]string{}, map[string][]string{}
		for _, line := range strings.Split(phrasesFile, "\n") {
			words := strings.Fields(line)
			for i := 1; i < len(words); i++ {
				after[words[i-1]] = append(after[words[i-1]], words[i])
				before[words[i]] = append(before[words[i]], words[i-1])
			}
		}
		return after, before
	}()
)

// bare is a word without the signs around it.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
