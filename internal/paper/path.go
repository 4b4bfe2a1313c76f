package paper

import "math"

// A point is in typographic points on the sheet (1/72 inch), the origin at the
// top left, y down; inside a glyph's path it is in ems.
type point struct{ x, y float64 }

// An affine map: x' = a x + c y + e, y' = b x + d y + f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

// after returns the map that applies n first, then m.
func (m affine) after(n affine) affine {
	return affine{
		a: m.a*n.a + m.c*n.b, b: m.b*n.a + m.d*n.b,
		c: m.a*n.c + m.c*n.d, d: m.b*n.c + m.d*n.d,
		e: m.a*n.e + m.c*n.f + m.e, f: m.b*n.e + m.d*n.f + m.f,
	}
}

func moved(x, y float64) affine  { return affine{1, 0, 0, 1, x, y} }
func scaled(x, y float64) affine { return affine{x, 0, 0, y, 0, 0} }
func turned(angle float64) affine { // radians, clockwise on paper
	s, c := math.Sincos(angle)
	return affine{c, s, -s, c, 0, 0}
}

// turnedAt turns about a point.
func turnedAt(at point, angle float64) affine {
	return moved(at.x, at.y).after(turned(angle)).after(moved(-at.x, -at.y))
}

// An op is one step of a path: 'M' and 'L' use p[0], 'Q' p[0..1], 'C' p[0..2].
type op struct {
	kind byte
	p    [3]point
}

type path []op

func (q path) transform(m affine) path {
	out := make(path, len(q))
	for i, o := range q {
		out[i] = op{o.kind, [3]point{m.apply(o.p[0]), m.apply(o.p[1]), m.apply(o.p[2])}}
	}
	return out
}

// points calls yield with every point that the path uses, control points included.
func (q path) points(yield func(point)) {
	used := map[byte]int{'M': 1, 'L': 1, 'Q': 2, 'C': 3}
	for _, o := range q {
		for _, p := range o.p[:used[o.kind]] {
			yield(p)
		}
	}
}

func polygon(points ...point) path {
	q := make(path, len(points))
	for i, p := range points {
		q[i] = op{'L', [3]point{p}}
	}
	q[0].kind = 'M'
	return q
}

func rectangle(x0, y0, x1, y1 float64) path {
	return polygon(point{x0, y0}, point{x1, y0}, point{x1, y1}, point{x0, y1})
}

// frame is the outline of a rectangle, w wide.
func frame(x0, y0, x1, y1, w float64) path {
	q := rectangle(x0, y0, x1, y0+w)
	q = append(q, rectangle(x0, y1-w, x1, y1)...)
	q = append(q, rectangle(x0, y0, x0+w, y1)...)
	return append(q, rectangle(x1-w, y0, x1, y1)...)
}

func circle(at point, r float64) []point {
	const n = 96
	points := make([]point, n)
	for i := range points {
		s, c := math.Sincos(2 * math.Pi * float64(i) / n)
		points[i] = point{at.x + r*c, at.y + r*s}
	}
	return points
}

// ring is a circle line of width w, its middle at radius r.
func ring(at point, r, w float64) path {
	inner := circle(at, r-w/2)
	for i, j := 0, len(inner)-1; i < j; i, j = i+1, j-1 {
		inner[i], inner[j] = inner[j], inner[i]
	}
	return append(polygon(circle(at, r+w/2)...), polygon(inner...)...)
}

func star(at point, r float64) path {
	points := make([]point, 10)
	for i := range points {
		radius := r
		if i%2 == 1 {
			radius = r * 0.382
		}
		s, c := math.Sincos(math.Pi * float64(i) / 5)
		points[i] = point{at.x + radius*s, at.y - radius*c}
	}
	return polygon(points...)
}

// stroke is a line through points, width(t) wide at t in 0 to 1: round joints,
// every piece turning the same way so that overlaps add up.
func stroke(points []point, width func(t float64) float64) path {
	var q path
	for i, p := range points {
		t := float64(i) / float64(max(1, len(points)-1))
		w := width(t) / 2
		q = append(q, dot(p, w)...)
		if i == 0 {
			continue
		}
		o := points[i-1]
		d := math.Hypot(p.x-o.x, p.y-o.y)
		if d == 0 {
			continue
		}
		nx, ny := -(p.y-o.y)/d*w, (p.x-o.x)/d*w
		q = append(q, polygon(point{o.x - nx, o.y - ny}, point{p.x - nx, p.y - ny}, point{p.x + nx, p.y + ny}, point{o.x + nx, o.y + ny})...)
	}
	return q
}

func dot(at point, r float64) path {
	const n = 8
	points := make([]point, n)
	for i := range points {
		s, c := math.Sincos(2 * math.Pi * float64(i) / n)
		points[i] = point{at.x + r*c, at.y + r*s}
	}
	return polygon(points...)
}

// smooth returns a curve through knots (Catmull-Rom), steps pieces between two.
func smooth(knots []point, steps int) []point {
	if len(knots) < 3 {
		return knots
	}
	at := func(i int) point { return knots[min(max(i, 0), len(knots)-1)] }
	var out []point
	for i := range len(knots) - 1 {
		p, q, r, s := at(i-1), at(i), at(i+1), at(i+2)
		for k := range steps {
			t := float64(k) / float64(steps)
			out = append(out, point{catmull(p.x, q.x, r.x, s.x, t), catmull(p.y, q.y, r.y, s.y, t)})
		}
	}
	return append(out, knots[len(knots)-1])
}

func catmull(p, q, r, s, t float64) float64 {
	return 0.5 * (2*q + (r-p)*t + (2*p-5*q+4*r-s)*t*t + (3*q-p-3*r+s)*t*t*t)
}
