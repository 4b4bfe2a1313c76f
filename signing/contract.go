package signing

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// A Source is a PDF to read: a bytes.Reader, an io.SectionReader over a file, or
// what this package returned.
type Source = pdf.Source

// MaxBytes is the largest file that is sealed: a byte range has numbers of ten
// digits, and one document is not larger.
const MaxBytes = 1 << 30

// engineBytes is the largest file that the engine gets: it takes nine to ten times
// its size in memory, and twice to three times the processor time of our own writer on one of 8 MB.
const engineBytes = 4 << 20

// What our writers put into a catalog and a page. Anything else is not ours.
var (
	catalogKeys = []pdf.Name{"Type", "Pages", "Metadata", "OutputIntents", "Lang", "MarkInfo", "StructTreeRoot", "ViewerPreferences", "PageLabels", "PageLayout", "PageMode", "AcroForm", "DSS", "AF", "Names"}
	pageKeys    = []pdf.Name{"Type", "Parent", "MediaBox", "CropBox", "Rotate", "Resources", "Contents", "Annots", "UserUnit", "StructParents", "Tabs"}
)

// open reads a file and looks whether it is one of ours: as it was before its
// first signature it keeps the input contract. What came since is for
// earlierSealsHold to judge. The error is a refusal with a reason.
func open(in Source) (*pdf.File, error) {
	if in.Size() > MaxBytes {
		return nil, record.Refuse(record.TooLargeToSign, nil, "open a PDF to sign: %d bytes, the limit is %d", in.Size(), int64(MaxBytes))
	}
	f, err := pdf.Open(in, in.Size(), pdf.DefaultLimits())
	if err == nil {
		err = ours(f, in)
	}
	if err != nil {
		return nil, record.Refuse(record.NotOurs, err, "open a PDF to sign")
	}
	return f, nil
}

// ours looks at the structure of the whole file, and at the file before its first
// signature.
func ours(f *pdf.File, in Source) error {
	if odd := f.Anomalies(); len(odd) > 0 {
		return fmt.Errorf("structure: %.200s", odd[0])
	}
	if f.Encrypted() {
		return fmt.Errorf("encrypted")
	}
	revisions := f.Revisions()
	if n := len(revisions); n == 0 || revisions[n-1].End != in.Size() && revisions[n-1].EOF != in.Size() {
		return fmt.Errorf("bytes after the last revision")
	}
	first, err := beforeSignatures(f)
	if err != nil {
		return err
	}
	return contract(first, in)
}

// beforeSignatures returns the file as it was before its first signature.
func beforeSignatures(f *pdf.File) (*pdf.File, error) {
	all, err := signatures(f)
	if err != nil || len(all) == 0 {
		return f, nil // what has no signatures that can be read keeps the contract whole
	}
	for i, r := range f.Revisions() {
		if i > 0 && r.End >= all[0].covered {
			return f.AsOf(i - 1)
		}
	}
	return f, nil
}

// contract looks whether everything in the file is as our writers make it, so that
// the engine cannot damage it.
func contract(f *pdf.File, in Source) error {
	head := make([]byte, 9)
	if _, err := in.ReadAt(head, 0); err != nil {
		return err
	}
	if f.Version() != "1.7" || string(head) != "%PDF-1.7\n" {
		return fmt.Errorf("header says version %.10q, want 1.7", f.Version())
	}
	for i, r := range f.Revisions() {
		if r.XRefStream || r.Hybrid || r.Trailer["XRefStm"] != nil {
			return fmt.Errorf("revision %d has no classic cross-reference table alone", i+1)
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

// forEngine returns the bytes of a file that the engine cannot damage: it keeps
// the contract whole, has no text that the engine would take for its own, and is
// not too large for it. Nil: it is sealed by our own writer.
func forEngine(f *pdf.File, in Source) ([]byte, error) {
	if in.Size() > engineBytes || contract(f, in) != nil {
		return nil, nil
	}
	data := make([]byte, in.Size())
	if _, err := in.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, err
	}
	for _, mark := range placeholders() {
		if bytes.Contains(data, mark) {
			return nil, record.Refuse(record.NotOurs, nil, "open a PDF to sign: the text %.30q of a signature placeholder stands in it", mark)
		}
	}
	return data, nil
}

// formOurs looks whether the form, if there is one, holds signature fields alone.
func formOurs(f *pdf.File, v any) error {
	if v == nil {
		return nil
	}
	form, direct := v.(pdf.Dict)
	if !direct {
		return fmt.Errorf("the form is no direct dictionary of the catalog")
	}
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
