package verify

import (
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// Programs that sign a tagged file add an element for the new field to its
// structure tree (ISO 32000-1, 14.7). That shows nothing; it is allowed if nothing
// else in the tree changes and the element says nothing but where the field is.

const (
	maxTreeNodes  = 100_000
	maxNumberTree = 32 // levels
)

// structure allows elements for signature fields of this revision in the tree that
// the catalogs name.
func (u *update) structure(old, now pdf.Dict) {
	ref, ok := now["StructTreeRoot"].(pdf.Ref)
	if !ok || !u.doc.same(old["StructTreeRoot"], ref) {
		return
	}
	added := u.fieldElements()
	if len(added) == 0 {
		return
	}
	for num := range u.changed {
		was, isOld := u.get(u.old, num).(pdf.Dict)
		is, isNew := u.get(u.new, num).(pdf.Dict)
		switch {
		case !isOld || !isNew:
		case num == ref.Num:
			u.allowed[num] = u.elementGrew(num, was, is, added, "K", "ParentTree", "ParentTreeNextKey") && u.parentTree(num, was["ParentTree"], is["ParentTree"], added)
		case was["S"] != nil && was["P"] != nil && (was["Type"] == nil || was["Type"] == pdf.Name("StructElem")):
			u.allowed[num] = u.allowed[num] || u.elementGrew(num, was, is, added, "K")
		}
	}
	root := u.old.Dict(ref)
	if !u.changed[ref.Num] {
		u.parentTree(ref.Num, root["ParentTree"], u.new.Dict(ref)["ParentTree"], added)
	}
}

// fieldElements finds and allows the elements of this revision that stand for a
// signature field signed or added in it.
func (u *update) fieldElements() map[int]bool {
	added := map[int]bool{}
	for num := range u.changed {
		d, ok := u.get(u.new, num).(pdf.Dict)
		if !ok || u.existed(num) || len(u.graph.in[num]) > 0 || !onlyKeys(d, "Type", "S", "P", "K", "Pg") {
			continue
		}
		kind := d["Type"] == nil || d["Type"] == pdf.Name("StructElem")
		if kind && (d["S"] == pdf.Name("Form") || d["S"] == pdf.Name("Annot")) && u.namesField(d["K"]) {
			added[num], u.allowed[num] = true, true
		}
	}
	return added
}

// namesField reports whether k is a reference to the widget of a signature field of
// this revision and nothing else (14.7.4.3).
func (u *update) namesField(k any) bool {
	if list := u.new.Array(k); len(list) == 1 {
		k = list[0]
	}
	d := u.new.Dict(k)
	target, ok := d["Obj"].(pdf.Ref)
	if d["Type"] != pdf.Name("OBJR") || !ok || !onlyKeys(d, "Type", "Obj", "Pg") {
		return false
	}
	f, before := u.doc.forms[u.revision].find(target), u.doc.forms[u.revision-1].find(target)
	if f == nil || f.kind != "Sig" || before != nil && before.value != nil {
		return false
	}
	if r, indirect := k.(pdf.Ref); indirect && u.changed[r.Num] {
		u.allowed[r.Num] = !u.existed(r.Num) && len(u.graph.in[r.Num]) == 0
		return u.allowed[r.Num]
	}
	return true
}

func onlyKeys(d pdf.Dict, keys ...pdf.Name) bool {
	for k := range d {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	return true
}

// elementGrew reports whether an element differs in those keys alone, and its kids
// are what they were and added elements.
func (u *update) elementGrew(num int, was, is pdf.Dict, added map[int]bool, keys ...pdf.Name) bool {
	for _, k := range u.doc.differing(was, is) {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	if list, ok := is["K"].(pdf.Ref); ok && u.changed[list.Num] {
		if _, isList := u.get(u.new, list.Num).(pdf.Array); isList {
			u.allowOwned(list.Num, num, "K")
		}
	}
	return u.kidsGrew(u.kids(u.old, was["K"]), u.kids(u.new, is["K"]), added)
}

func (u *update) kids(f *pdf.File, k any) pdf.Array {
	if list, ok := f.Resolve(k).(pdf.Array); ok {
		return list
	}
	if k == nil {
		return nil
	}
	return pdf.Array{k}
}

func (u *update) kidsGrew(was, is pdf.Array, added map[int]bool) bool {
	for _, v := range is {
		if len(was) > 0 && u.doc.same(was[0], v) {
			was = was[1:]
			continue
		}
		if r, ok := v.(pdf.Ref); !ok || !added[r.Num] {
			return false
		}
	}
	return len(was) == 0
}

// parentTree allows the nodes of the tree from content to elements if it maps what
// it did, and more to added elements only.
func (u *update) parentTree(root int, oldValue, newValue any, added map[int]bool) bool {
	old, now := numberTree{f: u.old, nodes: map[int]bool{}, values: map[int64]any{}}, numberTree{f: u.new, nodes: map[int]bool{}, values: map[int64]any{}}
	if !old.walk(oldValue, 0) || !now.walk(newValue, 0) {
		return false
	}
	for key, v := range old.values {
		if !u.doc.same(v, now.values[key]) {
			return false
		}
	}
	for key, v := range now.values {
		if r, ok := v.(pdf.Ref); old.values[key] == nil && (!ok || !added[r.Num]) {
			return false
		}
	}
	for num := range now.nodes {
		if !u.changed[num] {
			continue
		}
		for _, e := range u.graph.in[num] {
			if e.from != root && !old.nodes[e.from] {
				return false // something else refers to it
			}
		}
		u.allowed[num] = old.nodes[num] || !u.existed(num)
	}
	return true
}

// A numberTree is read into one table (7.9.7).
type numberTree struct {
	f      *pdf.File
	nodes  map[int]bool
	values map[int64]any
}

func (t *numberTree) walk(v any, depth int) bool {
	if r, ok := v.(pdf.Ref); ok {
		if t.nodes[r.Num] {
			return false
		}
		t.nodes[r.Num] = true
	}
	d := t.f.Dict(v)
	if depth > maxNumberTree || len(t.nodes) > maxTreeNodes || !onlyKeys(d, "Kids", "Nums", "Limits", "Type") {
		return false
	}
	list := t.f.Array(d["Nums"])
	if _, indirect := d["Nums"].(pdf.Ref); indirect || len(list)%2 != 0 {
		return false
	}
	for i := 0; i < len(list); i += 2 {
		key, ok := list[i].(int64)
		if _, twice := t.values[key]; !ok || twice || len(t.values) > maxTreeNodes {
			return false
		}
		t.values[key] = list[i+1]
	}
	for _, kid := range t.f.Array(d["Kids"]) {
		if !t.walk(kid, depth+1) {
			return false
		}
	}
	return true
}
