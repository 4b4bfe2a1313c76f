package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Facts returns what is known of the page without reading it: size as a reader
// sees it, resolution, colour, skew, whether it is blank, and what a clerk
// should know of its quality (TT 05/2025/TT-BNV asks for 200 dpi and colour).
func (p *Picture) Facts(number int) record.Page {
	page := headerFacts(number, p.scan)
	page.Scan, page.Rotate, page.DPI, page.DPIFrom = p.scan, p.turn, p.dpi, p.dpiFrom
	page.Width, page.Height = p.scan.Width, p.scan.Height
	if p.turn%180 != 0 {
		page.Width, page.Height = p.scan.Height, p.scan.Width
	}
	page.Ink = math.Round(float64(p.ink.count())/float64(p.ink.Width()*p.ink.Height())*1e4) / 1e4
	page.Blank = p.Blank()
	if !page.Blank {
		page.Skew = math.Round(p.skew()*100) / 100
	}
	page.Quality = p.quality(page)
	if !page.Blank {
		m, step := p.inks()
		page.Codes, page.Regions = p.codes(), p.regions(m, step)
		if number == 1 {
			page.Occupied = p.occupied(m, step)
		}
	}
	return page
}

// The sheets whose size is assumed when a file states no resolution, in inches.
// A4 is what the law prescribes (NĐ 30/2020/NĐ-CP, appendix I); the other sizes
// of its series have its shape, so only a scan far too fine for A4 is taken for A3.
const (
	a4Short, a4Long         = 8.27, 11.69
	letterShort, letterLong = 8.5, 11.0
	a3Long                  = 16.54
	tooFine                 = 700 // dpi
)

// believed reports whether a file may state such a resolution.
func believed(dpi float64) bool { return dpi >= 50 && dpi <= 4800 }

// resolution returns dots per inch and where they come from.
func resolution(s record.Scan) (dpi float64, from string) {
	if believed(s.DPIX) {
		return math.Round(s.DPIX*10) / 10, "file"
	}
	short, long := float64(min(s.Width, s.Height)), float64(max(s.Width, s.Height))
	odd := func(w, h float64) float64 { return math.Abs(math.Log(long / short * w / h)) }
	sheet := a4Long
	switch {
	case odd(letterShort, letterLong) < odd(a4Short, a4Long)/2:
		sheet = letterLong
	case long/a4Long > tooFine:
		sheet = a3Long
	}
	return max(1, math.Round(long/sheet)), "paper"
}

// Blank reports whether there is nothing on the page: less than one pixel in
// 10,000 darker than 0.72 times the paper around it, specks apart. Faint and
// blurred print is as light as 0.65, what shows through from the other side lighter than 0.75.
func (p *Picture) Blank() bool {
	dark := p.ink
	if p.grey != nil {
		d, err := p.grey.darkerThan(brightest(p.grey.histogram(4)) * 72 / 100)
		if err != nil {
			return false
		}
		defer d.Free()
		dark = d
	}
	clean, err := dark.opened(2, 2)
	if err != nil {
		return false
	}
	defer clean.Free()
	return clean.count() < clean.Width()*clean.Height()/10000
}

// skew is measured on the upright page.
func (p *Picture) skew() float64 {
	if p.turn%180 == 0 {
		return p.ink.skew()
	}
	up, err := p.ink.Turned(p.turn)
	if err != nil {
		return 0
	}
	defer up.Free()
	return up.skew()
}
