package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// The strokes of the ten digits as somebody writes them, in a box one unit high
// and about 0.6 wide, y down.
var digitStrokes = map[rune][][]point{
	'0': {{{.35, .02}, {.1, .25}, {.05, .6}, {.2, .95}, {.45, .85}, {.55, .5}, {.48, .15}, {.3, .03}}},
	'1': {{{.12, .25}, {.32, .03}, {.3, .5}, {.27, 1}}},
	'2': {{{.08, .22}, {.25, .02}, {.5, .12}, {.48, .4}, {.2, .75}, {.04, .98}, {.3, .93}, {.6, .96}}},
	'3': {{{.1, .12}, {.32, .02}, {.5, .18}, {.25, .45}, {.52, .68}, {.35, .97}, {.05, .88}}},
	'4': {{{.35, .02}, {.2, .3}, {.03, .6}, {.3, .63}, {.6, .58}}, {{.45, .35}, {.42, .7}, {.4, 1.02}}},
	'5': {{{.15, .05}, {.11, .25}, {.08, .45}, {.35, .4}, {.53, .62}, {.4, .93}, {.05, .95}}, {{.13, .05}, {.35, .06}, {.56, .02}}},
	'6': {{{.48, .02}, {.2, .3}, {.05, .7}, {.25, .98}, {.5, .8}, {.38, .55}, {.1, .68}}},
	'7': {{{.05, .08}, {.3, .07}, {.56, .04}, {.38, .45}, {.22, 1}}, {{.15, .5}, {.32, .48}, {.5, .46}}},
	'8': {{{.45, .15}, {.25, .02}, {.1, .2}, {.35, .48}, {.5, .78}, {.25, .98}, {.05, .78}, {.3, .48}, {.5, .22}, {.42, .1}}},
	'9': {{{.5, .2}, {.28, .03}, {.08, .25}, {.25, .48}, {.48, .25}, {.5, .45}, {.35, 1}}},
}

// A pen writes: its ink, its width in points, and the hand that holds it.
type pen struct {
	ink   color.RGBA
	width float64
	rng   *rand.Rand
}

// digits writes text, of digits only, from x0 on a baseline, tall points high,
// and returns where the ink is.
func (w pen) digits(s *sheet, text string, x0, baseline, tall float64) image.Rectangle {
	slant := -0.12 + 0.12*w.rng.Float64()
	var box image.Rectangle
	x := x0
	for _, r := range text {
		grow := tall * (0.9 + 0.25*w.rng.Float64())
		drop := tall * 0.12 * w.rng.Float64()
		m := affine{grow, 0, -slant * grow, grow, x + slant*grow, baseline - grow + drop}
		for _, knots := range digitStrokes[r] {
			box = box.Union(s.ink(w.line(knots, m, 0.04), w.ink, 0.92, solid))
		}
		x += tall * (0.58 + 0.12*w.rng.Float64())
	}
	return box
}

// line is one stroke of the pen through knots, each off by a share of the unit,
// with the pressure of a hand.
func (w pen) line(knots []point, m affine, off float64) path {
	moved := make([]point, len(knots))
	for i, k := range knots {
		moved[i] = m.apply(point{k.x + off*w.rng.NormFloat64(), k.y + off*w.rng.NormFloat64()})
	}
	phase := w.rng.Float64() * math.Pi
	return stroke(smooth(moved, 10), func(t float64) float64 {
		return w.width * (0.75 + 0.35*math.Sin(phase+5*t))
	})
}

// signature writes a name's strokes without being one: a sweep, loops that get
// smaller, a tail, and often a line below; about wide points wide around at.
func (w pen) signature(s *sheet, at point, wide float64) {
	f := w.rng.Float64
	knots := []point{{-.52, .05 + .1*f()}, {-.44, -.35 - .25*f()}, {-.37, -.05}, {-.40, .32}, {-.47, .22}}
	x, tall := -.36, .25+.2*f()
	for range 4 + w.rng.IntN(4) { // a loop: up, over to the left, down and on
		knots = append(knots, point{x + .07, -tall * .55}, point{x + .05, -tall}, point{x, -tall * .6}, point{x + .02, tall * .35}, point{x + .08, tall * .45})
		x += .07 + .05*f()
		tall *= .72 + .3*f()
	}
	knots = append(knots, point{x + .12, .05}, point{.5 + .25*f(), -.1 - .4*f()})
	m := moved(at.x, at.y).after(turned(-.12 - .15*f())).after(scaled(wide, wide*.5))
	s.ink(w.line(knots, m, .015), w.ink, .93, solid)
	if w.rng.IntN(3) > 0 {
		under := []point{{-.3 + .2*f(), .34}, {.15, .2}, {.6, -.02 + .1*f()}}
		s.ink(w.line(under, m, .015), w.ink, .93, solid)
	}
}
