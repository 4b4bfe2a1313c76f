package page

import (
	"bytes"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A placed is one picture as a page shows it.
type placed struct {
	stream  *pdf.Stream
	width   int // pixels
	height  int
	matrix  matrix // unit square to page space
	shown   rect   // the part of the page that it covers, clipped
	stencil bool   // an image mask, painted in the fill colour
	plain   bool   // drawn opaque, through an upright clip, and black if a stencil
}

// marks are what a page's content draws, as far as it can be seen: what an opaque
// picture of the whole page covers is forgotten.
type marks struct {
	page   rect // what of the page is shown
	images []placed
	paths  int  // paths, shadings, inline images
	text   int  // bytes of visible text
	hidden int  // bytes of invisible text, such as a layer of recognised words
	odd    bool // something that only a renderer understands, or too much to read
	notes  int  // annotations over the page
	filled int  // form fields over it that have a value
}

// What reading a page's content may cost.
const (
	maxContent   = 64 << 20 // bytes of content streams
	maxOperators = 5_000_000
	maxForms     = 2000 // form XObjects drawn
	maxNesting   = 20
)

// look reads the content of a page.
func look(f *pdf.File, p pdf.PageRef) marks {
	page := rect(p.CropBox).and(rect(p.MediaBox))
	v := &viewer{f: f, marks: marks{page: page, odd: page.area() == 0}}
	var all [][]byte
	total := 0
	for _, c := range contents(f, p.Dict["Contents"]) {
		b, err := f.Decoded(c)
		total += len(b)
		if err != nil || total > maxContent {
			return marks{page: page, odd: true}
		}
		all = append(all, b)
	}
	v.run(bytes.Join(all, []byte("\n")), p.Resources, drawing{ctm: unity, clip: everywhere, opaque: true, black: true}, 0)
	return v.marks
}

// contents returns the content streams of a page.
func contents(f *pdf.File, v any) []*pdf.Stream {
	if s := f.Stream(v); s != nil {
		return []*pdf.Stream{s}
	}
	var all []*pdf.Stream
	for _, e := range f.Array(v) {
		if s := f.Stream(e); s != nil {
			all = append(all, s)
		}
	}
	return all
}

// drawing is the graphics state, as much of it as matters.
type drawing struct {
	ctm    matrix
	clip   rect
	skewed bool // the clip is not an upright rectangle
	opaque bool
	black  bool    // the fill colour
	mode   float64 // text rendering mode
}

// viewer draws without ink.
type viewer struct {
	f         *pdf.File
	operators int
	forms     int
	marks     marks
}

// run reads one content stream. Operators: ISO 32000-1, annex A.
func (v *viewer) run(b []byte, resources pdf.Dict, g drawing, depth int) {
	s := contentScanner{b: b}
	var stack []drawing
	path := outline{}
	for op := s.next(); op != ""; op = s.next() {
		if v.operators++; v.operators > maxOperators || len(stack) > 10_000 {
			v.marks.odd = true
			return
		}
		switch op {
		case "q":
			stack = append(stack, g)
		case "Q":
			if n := len(stack); n > 0 {
				g, stack = stack[n-1], stack[:n-1]
			}
		case "Do":
			v.do(s.name, resources, g, depth)
		case "BI":
			s.skipInline()
			v.marks.paths++
		case "gs":
			g.opaque = g.opaque && v.isOpaque(v.f.Dict(v.f.Dict(resources["ExtGState"])[pdf.Name(s.name)]))
		case "BDC", "BMC":
			v.marks.odd = v.marks.odd || s.tag == "OC" || s.name == "OC"
		default:
			g.set(op, &s)
			v.show(op, &s, &g)
			path.step(op, &s, &g, &v.marks)
		}
	}
}

// isOpaque reports whether an ExtGState dictionary leaves painting opaque.
func (v *viewer) isOpaque(d pdf.Dict) bool {
	for _, k := range []pdf.Name{"ca", "CA"} {
		if a, ok := v.f.Number(d[k]); ok && a < 1 {
			return false
		}
	}
	if m := v.f.Resolve(d["SMask"]); m != nil && m != pdf.Name("None") {
		return false
	}
	mode := v.f.Name(d["BM"])
	return v.f.Array(d["BM"]) == nil && (mode == "" || mode == "Normal" || mode == "Compatible")
}

// set follows the operators that change the state.
func (g *drawing) set(op string, s *contentScanner) {
	switch op {
	case "cm":
		g.ctm = matrix(s.args(6)).times(g.ctm)
	case "Tr":
		g.mode = s.args(1)[0]
	case "g":
		g.black = s.args(1)[0] == 0
	case "rg":
		c := s.args(3)
		g.black = c[0] == 0 && c[1] == 0 && c[2] == 0
	case "k":
		g.black = s.args(4)[3] == 1
	case "cs", "sc", "scn":
		g.black = false
	}
}

// show counts text. Mode 3 is invisible; 7 only clips.
func (v *viewer) show(op string, s *contentScanner, g *drawing) {
	switch op {
	case "Tj", "TJ", "'", "\"":
	default:
		return
	}
	switch {
	case g.mode == 3:
		v.marks.hidden += s.text
	case g.mode == 7 && s.text > 0:
		g.skewed = true
	default:
		v.marks.text += s.text
	}
}

// do draws an XObject.
func (v *viewer) do(name string, resources pdf.Dict, g drawing, depth int) {
	s := v.f.Stream(v.f.Dict(resources["XObject"])[pdf.Name(name)])
	if s == nil {
		return // other readers draw nothing either
	}
	if s.Dict["OC"] != nil {
		v.marks.odd = true
	}
	switch v.f.Name(s.Dict["Subtype"]) {
	case "Image":
		v.place(s, g)
	case "Form":
		v.form(s, resources, g, depth)
	}
}

func (v *viewer) form(s *pdf.Stream, resources pdf.Dict, g drawing, depth int) {
	if v.forms++; v.forms > maxForms || depth >= maxNesting {
		v.marks.odd = true
		return
	}
	b, err := v.f.Decoded(s)
	if err != nil || len(b) > maxContent {
		v.marks.odd = true
		return
	}
	if m := v.f.Array(s.Dict["Matrix"]); len(m) == 6 {
		var own matrix
		for i := range own {
			own[i], _ = v.f.Number(m[i])
		}
		g.ctm = own.times(g.ctm)
	}
	if box, ok := v.f.Rect(s.Dict["BBox"]); ok {
		g.clip = g.clip.and(g.ctm.bounds(rect(box)))
		g.skewed = g.skewed || !g.ctm.isUpright()
	}
	if own := v.f.Dict(s.Dict["Resources"]); own != nil {
		resources = own
	}
	v.run(b, resources, g, depth+1)
}

// place notes a picture. One that covers the whole page, opaque, hides what was
// drawn before it.
func (v *viewer) place(s *pdf.Stream, g drawing) {
	p := placed{stream: s, matrix: g.ctm, stencil: v.f.Bool(s.Dict["ImageMask"])}
	w, _ := v.f.Int(s.Dict["Width"])
	h, _ := v.f.Int(s.Dict["Height"])
	p.width, p.height = int(w), int(h)
	p.shown = g.ctm.bounds(rect{0, 0, 1, 1}).and(g.clip).and(v.marks.page)
	p.plain = g.opaque && !g.skewed && (!p.stencil || g.black)
	if p.shown.area() == 0 {
		return
	}
	const whole = 0.99
	solid := !p.stencil && s.Dict["SMask"] == nil && s.Dict["Mask"] == nil
	if p.plain && solid && g.ctm.isUpright() && p.shown.area() >= whole*v.marks.page.area() {
		v.marks = marks{page: v.marks.page, odd: v.marks.odd, hidden: v.marks.hidden + v.marks.text}
	}
	v.marks.images = append(v.marks.images, p)
}
