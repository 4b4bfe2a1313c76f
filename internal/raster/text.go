package raster

import (
	"fmt"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// A Char is one character of a page's text, in the order of the page's content.
// Positions are in points, from the top left of the upright page.
type Char struct {
	Rune      rune
	Box       [4]float64 // x0, y0, x1, y1 of its ink; empty for a blank
	X, Y      float64    // origin: where it stands on its baseline
	Size      float64    // height of the font's letters, ascender to descender; 0 if unknown
	Generated bool       // a blank or line break that pdfium adds for a gap
	Hidden    bool       // drawn without fill and stroke (text rendering modes 3 and 7)
	Unmapped  bool       // the font does not say which character it is
}

// maxChars bounds the text of one page.
const maxChars = 200_000

// Text reads the text of the page. The error wraps ErrDamaged.
func (p *Page) Text() ([]Char, error) {
	loaded, err := p.d.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.request()})
	if err != nil {
		return nil, fmt.Errorf("read text: %w: %v", ErrDamaged, err)
	}
	t := textPage{Page: p, ref: loaded.TextPage}
	defer p.d.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.ref})
	count, err := p.d.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.ref})
	if err != nil {
		return nil, fmt.Errorf("read text: %w: %v", ErrDamaged, err)
	}
	if t.upright, err = p.toUpright(); err != nil {
		return nil, err
	}
	var chars []Char
	for i := range min(count.Count, maxChars) {
		c, err := t.char(i)
		if err != nil {
			return nil, fmt.Errorf("read character %d: %w: %v", i, ErrDamaged, err)
		}
		chars = append(chars, c)
	}
	return chars, nil
}

// textPage is the text of a page while it is read.
type textPage struct {
	*Page
	ref     references.FPDF_TEXTPAGE
	upright affine
}

// affine maps page space to the upright page: x' = a x + c y + e, y' = b x + d y + f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// toUpright asks pdfium where three points of the page lie, in thousandths of a
// point, so that it agrees with what Draw draws.
func (p *Page) toUpright() (affine, error) {
	const fine, step = 1000, 100
	at := func(x, y float64) (float64, float64, error) {
		r, err := p.d.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: p.request(), SizeX: int(p.Width * fine), SizeY: int(p.Height * fine), PageX: x, PageY: y,
		})
		if err != nil {
			return 0, 0, fmt.Errorf("place text: %w: %v", ErrDamaged, err)
		}
		return float64(r.DeviceX) / fine, float64(r.DeviceY) / fine, nil
	}
	x0, y0, err := at(0, 0)
	if err != nil {
		return affine{}, err
	}
	x1, y1, err := at(step, 0)
	if err != nil {
		return affine{}, err
	}
	x2, y2, err := at(0, step)
	return affine{(x1 - x0) / step, (y1 - y0) / step, (x2 - x0) / step, (y2 - y0) / step, x0, y0}, err
}

func (t textPage) char(i int) (Char, error) {
	var c Char
	in := t.d.instance
	code, err := in.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: t.ref, Index: i})
	if err != nil {
		return c, err
	}
	c.Rune = rune(code.Unicode)
	if box, err := in.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: t.ref, Index: i}); err == nil {
		x0, y0 := t.upright.apply(box.Left, box.Bottom)
		x1, y1 := t.upright.apply(box.Right, box.Top)
		c.Box = [4]float64{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
	}
	if at, err := in.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: t.ref, Index: i}); err == nil {
		c.X, c.Y = t.upright.apply(at.X, at.Y)
	}
	made, err := in.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: t.ref, Index: i})
	if err != nil {
		return c, err
	}
	if c.Generated = made.IsGenerated; c.Generated {
		return c, nil
	}
	if box, err := in.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: t.ref, Index: i}); err == nil {
		_, y0 := t.upright.apply(float64(box.Rect.Left), float64(box.Rect.Bottom))
		_, y1 := t.upright.apply(float64(box.Rect.Right), float64(box.Rect.Top))
		c.Size = max(y0-y1, y1-y0)
	}
	if bad, err := in.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: t.ref, Index: i}); err == nil {
		c.Unmapped = bad.HasUnicodeMapError
	}
	c.Hidden = t.hidden(i)
	return c, nil
}

func (t textPage) hidden(i int) bool {
	object, err := t.d.instance.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: t.ref, Index: i})
	if err != nil {
		return false
	}
	return t.invisible(object.TextObject)
}
