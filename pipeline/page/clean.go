package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// deskewFrom is the skew in degrees from which lines are straightened before
// recognition. Below, the recogniser copes as well and turning would only blur.
const deskewFrom = 0.7

// A Mapping leads from a cleaned picture back to the upright scan.
type Mapping struct {
	scale         float64 // upright pixels to cleaned pixels
	sin, cos      float64 // of the angle by which the lines were straightened
	fromX, fromY  float64 // centre of the cleaned picture
	toX, toY      float64 // centre of the scaled upright picture
	width, height int     // of the upright scan
}

// Clean returns the picture that a recogniser reads best: upright, straight, its
// letters as high as asked for, free of seals; grey. For recognition only.
func (p *Picture) Clean(skew float64) (*Pix, Mapping, error) {
	best, scale, err := p.legible()
	if err != nil {
		return nil, Mapping{}, err
	}
	defer best.Free()
	up, err := best.Turned(p.turn)
	if err != nil {
		return nil, Mapping{}, err
	}
	m := p.mapping(up, scale)
	if math.Abs(skew) < deskewFrom {
		return up, m, nil
	}
	defer up.Free()
	straight, err := up.straightened(-skew)
	if err != nil {
		return nil, Mapping{}, err
	}
	m.straighten(-skew, straight)
	return straight, m, nil
}

// fringe is how far around ink its shades are kept, in pixels.
const fringe = 4

// legible returns ink with the shades of grey at its edges on white paper, and at which
// scale: black or white alone fills the gap between a letter and its mark where a scan
// is blurred or faint. What was taken off the ink is white too.
func (p *Picture) legible() (*Pix, float64, error) {
	switch {
	case p.grey == nil:
		return p.rimmed()
	case p.scale > 1:
		best, err := p.grey.scaled(1)
		return best, p.scale, err
	}
	white, err := p.grey.near(p.ink, fringe)
	return white, p.scale, err
}

// rimmed returns the ink of a bilevel scan with rims, its letters as high as asked for.
func (p *Picture) rimmed() (*Pix, float64, error) {
	rimmed, err := p.ink.rimmed()
	if err != nil {
		return nil, 0, err
	}
	defer rimmed.Free()
	high, err := rimmed.letterHeight()
	if err != nil {
		return nil, 0, err
	}
	scale := scaleFor(p.dpi, high, p.letters)
	best, err := rimmed.scaled(scale)
	return best, scale, err
}

func (p *Picture) mapping(up *Pix, scale float64) Mapping {
	m := Mapping{scale: scale, cos: 1, width: p.scan.Width, height: p.scan.Height}
	if p.turn%180 != 0 {
		m.width, m.height = m.height, m.width
	}
	m.fromX, m.fromY = float64(up.Width())/2, float64(up.Height())/2
	m.toX, m.toY = m.fromX, m.fromY
	return m
}

// straighten notes that the picture was turned clockwise and has become straight.
func (m *Mapping) straighten(degrees float64, straight *Pix) {
	m.sin, m.cos = math.Sincos(degrees * math.Pi / 180)
	m.fromX, m.fromY = float64(straight.Width())/2, float64(straight.Height())/2
}

// Point returns where a point of the cleaned picture lies on the upright scan.
func (m Mapping) Point(x, y float64) (float64, float64) {
	dx, dy := x-m.fromX, y-m.fromY
	return (m.toX + dx*m.cos + dy*m.sin) / m.scale, (m.toY - dx*m.sin + dy*m.cos) / m.scale
}

// back returns where a point of the upright scan lies on the cleaned picture.
func (m Mapping) back(x, y float64) (float64, float64) {
	dx, dy := x*m.scale-m.toX, y*m.scale-m.toY
	return m.fromX + dx*m.cos - dy*m.sin, m.fromY + dx*m.sin + dy*m.cos
}

// Box returns the upright box on the scan that holds a box of the cleaned picture.
func (m Mapping) Box(b record.Box) record.Box {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [4][2]int{{b[0], b[1]}, {b[2], b[1]}, {b[0], b[3]}, {b[2], b[3]}} {
		x, y := m.Point(float64(c[0]), float64(c[1]))
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return record.Box{
		max(0, int(math.Floor(x0+0.01))), max(0, int(math.Floor(y0+0.01))),
		min(m.width, int(math.Ceil(x1-0.01))), min(m.height, int(math.Ceil(y1-0.01))),
	}
}

// Length returns a length of the cleaned picture in pixels of the scan.
func (m Mapping) Length(l float64) float64 { return l / m.scale }
