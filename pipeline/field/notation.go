package field

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// notationField reads the notation after the slash and mends its two parts: the
// type's abbreviation against the list of types, the agency's against the
// initials of the agency's name.
func notationField(n numberLine, organ string) (record.Field, bool) {
	raw := strings.TrimFunc(strings.ReplaceAll(row{tokens: n.notation}.text(), " ", ""), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if letters(raw) < 2 {
		return record.Field{}, false
	}
	f := record.Field{Value: raw, Status: record.Read, Rule: "notation/number-line", Evidence: evidence(n.notation)}
	conf := trust(n.notation)
	text := raw
	if year, rest, ok := strings.Cut(raw, "/"); ok && len(year) == 4 && strings.Trim(year, "0123456789") == "" {
		text = rest
	}
	groups := strings.Split(strings.Map(dash, text), "-")
	checked := 0
	for i, g := range groups {
		m, ok := mendGroup(g, i, len(groups), organ)
		if ok {
			checked++
			groups[i] = m
		} else if strings.ContainsFunc(g, unicode.IsLower) {
			conf = min(conf, 0.78)
		}
	}
	f.Normal = strings.Join(groups, "-")
	switch {
	case checked == len(groups):
		conf = max(conf, 0.95)
	case checked > 0:
		conf = max(conf, 0.6)
	}
	f.Confidence = round(conf)
	return f, true
}

func dash(r rune) rune {
	if strings.ContainsRune("–—−‐‑_~", r) {
		return '-'
	}
	return r
}

// mendGroup returns the group as the lists have it, and whether they know it.
func mendGroup(g string, i, n int, organ string) (string, bool) {
	if i == 0 && n > 1 {
		for _, k := range kinds {
			if k.abbr != "" && sameAbbr(g, k.abbr) {
				return k.abbr, true
			}
		}
	}
	for _, known := range append(initials(organ), agencyAbbrs...) {
		if sameAbbr(g, known) {
			return known, true
		}
	}
	return g, false
}

// agencyAbbrs are abbreviations that agencies of every place use.
var agencyAbbrs = []string{"UBND", "HĐND", "CP", "TTg", "VPCP", "TTHĐND", "BTC", "BNV", "BGDĐT"}

// sameAbbr reports whether g is the abbreviation read badly: Đ for D, Đ doubled,
// O for Q, or the case of a letter; letters that change the meaning must agree.
func sameAbbr(g, known string) bool {
	if g == known {
		return true
	}
	fold := func(s string) string {
		s = strings.NewReplacer("ĐĐ", "D", "Đ", "D", "Ư", "U", "Ụ", "U", "Ù", "U", "Ú", "U", "Ủ", "U").Replace(s)
		return s
	}
	return len([]rune(g)) >= 2 && fold(g) == fold(known)
}

// initials returns the abbreviations that an agency's name suggests.
func initials(organ string) []string {
	if organ == "" {
		return nil
	}
	var all, short []rune
	for _, w := range strings.FieldsFunc(organ, func(r rune) bool { return !unicode.IsLetter(r) }) {
		first := []rune(w)[0]
		all = append(all, first)
		if w = strings.ToUpper(w); w != "VÀ" {
			short = append(short, first)
		}
	}
	if len(short) < 2 {
		return nil
	}
	fixed := strings.NewReplacer("Ủ", "U", "Ỷ", "U").Replace(string(short))
	return []string{fixed, strings.NewReplacer("Ủ", "U").Replace(string(all))}
}
