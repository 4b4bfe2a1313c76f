package field

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

//go:embed lists/closings.tsv
var closingsFile string

// closings are how letters in English and French close.
type closings struct {
	formulas []folded
	offices  map[string]bool
}

var closingsAbroad = sync.OnceValue(func() closings {
	all := closings{offices: map[string]bool{}}
	for _, e := range load(closingsFile, func(c []string) []string { return c }) {
		for _, w := range e[1:] {
			switch {
			case w == "":
			case e[0] == "formula":
				all.formulas = append(all.formulas, fold(w))
			default:
				all.offices[plain(w)] = true
			}
		}
	}
	return all
})

// readAbroad reads the signer of a letter in English or French: below the formula
// of courtesy stand office and name, in either order, a line each.
func (d document) readAbroad() record.Fields {
	for i := len(d.all) - 1; i >= 0; i-- {
		s := d.all[i]
		for k := len(s.rows) - 1; k >= 0; k-- {
			if _, ok := locateAny(s.rows[k].tokens, closingsAbroad().formulas, 0.8); !ok {
				continue
			}
			return signedAbroad(within(s.rows, s.rows[k].middle()+0.8*s.unit, math.Inf(1)))
		}
	}
	return nil
}

func locateAny(tokens []token, phrases []folded, least float64) (place, bool) {
	for _, p := range phrases {
		if at, ok := locate(tokens, p, least); ok {
			return at, true
		}
	}
	return place{}, false
}

// noList is for a name that no list can confirm, its accents least of all.
const noList = 0.78

// signedAbroad takes the first short row that has an office's word for the title
// and the first one near it that is names for the name.
func signedAbroad(rows []row) record.Fields {
	out := record.Fields{}
	for _, r := range rows[:min(len(rows), 8)] {
		tokens := trimScraps(r.tokens)
		text := row{tokens: tokens}.text()
		if len(tokens) < 2 || len(tokens) > 9 || strings.HasSuffix(text, ".") || strings.HasSuffix(text, ",") {
			continue
		}
		name, rule, has := record.SignerName, "signer/abroad-name", isNameAbroad(tokens)
		if namesOffice(tokens) {
			name, rule, has = record.SignerTitle, "signer/abroad-title", true
		}
		if _, there := out[name]; there || !has {
			continue
		}
		conf := 0.95 * trust(tokens)
		if name == record.SignerName {
			conf = min(conf, noList)
		}
		out[name] = record.Field{Value: text, Normal: text, Confidence: round(conf), Status: record.Read, Rule: rule, Evidence: evidence(tokens)}
	}
	return out
}

// trimScraps drops what a pen left at the ends of a row.
func trimScraps(tokens []token) []token {
	scrap := func(t token) bool { return letters(t.text) < 2 && t.conf < 0.8 || !isWord(t.text) }
	for len(tokens) > 0 && scrap(tokens[0]) {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && scrap(tokens[len(tokens)-1]) {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

func namesOffice(tokens []token) bool {
	for _, t := range tokens {
		if closingsAbroad().offices[plain(t.text)] || t.conf < 0.9 && letters(t.text) > 5 && nearOfficeAbroad(fold(t.text)) {
			return true
		}
	}
	return false
}

// nearOfficeAbroad forgives a letter in a word that recognition doubts.
func nearOfficeAbroad(word folded) bool {
	for office := range closingsAbroad().offices {
		if len(office) > 5 && word.like(fold(office), 0.85) > 0 {
			return true
		}
	}
	return false
}

// particles stand in small letters before a family name, some of them grown
// together with it.
var particles = map[string]bool{"de": true, "du": true, "des": true, "la": true, "le": true, "van": true, "von": true, "der": true, "den": true}

// withoutParticle takes d' off: d'Aubigné.
func withoutParticle(w string) string {
	for _, p := range []string{"d'", "d’", "l'", "l’"} {
		w = strings.TrimPrefix(w, p)
	}
	return w
}

// isNameAbroad reports whether the row is two to four words that begin with a
// capital letter and go on in small ones.
func isNameAbroad(tokens []token) bool {
	if len(tokens) > 4 {
		return false
	}
	for i, t := range tokens {
		w := bare(t.text)
		if i > 0 {
			w = withoutParticle(w)
		}
		if i > 0 && i+1 < len(tokens) && particles[w] {
			continue
		}
		if letters(w) == 0 || !unicode.IsUpper([]rune(w)[0]) || strings.ContainsFunc(w, isDigit) || letters(w) > 2 && w == strings.ToUpper(w) {
			return false
		}
	}
	return true
}
