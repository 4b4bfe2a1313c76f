package verify

import (
	"github.com/sohoa/sohoa/internal/pdf"
)

// An edge says that an object refers to another, from under one of the keys of
// its own dictionary ("" for an array or a bare reference).
type edge struct {
	from int // 0: the trailer
	key  pdf.Name
	to   int
}

// A graph knows, for one revision, who refers to the objects that later
// revisions touch. Objects that nothing reaches count too: it errs towards
// finding more references.
type graph struct {
	doc     *document
	at      int          // the revision that it shows
	touched map[int]bool // objects that any later revision defines
	out     map[int][]edge
}

// newGraph scans the file as it was after its first revision.
func newGraph(d *document) *graph {
	g := &graph{doc: d, touched: map[int]bool{}, out: map[int][]edge{}}
	for _, r := range d.revisions[1:] {
		for num := range r.Entries {
			g.touched[num] = true
		}
	}
	for num, e := range d.asOf[0].Objects() {
		g.scan(num, e)
	}
	g.scanTrailer()
	return g
}

// moveTo goes forward to a later revision.
func (g *graph) moveTo(revision int) {
	for g.at < revision {
		g.at++
		for num, e := range g.doc.revisions[g.at].Entries {
			delete(g.out, num)
			g.scan(num, e)
		}
		g.scanTrailer()
	}
}

func (g *graph) scanTrailer() {
	g.out[0] = nil
	g.walk(0, "", g.doc.asOf[g.at].Trailer(), 0)
}

func (g *graph) scan(num int, e pdf.Entry) {
	if e.Kind == pdf.Free {
		return
	}
	if v, err := g.doc.asOf[g.at].Get(pdf.Ref{Num: num, Gen: e.Gen}); err == nil {
		g.walk(num, "", v, 0)
	}
}

// walk notes the references in v; the key is that of the outermost dictionary.
func (g *graph) walk(from int, key pdf.Name, v any, depth int) {
	switch v := v.(type) {
	case pdf.Ref:
		if g.touched[v.Num] {
			g.out[from] = append(g.out[from], edge{from, key, v.Num})
		}
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

// in returns who refers to the objects of nums.
func (g *graph) in(nums map[int]bool) map[int][]edge {
	found := map[int][]edge{}
	for _, edges := range g.out {
		for _, e := range edges {
			if nums[e.to] {
				found[e.to] = append(found[e.to], e)
			}
		}
	}
	return found
}
