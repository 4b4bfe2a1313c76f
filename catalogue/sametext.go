package catalogue

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

const (
	questions = 4   // of a text: the words of one may be misread, not of all
	asked     = 5   // words of a question
	nearly    = 0.8 // share of words, and of numbers, that two readings of a paper have in common
)

// sameText finds documents with all words of this one's subject, and those whose
// text is nearly the same: papers that have no subject, or one that was misread.
// People's papers on one matter (no agency issued either) have one subject and are
// told apart by their text.
func (c *Catalogue) sameText(ctx context.Context, d record.Document) ([]record.Document, error) {
	own, err := c.saidBy(ctx, d)
	if err != nil {
		return nil, err
	}
	all := telling(own.words)
	if len(strings.Fields(own.subject)) >= leastWords {
		all = append([]string{own.subject}, all...)
	}
	seen := []string{d.ID}
	var found []record.Document
	for _, question := range all {
		near, err := c.withWords(ctx, d.Agency, question)
		if err != nil {
			return nil, err
		}
		for _, n := range near {
			if slices.Contains(seen, n.ID) {
				continue
			}
			seen = append(seen, n.ID)
			other, err := c.saidBy(ctx, n)
			if err != nil {
				return nil, err
			}
			issued := own.organ != "" || other.organ != ""
			if question == own.subject && issued || sameWords(own.words, other.words) {
				found = append(found, n)
			}
		}
	}
	return found, nil
}

// withWords finds documents of the agency by their words, without those that were given up.
func (c *Catalogue) withWords(ctx context.Context, agency, words string) ([]record.Document, error) {
	found, _, err := c.Find(ctx, Search{Agency: agency, Text: words, Limit: maxAlike})
	return slices.DeleteFunc(found, func(f record.Document) bool {
		return slices.Contains([]record.Status{record.Rejected, record.SetAside, record.Withdrawn, record.Superseded}, f.Status)
	}), err
}

// A said is what a document says, folded: its words each once, in order of the
// alphabet and without its name.
type said struct {
	subject, organ string
	words          []string
}

func (c *Catalogue) saidBy(ctx context.Context, d record.Document) (said, error) {
	var s said
	var text string
	if err := c.read.QueryRowContext(ctx, "SELECT subject, organ, fold FROM search WHERE document = $1", d.ID).Scan(&s.subject, &s.organ, &text); err != nil {
		return said{}, one(err, "document %.40s", d.ID)
	}
	s.words = strings.Fields(strings.TrimPrefix(text, Fold(d.Name)))
	slices.Sort(s.words)
	s.words = slices.Compact(s.words)
	return s, nil
}

// telling returns the longest of the words as questions to search for; none for a
// text that is too short to be known by its words.
func telling(words []string) []string {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	if len(words) < questions*asked {
		return nil
	}
	var out []string
	for i := range questions {
		out = append(out, strings.Join(words[i*asked:(i+1)*asked], " "))
	}
	return out
}

// sameWords reports whether two texts have nearly the same words and nearly the same
// numbers: two people's applications on one form differ in their numbers.
func sameWords(a, b []string) bool {
	return inCommon(a, b) >= nearly && inCommon(numbersOf(a), numbersOf(b)) >= nearly
}

func numbersOf(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.ContainsFunc(w, unicode.IsDigit) })
}

// inCommon is the share of the words of either that both have, 1 for none at all;
// both are sorted.
func inCommon(a, b []string) float64 {
	both := 0
	for _, w := range a {
		if _, ok := slices.BinarySearch(b, w); ok {
			both++
		}
	}
	if len(a)+len(b) == 0 {
		return 1
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
