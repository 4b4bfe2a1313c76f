package say

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Page is docs/reasons.md: every reason code and sub-indication with its words.
func Page() string {
	var b strings.Builder
	b.WriteString(`# Reason codes

Every refusal carries one of these codes, on the command line (` + "`reason`" + ` of ` + "`--json`" + `), in the API and in the record of a
document. Codes are never renamed; new ones may come. This page is made from the words in internal/say.

## Reasons
`)
	for _, code := range sorted(in("vi").Reason) {
		fmt.Fprintf(&b, "\n**%s**\n\n", code)
		for _, lang := range Languages {
			fmt.Fprintf(&b, "- %s: %s\n", lang, Reason(lang, code))
		}
	}
	b.WriteString("\n## Sub-indications of a verdict (EN 319 102-1)\n")
	for _, code := range sorted(in("vi").SubIndication) {
		fmt.Fprintf(&b, "\n**%s**\n\n", code)
		for _, lang := range Languages {
			fmt.Fprintf(&b, "- %s: %s\n", lang, SubIndication(lang, code))
		}
	}
	return b.String()
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
