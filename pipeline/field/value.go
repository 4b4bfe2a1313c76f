package field

import (
	"regexp"
	"strings"
)

// valueAs returns the normal form of a value and the chance that it is right; ok is
// false if the text is no such value at all.
func valueAs(g FormField, list []string, text string, tokens []token) (normal string, conf float64, ok bool) {
	p := trust(tokens)
	switch g.As {
	case "date":
		iso, ok := anyDate(text)
		return iso, p, ok
	case "number":
		d := digits(text)
		return d, p, d != ""
	case "personId", "taxCode", "phone":
		return identifier(g.As, text, p)
	case "name":
		words, conf, ok := readName(nameTokens(tokens))
		return strings.Join(words, " "), conf, ok
	case "area":
		m := areaLike.FindStringSubmatch(text)
		if m == nil {
			return text, 0.4 * p, true
		}
		return m[1] + " m²", max(p, 0.7*right(tokens[0].conf)), true
	case "address":
		address, conf := mendAddress(tokens)
		return address, conf, true
	case "list":
		return fromList(text, list, p)
	}
	return oneSpace(strings.Trim(row{tokens: mendWording(tokens, nil)}.text(), " .:;,…_")), p, true
}

// mendAddress puts the names of communes and districts right, each behind its unit.
func mendAddress(tokens []token) (string, float64) {
	tokens = mendWording(tokens, nil)
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.text
		if next := i + 1; next < len(tokens) && plain(t.text) == "tinh" && (i == 0 || plain(tokens[i-1].text) != "ha") && titleCase(bare(tokens[next].text)) {
			words[i] = likeCase("TỈNH", t.text) // before a name no other word has these letters; Hà Tĩnh is one
		}
	}
	conf := 1.0
	for i := 0; i < len(words); {
		n := 0
		if endsInUnit(words[:i]) {
			n = partOfAddress(words[i:])
		}
		name := strings.TrimRight(strings.Join(words[i:i+n], " "), " .,;")
		as, p, ok := knownTowns().settle(name, trust(tokens[i:i+n]))
		if parts := strings.Fields(as); n == 0 || !ok || len(parts) != n {
			conf *= right(tokens[i].conf)
			i++
			continue
		} else {
			for k, part := range parts {
				words[i+k] = strings.Replace(words[i+k], bare(words[i+k]), likeCase(part, words[i+k]), 1)
			}
		}
		conf *= p
		i += n
	}
	return oneSpace(strings.Trim(strings.Join(words, " "), " .:;,…_")), conf
}

// partOfAddress is how many words go to the next comma.
func partOfAddress(words []string) int {
	for i, w := range words[:min(len(words), 5)] {
		if strings.ContainsAny(w, ",;.") {
			return i + 1
		}
	}
	return min(len(words), 5)
}

func identifier(as, text string, p float64) (string, float64, bool) {
	d := digits(text)
	conf := 0.0
	switch {
	case as == "personId" && len(d) == 12:
		d, conf = weighPerson(d)
	case as == "personId" && len(d) == 9:
		conf = 0.9 // CMND
	case as == "taxCode" && (len(d) == 10 || len(d) == 13):
		d, conf = weighTax(d)
	case as == "taxCode" && len(d) == 12:
		d, conf = weighPerson(d) // a person's number is the tax code since 2025-07-01
	case as == "phone":
		d, conf = weighPhone(strings.TrimSpace(text))
	}
	return d, conf * p, conf > 0
}

// nameTokens drops what is no part of a name on a form: "Ông/Bà".
func nameTokens(tokens []token) []token {
	out := clean(tokens)
	for len(out) > 2 {
		switch plain(out[0].text) {
		case "ong", "ba", "ongba", "anh", "chi":
			out = out[1:]
			continue
		}
		break
	}
	return out
}

// fromList returns the entry that the text begins with.
func fromList(text string, list []string, p float64) (string, float64, bool) {
	best, score := "", 0.75
	for _, item := range list {
		words := strings.Fields(text)
		n := min(len(words), len(strings.Fields(item)))
		if s := similar(strings.Join(words[:n], " "), item); s > score {
			best, score = item, s
		}
	}
	if score > 0.99 {
		p = max(p, 0.95)
	}
	return best, p * score, best != ""
}

// areaLike is a number of square metres: the figure 2 above the line is read as
// much else.
var areaLike = regexp.MustCompile(`^(\d[\d.]*(?:,\d+)?) ?m[^\pL]{0,2}(?:\W.*)?$`)

var (
	numericDate = regexp.MustCompile(`\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})\b`)
	spokenDate  = regexp.MustCompile(`(?i)(\d{1,2})\s*(?:th[áàảãạa]ng|/)\s*(\d{1,2})\s*n[ăâaàáảãạ]m\s*(\d{4})`)
	dayMonth    = regexp.MustCompile(`(?i)\b(\d{1,2})(?:er|st|nd|rd|th)?\s+(\p{L}+)\.?,?\s+(\d{4})\b`)
	monthDay    = regexp.MustCompile(`(?i)\b(\p{L}+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
)

// anyDate finds a date as Vietnamese, English and French papers write it.
func anyDate(text string) (string, bool) {
	if m := spokenDate.FindStringSubmatch(text); m != nil {
		return isoDate(m[1], m[2], m[3])
	}
	if m := numericDate.FindStringSubmatch(text); m != nil {
		return isoDate(m[1], m[2], m[3])
	}
	if m := dayMonth.FindStringSubmatch(text); m != nil {
		return isoDate(m[1], monthNumber(m[2]), m[3])
	}
	if m := monthDay.FindStringSubmatch(text); m != nil {
		return isoDate(m[2], monthNumber(m[1]), m[3])
	}
	return "", false
}

// The months in English and French, in order.
var (
	englishMonths = strings.Fields("january february march april may june july august september october november december")
	frenchMonths  = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
)

func monthNumber(name string) string {
	for i := range 12 {
		for _, m := range []string{englishMonths[i], frenchMonths[i]} {
			if similar(name, m) > 0.85 || len(name) == 3 && strings.HasPrefix(m, strings.ToLower(name)) {
				return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}[i]
			}
		}
	}
	return ""
}
