package field

import (
	"maps"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// Extract reads the fields of a document's header and close from its pages in
// order. Fields that nothing supports are left out; a page without text, in
// another language or without a header gives few or none.
func Extract(pages []record.Page) record.Fields {
	out := record.Fields{}
	var sheets []sheet
	for _, p := range pages {
		sheets = append(sheets, layout(p))
	}
	from := 0.0
	for i, s := range sheets[:min(len(sheets), 3)] {
		h, ok := findHeader(s)
		if !ok {
			continue
		}
		h.recall = recallOf(sheets)
		maps.Copy(out, readHeader(h))
		sheets, from = sheets[i:], h.bottom
		break
	}
	maps.Copy(out, readClosing(sheets, from))
	return out
}

func readHeader(h header) record.Fields {
	out := readDate(h)
	n, hasNumber := findNumber(h)
	agencies := findAgencies(h, n.row, hasNumber)
	maps.Copy(out, organFields(agencies))
	organ := ""
	if len(agencies) > 0 {
		organ = strings.Join(agencies[len(agencies)-1].lines, " ")
	}
	t, titled := findTitle(h)
	if hasNumber {
		out[record.CodeNumber] = numberField(n, h.printHeight())
		if f, ok := notationField(n, organ, t.kind); ok {
			out[record.CodeNotation] = f
		}
	}
	letter, opened := letterSubject(h, n, hasNumber, !titled)
	switch {
	case opened || !titled && len(letter) > 0:
		maps.Copy(out, letterFields(letter, opened))
	case titled:
		maps.Copy(out, titleFields(h, t, out[record.CodeNotation].Normal))
	}
	maps.Copy(out, readMarks(h))
	return out
}

// letterFields are the type and subject of a letter (công văn), which prints no
// type: the subject under its number tells.
func letterFields(rows []row, opened bool) record.Fields {
	out := record.Fields{record.TypeName: {
		Value: "Công văn", Normal: "Công văn", Code: "22", Confidence: map[bool]float64{true: 0.93, false: 0.6}[opened],
		Status: record.Read, Rule: "kind/letter", Evidence: evidence(rows[0].tokens),
	}}
	var tokens [][]token
	for _, r := range rows {
		tokens = append(tokens, r.tokens)
	}
	if f, ok := subjectField(tokens, "subject/under-number", map[bool]float64{true: 1, false: 0.6}[opened]); ok {
		out[record.Subject] = f
	}
	return out
}

// titleFields are the type and subject of every other document.
func titleFields(h header, t title, notation string) record.Fields {
	out := record.Fields{record.TypeName: t.field(h, notation)}
	if f, ok := subjectField(titleSubject(h, t), "subject/below-type", 1); ok {
		out[record.Subject] = f
	}
	return out
}

func readClosing(sheets []sheet, from float64) record.Fields {
	out := record.Fields{}
	c, ok := findClosing(sheets, from)
	if !ok {
		return out
	}
	lines, next := readTitle(c)
	if f, ok := titleField(lines); ok {
		out[record.SignerTitle] = f
		if f, ok := nameField(c, next); ok {
			out[record.SignerName] = f
		}
	}
	return out
}
