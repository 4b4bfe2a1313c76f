package page

import (
	"bufio"
	"errors"
	"image"
	"image/jpeg"
	"math"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/raster"
	"github.com/sohoa/sohoa/record"
)

// How pages are drawn.
const (
	drawDPI     = 300  // at least
	drawMaxDPI  = 600  // at most, for the sake of one fine picture among others
	drawPixels  = 64e6 // at most: an A0 sheet at 200 dpi
	drawLeast   = 72   // below this, nobody could read the page
	drawQuality = 90   // of the JPEG
)

// draw draws page n without annotations, and takes its text if it is a page of
// text. A page with fields that are filled in is drawn as a reader shows it, for
// they are what it says; but not of a signed file, which is kept beside ours: a
// picture of a mark is no signature.
func (p *pdfSource) draw(n int, name string, m marks) (record.Scan, error) {
	if err := p.openDrawn(); err != nil {
		return record.Scan{}, err
	}
	if p.doc != nil && p.drawn.Pages() != len(p.pages) {
		return record.Scan{}, record.Refuse(record.Damaged, nil, "one reader sees %d pages, another %d", len(p.pages), p.drawn.Pages())
	}
	page, err := p.drawn.Page(n)
	if err != nil {
		return record.Scan{}, drawError(err)
	}
	defer page.Close()
	if p.doc == nil {
		if m, err = marksOf(page); err != nil {
			return record.Scan{}, drawError(err)
		}
	}
	width, height, dpi, exact := p.drawSize(page, m, n)
	if dpi == 0 {
		return record.Scan{}, record.Refuse(record.TooManyPixels, nil, "page of %.0f x %.0f points", page.Width, page.Height)
	}
	var s record.Scan
	store := func(picture *image.RGBA) error {
		if exact && p.lossless(m) {
			s, err = p.storeImage(picture, nil, name)
		} else {
			s, err = p.storeDrawn(picture, name)
		}
		return err
	}
	if m.filled > 0 && !p.signed {
		exact = false
		err = page.DrawShown(width, height, store)
	} else {
		p.warnOver(name, m)
		err = page.Draw(width, height, exact, store)
	}
	if err != nil {
		return record.Scan{}, drawError(err)
	}
	s.DPIX, s.DPIY, s.Source = dpi, dpi, "rendered"
	return s, p.takeText(page, m, &s, dpi/72*p.unit(n))
}

// unit is the size of a unit of page n in points (/UserUnit), which pdfium leaves
// out of its measures.
func (p *pdfSource) unit(n int) float64 {
	if p.doc == nil {
		return 1
	}
	return p.pages[n].UserUnit
}

// lossless reports whether the pictures of a page are stored without loss: so is
// the drawn page then.
func (p *pdfSource) lossless(m marks) bool {
	if p.doc == nil {
		return false
	}
	for _, i := range m.images {
		filters, err := p.doc.Filters(i.stream)
		if err != nil || len(filters) > 0 && slices.Contains([]pdf.Name{"DCTDecode", "JPXDecode"}, filters[len(filters)-1].Name) {
			return false
		}
	}
	return true
}

// marksOf is what pdfium sees on a page that our reader cannot read.
func marksOf(page *raster.Page) (marks, error) {
	seen, err := page.Contents()
	if err != nil {
		return marks{}, err
	}
	m := marks{page: rect{0, 0, page.Width, page.Height}, text: seen.Texts, paths: seen.Others}
	for _, s := range seen.Pictures {
		b := rect(s.Box)
		m.images = append(m.images, placed{
			matrix: matrix{b[2] - b[0], 0, 0, b[3] - b[1], b[0], b[1]}, shown: b, plain: true, width: s.Width, height: s.Height,
		})
	}
	return m, nil
}

func drawError(err error) error {
	if errors.Is(err, raster.ErrDamaged) {
		return record.Refuse(record.Damaged, err, "draw the page")
	}
	return err
}

// drawSize chooses the pixels of a drawn page: the resolution of the finest
// picture that takes up a good part of it, within bounds. A page that shows nothing
// but pictures of one resolution, such as a scan in strips, gets exactly their
// pixels. dpi is 0 for a page too large to be drawn so that it can be read.
func (p *pdfSource) drawSize(page *raster.Page, m marks, n int) (width, height int, dpi float64, exact bool) {
	dpi = drawDPI
	unit := p.unit(n)
	for _, i := range m.images {
		x, y := dpiOf(i, i.width, i.height, unit)
		if i.shown.area() >= m.page.area()/4 && !math.IsInf(x+y, 0) && !math.IsNaN(x+y) {
			dpi = max(dpi, min(x, y, drawMaxDPI))
		}
	}
	if own := m.resolution(unit); own > 0 {
		dpi, exact = own, true
	}
	most := min(float64(p.limits.PixelsPerPage), drawPixels)
	if inches := page.Width * unit / 72 * page.Height * unit / 72; inches*dpi*dpi > most {
		if dpi, exact = math.Sqrt(most/inches), false; dpi < drawLeast {
			return 0, 0, 0, false
		}
	}
	size := func(points float64) int { return max(1, int(math.Round(points*unit/72*dpi))) }
	return size(page.Width), size(page.Height), math.Round(dpi*100) / 100, exact
}

// resolution is that of all pictures of a page on which nothing else is drawn; 0 if
// they lean, or differ by more than a hundredth.
func (m marks) resolution(unit float64) float64 {
	if m.odd || m.paths > 0 || m.text > 0 {
		return 0
	}
	const sliver = 0.005 // of the page: the height of the last strip is rounded
	var all []float64
	for _, i := range m.images {
		if x, y := dpiOf(i, i.width, i.height, unit); !i.matrix.isUpright() {
			return 0
		} else if i.shown.area() > sliver*m.page.area() || len(m.images) == 1 {
			all = append(all, x, y)
		}
	}
	if len(all) == 0 {
		return 0
	}
	least, most := slices.Min(all), slices.Max(all)
	if !(most-least <= 0.01*most) || most < drawLeast && len(m.images) > 1 {
		return 0
	}
	return all[0]
}

// storeDrawn writes a drawn page: Group 4 if it is black and white only, else JPEG.
func (d *opened) storeDrawn(m *image.RGBA, name string) (record.Scan, error) {
	if isBilevel(m) {
		return d.storeBilevel(m, name)
	}
	s := record.Scan{
		File: name + ".jpg", Filter: "DCTDecode", Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Space: "DeviceRGB", Colors: 3,
	}
	var picture image.Image = m
	if g := greyPicture(m); g != nil {
		picture, s.Space, s.Colors = g, "DeviceGray", 1
	}
	f, err := d.out.create(s.File)
	if err != nil {
		return s, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := jpeg.Encode(w, picture, &jpeg.Options{Quality: drawQuality}); err != nil {
		return s, err
	}
	if err := w.Flush(); err != nil {
		return s, err
	}
	return s, f.Close()
}

// greyPicture returns the picture in grey if it has no colour, else nil.
func greyPicture(m *image.RGBA) *image.Gray {
	g := image.NewGray(m.Rect)
	for y := range m.Rect.Dy() {
		row, out := m.Pix[y*m.Stride:][:4*m.Rect.Dx()], g.Pix[y*g.Stride:]
		for x := range m.Rect.Dx() {
			r := row[4*x]
			if row[4*x+1] != r || row[4*x+2] != r {
				return nil
			}
			out[x] = r
		}
	}
	return g
}
