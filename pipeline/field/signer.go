package field

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

var recipients = fold("Nơi nhận")

// A closing is the right half of a document's end: the rows in which title and
// name of the signer stand.
type closing struct {
	sheet sheet
	rows  []row
}

// findClosing looks for "Nơi nhận", and beside it for the signer's block; without
// it, for a title in capitals in the right half. The first is the document's own,
// later ones belong to its attachments.
func findClosing(sheets []sheet, from float64) (closing, bool) {
	for i, s := range sheets {
		top := 0.0
		if i == 0 {
			top = from
		}
		for _, r := range within(s.rows, top, math.Inf(1)) {
			if n, _ := begins(clean(r.tokens), recipients, 0.72); n > 0 && r.x0 < 0.4*s.width {
				return closing{s, rightHalf(s, r.middle()-5*s.unit)}, true
			}
		}
	}
	for i, s := range sheets {
		top := 0.0
		if i == 0 {
			top = from
		}
		for _, r := range rightHalf(s, top) {
			if _, ok := authorityOf(clean(r.tokens)); ok || isOffice(clean(r.tokens), 0.9) {
				return closing{s, rightHalf(s, r.middle()-0.5*s.unit)}, true
			}
		}
	}
	return closing{}, false
}

// rightHalf returns what stands in the right half of the rows below y: rows are
// cut at a wide gap near the middle, rows without one go where they begin.
func rightHalf(s sheet, y float64) []row {
	var out []row
	for _, r := range within(s.rows, y, math.Inf(1)) {
		at := -1
		widest := 0.9 * s.unit
		for i := 1; i < len(r.tokens); i++ {
			gap := r.tokens[i].x0 - r.tokens[i-1].x1
			if m := (r.tokens[i].x0 + r.tokens[i-1].x1) / 2; gap > widest && m > 0.3*s.width && m < 0.75*s.width {
				at, widest = i, gap
			}
		}
		switch {
		case at > 0:
			out = append(out, rowOf(slices.Clone(r.tokens[at:]), s.unit))
		case r.x0 > 0.42*s.width:
			out = append(out, r)
		}
	}
	return out
}

// A titleLine is one line of the signer's title as the lists have it.
type titleLine struct {
	text      string
	tokens    []token
	conf      float64
	authority string // TM., KT., TL., TUQ., Q.
	office    string
}

var authorities = []string{"TM", "KT", "TL", "TUQ", "Q", "T/M", "T/L"}

// authorityOf returns the authority that the row begins with.
func authorityOf(tokens []token) (string, bool) {
	if len(tokens) < 2 {
		return "", false
	}
	text := strings.ToUpper(strings.TrimFunc(tokens[0].text, unicode.IsPunct))
	if slices.Contains(authorities, text) && isCaps(row{tokens: tokens}.text()) {
		return text + ".", true
	}
	return "", false
}

func isOffice(tokens []token, least float64) bool {
	_, s := bestOffice(row{tokens: tokens}.text(), "")
	return s >= least && mostlyCaps(row{tokens: tokens}.text())
}

// bestOffice returns the office that text reads like. under is the chief for whom
// it would sign: a deputy of that chief is likelier than any other office.
func bestOffice(text, under string) (office, float64) {
	var best office
	score, read := 0.0, fold(text)
	for _, o := range offices {
		s := read.like(o.name, 0.6)
		if s > 0 && s < 0.995 && under != "" && o.chief == under {
			s += 0.08
		}
		if s > score {
			best, score = o, s
		}
	}
	return best, min(score, 1)
}

// readTitle reads the lines of the title from the top of the closing; next is
// the row after it.
func readTitle(c closing) (lines []titleLine, next int) {
	for i, r := range c.rows {
		tokens := clean(r.tokens)
		if len(lines) > 0 && r.middle()-c.rows[next-1].middle() > 3.2*c.sheet.unit {
			break
		}
		line, ok := readTitleLine(tokens, lines)
		if !ok {
			continue
		}
		lines, next = append(lines, line), i+1
		if line.office != "" && line.authority == "" && len(lines) > 3 {
			break
		}
	}
	return lines, next
}

func readTitleLine(tokens []token, before []titleLine) (titleLine, bool) {
	if len(tokens) == 0 || !mostlyCaps(row{tokens: tokens}.text()) {
		return titleLine{}, false
	}
	line := titleLine{tokens: tokens, conf: 0.985}
	rest := tokens
	if a, ok := authorityOf(tokens); ok {
		line.authority, rest = a, tokens[1:]
	}
	under := ""
	if n := len(before); n > 0 {
		under = before[n-1].office
	}
	text := strings.Trim(row{tokens: rest}.text(), " .,:;")
	o, s := bestOffice(text, under)
	switch {
	case s >= 0.72 && abs(float64(letters(text)-len(o.name.runes))) <= 3:
		line.office, line.text = o.name.text, strings.ToUpper(o.name.text)
		if s < 0.9 {
			line.conf *= s
		}
	case line.authority == "TM." || line.authority == "T/M.":
		var conf float64
		line.text, conf = mendLine(rest)
		line.conf *= conf
	case line.authority != "" || startsWithOffice(rest):
		line.text, _ = mendLine(rest)
		line.conf *= trust(rest)
	default:
		return titleLine{}, false
	}
	if line.authority != "" {
		line.text = line.authority + " " + line.text
	}
	return line, true
}

// startsWithOffice reports whether a longer title begins with an office ("GIÁM ĐỐC SỞ …").
func startsWithOffice(tokens []token) bool {
	for _, o := range offices {
		if n, _ := begins(tokens, o.name, 0.88); n >= o.name.words && n >= 2 {
			return true
		}
	}
	return false
}

// titleField joins the lines. A deputy below a chief signs for the chief (KT.),
// whatever recognition made of the two letters.
func titleField(lines []titleLine) (record.Field, bool) {
	if len(lines) == 0 {
		return record.Field{}, false
	}
	conf := 1.0
	texts := make([]string, len(lines))
	var rows [][]token
	for i, l := range lines {
		if next := i + 1; next < len(lines) && l.authority == "" && l.office != "" && chiefOf(lines[next].office) == l.office {
			l.text = "KT. " + l.text
			l.conf = min(l.conf, 0.75)
		}
		texts[i] = l.text
		rows = append(rows, l.tokens)
		conf *= l.conf
	}
	if last := lines[len(lines)-1]; last.office == "" && !startsWithOffice(last.tokens) || last.authority == "KT." || last.authority == "TM." {
		conf = min(conf, 0.5)
	}
	value := strings.Join(texts, "\n")
	return record.Field{Value: value, Normal: oneSpace(value), Confidence: round(conf),
		Status: record.Read, Rule: "signer/title", Evidence: evidence(rows...)}, true
}

func chiefOf(name string) string {
	for _, o := range offices {
		if name != "" && o.name.text == name {
			return o.chief
		}
	}
	return ""
}
