package proof

import (
	"slices"

	"github.com/sohoa/sohoa/record"
)

// A Judge tells how sure words of one page are, as they were read or otherwise.
type Judge struct {
	page record.Page
	of   context
}

// Of returns the judge of a page whose words have the confidence of their engine. It
// keeps the page and does not alter it.
func Of(p record.Page) Judge { return Judge{p, contextOf([]record.Page{p})} }

// Language is that of the page, as [Language] tells it.
func (j Judge) Language() string { return j.of.pages[0].language }

// Sureness is the confidence, as [Confidence] means it, of the least sure of the words of
// a line from from to before to; or of others, if they stood in the place of those.
func (j Judge) Sureness(line, from, to int, others ...record.Word) float64 {
	l := j.page.Lines[line]
	if len(others) > 0 {
		l.Words = slices.Concat(l.Words[:from], others, l.Words[to:])
		to = from + len(others)
	}
	least := 1.0
	for i := from; i < to; i++ {
		least = min(least, Confidence(j.of.measure(j.page, j.of.pages[0], l, i)))
	}
	return least
}
