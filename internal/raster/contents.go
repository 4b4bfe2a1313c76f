package raster

import (
	"fmt"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// Contents is what a page draws, for files that only pdfium can read.
type Contents struct {
	Pictures []Picture
	Texts    int // visible pieces of text
	Others   int // paths, shadings, forms
}

// A Picture is one image of a page.
type Picture struct {
	Box           [4]float64 // x0, y0, x1, y1 in points, in the page's own space
	Width, Height int        // pixels
}

// maxObjects bounds what is looked at of one page.
const maxObjects = 20_000

// Contents looks at the objects of the page. The error wraps ErrDamaged.
func (p *Page) Contents() (Contents, error) {
	var c Contents
	count, err := p.d.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.request()})
	if err != nil {
		return c, fmt.Errorf("look at a page: %w: %v", ErrDamaged, err)
	}
	for i := range min(count.Count, maxObjects) {
		if err := p.object(i, &c); err != nil {
			return c, fmt.Errorf("look at object %d of a page: %w: %v", i, ErrDamaged, err)
		}
	}
	return c, nil
}

func (p *Page) object(i int, c *Contents) error {
	in := p.d.instance
	got, err := in.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.request(), Index: i})
	if err != nil {
		return err
	}
	kind, err := in.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: got.PageObject})
	if err != nil {
		return err
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		if !p.invisible(got.PageObject) {
			c.Texts++
		}
	case enums.FPDF_PAGEOBJ_IMAGE:
		return p.picture(got.PageObject, c)
	default:
		c.Others++
	}
	return nil
}

func (p *Page) invisible(text references.FPDF_PAGEOBJECT) bool {
	mode, err := p.d.instance.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: text})
	return err == nil && (mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE || mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_CLIP)
}

func (p *Page) picture(image references.FPDF_PAGEOBJECT, c *Contents) error {
	box, err := p.d.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: image})
	if err != nil {
		return err
	}
	size, err := p.d.instance.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: image})
	if err != nil {
		return err
	}
	c.Pictures = append(c.Pictures, Picture{
		Box:   [4]float64{float64(box.Left), float64(box.Bottom), float64(box.Right), float64(box.Top)},
		Width: int(size.Width), Height: int(size.Height),
	})
	return nil
}
