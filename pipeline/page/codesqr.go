package page

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"

	"github.com/sohoa/sohoa/record"
)

// An eye is one of the three squares in a square in the corners of a QR code:
// any line through its middle is black, white, black, white, black as 1:1:3:1:1.
type eye struct {
	x, y, unit float64 // middle, width of a module
	seen       int     // rows that showed it
}

// Limits of a search on a hostile page.
const (
	maxEyes  = 40
	maxTries = 12
)

// squaresBlurred looks again at half the size, where cracks in the print are closed.
func squaresBlurred(x *Pix) []record.Symbol {
	half, err := x.halved(1)
	if err != nil {
		return nil
	}
	defer half.Free()
	found, _ := bitmapOf(half).squares()
	for k := range found {
		for i := range found[k].Box {
			found[k].Box[i] *= 2
		}
	}
	return found
}

// squares finds and reads the QR codes, and says how many eyes it saw.
func (b bitmap) squares() (out []record.Symbol, eyes int) {
	used := map[int]bool{}
	all := b.eyes()
	tries := 0
	for i := range all {
		for j := range all {
			for k := j + 1; k < len(all); k++ {
				if i == j || i == k || used[i] || used[j] || used[k] || tries == maxTries || !corner(all[i], all[j], all[k]) {
					continue
				}
				tries++
				if s, ok := b.square(all[i], all[j], all[k]); ok {
					out = append(out, s)
					used[i], used[j], used[k] = true, true, true
				}
			}
		}
	}
	return out, len(all)
}

// corner reports whether b and c lie at right angles and equally far from a.
func corner(a, b, c eye) bool {
	small, large := min(a.unit, b.unit, c.unit), max(a.unit, b.unit, c.unit)
	if large > 1.5*small {
		return false
	}
	p, q, r := apart(a, b), apart(a, c), apart(b, c)
	return max(p, q) < 1.25*min(p, q) && math.Abs(r/math.Hypot(p, q)-1) < 0.12 && p > 11*small && p < 190*large
}

func apart(a, b eye) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

// square reads the QR code that has these eyes.
func (b bitmap) square(corner, one, other eye) (record.Symbol, bool) {
	x3, y3 := one.x+other.x-corner.x, one.y+other.y-corner.y
	edge := 6 * corner.unit
	x0, x1 := min(corner.x, one.x, other.x, x3)-edge, max(corner.x, one.x, other.x, x3)+edge
	y0, y1 := min(corner.y, one.y, other.y, y3)-edge, max(corner.y, one.y, other.y, y3)+edge
	box := record.Box{max(0, int(x0)), max(0, int(y0)), min(b.width, int(x1)), min(b.height, int(y1))}
	m := b.matrix(box[0], box[1], box[2], box[3])
	if m == nil {
		return record.Symbol{}, false
	}
	text, ok := safely(func() (string, error) {
		hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
		found, err := detector.NewDetector(m).Detect(hints)
		if err != nil {
			return "", err
		}
		read, err := decoder.NewDecoder().Decode(found.GetBits(), hints)
		if err != nil {
			return "", err
		}
		return read.GetText(), nil
	})
	return record.Symbol{Kind: record.QR, Text: text, Box: box}, ok
}

// eyes finds the eyes that at least two of the rows looked at show, those first
// that most rows show.
func (b bitmap) eyes() []eye {
	const step = 3
	var all []eye
	var edges []int
	for y := step; y < b.height; y += step {
		edges = b.edges(y, edges[:0])
		for i := 0; i+5 < len(edges); i += 2 {
			unit, ok := oneOneThree([6]int(edges[i : i+6]))
			if !ok {
				continue
			}
			if e, ok := b.eyeAt((edges[i+2]+edges[i+3])/2, y, unit); ok {
				all = addEye(all, e)
			}
		}
	}
	all = slices.DeleteFunc(all, func(e eye) bool { return e.seen < 2 })
	slices.SortStableFunc(all, func(a, b eye) int { return cmp.Compare(b.seen, a.seen) })
	return all[:min(len(all), maxEyes)]
}

// oneOneThree reports whether five runs between six edges are as 1:1:3:1:1, and
// how wide a module is.
func oneOneThree(at [6]int) (unit float64, ok bool) {
	unit = float64(at[5]-at[0]) / 7
	if unit < 1.4 {
		return 0, false
	}
	for i, want := range [5]float64{1, 1, 3, 1, 1} {
		if math.Abs(float64(at[i+1]-at[i])-want*unit) > 0.5*want*unit+0.5 {
			return 0, false
		}
	}
	return unit, true
}

// eyeAt looks at the column through x, and at the row through its middle.
func (b bitmap) eyeAt(x, y int, unit float64) (eye, bool) {
	down, ok := b.across(y, b.height, int(6*unit)+2, func(v int) bool { return b.black(x, v) })
	if !ok {
		return eye{}, false
	}
	tall, ok := oneOneThree(down)
	if !ok || tall > 1.5*unit || unit > 1.5*tall {
		return eye{}, false
	}
	middle := (down[2] + down[3]) / 2
	along, ok := b.across(x, b.width, int(6*unit)+2, func(v int) bool { return b.black(v, middle) })
	if !ok {
		return eye{}, false
	}
	wide, ok := oneOneThree(along)
	return eye{float64(along[2]+along[3]) / 2, float64(middle), (wide + tall) / 2, 1}, ok
}

// across finds the six edges around a black pixel, none farther off than reach.
func (b bitmap) across(from, end, reach int, black func(int) bool) (at [6]int, ok bool) {
	if !black(from) {
		return at, false
	}
	v, want := from, true
	for n := 2; n >= 0; n-- {
		for v >= 0 && from-v <= reach && black(v) == want {
			v--
		}
		if v < 0 && n > 0 || from-v > reach {
			return at, false
		}
		at[n], want = v+1, !want
	}
	v, want = from, true
	for n := 3; n < 6; n++ {
		for v < end && v-from <= reach && black(v) == want {
			v++
		}
		if v >= end && n < 5 || v-from > reach {
			return at, false
		}
		at[n], want = v, !want
	}
	return at, true
}

// addEye counts an eye that was seen before, or adds it. A page full of them is
// no page with a code.
func addEye(all []eye, e eye) []eye {
	for i, o := range all {
		if math.Abs(o.x-e.x) < 2*o.unit && math.Abs(o.y-e.y) < 2*o.unit {
			all[i].seen++
			return all
		}
	}
	if len(all) < 20*maxEyes {
		all = append(all, e)
	}
	return all
}
