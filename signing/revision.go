package signing

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/stamp"
)

// Our own writer appends signature fields whose value is still empty: document
// time-stamps, and the seals that the engine cannot make.

const (
	rangeWidth  = 10 // digits of a number in a byte range
	emptyRange  = "[0 ?????????? ?????????? ??????????]"
	rangeFormat = "[0 %0*d %0*d %0*d]"
)

// emptyValue is a place of so many bytes for a signature value.
func emptyValue(n int) pdf.Raw { return pdf.Raw("<" + hex.EncodeToString(make([]byte, n)) + ">") }

// appendEmptySeal appends what the engine would: a signature that shows the mark,
// with room for its value.
func appendEmptySeal(f *pdf.File, in Source, r Request, mark *stamp.Mark) (Source, error) {
	update, err := pdf.NewUpdate(f)
	if err != nil {
		return nil, fmt.Errorf("append a signature: %w", err)
	}
	appearance, err := mark.Appearance(func(object []byte) (uint32, error) { return uint32(update.Add(pdf.Raw(object)).Num), nil })
	if err != nil {
		return nil, fmt.Errorf("append a signature: %w", err)
	}
	rect := pdf.Array{mark.Rect[0], mark.Rect[1], mark.Rect[2], mark.Rect[3]}
	return appendEmptyField(f, in, update, valueBytes, pdf.Dict{
		"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.CAdES.detached"), "M": pdf.Date(r.Time.In(stamp.Vietnam)),
	}, pdf.Dict{"Rect": rect, "AP": pdf.Dict{"N": update.Add(pdf.Raw(appearance))}}, "Signature")
}

// appendEmptyField adds to update a signature field on page 1 with a value of room
// bytes, and returns in with all that behind it, the byte range filled in.
func appendEmptyField(f *pdf.File, in Source, update *pdf.Update, room int, value, widget pdf.Dict, name string) (Source, error) {
	value["ByteRange"], value["Contents"] = pdf.Raw(emptyRange), emptyValue(room)
	ref := update.Add(value)
	widget["Type"], widget["Subtype"], widget["FT"], widget["F"] = pdf.Name("Annot"), pdf.Name("Widget"), pdf.Name("Sig"), 4|128
	widget["V"] = ref
	if err := addField(f, update, widget, name); err != nil {
		return nil, fmt.Errorf("append a signature: %w", err)
	}
	var tail bytes.Buffer
	if _, err := update.WriteTo(&tail); err != nil {
		return nil, err
	}
	revision := tail.Bytes()
	if err := fillByteRange(revision, in.Size(), update.Offset(ref), room); err != nil {
		return nil, fmt.Errorf("append a signature: %w", err)
	}
	return pdf.Append(in, revision), nil
}

// addField puts the field into form and page 1, each list where it was.
func addField(f *pdf.File, update *pdf.Update, widget pdf.Dict, name string) error {
	catalog, err := f.Catalog()
	if err != nil {
		return err
	}
	pages, err := f.Pages()
	if err != nil {
		return err
	}
	root, ok := f.Trailer()["Root"].(pdf.Ref)
	if !ok || len(pages) == 0 {
		return errors.New("the file has no catalog or no pages")
	}
	widget["P"], widget["T"] = pages[0].Ref, pdf.String(freeName(f, catalog, name))
	field := update.Add(widget)
	if page := pages[0].Dict; addTo(f, update, page, "Annots", field) {
		update.Set(pages[0].Ref, page)
	}
	form := f.Dict(catalog["AcroForm"])
	if form == nil {
		form = pdf.Dict{}
	}
	addTo(f, update, form, "Fields", field)
	flags, _ := f.Int(form["SigFlags"])
	form["SigFlags"] = flags | 3
	if ref, indirect := catalog["AcroForm"].(pdf.Ref); indirect {
		update.Set(ref, form)
		return nil
	}
	catalog["AcroForm"] = form
	update.Set(root, catalog)
	return nil
}

// addTo appends field to the list at key of d, and reports whether d itself has
// changed: the list may be an object of its own.
func addTo(f *pdf.File, update *pdf.Update, d pdf.Dict, key pdf.Name, field pdf.Ref) bool {
	list := append(slices.Clone(f.Array(d[key])), field)
	if ref, indirect := d[key].(pdf.Ref); indirect {
		update.Set(ref, list)
		return false
	}
	d[key] = list
	return true
}

// freeName is a name that no field has.
func freeName(f *pdf.File, catalog pdf.Dict, name string) string {
	taken := map[string]bool{}
	fields := f.Array(f.Dict(catalog["AcroForm"])["Fields"])
	for _, v := range fields {
		taken[f.String(f.Dict(v)["T"]).Text()] = true
	}
	for n := len(fields) + 1; ; n++ {
		if free := fmt.Sprintf("%s %d", name, n); !taken[free] {
			return free
		}
	}
}

// fillByteRange writes the byte range into a revision that is appended at offset;
// the value with its empty place is the object at the offset object of the file.
func fillByteRange(revision []byte, offset, object int64, room int) error {
	place := []byte(emptyValue(room))
	from := revision[object-offset:]
	start, at := bytes.Index(from, place), bytes.Index(from, []byte(emptyRange))
	if start < 0 || at < 0 {
		return errors.New("the place of the value cannot be found")
	}
	begins := object + int64(start)
	ends := begins + int64(len(place))
	text := fmt.Sprintf(rangeFormat, rangeWidth, begins, rangeWidth, ends, rangeWidth, offset+int64(len(revision))-ends)
	if len(text) != len(emptyRange) {
		return errors.New("the file is too long")
	}
	copy(from[at:], text)
	return nil
}
