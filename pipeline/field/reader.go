package field

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/sohoa/sohoa/record"
)

// A Reader reads with an agency's own places and forms besides the embedded ones.
// A nil Reader knows the embedded ones.
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

// OpenReader returns a Reader that knows an operator's own rules: the forms
// (*.form) and places (*.places) in a folder. A form of the operator's takes the
// place of an embedded one of the same name. What is wrong with any file is an
// error: a worker must not start with half its rules.
func OpenReader(rules fs.FS) (*Reader, error) {
	own, err := LoadForms(rules, ".")
	forms := slices.DeleteFunc(Forms(), func(f Form) bool {
		return slices.ContainsFunc(own, func(o Form) bool { return o.ID == f.ID })
	})
	places, wrong := loadPlaces(rules)
	return NewReader(places, append(own, forms...)), errors.Join(err, wrong)
}

// loadPlaces reads all *.places files of a folder.
func loadPlaces(rules fs.FS) ([]Place, error) {
	names, err := fs.Glob(rules, "*.places")
	if err != nil {
		return nil, fmt.Errorf("list the places: %w", err)
	}
	var all []Place
	var errs []error
	for _, name := range names {
		f, err := rules.Open(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("open places: %w", err))
			continue
		}
		places, err := ParsePlaces(name, f)
		f.Close()
		all, errs = append(all, places...), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// Forms returns the forms that the Reader knows.
func (r *Reader) Forms() []Form { return slices.Clone(r.orCommon().forms) }

// Read reads everything: Extract and Describe, the layout found once.
func (r *Reader) Read(pages []record.Page) (record.Fields, record.Particulars) {
	r = r.orCommon()
	d := read(pages, r.places)
	return d.fields(), r.describe(d, pages)
}

// Extract reads the fields of a document's header and close from its pages in
// order. Fields that nothing supports are left out; a page without text, in
// another language or without a header gives few or none.
func (r *Reader) Extract(pages []record.Page) record.Fields {
	return read(pages, r.orCommon().places).fields()
}

// Describe reads what a document says beyond its header and close: to whom it is
// sent, what it rests on, who gets it, which persons and dossiers it names, and
// which of its pages are attachments. If it is one of the forms, its fields too.
func (r *Reader) Describe(pages []record.Page) record.Particulars {
	r = r.orCommon()
	return r.describe(read(pages, r.places), pages)
}

func (r *Reader) describe(d document, pages []record.Page) record.Particulars {
	out := record.Particulars{Language: language(d.sheets), Addressees: d.addressees(), Bases: d.bases(), Parts: d.parts(pages)}
	out.Recipients, out.Filed = recipientsOf(d.ownSheets())
	out.Codes = withSymbols(d.codes(), symbolCodes(pages))
	if form, fields, ok := readForm(d.all, r.forms); ok {
		form.contradict(fields, cardsOn(pages), out.Codes)
		out.Form, out.FormFields = form.ID, fields
	}
	return out
}

func (r *Reader) orCommon() *Reader {
	if r == nil {
		return common()
	}
	return r
}

var common = sync.OnceValue(func() *Reader { return NewReader(nil, nil) })

// Extract is Reader.Extract with the embedded places and forms.
func Extract(pages []record.Page) record.Fields { return common().Extract(pages) }

// Describe is Reader.Describe with the embedded places and forms.
func Describe(pages []record.Page) record.Particulars { return common().Describe(pages) }
