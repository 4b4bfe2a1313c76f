package signing

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// maxBytes is the largest file that is sealed: the engine takes nine to ten times
// its size in memory.
const maxBytes = 256 << 20

// What our writers put into a catalog and a page. Anything else is not ours.
var (
	catalogKeys = []pdf.Name{"Type", "Pages", "Metadata", "OutputIntents", "Lang", "MarkInfo", "StructTreeRoot", "ViewerPreferences", "PageLabels", "PageLayout", "PageMode", "AcroForm", "DSS"}
	pageKeys    = []pdf.Name{"Type", "Parent", "MediaBox", "CropBox", "Rotate", "Resources", "Contents", "Annots", "UserUnit", "StructParents", "Tabs"}
)

// open reads a file and holds it against the input contract: everything in it is
// as our writers make it, so that the engine cannot damage it. The error is a
// refusal with a reason.
func open(in []byte) (*pdf.File, error) {
	if len(in) > maxBytes {
		return nil, record.Refuse(record.TooLargeToSign, nil, "open a PDF to sign: %d bytes, the limit is %d", len(in), maxBytes)
	}
	f, err := pdf.Open(bytes.NewReader(in), int64(len(in)), pdf.DefaultLimits())
	if err != nil {
		return nil, record.Refuse(record.NotOurs, err, "open a PDF to sign")
	}
	if err := contract(f, in); err != nil {
		return nil, record.Refuse(record.NotOurs, err, "open a PDF to sign")
	}
	return f, nil
}

func contract(f *pdf.File, in []byte) error {
	if f.Version() != "1.7" || !bytes.HasPrefix(in, []byte("%PDF-1.7\n")) {
		return fmt.Errorf("header says version %.10q, want 1.7", f.Version())
	}
	if odd := f.Anomalies(); len(odd) > 0 {
		return fmt.Errorf("structure: %.200s", odd[0])
	}
	if err := revisionsOurs(f, len(in)); err != nil {
		return err
	}
	for _, mark := range placeholders() {
		if bytes.Contains(in, mark) {
			return fmt.Errorf("the text %.30q of a signature placeholder stands in it", mark)
		}
	}
	catalog, err := f.Catalog()
	if err != nil {
		return err
	}
	if err := only("catalog", catalog, catalogKeys); err != nil {
		return err
	}
	if err := formOurs(f, catalog["AcroForm"]); err != nil {
		return err
	}
	pages, err := f.Pages()
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		return fmt.Errorf("no pages")
	}
	return pageOurs(pages[0])
}

func revisionsOurs(f *pdf.File, size int) error {
	if f.Encrypted() {
		return fmt.Errorf("encrypted")
	}
	revisions := f.Revisions()
	for i, r := range revisions {
		if r.XRefStream || r.Hybrid || r.Trailer["XRefStm"] != nil {
			return fmt.Errorf("revision %d has no classic cross-reference table alone", i+1)
		}
	}
	if n := len(revisions); n == 0 || revisions[n-1].End != int64(size) {
		return fmt.Errorf("bytes after the last revision")
	}
	return nil
}

// formOurs looks whether the form, if there is one, holds signature fields alone.
func formOurs(f *pdf.File, v any) error {
	if v == nil {
		return nil
	}
	form := f.Dict(v)
	if err := only("form", form, []pdf.Name{"Fields", "SigFlags"}); err != nil {
		return err
	}
	for _, field := range f.Array(form["Fields"]) {
		ref, isRef := field.(pdf.Ref)
		d := f.Dict(field)
		if !isRef || f.Name(d["FT"]) != "Sig" || f.Dict(d["V"]) == nil || d["Kids"] != nil {
			return fmt.Errorf("field %v of the form is no filled-in signature field", ref)
		}
	}
	return nil
}

// pageOurs looks whether the engine can write the page again without harm.
func pageOurs(p pdf.PageRef) error {
	if err := only("page 1", p.Dict, pageKeys); err != nil {
		return err
	}
	if _, direct := p.Dict["Resources"].(pdf.Dict); !direct {
		return fmt.Errorf("resources of page 1 are not its own direct dictionary")
	}
	if p.Ref.Gen != 0 {
		return fmt.Errorf("page 1 has generation %d", p.Ref.Gen)
	}
	for _, key := range []pdf.Name{"Contents", "Annots"} {
		refs, isArray := p.Dict[key].(pdf.Array)
		if !isArray {
			refs = pdf.Array{p.Dict[key]}
		}
		for _, v := range refs {
			_, isRef := v.(pdf.Ref)
			if absent := v == nil && key == "Annots"; !isRef && !absent || isRef && key == "Annots" && !isArray {
				return fmt.Errorf("/%s of page 1 is not made of references", key)
			}
		}
	}
	return nil
}

// only looks whether d has no other keys and no value that needs an escape.
func only(what string, d pdf.Dict, keys []pdf.Name) error {
	if d == nil {
		return fmt.Errorf("%s is no dictionary", what)
	}
	for k, v := range d {
		if !slices.Contains(keys, k) {
			return fmt.Errorf("%s has an entry /%.40s", what, k)
		}
		if !plain(v) {
			return fmt.Errorf("/%s of %s has a name or string that needs an escape", k, what)
		}
	}
	return nil
}

// plain reports whether v can be written without any escape.
func plain(v any) bool {
	switch v := v.(type) {
	case pdf.Name:
		return !bytes.ContainsFunc([]byte(v), func(r rune) bool {
			return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '.' && r != '_' && r != '+'
		})
	case pdf.String:
		return !bytes.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' || r == '(' || r == ')' || r == '\\' })
	case pdf.Array:
		return !slices.ContainsFunc(v, func(e any) bool { return !plain(e) })
	case pdf.Dict:
		for k, e := range v {
			if !plain(k) || !plain(e) {
				return false
			}
		}
	case *pdf.Stream:
		return false
	}
	return true
}
