package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

const (
	questions = 4   // of a text: the words of one may be misread, not of all
	asked     = 5   // words of a question
	weighed   = 40  // words of a text whose rarity is looked up
	common    = 400 // documents that have a word from which on it is common
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
	all, err := c.telling(ctx, own.words)
	if err != nil {
		return nil, err
	}
	if len(strings.Fields(own.subject)) >= leastWords {
		all = append([]string{own.subject}, all...)
	}
	seen := []string{d.ID}
	var found []record.Document
	for _, question := range all {
		near, err := c.saying(ctx, d.Agency, question)
		if err != nil {
			return nil, err
		}
		for _, n := range near {
			if slices.Contains(seen, n.document.ID) {
				continue
			}
			seen = append(seen, n.document.ID)
			issued := own.organ != "" || n.organ != ""
			if question == own.subject && issued || sameWords(own.words, n.words) {
				found = append(found, n.document)
			}
		}
	}
	return found, nil
}

// A said is what a document says, folded: its words each once, in order of the
// alphabet and without its name.
type said struct {
	document       record.Document
	subject, organ string
	words          []string
}

// The body is looked up for what was found: a join may be begun with it.
const whatIsSaid = "SELECT (SELECT body FROM documents WHERE id = search.document), search.subject, search.organ, search.fold FROM "

func (c *Catalogue) saidBy(ctx context.Context, d record.Document) (said, error) {
	all, err := sayings(c.read.QueryContext(ctx, whatIsSaid+"search WHERE search.document = $1", d.ID))
	switch {
	case err != nil:
		return said{}, err
	case len(all) == 0:
		return said{}, one(sql.ErrNoRows, "document %.40s", d.ID)
	}
	return all[0], nil
}

// saying returns the newest documents of the agency that say all the words, without
// those that were given up. Nothing is ranked, and no word is the beginning of
// another: both take longer than all the rest.
func (c *Catalogue) saying(ctx context.Context, agency, words string) ([]said, error) {
	return sayings(c.read.QueryContext(ctx, fmt.Sprintf("%s%s WHERE %s AND search.agency = $2 AND search.status NOT IN %s ORDER BY %s LIMIT %d",
		whatIsSaid, c.dialect.textFrom, c.dialect.match, notHeld, c.dialect.newest, maxAlike+1), c.allOf(words), agency))
}

// allOf asks for all the words, in the database's own language.
func (c *Catalogue) allOf(folded string) string {
	if c.dialect.name == "postgres" {
		return strings.Join(strings.Fields(folded), " & ")
	}
	return `"` + strings.Join(strings.Fields(folded), `" "`) + `"`
}

func sayings(rows *sql.Rows, err error) ([]said, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []said
	for rows.Next() {
		var s said
		var body, text string
		if err := rows.Scan(&body, &s.subject, &s.organ, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &s.document); err != nil {
			return nil, err
		}
		s.words = strings.Fields(strings.TrimPrefix(text, Fold(s.document.Name)))
		slices.Sort(s.words)
		s.words = slices.Compact(s.words)
		all = append(all, s)
	}
	return all, rows.Err()
}

// telling returns the rarest of the words as questions to search for; none for a
// text that is too short to be known by its words. A word that no other document
// has was misread, or is this paper's alone: it finds nothing.
func (c *Catalogue) telling(ctx context.Context, words []string) ([]string, error) {
	if len(words) < questions*asked {
		return nil, nil
	}
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b string) int { return promise(b) - promise(a) })
	words = words[:min(len(words), weighed)]
	held := map[string]int{}
	for _, w := range words {
		n := 0
		err := c.read.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) AS enough", c.dialect.words, c.dialect.match, common), c.allOf(w)).Scan(&n)
		if err != nil {
			return nil, err
		}
		held[w] = n
	}
	words = slices.DeleteFunc(words, func(w string) bool { return held[w] < 2 })
	slices.SortStableFunc(words, func(a, b string) int { return held[a] - held[b] })
	var out []string
	for question := range slices.Chunk(words[:min(len(words), questions*asked)], asked) {
		out = append(out, strings.Join(question, " "))
	}
	return out, nil
}

// promise is how likely a word is to be rare: numbers are, and long words are rarer
// than short ones.
func promise(word string) int {
	if len(word) > 2 && strings.ContainsFunc(word, unicode.IsDigit) {
		return 100 + len(word)
	}
	return len(word)
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
