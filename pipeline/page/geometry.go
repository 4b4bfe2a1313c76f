package page

import "math"

// A matrix is [a b c d e f] as in a PDF: x' = a x + c y + e, y' = b x + d y + f.
type matrix [6]float64

var unity = matrix{1, 0, 0, 1, 0, 0}

// times applies m first, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// A rect is x0, y0, x1, y1 in page space.
type rect [4]float64

var everywhere = rect{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// bounds is the smallest upright rectangle around r as m shows it.
func (m matrix) bounds(r rect) rect {
	out := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [4][2]float64{{r[0], r[1]}, {r[2], r[1]}, {r[0], r[3]}, {r[2], r[3]}} {
		x, y := m[0]*p[0]+m[2]*p[1]+m[4], m[1]*p[0]+m[3]*p[1]+m[5]
		out = rect{min(out[0], x), min(out[1], y), max(out[2], x), max(out[3], y)}
	}
	return out
}

func (r rect) and(s rect) rect {
	return rect{max(r[0], s[0]), max(r[1], s[1]), min(r[2], s[2]), min(r[3], s[3])}
}

func (r rect) area() float64 { return max(0, r[2]-r[0]) * max(0, r[3]-r[1]) }

// straight is how far a matrix may lean for a picture to count as upright: one
// part in a thousand, four pixels over a page of 300 dpi.
const straight = 0.001

// turned returns by how many degrees clockwise m shows a picture, and whether it
// changes left and right before; ok is false if it leans.
func (m matrix) turned() (clockwise int, mirrored, ok bool) {
	a, b, c, d := m[0], m[1], m[2], m[3]
	big := max(math.Abs(a), math.Abs(b), math.Abs(c), math.Abs(d))
	if big == 0 || math.IsNaN(big) || math.IsInf(big, 0) {
		return 0, false, false
	}
	small := func(v float64) bool { return math.Abs(v) <= straight*big }
	if mirrored = a*d < b*c; mirrored {
		a, b = -a, -b
	}
	switch {
	case small(b) && small(c) && a > 0 && d > 0:
		return 0, mirrored, true
	case small(b) && small(c) && a < 0 && d < 0:
		return 180, mirrored, true
	case small(a) && small(d) && b < 0 && c > 0:
		return 90, mirrored, true
	case small(a) && small(d) && b > 0 && c < 0:
		return 270, mirrored, true
	}
	return 0, false, false
}

// isUpright reports whether m keeps the sides of a rectangle parallel to the axes.
func (m matrix) isUpright() bool {
	big := max(math.Abs(m[0]), math.Abs(m[1]), math.Abs(m[2]), math.Abs(m[3]))
	small := func(v float64) bool { return math.Abs(v) <= straight*big }
	return small(m[1]) && small(m[2]) || small(m[0]) && small(m[3])
}
