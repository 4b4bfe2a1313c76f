package raster

import (
	"fmt"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// inset is how far the edges of pictures are drawn in, in points: more than the
// rounding of the numbers in a file, less than a pixel.
const inset = 0.02

// drawIn makes each picture of the open page smaller by a hair. Pdfium draws a
// picture over all pixels that it touches: one that reaches over the edge of a pixel
// by a rounding error is stretched by one, and its rows are not the page's any more.
func (p *Page) drawIn() error {
	count, err := p.d.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.request()})
	if err != nil {
		return fmt.Errorf("look at a page: %w: %v", ErrDamaged, err)
	}
	for i := range min(count.Count, maxObjects) {
		if err := p.drawInObject(i); err != nil {
			return fmt.Errorf("draw in object %d of a page: %w: %v", i, ErrDamaged, err)
		}
	}
	return nil
}

func (p *Page) drawInObject(i int) error {
	in := p.d.instance
	got, err := in.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.request(), Index: i})
	if err != nil {
		return err
	}
	kind, err := in.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: got.PageObject})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
		return err
	}
	placed, err := in.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: got.PageObject})
	if err != nil {
		return err
	}
	m := placed.Matrix
	across, up := hair(m.A, m.B), hair(m.C, m.D)
	if across == 0 || up == 0 {
		return nil
	}
	_, err = in.FPDFPageObj_SetMatrix(&requests.FPDFPageObj_SetMatrix{PageObject: got.PageObject, Transform: structs.FPDF_FS_MATRIX{
		A: m.A * (1 - 2*across), B: m.B * (1 - 2*across), C: m.C * (1 - 2*up), D: m.D * (1 - 2*up),
		E: m.E + across*m.A + up*m.C, F: m.F + across*m.B + up*m.D,
	}})
	return err
}

// hair is the inset as a share of a side; 0 for a side that is hardly longer.
func hair(x, y float32) float32 {
	if side := float32(math.Hypot(float64(x), float64(y))); side > 20*inset {
		return inset / side
	}
	return 0
}
