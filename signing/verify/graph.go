package verify

import (
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
}

// newGraph scans the file as it was after its first revision.
func newGraph(d *document) *graph {
	g := &graph{doc: d, out: map[int][]int{}, in: map[int][]edge{}}
	for num, e := range d.asOf[0].Objects() {
		g.scan(num, e)
	}
	g.walk(0, "", d.asOf[0].Trailer(), 0)
	return g
}

// moveTo goes forward to a later revision.
func (g *graph) moveTo(revision int) {
	for g.at < revision {
		g.at++
		for num, e := range g.doc.revisions[g.at].Entries {
			g.forget(num)
			g.scan(num, e)
		}
		g.forget(0)
		g.walk(0, "", g.doc.asOf[g.at].Trailer(), 0)
	}
}

func (g *graph) forget(num int) {
	for _, to := range g.out[num] {
		g.in[to] = slices.DeleteFunc(g.in[to], func(e edge) bool { return e.from == num })
	}
	delete(g.out, num)
}

func (g *graph) scan(num int, e pdf.Entry) {
	if e.Kind == pdf.Free {
		return
	}
	v, err := g.doc.asOf[g.at].Get(pdf.Ref{Num: num, Gen: e.Gen})
	if s, ok := v.(*pdf.Stream); err != nil || ok && s.Dict["Type"] == pdf.Name("XRef") {
		return // its dictionary is a trailer
	}
	g.walk(num, "", v, 0)
}

// walk notes the references in v; the key is that of the outermost dictionary.
func (g *graph) walk(from int, key pdf.Name, v any, depth int) {
	switch v := v.(type) {
	case pdf.Ref:
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
