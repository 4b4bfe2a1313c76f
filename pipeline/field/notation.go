package field

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// notationField reads the notation after the slash and mends its parts: the type's
// abbreviation against the document's own type and the list of types, the agency's
// against the initials of the agency's name.
func notationField(n numberLine, organ string, of kind) (record.Field, bool) {
	raw := bare(strings.ReplaceAll(row{tokens: n.notation}.text(), " ", ""))
	if letters(raw) < 2 {
		return record.Field{}, false
	}
	f := record.Field{Value: raw, Status: record.Read, Rule: "notation/number-line", Evidence: evidence(n.notation)}
	text := raw
	if year, rest, ok := strings.Cut(raw, "/"); ok && len(year) == 4 && strings.Trim(year, "0123456789") == "" {
		text = rest
	}
	read := trust(n.notation)
	if partyNotation.MatchString(text) && !n.unread {
		f.Normal, f.Confidence = text, round(max(read, 0.96))
		return f, true
	}
	w := notation{organ: organ, of: of, read: read, rule: f.Rule, conf: read, atMost: 1}
	w.groups = strings.FieldsFunc(strings.Map(dash, text), func(r rune) bool { return r == '-' })
	w.mend()
	f.Normal, f.Rule, f.Confidence = w.judge(n)
	return f, f.Normal != ""
}

// A notation is one while its groups are put right.
type notation struct {
	organ        string // that the document is of
	of           kind   // its type
	read         float64
	groups       []string
	listed       int // groups that are as a list or the document itself has them
	rule         string
	conf, atMost float64
}

// mend puts the groups right: first the strokes of each, then each as a whole.
func (w *notation) mend() {
	for i, g := range w.groups {
		if w.groups[i] = knownStrokes(g); w.groups[i] != g {
			w.rule, w.atMost = "notation/mended", mendedGroup
		}
		if strings.Contains(w.groups[i], ".") {
			w.conf = min(w.conf, 0.78)
		}
	}
	for i := range w.groups {
		w.mendAt(i)
	}
}

// mendAt tries the surest source first.
func (w *notation) mendAt(i int) {
	g, first := w.groups[i], i == 0 && len(w.groups) > 1
	take := func(text, rule string, atMost float64) {
		w.groups[i], w.rule, w.atMost = text, rule, min(w.atMost, atMost)
	}
	if m, ok := mendGroup(g, first, w.organ, w.of); ok {
		w.groups[i] = m
		w.listed++
	} else if like, ok := nearGroup(g, first, w.organ, w.of); ok {
		take(like, "notation/mended", mendedGroup)
		w.listed++
	} else if agreed, ok := agreedGroup(g, first, w.read, w.organ, w.of); ok {
		take(agreed, "notation/expected", halfRead)
		w.conf = max(w.conf, halfRead)
	} else if own, ok := ownInitials(g, w.organ); ok {
		take(own, "notation/mended", offPlace)
	} else if strings.ContainsFunc(g, unicode.IsLower) {
		w.conf = min(w.conf, 0.78)
	}
}

// judge returns the notation whole, by which rule, and how sure it is.
func (w *notation) judge(n numberLine) (normal, rule string, conf float64) {
	normal = strings.Join(w.groups, "-")
	switch {
	case w.listed == len(w.groups):
		w.conf = max(w.conf, 0.96)
	case w.listed > 0:
		w.conf = max(w.conf, 0.6)
	}
	if strings.ContainsFunc(normal, func(r rune) bool { return !unicode.IsLetter(r) && !isDigit(r) && !strings.ContainsRune("-/&.", r) }) {
		w.conf = min(w.conf, 0.4)
	}
	// Where neither part could be read, what both must be is a better guess.
	if whole, ok := expected(normal, w.organ, w.of); ok && w.listed == 0 && w.conf < 0.5 {
		normal, w.rule, w.conf = whole, "notation/expected", 0.6
	}
	switch {
	case n.unread:
		w.conf = min(w.conf, 0.4)
	case n.lead.text == "" && w.listed < len(w.groups):
		w.conf = min(w.conf, 0.7)
	}
	return normal, w.rule, round(min(w.conf, w.atMost))
}

// knownStrokes puts right what recognition makes of single strokes: an L whose foot
// came off (I.), and letters beside a digit that look like one (PV0I).
func knownStrokes(g string) string {
	runes := []rune(strings.ReplaceAll(g, "I.", "L"))
	for i, r := range runes {
		if i > 0 && isDigit(runes[i-1]) {
			switch r {
			case 'I', 'l':
				runes[i] = '1'
			case 'O', 'o':
				runes[i] = '0'
			}
		}
	}
	return string(runes)
}

// mendedGroup is for a part of a notation with a letter that a list has otherwise.
const mendedGroup = 0.85

// nearGroup returns what must stand there if g is one letter from it: the
// abbreviation of the type that the document bears, or the initials of its agency.
func nearGroup(g string, first bool, organ string, of kind) (string, bool) {
	if strings.ContainsFunc(g, isDigit) {
		return "", false // which number of its kind an agency is, a letter cannot say
	}
	if first && of.abbr != "" {
		return of.abbr, oneLetterOff(g, of.abbr) && !anyType(g)
	}
	best, found := "", 0
	for _, known := range append(initials(organ), agencyAbbrs...) {
		// a letter more or less is more likely the name's than the notation's
		if n := len([]rune(known)); n >= 4 && n == len([]rune(g)) && oneLetterOff(g, known) && known != best {
			best, found = known, found+1
		}
	}
	return best, found == 1
}

// agreedGroup is what the document itself says where a part of the notation was
// hard to read: its type, if a scrap grew together with the abbreviation (32°QGM),
// and the initials of its agency, if what was read is like them.
func agreedGroup(g string, first bool, read float64, organ string, of kind) (string, bool) {
	if first {
		scrap := strings.ContainsFunc(g, func(r rune) bool { return !unicode.IsLetter(r) })
		return of.abbr, of.abbr != "" && scrap
	}
	for _, known := range initials(organ) {
		numbered := strings.ContainsFunc(known, isDigit) // which of its kind it is, likeness cannot say
		if read < 0.6 && !numbered && len([]rune(known)) >= 4 && similar(g, known) > 0.55 {
			return known, true
		}
	}
	return "", false
}

// ownInitials are the agency's initials if g has one letter more than they; one
// less may be how the agency shortens itself.
func ownInitials(g, organ string) (string, bool) {
	for _, known := range initials(organ) {
		if n := len([]rune(known)); n >= 6 && len([]rune(g)) == n+1 && distance([]rune(strings.ToUpper(g)), []rune(known)) == 1 {
			return known, true
		}
	}
	return "", false
}

// oneLetterOff reports whether one letter is another, too many or missing; two
// letters of a long one, if each is often confused.
func oneLetterOff(g, known string) bool {
	off := distance([]rune(strings.ToUpper(g)), []rune(strings.ToUpper(known)))
	return off <= 1 && len([]rune(known)) >= 2 || off == 2 && len([]rune(known)) >= 5 && similar(g, known) > 0.75
}

// expected returns the notation that type and agency together make, if what was
// read resembles it.
func expected(read, organ string, of kind) (string, bool) {
	if of.abbr == "" {
		return "", false
	}
	best, score := "", 0.65
	for _, a := range append(initials(organ), "UBND", "HĐND") {
		whole := of.abbr + "-" + a
		if s := similar(read, whole); s > score {
			best, score = whole, s
		}
	}
	return best, best != ""
}

func dash(r rune) rune {
	if strings.ContainsRune("–—−‐‑_~", r) {
		return '-'
	}
	return r
}

// mendGroup returns the group as the lists have it, and whether they know it.
// Abbreviations that differ in a mark alone (HD, HĐ) are told apart by the type
// that the document bears.
func mendGroup(g string, first bool, organ string, of kind) (string, bool) {
	if first {
		if of.abbr != "" && sameAbbr(g, of.abbr) {
			return of.abbr, true
		}
		if a, ok := typeAbbr(g); ok {
			return a, true
		}
	}
	for _, known := range append(initials(organ), agencyAbbrs...) {
		if sameAbbr(g, known) {
			return known, true
		}
	}
	return g, false
}

// typeAbbr returns the one abbreviation of a type that g is.
func typeAbbr(g string) (string, bool) {
	found, n := "", 0
	for _, k := range kinds() {
		if k.abbr == "" || !sameAbbr(g, k.abbr) {
			continue
		}
		if k.abbr != found {
			n++
		}
		found = k.abbr
	}
	return found, n == 1
}

// anyType reports whether g is the abbreviation of a type, be it of two that
// differ in a mark.
func anyType(g string) bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool { return k.abbr != "" && sameAbbr(g, k.abbr) })
}

// agencyAbbrs are abbreviations that agencies of every place use.
var agencyAbbrs = []string{"UBND", "HĐND", "CP", "TTg", "VPCP"}

// sameAbbr reports whether g is the abbreviation read badly: Đ for D, Đ doubled,
// marks on a U; letters that change the meaning must agree.
func sameAbbr(g, known string) bool {
	fold := func(s string) string {
		return strings.NewReplacer("ĐĐ", "D", "Đ", "D", "Ư", "U", "Ụ", "U", "Ù", "U", "Ú", "U", "Ủ", "U").Replace(s)
	}
	return g == known || len([]rune(g)) >= 2 && fold(g) == fold(known)
}

// acronyms stand in names of agencies as they are, and in notations whole.
var acronyms = []string{"THPT", "THCS", "THCN", "PTDT", "PTDTNT", "UBND", "HĐND", "TTYT", "GDTX", "GDNN", "TDTT", "CNTT"}

// initials returns the abbreviations that an agency's name suggests: with and
// without "và", a school's also without TRƯỜNG.
func initials(organ string) []string {
	var all, short, school []rune
	for i, w := range strings.FieldsFunc(organ, func(r rune) bool { return !unicode.IsLetter(r) && !isDigit(r) }) {
		part := []rune(w)[:1]
		if slices.Contains(acronyms, w) || isDigit(part[0]) {
			part = []rune(w)
		}
		all = append(all, part...)
		if w = strings.ToUpper(w); w != "VÀ" && w != "SỐ" {
			short = append(short, part...)
			if i > 0 || w != "TRƯỜNG" {
				school = append(school, part...)
			}
		}
	}
	if len(short) < 2 {
		return nil
	}
	u := strings.NewReplacer("Ủ", "U", "Ỷ", "U")
	return slices.Compact([]string{u.Replace(string(school)), u.Replace(string(short)), u.Replace(string(all))})
}
