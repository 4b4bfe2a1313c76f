package verify

import (
	"github.com/sohoa/sohoa/internal/pdf"
)

const maxTreeDepth = 64

// A tree is what hangs below one key of one object.
type tree struct {
	u       *update
	owner   int
	key     pdf.Name
	visited map[int]bool
}

// allowTree allows the changed objects below owner's key, and reports whether
// there were any. An object that was there before, or that something already
// referred to, is allowed only if nothing outside this tree referred to it: else
// the change would show elsewhere too.
func (u *update) allowTree(owner int, key pdf.Name, v any) bool {
	t := tree{u: u, owner: owner, key: key, visited: map[int]bool{}}
	t.walk(v, 0)
	any := false
	for num := range t.visited {
		if !u.changed[num] {
			continue
		}
		any = true
		if t.owns(num, map[int]bool{}) {
			u.allowed[num] = true
		} else {
			u.otherf("%s, and is used elsewhere", u.describe(num))
		}
	}
	return any
}

// owns reports whether every way to object num led through the tree's root: its
// referrers are in the tree, and so are theirs.
func (t *tree) owns(num int, on map[int]bool) bool {
	if on[num] {
		return true
	}
	on[num] = true
	for _, e := range t.u.graph.in[num] {
		if e.from == t.owner && e.key == t.key {
			continue
		}
		if !t.visited[e.from] || !t.owns(e.from, on) {
			return false
		}
	}
	return true
}

// walk visits what v leads to. Keys that lead back up are left out.
func (t *tree) walk(v any, depth int) {
	if depth > maxTreeDepth {
		return
	}
	switch v := v.(type) {
	case pdf.Ref:
		if t.visited[v.Num] || v.Num == t.owner {
			return
		}
		value := t.u.get(t.u.new, v.Num)
		if d, ok := value.(pdf.Dict); ok && landmark(d) {
			return
		}
		t.visited[v.Num] = true
		t.walk(value, depth+1)
	case pdf.Array:
		for _, e := range v {
			t.walk(e, depth+1)
		}
	case pdf.Dict:
		for k, e := range v {
			if k != "Parent" && k != "P" {
				t.walk(e, depth+1)
			}
		}
	case *pdf.Stream:
		t.walk(v.Dict, depth+1)
	}
}

// landmark says which dictionaries are judged by themselves and never part of a
// tree: pages and their nodes, the catalog, annotations.
func landmark(d pdf.Dict) bool {
	switch d["Type"] {
	case pdf.Name("Page"), pdf.Name("Pages"), pdf.Name("Catalog"), pdf.Name("Annot"):
		return true
	}
	return false
}
