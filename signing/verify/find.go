package verify

import (
	"context"
	"fmt"
	"io"
	"slices"

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
const maxFields = 50_000

// A document is the file with what was read of it once.
type document struct {
	r         io.ReaderAt
	size      int64
	sums      *sums
	last      *pdf.File
	revisions []pdf.Revision
	forms     []form // by revision
	recent    []kept // the last files that at made
}

type kept struct {
	revision int
	file     *pdf.File
}

// at returns the file as it was after a revision. Only a few are kept: each has
// an index of all objects.
func (d *document) at(revision int) *pdf.File {
	const enough = 4
	for i, k := range d.recent {
		if k.revision == revision {
			d.recent = append(slices.Delete(d.recent, i, i+1), k)
			return k.file
		}
	}
	f, err := d.last.AsOf(revision)
	if err != nil {
		panic(err) // only a revision that does not exist fails
	}
	d.recent = append(d.recent, kept{revision, f})
	d.recent = d.recent[max(0, len(d.recent)-enough):]
	return f
}

// openDocument opens the file as it was after each revision.
func openDocument(ctx context.Context, r io.ReaderAt, size int64, l pdf.Limits) (*document, error) {
	f, err := pdf.Open(r, size, l)
	if err != nil {
		return nil, err
	}
	if err := f.Unlock(); err != nil {
		return nil, err
	}
	d := &document{r: r, size: size, last: f, revisions: f.Revisions()}
	if _, err := f.Catalog(); err != nil {
		return nil, err
	}
	budget := maxFields
	for i := range d.revisions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fields, err := readForm(d.at(i), &budget)
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
	for i := range d.revisions {
		g := d.at(i)
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
	for i := range d.revisions {
		g := d.at(i)
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
