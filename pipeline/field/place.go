package field

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// placeField mends the place against the provinces' names.
func placeField(tokens []token, r *recall) (record.Field, bool) {
	unit, tokens := splitUnit(capitalised(withDashes(tokens)))
	if len(tokens) == 0 {
		return record.Field{}, false
	}
	f, ok := townField(tokens, r)
	if len(unit) > 0 {
		prefix := strings.TrimRight(row{tokens: unit}.text(), ",;:") + " "
		f.Value, f.Normal = prefix+f.Value, prefix+f.Normal
		f.Confidence = round(f.Confidence * min(1, trust(unit)+0.02))
		f.Evidence = evidence(slices.Concat(unit, tokens))
	}
	return f, ok
}

// unitsBefore are written before a town on date lines.
var unitsBefore = foldAll("Thành phố", "TP", "Thị xã", "TX", "Tỉnh", "Huyện", "Xã", "Phường", "Đặc khu", "Quận", "Thị trấn", "TT")

// splitUnit parts the unit from a place's name; a number (Quận 3) is no name without it.
func splitUnit(tokens []token) (unit, name []token) {
	for _, u := range unitsBefore {
		if n, _ := begins(tokens, u, 0.95); n == u.words && n < len(tokens) && strings.IndexFunc(tokens[n].text, unicode.IsLetter) >= 0 {
			return tokens[:n], tokens[n:]
		}
	}
	return nil, tokens
}

// withDashes drops specks and keeps a dash between two names.
func withDashes(tokens []token) []token {
	var out []token
	for i, t := range tokens {
		dash := i > 0 && i+1 < len(tokens) && len(out) > 0 && strings.Trim(t.text, "-–") == "" && t.conf > 0.6
		if dash || len(clean([]token{t})) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// townField is the place without its unit.
func townField(tokens []token, r *recall) (record.Field, bool) {
	text := strings.Trim(row{tokens: tokens}.text(), " ,.;:")
	f := record.Field{Status: record.Read, Rule: "place/place-line", Evidence: evidence(tokens)}
	if name, exact, ok := provinceNamed(text, trust(tokens) < 0.9); ok && (exact || !knownTowns().has(text)) {
		f.Value, f.Normal, f.Rule = name, name, "place/province"
		switch {
		case exact:
			f.Confidence = 0.98
		case plain(name) == plain(text):
			f.Confidence = 0.88
		default:
			f.Confidence = 0.7
		}
		return f, true
	}
	town, townConf, known := knownTowns().settle(r.said(text), trust(tokens))
	if known && townConf >= townMarks {
		f.Value, f.Normal, f.Rule, f.Confidence = town, town, "place/commune", round(townConf)
		return f, true
	}
	line := make([]mended, len(tokens))
	conf := 0.98
	for i, t := range tokens {
		line[i] = unlisted(strings.Trim(t.text, " ,.;:"), t)
	}
	r.confirm(line)
	words := make([]string, len(line))
	for i, m := range line {
		words[i] = likeCase(m.text, tokens[i].text)
		conf *= m.conf
	}
	f.Normal = strings.Join(words, " ")
	if confirmed := r.confirms(line); known && (!confirmed || townConf < sure || !r.insists(line)) {
		f.Value, f.Normal, f.Rule, f.Confidence = town, town, "place/commune", round(townConf)
		return f, true
	} else if !confirmed && (trust(tokens) < 0.97 || nearProvince(f.Normal)) {
		conf = min(conf, unconfirmed)
	}
	f.Value, f.Confidence = f.Normal, round(conf)
	return f, letters(f.Normal) > 1
}

// capitalised writes a name's first letter as names have it: a small l there is
// a capital I.
func capitalised(tokens []token) []token {
	out := slices.Clone(tokens)
	for i, t := range out {
		if rest, ok := strings.CutPrefix(t.text, "l"); ok && i == 0 {
			out[i].text = "I" + rest
		}
	}
	return out
}

// likeCase writes a word in capitals as like begins: "ĐỨC" like "Dức" is "Đức".
func likeCase(word, like string) string {
	if isCaps(like) || letters(word) == 0 || word != strings.ToUpper(word) {
		return word
	}
	r := []rune(strings.ToLower(word))
	if first := []rune(bare(like)); len(first) > 0 && unicode.IsUpper(first[0]) {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
