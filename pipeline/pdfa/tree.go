package pdfa

import "github.com/sohoa/sohoa/internal/pdf"

// fanOut is the number of kids of a node of the page tree.
const fanOut = 64

// A tree is the page tree: of one level for short documents, else of two.
type tree struct {
	root  pdf.Ref
	nodes []node
}

type node struct {
	ref  pdf.Ref
	kids pdf.Array
}

func newTree(w *pdf.Writer, pages int) tree {
	t := tree{root: w.Alloc()}
	if pages <= fanOut {
		t.nodes = []node{{ref: t.root}}
		return t
	}
	for range (pages + fanOut - 1) / fanOut {
		t.nodes = append(t.nodes, node{ref: w.Alloc()})
	}
	return t
}

// add hangs page i, counted from 0, into the tree and returns its parent.
func (t *tree) add(i int, page pdf.Ref) (parent pdf.Ref) {
	n := &t.nodes[i/fanOut]
	n.kids = append(n.kids, page)
	return n.ref
}

func (t *tree) write(w *pdf.Writer) error {
	kids, count := pdf.Array{}, 0
	for _, n := range t.nodes {
		d := pdf.Dict{"Type": pdf.Name("Pages"), "Kids": n.kids, "Count": len(n.kids)}
		if n.ref != t.root {
			d["Parent"] = t.root
		}
		if err := w.WriteObject(n.ref, d); err != nil {
			return err
		}
		kids, count = append(kids, n.ref), count+len(n.kids)
	}
	if len(t.nodes) == 1 {
		return nil
	}
	return w.WriteObject(t.root, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": kids, "Count": count})
}
