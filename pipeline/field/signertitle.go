package field

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

// titleField joins the lines. A deputy below a chief signs for the chief (KT.),
// whatever recognition made of the two letters; a chief's office twice is that of
// the chief and the deputy's.
func titleField(lines []titleLine) (record.Field, bool) {
	if len(lines) == 0 {
		return record.Field{}, false
	}
	conf, rule := 1.0, "signer/title"
	values, texts := make([]string, len(lines)), make([]string, len(lines))
	var rows [][]token
	for i, l := range lines {
		values[i], texts[i] = l.text, l.text
		if d, ok := twice(lines, i); ok {
			texts[i-1], texts[i] = "KT. "+texts[i-1], strings.ToUpper(d.name.text)
			conf, rule = min(conf, expectedBy), "signer/title-expected"
		}
		if next := i + 1; next < len(lines) && l.authority == "" && l.office != "" && chiefOf(lines[next].office) == l.office {
			values[i], texts[i] = "KT. "+l.text, "KT. "+l.text
			l.conf = min(l.conf, 0.75)
		}
		if next := i + 1; next < len(lines) && delegates(l, lines[next]) {
			texts[i], conf, rule = "TL. "+l.text, min(conf, expectedBy), "signer/title-expected"
		}
		rows = append(rows, l.tokens)
		conf *= l.conf
	}
	if unheard(lines) {
		conf = min(conf, 0.6)
	}
	last := lines[len(lines)-1]
	if last.authority == "KT." || strings.HasPrefix(last.authority, "T") {
		conf = min(conf, 0.5) // who signs for them is missing
	}
	f := record.Field{Value: strings.Join(values, "\n"), Normal: oneSpace(strings.Join(texts, " ")), Confidence: round(conf),
		Status: record.Read, Rule: rule, Evidence: evidence(rows...)}
	if last.authority == "TM." && chairs[strings.TrimPrefix(last.text, last.shown+" ")] {
		f.Normal, f.Rule, f.Confidence = f.Normal+" CHỦ TỊCH", "signer/title-expected", min(round(conf*1.2), expectedBy)
	}
	if deputy, ok := deputyOf(last); ok {
		f.Normal, f.Rule, f.Confidence = f.Normal+" "+strings.ToUpper(deputy.name.text), "signer/title-expected", min(round(conf*1.2), expectedBy)
	}
	return f, true
}

// chairs are the bodies on whose behalf the chair signs, unless a deputy does, whose
// two lines are seldom lost both.
var chairs = map[string]bool{"ỦY BAN NHÂN DÂN": true, "HỘI ĐỒNG NHÂN DÂN": true}

// twice returns the deputy of a chief whose office stands on line i and on the one
// above: PHÓ was lost before the second, KT. before the first.
func twice(lines []titleLine, i int) (office, bool) {
	if i == 0 || lines[i].office == "" || lines[i].office != lines[i-1].office || lines[i].authority != "" || lines[i-1].authority != "" {
		return office{}, false
	}
	return deputyOf(titleLine{authority: "KT.", office: lines[i].office})
}

// delegates reports whether a chief stands bare above the head of an office that is
// none of the chief's deputies: TL. was lost.
func delegates(above, below titleLine) bool {
	return above.authority == "" && below.authority == "" && above.office != "" && below.office != "" &&
		above.office != below.office && chiefOf(above.office) == "" && chiefOf(below.office) == ""
}

// unheard reports whether a deputy signs and the chief's line is not there: a line
// was lost.
func unheard(lines []titleLine) bool {
	last := lines[len(lines)-1]
	if chiefOf(last.office) == "" || last.authority != "" {
		return false
	}
	if len(lines) == 1 {
		return true
	}
	above := lines[len(lines)-2]
	return above.authority == "TM." && strings.Contains(above.text, "NHÂN DÂN") || above.authority == "Q." // under a BAN deputies sign by themselves
}

func chiefOf(name string) string {
	for _, o := range offices() {
		if name != "" && o.name.text == name {
			return o.chief
		}
	}
	return ""
}

// startsWithOffice reports whether the row begins with an office of two words or more.
func startsWithOffice(tokens []token) bool {
	for _, o := range offices() {
		if n, _ := begins(tokens, o.name, 0.88); n >= o.name.words && n >= 2 {
			return true
		}
	}
	return false
}
