package page

// An outline is the current path, as much of it as clipping needs: a path of
// horizontal and vertical lines around one box is taken for that box.
type outline struct {
	box     rect
	bent    bool // not the outline of a box
	any     bool
	clips   bool // W or W* was seen
	corners int
	x, y    float64 // current point, in page space
}

// step follows the operators that build, paint and clip with a path.
func (o *outline) step(op string, s *contentScanner, g *drawing, m *marks) {
	switch op {
	case "re":
		a := s.args(4)
		o.bent = o.bent || o.any || !g.ctm.isUpright()
		o.box = g.ctm.bounds(rect{a[0], a[1], a[0] + a[2], a[1] + a[3]})
		o.any, o.corners = true, 4
	case "m":
		o.bent = o.bent || o.any
		o.any = true
		o.to(g.ctm, s.args(2))
		o.box = rect{o.x, o.y, o.x, o.y}
	case "l":
		x, y := o.x, o.y
		o.to(g.ctm, s.args(2))
		const flat = 0.01 // points
		o.bent = o.bent || max(x-o.x, o.x-x) > flat && max(y-o.y, o.y-y) > flat
		o.corners++
		o.box = rect{min(o.box[0], o.x), min(o.box[1], o.y), max(o.box[2], o.x), max(o.box[3], o.y)}
	case "c", "v", "y":
		o.any, o.bent = true, true
	case "W", "W*":
		o.clips = true
	case "sh":
		m.paths++
	case "n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
		o.end(op != "n", g, m)
	}
}

func (o *outline) to(ctm matrix, p []float64) {
	o.x, o.y = ctm[0]*p[0]+ctm[2]*p[1]+ctm[4], ctm[1]*p[0]+ctm[3]*p[1]+ctm[5]
}

// end paints the path, clips with it, and forgets it.
func (o *outline) end(paints bool, g *drawing, m *marks) {
	if paints && o.any {
		m.paths++
	}
	if box := !o.bent && o.corners >= 3 && o.corners <= 5; o.clips && box {
		g.clip = g.clip.and(o.box)
	} else if o.clips && o.any {
		g.skewed = true
	}
	*o = outline{}
}
