package stamp

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"
)

const (
	fontSize   = 10.0 // points (NĐ 30/2020/NĐ-CP)
	leading    = 11.5
	margin     = 12.0 // from the edges of the page
	narrow     = 8.0  // where text is in the way
	padding    = 2.0  // around the text
	widthShare = 0.48 // of the page's width: the other half is for the other mark
	depthShare = 0.12 // of its height: how far below the edge the mark may move
	stride     = 4.0  // between the places that are tried
	readable   = 7.0  // letters do not shrink below this to make way for text
	minSize    = 4.0  // smaller cannot be read on any page
)

// Vietnam is the time zone of the mark.
var Vietnam = time.FixedZone("+07:00", 7*60*60)

// Time is how a time stands in the mark: ISO 8601 with seconds and zone.
func Time(t time.Time) string { return t.In(Vietnam).Format("2006-01-02T15:04:05-07:00") }

// A Corner is where on the page a mark stands, as a reader sees the page.
type Corner int

// The corners: agencies sign at the right, persons at the left (TT 01/2023/TT-VPCP).
const (
	TopRight Corner = iota
	TopLeft
)

// A Page is where the mark goes: the visible box of the page in its own
// coordinates, how it is turned when shown, and its unit in points (1 for most).
type Page struct {
	Box    [4]float64 // x0, y0, x1, y1
	Rotate int        // clockwise: 0, 90, 180, 270
	Unit   float64
	Text   [][4]float64 // what the mark should not cover, in points from the lower left corner of the page as shown
	Marks  [][4]float64 // earlier marks, in the page's coordinates
}

// A Mark is laid out for one page.
type Mark struct {
	Rect   [4]float64 // on the page, in its coordinates
	Covers bool       // there was no free place: it covers text
	lines  [][]uint16 // glyphs
	widths []float64  // of the lines, in points
	size   float64    // of the letters, in points
	page   Page
	font   *font
	code   *qr.Code // beside the text; nil: none
	module float64  // side of a module of the code, in points
}

// New lays the texts out for a corner of p, each on a line of its own and on more
// where it is long. An empty text is left out. To leave free what is on the page the mark
// moves towards the edge, below earlier marks, and away from the corner in its half of the
// page's head; breaks its lines earlier; and shrinks a little. On a page too small for the
// law's size the letters shrink more.
func New(p Page, corner Corner, texts ...string) (*Mark, error) {
	return lay(p, corner, nil, 0, texts)
}

func lay(p Page, corner Corner, code *qr.Code, module float64, texts []string) (*Mark, error) {
	f, err := loadFont()
	if err != nil {
		return nil, fmt.Errorf("lay out the mark: %w", err)
	}
	if p.Unit <= 0 {
		p.Unit = 1
	}
	m := &Mark{page: p, font: f, code: code, module: module}
	first, second := 0.0, 0.0 // the largest size that fits the page, and that leaves text free
	for size := fontSize; size >= minSize && second == 0 && (first == 0 || size >= readable); size-- {
		fits, free, err := m.try(size, corner, texts)
		if err != nil {
			return nil, fmt.Errorf("lay out the mark: %w", err)
		}
		if fits && first == 0 {
			first = size
		}
		if free {
			second = size
		}
	}
	if first == 0 {
		w, h := p.Shown()
		return nil, fmt.Errorf("lay out the mark: the page, %.0f by %.0f points, has no room for it", w, h)
	}
	if second == 0 {
		m.Covers = true
		m.size = first
		err = m.wrap(texts, m.room(widest))
		m.place(m.leastTaken(corner))
	}
	return m, err
}

// The shares of its room that the lines of a mark take, the first that is free.
var shares = []float64{widest, 0.75, 0.55, 0.4}

const widest = 1.0

// try lays the texts out at a size and takes the first free spot for them.
func (m *Mark) try(size float64, corner Corner, texts []string) (fits, free bool, err error) {
	m.size = size
	w, h := m.page.Shown()
	for _, share := range shares {
		if err := m.wrap(texts, m.room(share)); err != nil {
			return false, false, err
		}
		if bw, bh := m.extent(); bw > w-2*margin || bh > h-2*margin {
			continue
		}
		fits = fits || share == widest
		for _, spot := range m.spots(corner) {
			if m.taken(spot) == 0 {
				m.place(spot)
				return true, true, nil
			}
		}
	}
	return fits, false, nil
}

// room is how wide lines may be, in points.
func (m *Mark) room(share float64) float64 {
	w, _ := m.page.Shown()
	return share*max(w*widthShare, min(w-2*margin, 150)) - 2*padding - m.codeSide()
}

// leastTaken is the spot where the mark covers least.
func (m *Mark) leastTaken(corner Corner) [4]float64 {
	return slices.MinFunc(m.spots(corner), func(a, b [4]float64) int { return cmp.Compare(math.Round(m.taken(a)), math.Round(m.taken(b))) })
}

// spots are where the mark may stand, as the page is shown, the best first: the corner,
// closer to the edge, below each earlier mark, and away from the corner.
func (m *Mark) spots(corner Corner) [][4]float64 {
	w, h := m.page.Shown()
	bw, bh := m.extent()
	at := func(gap, top float64) [4]float64 {
		x := w - gap - bw
		if corner == TopLeft {
			x = gap
		}
		return [4]float64{x, top - bh, x + bw, top}
	}
	side := w*widthShare + margin - bw // the farthest from the edge at the side
	spots := [][4]float64{at(margin, h-margin), at(narrow, h-narrow)}
	for _, earlier := range m.page.Marks {
		if top := m.page.asShown(earlier)[1]; top-bh > h/2 {
			spots = append(spots, at(margin, top))
		}
	}
	for top := h - narrow; top-bh >= h*(1-depthShare); top -= stride {
		for gap := narrow; gap <= max(narrow, side); gap += stride {
			spots = append(spots, at(gap, top))
		}
	}
	return spots
}

// taken is how much of a spot the page needs for what it holds, in square points; an
// earlier mark counts as if it filled the spot, for it is never covered if text can be.
func (m *Mark) taken(spot [4]float64) (area float64) {
	const touch = 0.01
	shared := func(r [4]float64) float64 {
		w, h := min(r[2], spot[2])-max(r[0], spot[0]), min(r[3], spot[3])-max(r[1], spot[1])
		if w <= touch || h <= touch {
			return 0
		}
		return w * h
	}
	for _, r := range m.page.Marks {
		if shared(m.page.asShown(r)) > 0 {
			area += 4 * (spot[2] - spot[0]) * (spot[3] - spot[1])
		}
	}
	for _, r := range m.page.Text {
		area += shared(r)
	}
	return area
}

// Shown is the size of the page as a reader sees it, in points.
func (p Page) Shown() (w, h float64) {
	unit := p.Unit
	if unit <= 0 {
		unit = 1
	}
	w, h = (p.Box[2]-p.Box[0])*unit, (p.Box[3]-p.Box[1])*unit
	if p.Rotate%180 != 0 {
		return h, w
	}
	return w, h
}

// wrap breaks the texts into lines of at most room points, at spaces.
func (m *Mark) wrap(texts []string, room float64) error {
	m.lines, m.widths = nil, nil
	for _, text := range texts {
		var line []uint16
		for _, word := range strings.Fields(text) {
			glyphs, err := m.font.glyphs(word)
			if err != nil {
				return err
			}
			longer := glyphs
			if line != nil {
				longer = append(append(append([]uint16{}, line...), m.font.space), glyphs...)
			}
			if line != nil && m.width(longer) > room {
				m.add(line)
				longer = glyphs
			}
			line = longer
		}
		if line != nil {
			m.add(line)
		}
	}
	return nil
}

func (m *Mark) add(line []uint16) {
	m.lines, m.widths = append(m.lines, line), append(m.widths, m.width(line))
}

func (m *Mark) width(line []uint16) float64 {
	total := 0
	for _, g := range line {
		total += m.font.advance(g)
	}
	return float64(total) / 1000 * m.size
}

// extent is the size of the mark in points.
func (m *Mark) extent() (w, h float64) {
	for _, lw := range m.widths {
		w = max(w, lw)
	}
	side := m.codeSide()
	return w + 2*padding + side, max(m.textHeight()+2*padding, side)
}

func (m *Mark) textHeight() float64 { return float64(len(m.lines)) * leading * m.size / fontSize }

// place sets Rect to a spot, turned back to the page's coordinates.
func (m *Mark) place(spot [4]float64) {
	for i := range spot {
		spot[i] /= m.page.Unit
	}
	u0, v0, u1, v1, b := spot[0], spot[1], spot[2], spot[3], m.page.Box
	switch m.page.Rotate {
	case 90:
		m.Rect = [4]float64{b[2] - v1, b[1] + u0, b[2] - v0, b[1] + u1}
	case 180:
		m.Rect = [4]float64{b[2] - u1, b[3] - v1, b[2] - u0, b[3] - v0}
	case 270:
		m.Rect = [4]float64{b[0] + v0, b[3] - u1, b[0] + v1, b[3] - u0}
	default:
		m.Rect = [4]float64{b[0] + u0, b[1] + v0, b[0] + u1, b[1] + v1}
	}
	for i := range m.Rect {
		m.Rect[i] = round(m.Rect[i])
	}
}

// asShown turns a rectangle of the page to how it is shown, in points.
func (p Page) asShown(r [4]float64) [4]float64 {
	b := p.Box
	var s [4]float64
	switch p.Rotate {
	case 90:
		s = [4]float64{r[1] - b[1], b[2] - r[2], r[3] - b[1], b[2] - r[0]}
	case 180:
		s = [4]float64{b[2] - r[2], b[3] - r[3], b[2] - r[0], b[3] - r[1]}
	case 270:
		s = [4]float64{b[3] - r[3], r[0] - b[0], b[3] - r[1], r[2] - b[0]}
	default:
		s = [4]float64{r[0] - b[0], r[1] - b[1], r[2] - b[0], r[3] - b[1]}
	}
	for i := range s {
		s[i] *= p.Unit
	}
	return s
}

func round(x float64) float64 { return float64(int64(x*1000+0.5*sign(x))) / 1000 }

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}
