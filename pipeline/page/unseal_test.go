package page

import (
	"image"
	"image/color"
	"math"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// seals are the seals among the regions of a page.
func seals(all []record.Region) []record.Box {
	var boxes []record.Box
	for _, r := range all {
		if r.Kind == record.SealRegion {
			boxes = append(boxes, r.Box)
		}
	}
	return boxes
}

func TestUnsealed(t *testing.T) {
	for _, c := range []struct {
		name   string
		colour made.Colour
		black  bool // in the cleaned picture
	}{
		{"black and white", made.Bilevel, true},
		{"red, taken off by its colour before", made.InColour, false},
	} {
		p := last(t, "cong-van", 6, c.colour, made.Marks{Seal: true}, 0)
		facts := p.Facts(1)
		clean, m, err := p.Clean(facts.Skew)
		if err != nil {
			t.Fatal(err)
		}
		found := seals(facts.Regions)
		if len(found) != 1 {
			t.Fatalf("%s: seals %v; want one", c.name, found)
		}
		part, err := p.Unsealed(clean, m, found[0])
		if err != nil || (part != nil) != c.black {
			t.Fatalf("%s: Unsealed = %v, %v; want a part: %v", c.name, part, err, c.black)
		}
		clean.Free()
		if part == nil {
			continue
		}
		x, y := m.back(float64(found[0][0]+found[0][2])/2, float64(found[0][1]+found[0][3])/2)
		r := m.scale * float64(found[0].Width()) / 2
		for at := r - 8; at < r+8; at++ {
			if left := covered(part.blackness(), x-float64(part.X), y-float64(part.Y), at, 1); left > 0.2 {
				t.Errorf("%s: %.2f of a ring is left", c.name, left)
			}
		}
		if b := inkBox(part.Pix); b.Width() < int(2*r) {
			t.Errorf("%s: what is left lies in %v; want the lines beside the seal", c.name, b)
		}
		part.Free()
	}
}

// drawnSeal is a seal of radius 200 in a picture of 1-bit pixels: two rings and arms,
// a letter between the rings, and a stroke that runs through the outer ring.
func drawnSeal() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 900, 600))
	for y := range 600 {
		for x := range 900 {
			r := math.Hypot(float64(x-300), float64(y-300))
			ring := math.Abs(r-200) < 3 || math.Abs(r-140) < 2
			arms := r < 60
			lettering := x >= 295 && x < 310 && y >= 125 && y < 150
			stroke := x >= 440 && x < 560 && y >= 296 && y < 302
			if !ring && !arms && !lettering && !stroke {
				m.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return m
}

func TestEraseKeepsStrokesThatCrossTheRing(t *testing.T) {
	p := openedJPEG(t, drawnSeal(), 300, 0)
	pix, err := p.pixels.darkerThan(128)
	if err != nil {
		t.Fatal(err)
	}
	d := disc{pix: pix, x: 303, y: 298, r: 203, mm: 300 / 25.4}
	if s := d.fit(); s < 0.95 || math.Abs(d.x-300) > 1.5 || math.Abs(d.y-300) > 1.5 || math.Abs(d.r-200) > 2.5 {
		t.Fatalf("fit = %.2f at %.0f, %.0f, radius %.0f; want all of it at 300, 300, radius 200", s, d.x, d.y, d.r)
	}
	if err := d.erase(); err != nil {
		t.Fatal(err)
	}
	black := pix.blackness()
	for _, c := range []struct {
		what string
		x, y int
		want bool
	}{
		{"the outer ring", 100, 300, false},
		{"the inner ring", 300, 440, false},
		{"the arms", 300, 300, false},
		{"the lettering", 300, 135, false},
		{"the stroke where it crosses the ring", 500, 299, true},
		{"the stroke outside", 550, 299, true},
	} {
		if got := black(c.x, c.y); got != c.want {
			t.Errorf("%s is black: %v; want %v", c.what, got, c.want)
		}
	}
}

func TestMappingBothWays(t *testing.T) {
	m := Mapping{scale: 0.7, fromX: 800, fromY: 1100, toX: 780, toY: 1080}
	m.sin, m.cos = math.Sincos(0.03)
	x, y := m.back(m.Point(123, 456))
	if math.Abs(x-123) > 1e-6 || math.Abs(y-456) > 1e-6 {
		t.Errorf("back(Point(123, 456)) = %v, %v", x, y)
	}
}
