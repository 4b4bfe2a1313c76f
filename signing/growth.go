package signing

import (
	"errors"
	"fmt"
	"maps"
	"reflect"

	"github.com/sohoa/sohoa/internal/pdf"
)

// checkGrowth looks whether g is f with one signature field more, or with nothing
// but archive data (/DSS) more if field is zero: catalog, form and pages are what
// they were but for that, and every object that was there is still the same one.
func checkGrowth(f, g *pdf.File, field pdf.Ref) error {
	if err := checkCatalog(f, g, field); err != nil {
		return err
	}
	if err := checkPages(f, g, field); err != nil {
		return err
	}
	return checkObjects(f, g)
}

// checkCatalog looks whether the catalog is as it was but for the new field, or
// but for the archive data.
func checkCatalog(f, g *pdf.File, field pdf.Ref) error {
	was, err := f.Catalog()
	if err != nil {
		return err
	}
	is, err := g.Catalog()
	if err != nil {
		return err
	}
	if field == (pdf.Ref{}) {
		delete(was, "DSS")
		delete(is, "DSS")
	} else {
		if err := checkForm(f, g, f.Dict(was["AcroForm"]), g.Dict(is["AcroForm"]), field); err != nil {
			return err
		}
		delete(was, "AcroForm")
		delete(is, "AcroForm")
	}
	if !same(was, is) {
		return errors.New("the catalog has changed")
	}
	return nil
}

// checkForm looks whether the form is as it was but for the new field.
func checkForm(f, g *pdf.File, was, is pdf.Dict, field pdf.Ref) error {
	fields := append(append(pdf.Array{}, f.Array(was["Fields"])...), field)
	flags, _ := g.Int(is["SigFlags"])
	kept := maps.Clone(was)
	for _, d := range []pdf.Dict{kept, is} {
		delete(d, "SigFlags")
	}
	if !same(g.Array(is["Fields"]), fields) || flags != 3 {
		return errors.New("the form has changed by more than the new field")
	}
	for _, d := range []pdf.Dict{kept, is} {
		delete(d, "Fields")
	}
	if len(kept)+len(is) > 0 && !same(kept, is) {
		return errors.New("the form has changed by more than the new field")
	}
	return nil
}

// checkPages looks whether the pages are as they were but for the new annotation.
func checkPages(f, g *pdf.File, field pdf.Ref) error {
	was, err := f.Pages()
	if err != nil {
		return err
	}
	is, err := g.Pages()
	if err != nil {
		return err
	}
	if len(was) != len(is) || len(was) == 0 {
		return fmt.Errorf("%d pages became %d", len(was), len(is))
	}
	if first := was[0].Dict; field != (pdf.Ref{}) {
		first["Annots"] = append(append(pdf.Array{}, f.Array(first["Annots"])...), field)
		is[0].Dict["Annots"] = g.Array(is[0].Dict["Annots"])
	}
	for i := range was {
		if was[i].Ref != is[i].Ref || !same(was[i].Dict, is[i].Dict) {
			return fmt.Errorf("page %d has changed", i+1)
		}
	}
	return nil
}

// checkObjects looks whether the last revision of g defines again what had to
// change, the catalog, page 1 and their lists, and otherwise new objects alone.
func checkObjects(f, g *pdf.File) error {
	pages, err := f.Pages()
	if err != nil {
		return err
	}
	root, _ := f.Trailer()["Root"].(pdf.Ref)
	catalog, err := f.Catalog()
	if err != nil {
		return err
	}
	replaced := map[int]bool{root.Num: true, pages[0].Ref.Num: true}
	for _, v := range []any{catalog["AcroForm"], f.Dict(catalog["AcroForm"])["Fields"], pages[0].Dict["Annots"]} {
		if list, ok := v.(pdf.Ref); ok { // an object of its own
			replaced[list.Num] = true
		}
	}
	revisions := g.Revisions()
	for num, e := range revisions[len(revisions)-1].Entries {
		if _, old := f.Objects()[num]; old && !replaced[num] || e.Kind != pdf.InUse {
			return fmt.Errorf("object %d was replaced or freed", num)
		}
	}
	was, is := f.Trailer(), g.Trailer()
	before, after := f.Array(was["ID"]), g.Array(is["ID"])
	if !same(was["Info"], is["Info"]) || len(before) != 2 || len(after) != 2 || !same(before[0], after[0]) {
		return errors.New("the trailer has changed")
	}
	return nil
}

// same compares two values as PDF does: 595.0 is 595.
func same(a, b any) bool { return reflect.DeepEqual(normal(a), normal(b)) }

func normal(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case pdf.Array:
		out := make(pdf.Array, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case pdf.Dict:
		out := pdf.Dict{}
		for k, e := range v {
			out[k] = normal(e)
		}
		return out
	}
	return v
}
