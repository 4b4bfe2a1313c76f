package paper

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// A4, in points.
const sheetWidth, sheetHeight = 595.28, 841.89

// Inks. Ink lies on paper like a filter: red over black stays black.
var (
	black = color.RGBA{28, 26, 27, 255}
	red   = color.RGBA{214, 38, 46, 255}
	blue  = color.RGBA{38, 58, 160, 255}
)

// A sheet is one side of paper under the scanner: m maps points to its pixels.
type sheet struct {
	img  *image.RGBA
	m    affine
	dpi  float64
	fill vector.Rasterizer
	mask *image.Alpha
}

// newSheet lays a white A4 sheet under the scanner, turned by skew degrees
// (clockwise) about its middle.
func newSheet(dpi, skew float64) *sheet {
	px := dpi / 72
	img := image.NewRGBA(image.Rect(0, 0, int(math.Round(sheetWidth*px)), int(math.Round(sheetHeight*px))))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	middle := point{sheetWidth / 2, sheetHeight / 2}
	return &sheet{img: img, m: scaled(px, px).after(turnedAt(middle, skew*math.Pi/180)), dpi: dpi, mask: image.NewAlpha(image.Rectangle{})}
}

// A texture says how much of an ink took at a pixel, 0 to 1.
type texture func(x, y int) float64

func solid(int, int) float64 { return 1 }

// bounds is the rectangle of pixels that a path, in points, covers.
func (s *sheet) bounds(q path) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	q.points(func(p point) {
		t := s.m.apply(p)
		x0, y0, x1, y1 = min(x0, t.x), min(y0, t.y), max(x1, t.x), max(y1, t.y)
	})
	if x1 < x0 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}

// ink fills a path given in points. strength 1 lays the ink's full colour on white.
func (s *sheet) ink(q path, ink color.RGBA, strength float64, took texture) image.Rectangle {
	r := s.bounds(q).Intersect(s.img.Rect)
	if r.Empty() {
		return r
	}
	s.rasterise(q, r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := s.mask.Pix[(y-r.Min.Y)*s.mask.Stride:]
		pix := s.img.Pix[s.img.PixOffset(r.Min.X, y):]
		for x := range r.Dx() {
			if row[x] == 0 {
				continue
			}
			a := float64(row[x]) / 255 * strength * took(r.Min.X+x, y)
			filter(pix[4*x:4*x+3:4*x+3], ink, a)
		}
	}
	return r
}

func (s *sheet) rasterise(q path, r image.Rectangle) {
	w, h := r.Dx(), r.Dy()
	if cap(s.mask.Pix) < w*h {
		s.mask.Pix = make([]byte, w*h)
	}
	s.mask.Pix, s.mask.Stride, s.mask.Rect = s.mask.Pix[:w*h], w, image.Rect(0, 0, w, h)
	s.fill.Reset(w, h)
	to := func(p point) (float32, float32) {
		t := s.m.apply(p)
		return float32(t.x - float64(r.Min.X)), float32(t.y - float64(r.Min.Y))
	}
	for i, o := range q {
		ax, ay := to(o.p[0])
		bx, by := to(o.p[1])
		switch o.kind {
		case 'M':
			if i > 0 {
				s.fill.ClosePath()
			}
			s.fill.MoveTo(ax, ay)
		case 'L':
			s.fill.LineTo(ax, ay)
		case 'Q':
			s.fill.QuadTo(ax, ay, bx, by)
		case 'C':
			cx, cy := to(o.p[2])
			s.fill.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	s.fill.ClosePath()
	clear(s.mask.Pix)
	s.fill.Draw(s.mask, s.mask.Rect, image.Opaque, image.Point{})
}

func filter(pix []byte, ink color.RGBA, a float64) {
	for i, c := range [3]byte{ink.R, ink.G, ink.B} {
		pix[i] = byte(float64(pix[i]) * (1 - a*(1-float64(c)/255)))
	}
}

// text writes text in a face, size points high, from the origin of m, which maps
// the text's own points (baseline y = 0) to the sheet's. It returns where the ink is.
func (s *sheet) text(text string, f face, size float64, m affine, ink color.RGBA, strength float64, took texture) image.Rectangle {
	var box image.Rectangle
	x := 0.0
	for _, r := range text {
		g := f.glyph(r)
		at := m.after(affine{size, 0, 0, size, x, 0})
		box = box.Union(s.ink(g.outline.transform(at), ink, strength, took))
		x += g.advance * size
	}
	return box
}
