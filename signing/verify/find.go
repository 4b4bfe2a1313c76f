package verify

import (
	"fmt"
	"io"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A found signature is a signature dictionary, in the revision that brought it.
type found struct {
	name     string  // of the field, fully qualified
	field    pdf.Ref // zero: no field leads to it
	ref      pdf.Ref // of the dictionary; zero: it is no object of its own
	dict     pdf.Dict
	revision int
	widget   pdf.Dict // the field's own dictionary in that revision
}

// maxFields bounds the form fields that are visited in all revisions together.
const maxFields = 200_000

// A document is the file with what was read of it once.
type document struct {
	r         io.ReaderAt
	size      int64
	last      *pdf.File
	revisions []pdf.Revision
	asOf      []*pdf.File
	forms     []form // by revision
}

// openDocument opens the file as it was after each revision.
func openDocument(r io.ReaderAt, size int64, l pdf.Limits) (*document, error) {
	f, err := pdf.Open(r, size, l)
	if err != nil {
		return nil, err
	}
	if f.Encrypted() {
		return nil, pdf.ErrEncrypted
	}
	d := &document{r: r, size: size, last: f, revisions: f.Revisions()}
	if _, err := f.Catalog(); err != nil {
		return nil, err
	}
	budget := maxFields
	for i := range d.revisions {
		g, err := f.AsOf(i)
		if err != nil {
			return nil, err
		}
		d.asOf = append(d.asOf, g)
		fields, err := readForm(g, &budget)
		if err != nil {
			return nil, fmt.Errorf("read the form of revision %d: %w", i, err)
		}
		d.forms = append(d.forms, fields)
	}
	return d, nil
}

// signatures lists every signature dictionary that any revision holds: first
// those that a field leads to, in the order of their revisions, then those that
// no field leads to.
func (d *document) signatures() ([]found, error) {
	var all []found
	known := map[pdf.Ref]bool{}
	for i, g := range d.asOf {
		for _, field := range d.forms[i].fields {
			if field.kind != "Sig" || field.value == nil {
				continue
			}
			ref, _ := field.value.(pdf.Ref)
			if known[ref] && ref != (pdf.Ref{}) {
				continue
			}
			if ref == (pdf.Ref{}) && i > 0 && d.forms[i-1].hasValue(field.ref) {
				continue
			}
			known[ref] = true
			all = append(all, found{name: field.name, field: field.ref, ref: ref, dict: g.Dict(field.value), revision: i, widget: field.dict})
		}
	}
	hidden, err := d.hidden(known)
	return append(all, hidden...), err
}

// hidden finds dictionaries that look like signatures and that no field leads to.
func (d *document) hidden(known map[pdf.Ref]bool) ([]found, error) {
	var all []found
	for i, g := range d.asOf {
		for num, e := range d.revisions[i].Entries {
			ref := pdf.Ref{Num: num, Gen: e.Gen}
			if e.Kind == pdf.Free || known[ref] {
				continue
			}
			v, err := g.Get(ref)
			if err != nil {
				continue // no object: nothing can lead to it either
			}
			dict, ok := v.(pdf.Dict)
			if !ok || dict["ByteRange"] == nil || dict["Contents"] == nil {
				continue
			}
			known[ref] = true
			all = append(all, found{ref: ref, dict: dict, revision: i})
		}
	}
	return all, nil
}
