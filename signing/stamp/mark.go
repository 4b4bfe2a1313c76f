package stamp

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
)

const (
	fontSize   = 10.0 // points (NĐ 30/2020/NĐ-CP)
	leading    = 11.5
	margin     = 12.0 // from the edges of the page
	padding    = 2.0  // around the text
	widthShare = 0.48 // of the page's width: the heading stands left of it
	minSize    = 4.0  // smaller cannot be read on any page
)

// Vietnam is the time zone of the mark.
var Vietnam = time.FixedZone("+07:00", 7*60*60)

// Time is how a time stands in the mark: ISO 8601 with seconds and zone.
func Time(t time.Time) string { return t.In(Vietnam).Format("2006-01-02T15:04:05-07:00") }

// A Page is where the mark goes: the visible box of the page in its own
// coordinates, how it is turned when shown, and its unit in points (1 for most).
type Page struct {
	Box    [4]float64 // x0, y0, x1, y1
	Rotate int        // clockwise: 0, 90, 180, 270
	Unit   float64
}

// A Mark is laid out for one page.
type Mark struct {
	Rect   [4]float64 // on the page, in its coordinates
	lines  [][]uint16 // glyphs
	widths []float64  // of the lines, in points
	size   float64    // of the letters, in points
	page   Page
	font   *font
}

// New lays the texts out for the top right corner of p, each on a line of its own
// and on more where it is long. An empty text is left out. On a page too small for
// the law's size the letters shrink.
func New(p Page, texts ...string) (*Mark, error) {
	f, err := loadFont()
	if err != nil {
		return nil, fmt.Errorf("lay out the mark: %w", err)
	}
	if p.Unit <= 0 {
		p.Unit = 1
	}
	m := &Mark{page: p, font: f, size: fontSize}
	w, h := p.shown()
	for ; m.size >= minSize; m.size-- {
		room := max(w*widthShare, min(w-2*margin, 150)) - 2*padding
		if err := m.wrap(texts, room); err != nil {
			return nil, fmt.Errorf("lay out the mark: %w", err)
		}
		if bw, bh := m.extent(); bw <= w-2*margin && bh <= h-2*margin {
			m.place(w, h)
			return m, nil
		}
	}
	return nil, fmt.Errorf("lay out the mark: the page, %.0f by %.0f points, has no room for it", w, h)
}

// shown is the size of the page as a reader sees it, in points.
func (p Page) shown() (w, h float64) {
	w, h = (p.Box[2]-p.Box[0])*p.Unit, (p.Box[3]-p.Box[1])*p.Unit
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
	return w + 2*padding, float64(len(m.lines))*leading*m.size/fontSize + 2*padding
}

// place sets Rect: the corner as the reader sees it, turned back to the page.
func (m *Mark) place(w, h float64) {
	bw, bh := m.extent()
	u0, v0, u1, v1 := w-margin-bw, h-margin-bh, w-margin, h-margin
	for _, v := range []*float64{&u0, &v0, &u1, &v1} {
		*v /= m.page.Unit
	}
	b := m.page.Box
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

func round(x float64) float64 { return float64(int64(x*1000+0.5*sign(x))) / 1000 }

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}

// turn is the matrix of the form that makes it upright for the reader.
var turn = map[int]pdf.Array{
	0: {1, 0, 0, 1, 0, 0}, 90: {0, 1, -1, 0, 0, 0}, 180: {-1, 0, 0, -1, 0, 0}, 270: {0, -1, 1, 0, 0, 0},
}

// Appearance returns the form XObject of the mark. add gets the objects that it
// needs, serialised, and says under which number each was written.
func (m *Mark) Appearance(add func(object []byte) (uint32, error)) ([]byte, error) {
	font, err := m.font.embed(m.lines, add)
	if err != nil {
		return nil, fmt.Errorf("embed the face of the mark: %w", err)
	}
	w, h := m.extent()
	form := pdf.NewStream(pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "FormType": 1,
		"BBox": pdf.Array{0, 0, round(w), round(h)}, "Matrix": turn[m.page.Rotate],
		"Resources": pdf.Dict{"Font": pdf.Dict{"F1": font}}, "Filter": pdf.Name("FlateDecode"),
	}, deflate(m.content(w, h)))
	return serialise(form), nil
}

// content draws the lines, each centred.
func (m *Mark) content(w, h float64) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "q\n0 g\nBT\n/F1 %.3g Tf\n", m.size)
	step := leading * m.size / fontSize
	x, y := 0.0, 0.0
	for i, line := range m.lines {
		nx, ny := (w-m.widths[i])/2, h-padding-step*float64(i)-m.size*0.9
		fmt.Fprintf(&b, "%.3f %.3f Td\n<", nx-x, ny-y)
		for _, g := range line {
			fmt.Fprintf(&b, "%04X", g)
		}
		b.WriteString("> Tj\n")
		x, y = nx, ny
	}
	b.WriteString("ET\nQ\n")
	return b.Bytes()
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z, _ := zlib.NewWriterLevel(&out, zlib.BestCompression) // the level is a good one
	z.Write(b)                                              // a Buffer takes everything
	z.Close()
	return out.Bytes()
}

func serialise(v any) []byte {
	var b bytes.Buffer
	pdf.WriteObject(&b, v)
	return b.Bytes()
}
