package verify

import (
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// An edge says that an object refers to another, from under one of the keys of
// its own dictionary ("" for an array or a bare reference).
type edge struct {
	from int // 0: the trailer
	key  pdf.Name
	to   int
}

// A graph knows, for one revision, who refers to which object. Objects that
// nothing reaches count too: it errs towards finding more references.
type graph struct {
	doc *document
	at  int // the revision that it shows
	out map[int][]int
	in  map[int][]edge

	left int // edges that may still be noted
}

// maxEdges bounds the references that are kept at the same time.
const maxEdges = 2 << 20

// newGraph scans the file as it was after a revision.
func newGraph(d *document, revision int) (*graph, error) {
	g := &graph{doc: d, at: revision, out: map[int][]int{}, in: map[int][]edge{}, left: maxEdges}
	f := d.at(revision)
	for num, e := range f.Objects() {
		if err := g.scan(f, num, e); err != nil {
			return nil, err
		}
	}
	g.walk(0, "", f.Trailer(), 0)
	return g, nil
}

// moveTo goes forward to a later revision.
func (g *graph) moveTo(revision int) error {
	for g.at < revision {
		g.at++
		f := g.doc.at(g.at)
		for num, e := range g.doc.revisions[g.at].Entries {
			g.forget(num)
			if err := g.scan(f, num, e); err != nil {
				return err
			}
		}
		g.forget(0)
		g.walk(0, "", f.Trailer(), 0)
	}
	return nil
}

func (g *graph) forget(num int) {
	for _, to := range g.out[num] {
		g.in[to] = slices.DeleteFunc(g.in[to], func(e edge) bool { return e.from == num })
	}
	g.left += len(g.out[num])
	delete(g.out, num)
}

// scan notes what an object refers to; damaged ones refer to nothing.
func (g *graph) scan(f *pdf.File, num int, e pdf.Entry) error {
	if e.Kind == pdf.Free {
		return nil
	}
	v, err := f.Get(pdf.Ref{Num: num, Gen: e.Gen})
	if s, ok := v.(*pdf.Stream); err != nil || ok && s.Dict["Type"] == pdf.Name("XRef") {
		return nil // its dictionary is a trailer
	}
	if g.walk(num, "", v, 0); g.left < 0 {
		return fmt.Errorf("more than %d references: %w", maxEdges, pdf.ErrLimit)
	}
	return nil
}

// walk notes the references in v; the key is that of the outermost dictionary.
func (g *graph) walk(from int, key pdf.Name, v any, depth int) {
	switch v := v.(type) {
	case pdf.Ref:
		g.left--
		g.out[from] = append(g.out[from], v.Num)
		g.in[v.Num] = append(g.in[v.Num], edge{from, key, v.Num})
	case pdf.Array:
		for _, e := range v {
			g.walk(from, key, e, depth+1)
		}
	case pdf.Dict:
		for k, e := range v {
			if depth == 0 {
				key = k
			}
			g.walk(from, key, e, depth+1)
		}
	case *pdf.Stream:
		g.walk(from, key, v.Dict, depth)
	}
}
