package field

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// An agency is a name in the header, which may take several rows.
type agency struct {
	rows  [][]token
	lines []string
	conf  float64
}

// stamps are words that are stamped or printed beside a header and are no name.
var stamps = foldAll("ĐẾN", "CÔNG VĂN ĐẾN", "VĂN BẢN ĐẾN", "SAO Y", "BẢN SAO", "SAO Y BẢN CHÍNH", "DỰ THẢO", "LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI", "THU HỒI")

// findAgencies returns the agencies of the left column above the number line,
// the highest first: rows in capitals, one below the other.
func findAgencies(h header, number row, hasNumber bool) []agency {
	unit := h.sheet.unit
	floor := h.bottom - 1.3*unit
	if hasNumber {
		floor = number.middle() - 0.6*unit
	}
	var out []agency
	var last row
	middle := h.middleOfNames(floor)
	for _, r := range h.left {
		if r.middle() > floor || len(out) == 0 && r.middle() < h.top-2.6*unit {
			continue
		}
		tokens, off := straighten(nameTokensOf(r), middle, unit, h.recall.known())
		if len(tokens) == 0 || !isName(tokens) || len(out) == 0 && r.middle() < h.top-unit && !opensName(tokens, h.recall) {
			continue
		}
		if len(out) == 0 && trust(tokens) < 0.3 && !opensName(tokens, h.recall) {
			continue // what a fax or a pen left above the name
		}
		if len(out) > 0 && r.middle()-last.middle() > 2.7*unit {
			return out
		}
		last = r
		line, conf := mendLine(tokens, h.recall)
		if h.crowded(r) {
			conf *= 0.78
		}
		if off {
			conf = min(conf, offPlace)
		}
		if len(out) == 0 || !goesOn(out[len(out)-1].lines, line) && beginsAgency(line) {
			if n := len(out); n > 0 && peers(out[n-1].lines[0], line) {
				line = "- " + line // one document of several agencies
			} else {
				out = append(out, agency{conf: 0.985})
			}
		}
		a := &out[len(out)-1]
		a.rows, a.lines = append(a.rows, tokens), append(a.lines, line)
		a.conf *= conf
	}
	for i := range out {
		out[i].rejoin(h.recall)
	}
	return joinLast(out)
}

// rejoin mends the name once more with its lines in one: a phrase may go on in the
// next line.
func (a *agency) rejoin(r *recall) {
	if len(a.rows) < 2 || slices.ContainsFunc(a.lines, func(l string) bool { return strings.HasPrefix(l, "- ") }) {
		return
	}
	all := mend(slices.Concat(a.rows...), r.known())
	at, before, after := 0, 1.0, 1.0
	var lines []string
	for _, tokens := range a.rows {
		own := mend(tokens, r.known())
		if len(own) != len(tokens) || at+len(tokens) > len(all) {
			return
		}
		r.confirm(own)
		words := make([]string, len(tokens))
		for i, m := range own {
			whole := all[at+i]
			if before *= m.conf; whole.listed && !m.listed {
				m = whole
			}
			words[i], after = m.text, after*m.conf
		}
		lines, at = append(lines, trimName(strings.Join(words, " "))), at+len(tokens)
	}
	if at == len(all) && before > 0 {
		a.lines, a.conf = lines, a.conf/before*after
	}
}

func trimName(s string) string { return strings.Trim(s, " .,:;*_|-–—") }

// opensName reports whether an agency's name can begin with the row: above the level
// of the national title, where remarks are written, nothing else is one.
func opensName(tokens []token, r *recall) bool {
	line, _ := mendLine(tokens, r)
	return beginsAgency(line)
}

// middleOfNames is where the rows of the left column have their middle: that of
// the rows that the lists know whole, 0 if they know none.
func (h header) middleOfNames(floor float64) float64 {
	var known []float64
	for _, r := range h.left {
		tokens := nameTokensOf(r)
		if len(tokens) < 2 || r.middle() > floor || r.middle() < h.top-2.6*h.sheet.unit {
			continue
		}
		all := mend(tokens, h.recall.known())
		if !slices.ContainsFunc(all, func(m mended) bool { return !m.listed }) {
			known = append(known, rowOf(slices.Clone(tokens), h.sheet.unit).mid())
		}
	}
	return median(known)
}

// straighten drops what stands before a name's first known words or behind its end
// and is none of it, if the rest then has its middle where the column has it. off
// says that the middle is elsewhere: a word was lost, or one is too many.
func straighten(tokens []token, middle, unit float64, places gazetteer) (rest []token, off bool) {
	tokens = dropBefore(tokens)
	if middle == 0 || len(tokens) == 0 {
		return tokens, false
	}
	miss := func(ts []token) float64 { return abs(rowOf(slices.Clone(ts), unit).mid() - middle) }
	if miss(tokens) < 0.6*unit {
		return tokens, false
	}
	best := tokens
	for i := 1; i < len(tokens); i++ {
		if miss(tokens[i:]) < 0.6*unit && mend(tokens[i:], places)[0].listed && !mend(tokens[:i], places)[0].listed {
			best = tokens[i:]
			break
		}
	}
	return best, miss(best) >= 0.9*unit
}

// peers reports whether two agencies are of one rank, so that neither is above the
// other: two ministries, two departments. A ministry has commands below it.
func peers(a, b string) bool {
	for _, command := range []string{"BỘ TƯ LỆNH", "BỘ CHỈ HUY", "BỘ TỔNG THAM MƯU"} {
		if strings.HasPrefix(b, command) {
			return false
		}
	}
	first, _, _ := strings.Cut(a, " ")
	second, _, _ := strings.Cut(b, " ")
	return first == second && (first == "BỘ" || first == "SỞ")
}

// dropBefore drops up to three doubted words before a row that is otherwise the
// beginning of an agency's name as the lists have it: ink of a stamp.
func dropBefore(tokens []token) []token {
	for i := 1; i < min(len(tokens), 4); i++ {
		if tokens[i-1].conf > 0.9 || letters(tokens[i-1].text) > 3 {
			break
		}
		words := make([]string, 0, len(tokens)-i)
		for _, t := range tokens[i:] {
			words = append(words, bare(t.text))
		}
		if roles().heads[strings.Join(words, " ")] {
			return tokens[i:]
		}
	}
	return tokens
}

// joinLast joins a last line that can only be the end of the name above it, or the
// beginning of one whose rest was lost: a bare "TRƯỜNG" or "SỞ" names no agency.
func joinLast(all []agency) []agency {
	n := len(all)
	if n < 2 || len(all[n-1].lines) != 1 {
		return all
	}
	line := all[n-1].lines[0]
	if !roles().openHeads[line] || roles().offshoots[line] {
		return all
	}
	above, last := &all[n-2], &all[n-1]
	if line == "SỞ" || line == "BỘ" || line == "PHÒNG" {
		last.conf = min(last.conf, headless)
		return all
	}
	above.rows, above.lines = append(above.rows, last.rows...), append(above.lines, last.lines...)
	above.conf *= 0.9 * last.conf
	return all[:n-1]
}

// crowded reports whether the row touches the other column: its end may have been
// read with that.
func (h header) crowded(r row) bool {
	for _, other := range h.right {
		if abs(other.middle()-r.middle()) < 0.7*h.sheet.unit && other.x0-r.x1 < 0.6*h.sheet.unit {
			return true
		}
	}
	return false
}

// mendLine mends one row of an agency's name; conf is the chance that it is right.
func mendLine(tokens []token, r *recall) (line string, conf float64) {
	conf = 1
	var words []string
	all := mend(tokens, r.known())
	r.confirm(all)
	for _, m := range all {
		conf *= m.conf
		words = append(words, m.text)
	}
	return trimName(strings.Join(words, " ")), conf
}

// goesOn reports whether the name does not end with its last line: "VĂN PHÒNG" is
// an office of what follows, and "SỞ NÔNG NGHIỆP VÀ MÔI" a name cut in two. A bare
// "TRƯỜNG" begins no name, either: nothing but the name's own end follows it.
func goesOn(lines []string, next string) bool {
	last := lines[len(lines)-1]
	if len(lines) == 1 && roles().openHeads[last] {
		return true
	}
	whole, known := roles().unspaced[plain(last+next)]
	return known && roles().heads[whole.text]
}

// beginsAgency reports whether a name can begin with the line; otherwise the
// line goes on with the name above it.
func beginsAgency(line string) bool {
	words := strings.Fields(line)
	for n := min(len(words), len(phrases())-1); n > 0; n-- {
		text := strings.TrimRight(strings.Join(words[:n], " "), ",")
		if roles().tails[text] {
			return false
		}
		if roles().heads[text] {
			return true
		}
	}
	return false
}

func mostlyCaps(s string) bool {
	upper, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	return upper >= 2 && 3*upper >= 2*all
}

// organFields gives the last agency as the issuing one and those above as superior.
func organFields(agencies []agency) record.Fields {
	out := record.Fields{}
	if len(agencies) == 0 {
		return out
	}
	last := len(agencies) - 1
	out[record.OrganName] = agencies[last].field("organ/header")
	if last > 0 {
		all := agency{conf: 1}
		for _, a := range agencies[:last] {
			all.rows, all.lines = append(all.rows, a.rows...), append(all.lines, a.lines...)
			all.conf *= a.conf
		}
		out[record.SuperiorOrgan] = all.field("organ/above")
	}
	return out
}

// headless is for a name that begins as none that is known does: its first word,
// which says what kind of agency it is, may have been lost.
const headless = 0.75

func (a agency) field(rule string) record.Field {
	value := strings.Join(a.lines, "\n")
	if !beginsAgency(a.lines[0]) {
		a.conf = min(a.conf, headless)
	}
	a.conf = min(a.conf, a.namesake())
	return record.Field{Value: value, Normal: oneSpace(value), Confidence: round(a.conf),
		Status: record.Read, Rule: rule, Evidence: evidence(a.rows...)}
}
