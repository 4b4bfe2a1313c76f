package raster

import (
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// What is wrong with a document.
var (
	ErrEncrypted = errors.New("document is encrypted")
	ErrDamaged   = errors.New("document cannot be read")
)

// A Document is an open PDF with a pdfium of its own. It serves one caller at a time.
type Document struct {
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	pages    int
	form     *references.FPDF_FORMHANDLE // once it is drawn
}

// Open opens the PDF of size bytes in r, which must stay readable until Close.
// The error wraps ErrEncrypted if a password is asked for, and ErrDamaged if
// pdfium cannot read it.
func Open(r io.ReadSeeker, size int64) (*Document, error) {
	instance, err := newInstance()
	if err != nil {
		return nil, err
	}
	d := &Document{instance: instance}
	opened, err := instance.OpenDocument(&requests.OpenDocument{FileReader: r, FileReaderSize: size})
	if err != nil {
		d.Close()
		kind := ErrDamaged
		if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
			kind = ErrEncrypted
		}
		return nil, fmt.Errorf("open PDF of %d bytes: %w: %v", size, kind, err)
	}
	d.doc = opened.Document
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.doc})
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("count the pages of a PDF: %w: %v", ErrDamaged, err)
	}
	d.pages = count.PageCount
	return d, nil
}

// Close gives the memory back.
func (d *Document) Close() error { return d.instance.Close() }

// Pages is the number of pages.
func (d *Document) Pages() int { return d.pages }

// A Page is one open page. Its owner calls Close before opening the next one.
type Page struct {
	d             *Document
	ref           references.FPDF_PAGE
	Width, Height float64 // in points (1/72 inch), upright as a reader sees the page
}

// Page opens page n, from 0. The error wraps ErrDamaged.
func (d *Document) Page(n int) (*Page, error) {
	loaded, err := d.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.doc, Index: n})
	if err != nil {
		return nil, fmt.Errorf("open page %d: %w: %v", n+1, ErrDamaged, err)
	}
	p := &Page{d: d, ref: loaded.Page}
	width, err := d.instance.FPDF_GetPageWidthF(&requests.FPDF_GetPageWidthF{Page: p.request()})
	if err != nil {
		return nil, fmt.Errorf("measure page %d: %w: %v", n+1, ErrDamaged, err)
	}
	height, err := d.instance.FPDF_GetPageHeightF(&requests.FPDF_GetPageHeightF{Page: p.request()})
	if err != nil {
		return nil, fmt.Errorf("measure page %d: %w: %v", n+1, ErrDamaged, err)
	}
	p.Width, p.Height = float64(width.PageWidth), float64(height.PageHeight)
	return p, nil
}

// Close gives the page's memory back.
func (p *Page) Close() error {
	_, err := p.d.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: p.ref})
	return err
}

func (p *Page) request() requests.Page { return requests.Page{ByReference: &p.ref} }

// Draw draws the page upright on white, width by height pixels, without
// annotations and form fields, and calls use with the picture, which is gone
// afterwards. Exact asks for the nearest sample of each image instead of a
// smooth one: a page that is one image, or one in parts, then keeps its values.
func (p *Page) Draw(width, height int, exact bool, use func(*image.RGBA) error) error {
	flags := enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER
	if exact {
		if err := p.drawIn(); err != nil {
			return err
		}
		flags |= enums.FPDF_RENDER_FLAG_RENDER_NO_SMOOTHIMAGE
	}
	return p.draw(width, height, flags, use, nil)
}

// draw draws the page and then what above puts over it.
func (p *Page) draw(width, height int, flags enums.FPDF_RENDER_FLAG, use func(*image.RGBA) error, above func(references.FPDF_BITMAP) error) error {
	bitmap, err := p.d.instance.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: width, Height: height, Alpha: 0})
	if err != nil {
		return fmt.Errorf("draw %d x %d pixels: %w: %v", width, height, ErrDamaged, err)
	}
	defer p.d.instance.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bitmap.Bitmap})
	if _, err := p.d.instance.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bitmap.Bitmap, Width: width, Height: height, Color: 0xffffffff}); err != nil {
		return fmt.Errorf("draw %d x %d pixels: %w: %v", width, height, ErrDamaged, err)
	}
	if _, err := p.d.instance.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{Bitmap: bitmap.Bitmap, Page: p.request(), SizeX: width, SizeY: height, Flags: flags}); err != nil {
		return fmt.Errorf("draw %d x %d pixels: %w: %v", width, height, ErrDamaged, err)
	}
	if above != nil {
		if err := above(bitmap.Bitmap); err != nil {
			return err
		}
	}
	buffer, err := p.d.instance.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap.Bitmap})
	if err != nil {
		return fmt.Errorf("draw %d x %d pixels: %w: %v", width, height, ErrDamaged, err)
	}
	if len(buffer.Buffer) < 4*width*height {
		return fmt.Errorf("draw %d x %d pixels: got %d bytes: %w", width, height, len(buffer.Buffer), ErrDamaged)
	}
	return use(&image.RGBA{Pix: buffer.Buffer, Stride: len(buffer.Buffer) / height, Rect: image.Rect(0, 0, width, height)})
}
