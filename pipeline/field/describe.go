package field

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// listField is one item of a list, its rows joined.
func listField(rule string, rows [][]token) record.Field {
	var words []string
	var all []token
	for _, tokens := range rows {
		words = append(words, row{tokens: tokens}.text())
		all = append(all, tokens...)
	}
	value := strings.Join(words, "\n")
	normal := strings.TrimLeft(oneSpace(value), "-–—+*•. ")
	normal = strings.TrimRightFunc(normal, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(";.,:/", r) })
	return record.Field{Value: value, Normal: normal, Confidence: round(0.98 * trust(all)), Status: record.Read, Rule: rule, Evidence: evidence(rows...)}
}

// opensItem reports whether a row begins with a list's dash.
func opensItem(tokens []token) bool {
	if len(tokens) == 0 {
		return false
	}
	return strings.ContainsRune("-–—+*•~", []rune(tokens[0].text)[0])
}
