package verify

import (
	"fmt"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A form is the fields of one revision.
type form struct {
	dict   pdf.Dict // /AcroForm
	fields []field  // terminal ones, in order
	nodes  map[pdf.Ref]pdf.Dict
	widget map[pdf.Ref]int // widgets, to the place of their field
}

// A field is a terminal form field (ISO 32000-1, 12.7.3).
type field struct {
	ref   pdf.Ref
	name  string
	kind  pdf.Name // /FT, inherited
	value any      // /V, inherited
	dict  pdf.Dict
}

func (f *form) hasValue(ref pdf.Ref) bool {
	for _, field := range f.fields {
		if field.ref == ref {
			return field.value != nil
		}
	}
	return false
}

// find returns the field at ref, nil if there is none.
func (f *form) find(ref pdf.Ref) *field {
	if i, ok := f.widget[ref]; ok {
		return &f.fields[i]
	}
	return nil
}

const maxFieldDepth = 32

// readForm walks the field tree. Each field that is visited costs one of budget.
func readForm(g *pdf.File, budget *int) (form, error) {
	out := form{nodes: map[pdf.Ref]pdf.Dict{}, widget: map[pdf.Ref]int{}}
	root, err := g.Catalog()
	if err != nil {
		return out, err
	}
	if out.dict = g.Dict(root["AcroForm"]); out.dict == nil {
		return out, nil
	}
	for _, v := range g.Array(out.dict["Fields"]) {
		if ref, ok := v.(pdf.Ref); ok {
			if err := out.walk(g, ref, field{}, 0, budget); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// walk visits the field at ref; above holds what it inherits.
func (f *form) walk(g *pdf.File, ref pdf.Ref, above field, depth int, budget *int) error {
	if *budget--; *budget < 0 || depth > maxFieldDepth {
		return fmt.Errorf("form fields: more than %d, or deeper than %d: %w", maxFields, maxFieldDepth, pdf.ErrLimit)
	}
	if _, seen := f.nodes[ref]; seen {
		return nil
	}
	v, err := g.Get(ref)
	if err != nil {
		return err
	}
	dict, ok := v.(pdf.Dict)
	if !ok {
		return nil
	}
	f.nodes[ref] = dict
	own := field{ref: ref, name: above.name, kind: above.kind, value: above.value, dict: dict}
	if t, ok := g.Resolve(dict["T"]).(pdf.String); ok {
		if own.name != "" {
			own.name += "."
		}
		own.name += t.Text()
	}
	if kind := g.Name(dict["FT"]); kind != "" {
		own.kind = kind
	}
	if dict["V"] != nil {
		own.value = dict["V"]
	}
	kids := g.Array(dict["Kids"])
	terminal := true
	for _, kid := range kids {
		if d := g.Dict(kid); d != nil && d["T"] != nil {
			terminal = false
		}
	}
	if terminal {
		f.widget[ref] = len(f.fields)
		for _, kid := range kids {
			if r, ok := kid.(pdf.Ref); ok {
				f.widget[r] = len(f.fields)
				f.nodes[r] = g.Dict(r)
			}
		}
		f.fields = append(f.fields, own)
		return nil
	}
	for _, kid := range kids {
		if r, ok := kid.(pdf.Ref); ok {
			if err := f.walk(g, r, own, depth+1, budget); err != nil {
				return err
			}
		}
	}
	return nil
}
