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
	return page
}

// papers are the sheets whose size is assumed when a file states no resolution,
// in inches, portrait. A4 first: it is what the law prescribes (NĐ 30/2020, appendix I).
var papers = [][2]float64{{8.27, 11.69}, {11.69, 16.54}, {5.83, 8.27}, {8.5, 11}}

// resolution returns dots per inch and where they come from.
func resolution(s record.Scan) (dpi float64, from string) {
	if s.DPIX >= 50 && s.DPIX <= 4800 {
		return math.Round(s.DPIX*10) / 10, "file"
	}
	short, long := float64(min(s.Width, s.Height)), float64(max(s.Width, s.Height))
	best, worst := papers[0], math.Inf(1)
	for _, sheet := range papers {
		dpi := long / sheet[1]
		odd := math.Abs(math.Log(long/short*sheet[0]/sheet[1])) + 0.02*math.Abs(math.Log2(dpi/250))
		if odd < worst-0.005 {
			best, worst = sheet, odd
		}
	}
	return max(1, math.Round(long/best[1])), "paper"
}

// Blank reports whether there is nothing on the page: less than one pixel in
// 10,000 darker than 0.62 times the paper around it, specks apart.
func (p *Picture) Blank() bool {
	dark := p.ink
	if p.grey != nil {
		d, err := p.grey.darkerThan(brightest(p.grey.histogram(4)) * 62 / 100)
		if err != nil {
			return false
		}
		defer d.Free()
		dark = d
	}
	clean, err := dark.opened(2)
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

// quality lists what is wrong with the scan.
func (p *Picture) quality(page record.Page) []string {
	var wrong []string
	if page.DPI < 200 {
		wrong = append(wrong, "below-200-dpi")
	}
	if page.Colour != "colour" {
		wrong = append(wrong, "not-colour")
	}
	return wrong
}
