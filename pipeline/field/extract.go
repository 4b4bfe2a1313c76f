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
	if hasNumber {
		out[record.CodeNumber] = numberField(n, digitHeight(h.right))
		if f, ok := notationField(n, organ); ok {
			out[record.CodeNotation] = f
		}
	}
	maps.Copy(out, readSubject(h, n, hasNumber, out[record.CodeNotation].Normal))
	maps.Copy(out, readMarks(h))
	return out
}

// readSubject reads type and subject: under the number for a letter, below the
// header for everything else.
func readSubject(h header, n numberLine, hasNumber bool, notation string) record.Fields {
	out := record.Fields{}
	letter := letterSubject(h, n, hasNumber)
	t, titled := title{}, false
	if len(letter) == 0 {
		t, titled = findTitle(h)
	}
	if f, ok := kindField(h, t, titled, letter, notation); ok {
		out[record.TypeName] = f
	}
	rows, rule := [][]token{}, "subject/below-type"
	if titled {
		rows = titleSubject(h, t)
	}
	for _, r := range letter {
		rows, rule = append(rows, r.tokens), "subject/under-number"
	}
	if f, ok := subjectField(rows, rule); ok {
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
