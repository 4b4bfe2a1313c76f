package field

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// Describe reads what a document says beyond its header and close: to whom it is
// sent, what it rests on, who gets it, which persons and dossiers it names, and
// which of its pages are attachments. If it is one of the forms, its fields too.
func Describe(pages []record.Page, forms []Form) record.Particulars {
	d := read(pages)
	out := record.Particulars{Language: language(d.sheets), Codes: d.codes()}
	own := d.ownSheets()
	out.Addressees = d.addressees()
	out.Bases = d.bases()
	out.Recipients, out.Filed = recipientsOf(own)
	out.Parts = d.parts(pages)
	if form, fields, ok := ReadForm(pages, forms); ok {
		out.Form, out.FormFields = form.ID, fields
	}
	return out
}

// listField is one item of a list, its rows joined.
func listField(rule string, rows [][]token) record.Field {
	var words []string
	var all []token
	for _, tokens := range rows {
		words = append(words, row{tokens: tokens}.text())
		all = append(all, tokens...)
	}
	value := strings.Join(words, "\n")
	normal := strings.TrimLeft(oneSpace(value), "-–—+*•. ")
	normal = strings.TrimRightFunc(normal, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(";.,:/", r) })
	return record.Field{Value: value, Normal: normal, Confidence: round(0.98 * trust(all)), Status: record.Read, Rule: rule, Evidence: evidence(rows...)}
}

// opensItem reports whether a row begins with a list's dash.
func opensItem(tokens []token) bool {
	if len(tokens) == 0 {
		return false
	}
	return strings.ContainsRune("-–—+*•~", []rune(tokens[0].text)[0])
}
