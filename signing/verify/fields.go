package verify

import (
	"maps"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// form compares the interactive forms: new signature fields, empty ones that were
// signed, and fields that were filled in.
func (u *update) form(root int, oldRoot, newRoot pdf.Dict) {
	before, after := &u.doc.forms[u.revision-1], &u.doc.forms[u.revision]
	u.formDict(root, oldRoot["AcroForm"], newRoot["AcroForm"])
	for ref, dict := range before.nodes {
		if _, kept := after.nodes[ref]; !kept {
			u.otherf("form field %q removed", u.doc.forms[u.revision-1].nameOf(ref, dict))
		}
	}
	for i := range after.fields {
		f := &after.fields[i]
		if old := before.find(f.ref); old != nil && old.ref == f.ref {
			u.fieldChanged(old, f)
		} else {
			u.fieldAdded(f, true)
		}
	}
	u.widgets(before, after)
}

func (f *form) nameOf(ref pdf.Ref, dict pdf.Dict) string {
	if field := f.find(ref); field != nil {
		return field.name
	}
	t, _ := dict["T"].(pdf.String)
	return t.Text()
}

// formDict compares /AcroForm itself.
func (u *update) formDict(root int, oldValue, newValue any) {
	old, now := u.old.Dict(oldValue), u.new.Dict(newValue)
	if now == nil {
		if old != nil {
			u.otherf("catalog /AcroForm removed")
		}
		return
	}
	owner, key := root, pdf.Name("AcroForm")
	if ref, ok := newValue.(pdf.Ref); ok {
		u.allowOwned(ref.Num, root, "AcroForm")
		owner, key = ref.Num, "Fields"
	}
	if list, ok := now["Fields"].(pdf.Ref); ok {
		u.allowOwned(list.Num, owner, key)
	}
	for _, k := range u.doc.differing(old, now) {
		switch k {
		case "Fields":
			u.atLeast(record.ChangesArchive) // raised by the fields themselves
		case "SigFlags": // flags may only be set (12.7.2)
			a, _ := u.old.Int(old[k])
			b, _ := u.new.Int(now[k])
			if a&^b != 0 {
				u.otherf("AcroForm /SigFlags lowered")
			}
			u.atLeast(record.ChangesArchive)
		case "DA":
			if old[k] != nil {
				u.otherf("AcroForm /DA changed")
			}
		case "DR":
		case "NeedAppearances":
			if u.new.Bool(now[k]) {
				u.otherf("AcroForm /NeedAppearances set: viewers would draw the fields anew")
			}
		default:
			u.otherf("AcroForm /%s changed", k)
		}
	}
	if old["DR"] != nil && !u.resourcesGrew(old["DR"], now["DR"]) {
		u.otherf("AcroForm /DR changed")
	} else if key == "AcroForm" {
		u.allowTree(root, "AcroForm", pdf.Dict{"DR": now["DR"]})
	} else {
		u.allowTree(owner, "DR", now["DR"])
	}
}

// allowOwned allows object num if nothing but owner's key referred to it.
func (u *update) allowOwned(num, owner int, key pdf.Name) {
	if !u.changed[num] {
		return
	}
	for _, e := range u.graph.in[num] {
		if e.from != owner || e.key != key {
			u.otherf("%s, and is used elsewhere", u.describe(num))
			return
		}
	}
	u.allowed[num] = true
}

// resourcesGrew reports whether the default resources of fields have all that they
// had. PDFBox puts there, under one name, the form XObject of its latest visible
// signature: an XObject may become another one, unless the appearance of a field
// has no resources of its own, for which a viewer might look here.
func (u *update) resourcesGrew(old, now any) bool {
	a, b := maps.Clone(u.old.Dict(old)), u.new.Dict(now)
	before, after := u.old.Dict(a["XObject"]), u.new.Dict(b["XObject"])
	if before == nil || u.grew(a["XObject"], b["XObject"], 1) || !u.appearancesSuffice() {
		return u.grew(old, now, 0)
	}
	for name := range before {
		if u.new.Stream(after[name]) == nil {
			return false
		}
	}
	u.atLeast(record.ChangesSignatures)
	delete(a, "XObject")
	return u.grew(a, b, 0)
}

// appearancesSuffice reports whether every appearance of a field that shows had
// resources of its own before this revision.
func (u *update) appearancesSuffice() bool {
	for ref := range u.doc.forms[u.revision-1].widget {
		widget := u.old.Dict(ref)
		if !shows(u.old, widget) {
			continue
		}
		for _, v := range u.old.Dict(widget["AP"]) {
			states := pdf.Dict{"": v}
			if u.old.Stream(v) == nil {
				states = u.old.Dict(v)
			}
			for _, state := range states {
				if s := u.old.Stream(state); s != nil && u.old.Dict(s.Dict["Resources"]) == nil {
					return false
				}
			}
		}
	}
	return true
}

// grew reports whether now has all that old had, unchanged; both are resource
// dictionaries, two levels deep.
func (u *update) grew(old, now any, depth int) bool {
	a, b := u.old.Dict(old), u.new.Dict(now)
	if a == nil || b == nil || depth == 2 {
		return u.doc.same(u.old.Resolve(old), u.new.Resolve(now))
	}
	for k, v := range a {
		if !u.doc.same(v, b[k]) && !u.grew(v, b[k], depth+1) {
			return false
		}
	}
	return true
}

// signed finds the signature that this revision put into the field.
func (u *update) signed(f *field) *found {
	for i := range u.signatures {
		if s := &u.signatures[i]; s.field == f.ref && s.revision == u.revision {
			return s
		}
	}
	return nil
}

// classOf is archive for a document time-stamp that shows nothing, else signatures.
func (u *update) classOf(s *found, f *field) record.Changes {
	if isTimestamp(u.new, s.dict) && !u.visible(f.dict) {
		return record.ChangesArchive
	}
	return record.ChangesSignatures
}

// fieldAdded allows a new signature field, or a widget of one if not whole: signed
// in this revision, or empty and showing nothing.
func (u *update) fieldAdded(f *field, whole bool) {
	if f.kind != "Sig" {
		u.otherf("form field %q of type %s added", f.name, f.kind)
		return
	}
	s := u.signed(f)
	switch {
	case s != nil:
		u.atLeast(u.classOf(s, f))
	case !whole && u.signed(u.doc.forms[u.revision].find(f.ref)) != nil:
		u.atLeast(record.ChangesSignatures)
	case f.value != nil || u.visible(f.dict):
		u.otherf("signature field %q added with a value or an appearance and no signature of its revision", f.name)
		return
	default:
		u.atLeast(record.ChangesForm)
	}
	if u.existed(f.ref.Num) {
		u.otherf("object %d became signature field %q", f.ref.Num, f.name)
		return
	}
	for k := range f.dict {
		if !slices.Contains(newKeys, k) {
			u.otherf("signature field %q added with /%s", f.name, k)
			return
		}
	}
	u.allowField(f, maps.Keys(f.dict))
}

// newKeys are those of a new signature field and its widget: no actions.
var newKeys = []pdf.Name{"Type", "Subtype", "FT", "T", "TU", "TM", "Ff", "V", "DV", "Rect", "F", "AP", "AS", "P", "Parent", "Kids",
	"MK", "DA", "DR", "Q", "H", "BS", "Border", "NM", "M", "Lock", "SV", "StructParent"}

// allowField allows the field's object and what hangs below keys.
func (u *update) allowField(f *field, keys func(func(pdf.Name) bool)) {
	if u.changed[f.ref.Num] && len(u.graph.in[f.ref.Num]) > 0 && !u.existed(f.ref.Num) {
		u.otherf("object %d was referred to before it was added as field %q", f.ref.Num, f.name)
		return
	}
	u.allowed[f.ref.Num] = true
	for k := range keys {
		switch k {
		case "Parent", "P", "DR":
		case "Kids":
			if list, ok := f.dict[k].(pdf.Ref); ok {
				u.allowOwned(list.Num, f.ref.Num, "Kids")
			}
		default:
			u.allowTree(f.ref.Num, k, f.dict[k])
		}
	}
	if u.visible(f.dict) {
		u.out.shown = append(u.out.shown, f.ref)
	}
}

// signingKeys may change when an empty signature field is signed, fillingKeys
// when another field is filled in.
var (
	signingKeys = []pdf.Name{"V", "AP", "AS", "M", "F", "MK", "DA", "Lock", "Ff"}
	fillingKeys = []pdf.Name{"V", "AP", "AS", "M", "I", "MK", "RV"}
)

// fieldChanged compares a field with what it was.
func (u *update) fieldChanged(old, now *field) {
	keys := u.doc.differing(old.dict, now.dict)
	below := false
	for _, k := range fillingKeys {
		below = below || u.treeChanged(now.dict[k])
	}
	if len(keys) == 0 && !below {
		return
	}
	if old.kind != now.kind {
		u.otherf("form field %q changed its type", now.name)
		return
	}
	allowed := fillingKeys
	switch s := u.signed(now); {
	case now.kind != "Sig":
		u.atLeast(record.ChangesForm)
		u.out.filled = append(u.out.filled, now.name)
	case old.value == nil && s != nil:
		allowed = signingKeys
		u.atLeast(u.classOf(s, now))
		u.ownAppearance(old)
	default:
		u.otherf("signature field %q changed", now.name)
		return
	}
	for _, k := range keys {
		if !slices.Contains(allowed, k) {
			u.otherf("form field %q: /%s changed", now.name, k)
			return
		}
	}
	u.allowField(now, slices.Values(allowed))
}

// ownAppearance refuses an appearance dictionary that something besides the field
// referred to: what was signed may have shown it elsewhere.
func (u *update) ownAppearance(f *field) {
	ref, ok := f.dict["AP"].(pdf.Ref)
	if !ok {
		return
	}
	for _, e := range u.graph.in[ref.Num] {
		if e.from != f.ref.Num || e.key != "AP" {
			u.otherf("the appearance of field %q, and it is used elsewhere", f.name)
			return
		}
	}
}

// treeChanged reports whether anything that v leads to changed.
func (u *update) treeChanged(v any) bool {
	t := tree{u: u, visited: map[int]bool{}}
	t.walk(v, 0)
	for num := range t.visited {
		if u.changed[num] && u.existed(num) {
			return true
		}
	}
	return false
}
