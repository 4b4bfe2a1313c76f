package field

import "github.com/sohoa/sohoa/record"

// A Reader reads with an agency's own places and forms besides the embedded ones.
type Reader struct {
	forms  []Form
	places gazetteer
}

// NewReader returns a Reader that knows these places and forms; forms nil stands
// for those that come with the program.
func NewReader(places []Place, forms []Form) *Reader {
	if forms == nil {
		forms = Forms()
	}
	return &Reader{forms: forms, places: newGazetteer(places)}
}

// Extract reads the fields of a document's header and close from its pages in
// order. Fields that nothing supports are left out; a page without text, in
// another language or without a header gives few or none.
func (r *Reader) Extract(pages []record.Page) record.Fields {
	return read(pages, r.places).fields()
}

// Describe reads what a document says beyond its header and close: to whom it is
// sent, what it rests on, who gets it, which persons and dossiers it names, and
// which of its pages are attachments. If it is one of the forms, its fields too.
func (r *Reader) Describe(pages []record.Page) record.Particulars {
	d := read(pages, r.places)
	out := record.Particulars{Language: language(d.sheets), Codes: d.codes(), Addressees: d.addressees(), Bases: d.bases(), Parts: d.parts(pages)}
	out.Recipients, out.Filed = recipientsOf(d.ownSheets())
	if form, fields, ok := ReadForm(pages, r.forms); ok {
		out.Form, out.FormFields = form.ID, fields
	}
	return out
}

var common = NewReader(nil, nil)

// Extract is Reader.Extract with the embedded places and forms.
func Extract(pages []record.Page) record.Fields { return common.Extract(pages) }

// Describe is Reader.Describe with the embedded places and forms.
func Describe(pages []record.Page) record.Particulars { return common.Describe(pages) }
