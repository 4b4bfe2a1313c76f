package signing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// An addition is one revision that some program made when it signed. Programs
// write more than they must: an object stream, a form with faces for its fields,
// the metadata with another date, evidence. Everything else is refused.
type addition struct {
	was, is *pdf.File
	field   pdf.Ref      // the signature field that it adds; zero: none
	allowed map[int]bool // objects that were there and may have changed
}

// checkAddition looks whether is, the file after a revision, is the file was with
// one signature field more, or with archive data alone if field is zero. The error
// says what else was found.
func checkAddition(was, is *pdf.File, field pdf.Ref) error {
	a := addition{was, is, field, map[int]bool{}}
	for _, check := range []func() error{a.trailer, a.catalog, a.pages, a.newField, a.objects} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// What may change in an information dictionary, an entry of a form that comes with
// the first field, and what stands in a new field and in its value.
var (
	infoKeys  = []pdf.Name{"ModDate", "Producer", "Creator"}
	formKeys  = []pdf.Name{"Fields", "SigFlags", "DA", "DR", "NeedAppearances"}
	facesKeys = []pdf.Name{"Font", "Encoding", "ProcSet"}
	fieldKeys = []pdf.Name{"Type", "Subtype", "FT", "T", "TU", "TM", "Ff", "V", "Rect", "F", "AP", "AS", "P", "MK", "DA", "DR", "Q", "H", "BS", "Border", "NM", "M"}
	valueKeys = []pdf.Name{"Type", "Filter", "SubFilter", "ByteRange", "Contents", "M", "Name", "Reason", "Location", "ContactInfo", "Prop_Build", "Prop_AuthTime",
		"Prop_AuthType", "Cert", "R", "V", "DigestMethod", "TransformMethod", "TransformParams"}
)

// trailer looks at the trailer and the information dictionary.
func (a *addition) trailer() error {
	was, is := a.was.Trailer(), a.is.Trailer()
	before, after := a.was.Array(was["ID"]), a.is.Array(is["ID"])
	root, _ := is["Root"].(pdf.Ref)
	if _, old := a.was.Objects()[root.Num]; old && !same(was["Root"], root) || len(before) != 2 || len(after) != 2 || !same(before[0], after[0]) {
		return errors.New("the trailer has changed")
	}
	ref, _ := is["Info"].(pdf.Ref)
	a.allowed[ref.Num] = same(was["Info"], is["Info"])
	old, now := a.was.Dict(was["Info"]), a.is.Dict(is["Info"])
	for _, k := range differing(old, now) {
		if !slices.Contains(infoKeys, k) && !(k == "CreationDate" && old[k] == nil) {
			return fmt.Errorf("the information dictionary has another /%.40s", k)
		}
	}
	return nil
}

// catalog looks at the catalog and what hangs on it.
func (a *addition) catalog() error {
	was, err := a.was.Catalog()
	if err != nil {
		return err
	}
	is, err := a.is.Catalog()
	if err != nil {
		return err
	}
	root, _ := a.is.Trailer()["Root"].(pdf.Ref)
	a.allowed[root.Num] = true
	for _, k := range differing(was, is) {
		switch k {
		case "AcroForm", "DSS", "Metadata":
		case "Extensions":
			if a.is.Dict(is[k]) == nil || !plain(is[k]) {
				return errors.New("the catalog has /Extensions that are no plain list")
			}
		case "Version":
			if v := a.is.Name(is[k]); v < "1.4" || v > "1.7" {
				return fmt.Errorf("the catalog says that the file is of version %.10q", v)
			}
		default:
			return fmt.Errorf("the catalog has another /%.40s", k)
		}
	}
	if err := a.form(was["AcroForm"], is["AcroForm"]); err != nil {
		return err
	}
	if err := a.metadata(was["Metadata"], is["Metadata"]); err != nil {
		return err
	}
	if is["DSS"] == nil && was["DSS"] != nil {
		return errors.New("the security store was removed")
	}
	if ref, ok := is["DSS"].(pdf.Ref); ok {
		a.allowed[ref.Num] = same(was["DSS"], ref)
	}
	if ref, ok := a.is.Dict(is["DSS"])["VRI"].(pdf.Ref); ok {
		a.allowed[ref.Num] = same(a.was.Dict(was["DSS"])["VRI"], ref)
	}
	return a.tree(is["DSS"])
}

// pages looks whether the pages are as they were but for the field's annotation on
// one of them.
func (a *addition) pages() error {
	was, err := a.was.Pages()
	if err != nil {
		return err
	}
	is, err := a.is.Pages()
	if err != nil {
		return err
	}
	if len(was) != len(is) {
		return fmt.Errorf("%d pages became %d", len(was), len(is))
	}
	shown := 0
	for i := range was {
		if was[i].Ref != is[i].Ref {
			return fmt.Errorf("page %d is another object", i+1)
		}
		a.allowed[is[i].Ref.Num] = true
		for _, k := range differing(was[i].Dict, is[i].Dict) {
			if k != "Annots" {
				return fmt.Errorf("page %d has another /%.40s", i+1, k)
			}
		}
		a.owned(was[i].Dict["Annots"], is[i].Dict["Annots"])
		old, now := a.was.Array(was[i].Dict["Annots"]), a.is.Array(is[i].Dict["Annots"])
		if len(now) > len(old) && a.field != (pdf.Ref{}) && same(now[len(old)], a.field) {
			old = append(slices.Clone(old), a.field)
			shown++
		}
		if !same(pdf.Array(old), pdf.Array(now)) && len(old)+len(now) > 0 {
			return fmt.Errorf("page %d has annotations other than the signature added, removed or moved", i+1)
		}
	}
	if shown > 1 {
		return errors.New("the signature stands on several pages")
	}
	return nil
}
