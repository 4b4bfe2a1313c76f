package field

import (
	"math"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// addressees reads "Kính gửi: …": behind the words, and the rows below them until
// the text begins at the left margin.
func (d document) addressees() []record.Field {
	if !d.headed {
		return nil
	}
	rows := within(d.sheets[0].rows, d.from-2*d.sheets[0].unit, math.Inf(1))
	for i, r := range rows[:min(len(rows), 24)] {
		n, _ := begins(clean(r.tokens), greeting, 0.8)
		if n == 0 {
			continue
		}
		return readAddressees(rows[i:], d.sheets[0].unit)
	}
	return nil
}

func readAddressees(rows []row, unit float64) []record.Field {
	start := rows[0]
	n, _ := begins(start.tokens, greeting, 0.8)
	var items [][][]token
	add := func(tokens []token, opens bool) {
		if len(tokens) == 0 {
			return
		}
		if opens || len(items) == 0 {
			items = append(items, nil)
		}
		items[len(items)-1] = append(items[len(items)-1], tokens)
	}
	if n > 0 {
		add(withoutColon(start.tokens[n:]), true)
	}
	last := start
	for _, r := range rows[1:] {
		if r.middle()-last.middle() > 2.3*unit || r.x0 < start.x0-1.2*unit || len(items) > 30 {
			break
		}
		add(r.tokens, opensItem(r.tokens) || ended(last.tokens))
		last = r
	}
	var out []record.Field
	for _, item := range items {
		out = append(out, listField("addressee/kinh-gui", item))
	}
	return out
}

func withoutColon(tokens []token) []token {
	for len(tokens) > 0 && !isWord(tokens[0].text) {
		tokens = tokens[1:]
	}
	return tokens
}

// ended reports whether a row ends an item.
func ended(tokens []token) bool {
	last := tokens[len(tokens)-1].text
	return strings.HasSuffix(last, ";") || strings.HasSuffix(last, ".")
}
