package field

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A recall is what the whole document says: a name in the header that no list
// knows stands again in its text, where recognition had another chance.
type recall struct {
	words  []string // lower case, without punctuation
	plains []string
	tokens []token         // of the text, one a word and in its order
	marks  []record.Region // on the page of the header
	places gazetteer       // of the operator
	place  string          // as the date line says it, surely
}

func recallOf(sheets []sheet, h header, places gazetteer) *recall {
	r := &recall{places: places, marks: h.sheet.marks}
	r.hearPlace(h)
	for i, s := range sheets {
		from := math.Inf(-1)
		if s.number == h.sheet.number {
			from = h.bottom
		}
		for _, row := range within(sheets[i].rows, from, math.Inf(1)) {
			for _, t := range row.tokens {
				w := strings.ToLower(bare(t.text))
				r.words, r.plains = append(r.words, w), append(r.plains, plain(w))
				r.tokens = append(r.tokens, t)
			}
		}
	}
	return r
}

// hearPlace lets the place of the date line speak for the agency's name where
// recognition is sure of it.
func (r *recall) hearPlace(h header) {
	if h.dateRow < 0 {
		return
	}
	p, _ := splitDate(h.right[h.dateRow].tokens)
	place := clean(p.place)
	if slices.ContainsFunc(place, func(t token) bool { return t.conf < 0.95 }) {
		return
	}
	var words []string
	for _, t := range place {
		w := strings.ToLower(bare(t.text))
		words, r.words, r.plains = append(words, w), append(r.words, w), append(r.plains, plain(w))
	}
	r.place = strings.Join(words, " ")
	r.words, r.plains = append(r.words, ""), append(r.plains, "") // the end of a run
}

// known are the operator's places; a nil recall knows none.
func (r *recall) known() gazetteer {
	if r == nil {
		return nil
	}
	return r.places
}

// say returns the words as the document says them most often, in lower case, and
// how often it says them so and otherwise. The header's own reading counts once.
func (r *recall) say(words []string) (best []string, so, otherwise int) {
	if r == nil || len(words) == 0 {
		return nil, 0, 0
	}
	want := make([]string, len(words))
	for i, w := range words {
		want[i] = plain(w)
	}
	own := strings.ToLower(strings.Join(words, " "))
	votes := map[string]int{own: 1}
	total := 1
	for i := 0; i+len(want) <= len(r.words); i++ {
		if r.plains[i] == want[0] && equal(r.plains[i:i+len(want)], want) {
			votes[strings.Join(r.words[i:i+len(want)], " ")]++
			total++
		}
	}
	text := own
	if votes[r.place] > 0 {
		text = r.place // where both are said as often, the place is believed
	}
	first := text
	for v, n := range votes {
		if n > votes[text] || n == votes[text] && v != first && v < text && text != first {
			text = v
		}
	}
	if text == r.place && text != own {
		return strings.Fields(text), votes[text] + 1, total - votes[text]
	}
	return strings.Fields(text), votes[text], total - votes[text]
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// confirm looks up the runs of words that no list knows, and takes the document's
// own word for them where it is said at least twice.
func (r *recall) confirm(line []mended) {
	for i := 0; i < len(line); {
		j := i
		for j < len(line) && !line[j].listed {
			j++
		}
		if j == i {
			i++
			continue
		}
		words := make([]string, j-i)
		for k := range words {
			words[k] = bare(line[i+k].text)
		}
		if best, so, otherwise := r.say(words); so >= 2 && so > otherwise && (j-i > 1 || letters(words[0]) > 3 || line[i].conf < right(0.93)) {
			settle(line[i:j], best, otherwise)
		} else if so+otherwise >= 2 {
			for k := range words {
				line[i+k].conf = min(line[i+k].conf, 0.85)
			}
		}
		i = j
	}
}

// unconfirmed is for a name that no list knows and the text does not repeat.
const unconfirmed = 0.78

// confirms reports whether the text of the document says the names that no list
// knows as they are written here.
func (r *recall) confirms(line []mended) bool {
	for i := 0; i < len(line); {
		j := i
		for j < len(line) && !line[j].listed {
			j++
		}
		words := make([]string, 0, j-i)
		for _, m := range line[i:j] {
			words = append(words, bare(m.text))
		}
		if best, so, _ := r.say(words); len(words) > 0 && (so < 2 || !strings.EqualFold(strings.Join(best, " "), strings.Join(words, " "))) {
			return false
		}
		i = max(j, i+1)
	}
	return true
}

// said is the text as the rest of the document says it, if that says it at least
// twice and never otherwise; the text itself if not.
func (r *recall) said(text string) string {
	best, so, otherwise := r.say(strings.Fields(text))
	if so < 3 || otherwise > 1 || strings.EqualFold(strings.Join(best, " "), text) {
		return text
	}
	words := strings.Fields(text)
	for i, w := range best {
		words[i] = likeCase(strings.ToUpper(w), words[i])
	}
	return strings.Join(words, " ")
}

// insists reports whether the text, besides the date line, says the words twice and
// more often than otherwise: then they are right, whatever a list has.
func (r *recall) insists(line []mended) bool {
	words := make([]string, len(line))
	for i, m := range line {
		words[i] = bare(m.text)
	}
	_, so, otherwise := r.say(words)
	return so > 3 && so > otherwise
}

// settle writes the words as the document says them.
func settle(line []mended, best []string, otherwise int) {
	for k := range line {
		if word := strings.ToUpper(best[k]); word != bare(line[k].text) {
			line[k].text = strings.Replace(line[k].text, bare(line[k].text), word, 1)
			line[k].conf = 0.95
		} else if otherwise == 0 {
			line[k].conf = max(line[k].conf, 0.985)
		}
	}
}
