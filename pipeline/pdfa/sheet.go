package pdfa

import (
	"fmt"
	"math"
	"strconv"

	"github.com/sohoa/sohoa/record"
)

// A sheet is the geometry of a page: its size in user space, where the stored
// picture lies unturned, and the way there from pixels of the upright page.
type sheet struct {
	width, height float64 // in units of unit/72 inch
	unit          float64 // /UserUnit
	x, y          point   // what one pixel to the right, one pixel down are
	origin        point   // where the upright page's top left corner is
}

type point struct{ x, y float64 }

// A page is 3 to 14400 units wide and high (ISO 19005-2, 6.1.13).
const (
	leastUnits = 3
	mostUnits  = 14400
)

// newSheet returns the geometry of p. It fails if the page turns by no right
// angle, or has other dimensions than its scan.
func newSheet(p record.Page) (sheet, error) {
	w, h := p.Scan.Width, p.Scan.Height
	if w <= 0 || h <= 0 {
		return sheet{}, fmt.Errorf("scan of %d × %d pixels", w, h)
	}
	uprightW, uprightH := w, h
	if p.Rotate == 90 || p.Rotate == 270 {
		uprightW, uprightH = h, w
	}
	if p.Width != uprightW || p.Height != uprightH {
		return sheet{}, fmt.Errorf("page of %d × %d pixels from a scan of %d × %d turned by %d°", p.Width, p.Height, w, h, p.Rotate)
	}
	dpiX, dpiY := dpi(p)
	s := sheet{width: float64(w) * 72 / dpiX, height: float64(h) * 72 / dpiY, unit: 1}
	if most := max(s.width, s.height); most > mostUnits {
		s.unit = math.Ceil(most / mostUnits)
	}
	s.width, s.height = max(s.width/s.unit, leastUnits), max(s.height/s.unit, leastUnits)
	return s, s.turn(p.Rotate, s.width/float64(w), s.height/float64(h))
}

// turn sets the way from the upright page; kx and ky are units for each stored pixel.
func (s *sheet) turn(rotate int, kx, ky float64) error {
	switch rotate {
	case 0:
		s.x, s.y, s.origin = point{kx, 0}, point{0, -ky}, point{0, s.height}
	case 90:
		s.x, s.y, s.origin = point{0, ky}, point{kx, 0}, point{0, 0}
	case 180:
		s.x, s.y, s.origin = point{-kx, 0}, point{0, ky}, point{s.width, 0}
	case 270:
		s.x, s.y, s.origin = point{0, -ky}, point{-kx, 0}, point{s.width, s.height}
	default:
		return fmt.Errorf("turned by %d°, which is no right angle", rotate)
	}
	return nil
}

// at returns where a point of the upright page, in pixels, lies in user space.
func (s *sheet) at(x, y float64) point {
	return point{s.origin.x + x*s.x.x + y*s.y.x, s.origin.y + x*s.x.y + y*s.y.y}
}

// dpi returns the resolution of the stored pixels: that of the file if the page
// goes by it, for fax pages have two.
func dpi(p record.Page) (x, y float64) {
	if p.DPIFrom == "file" && p.Scan.DPIX > 0 && p.Scan.DPIY > 0 {
		return p.Scan.DPIX, p.Scan.DPIY
	}
	if p.DPI > 0 {
		return p.DPI, p.DPI
	}
	return 300, 300
}

// number writes x for a content stream, to a thousandth.
func number(x float64) string { return fixed(x, 3) }

func fixed(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	scale := math.Pow10(digits)
	x = math.Round(x*scale) / scale
	if x == 0 { // not -0
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
