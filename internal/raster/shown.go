package raster

import (
	"fmt"
	"image"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// DrawShown is Draw as a reader shows the page: with annotations, and with form
// fields and signatures as their appearances show them. No script runs.
func (p *Page) DrawShown(width, height int, use func(*image.RGBA) error) error {
	form, err := p.d.openForm()
	if err != nil {
		return fmt.Errorf("draw form fields: %w: %v", ErrDamaged, err)
	}
	flags := enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER | enums.FPDF_RENDER_FLAG_ANNOT
	return p.draw(width, height, flags, use, func(b references.FPDF_BITMAP) error {
		_, err := p.d.instance.FPDF_FFLDraw(&requests.FPDF_FFLDraw{FormHandle: form, Bitmap: b, Page: p.request(), SizeX: width, SizeY: height, Flags: flags})
		if err != nil {
			return fmt.Errorf("draw form fields: %w: %v", ErrDamaged, err)
		}
		return nil
	})
}

// openForm starts pdfium's form module, which alone draws fields. It asks for an
// environment: this one has no pointer, no timer and no clock.
func (d *Document) openForm() (references.FPDF_FORMHANDLE, error) {
	if d.form != nil {
		return *d.form, nil
	}
	opened, err := d.instance.FPDFDOC_InitFormFillEnvironment(&requests.FPDFDOC_InitFormFillEnvironment{Document: d.doc, FormFillInfo: structs.FPDF_FORMFILLINFO{
		FFI_Invalidate:         func(references.FPDF_PAGE, float64, float64, float64, float64) {},
		FFI_SetCursor:          func(enums.FXCT) {},
		FFI_SetTimer:           func(int, func(int)) int { return 0 },
		FFI_KillTimer:          func(int) {},
		FFI_GetLocalTime:       func() structs.FPDF_SYSTEMTIME { return structs.FPDF_SYSTEMTIME{} },
		FFI_GetPage:            func(references.FPDF_DOCUMENT, int) *references.FPDF_PAGE { return nil },
		FFI_GetRotation:        func(references.FPDF_PAGE) enums.FPDF_PAGE_ROTATION { return 0 },
		FFI_ExecuteNamedAction: func(string) {},
	}})
	if err != nil {
		return "", err
	}
	d.form = &opened.FormHandle
	_, err = d.instance.FPDF_SetFormFieldHighlightAlpha(&requests.FPDF_SetFormFieldHighlightAlpha{FormHandle: opened.FormHandle})
	return opened.FormHandle, err
}
