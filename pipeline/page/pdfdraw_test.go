package page

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
)

func TestPageIsDrawn(t *testing.T) {
	photo := asJPEG(t, ramp(288, 144))
	of := func(content string) pdfPaper {
		return pdfPaper{content: content, images: map[pdf.Name]*stream{
			"X": picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil),
			"S": picture(288, 144, 8, rgbSpace, "DCTDecode", photo, pdf.Dict{"Mask": pdf.Array{0, 0, 0, 0, 0, 0}}),
			"D": picture(288, 144, 8, pdf.Array{pdf.Name("Separation"), pdf.Name("Gold"), gray, pdf.Dict{"FunctionType": 2, "Domain": pdf.Array{0, 1}, "N": 1, "C0": pdf.Array{1}, "C1": pdf.Array{0}}}, "", greyPainted(288, 144).Pix, nil),
		}, more: pdf.Dict{"ExtGState": pdf.Dict{"Half": pdf.Dict{"ca": 0.5}}}}
	}
	noted := of("0 0 72 72 re f")
	noted.annots = []pdf.Dict{{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Square"), "Rect": pdf.Array{80, 10, 140, 60}, "IC": pdf.Array{1, 0, 0}, "C": pdf.Array{1, 0, 0}}}
	const whole = "q 144 0 0 72 0 0 cm /X Do Q "
	for _, tt := range []struct {
		name   string
		page   pdfPaper
		filter string
		dpi    float64
	}{
		{"a path over the picture", of(whole + "1 g 0 0 10 10 re f"), "DCTDecode", 300},
		{"visible text over the picture", of(whole + "BT /F1 10 Tf (Ban sao) Tj ET"), "DCTDecode", 300},
		{"two pictures side by side", of("q 72 0 0 36 0 0 cm /X Do Q q 72 0 0 36 72 0 cm /X Do Q"), "DCTDecode", 288},
		{"two pictures of two resolutions", of("q 72 0 0 36 0 0 cm /X Do Q q 36 0 0 18 72 0 cm /X Do Q"), "DCTDecode", 300},
		{"half transparent", of("/Half gs " + whole), "DCTDecode", 144},
		{"with a mask", of("q 144 0 0 72 0 0 cm /S Do Q"), "DCTDecode", 144},
		{"in a space of its own", of("q 144 0 0 72 0 0 cm /D Do Q"), "FlateDecode", 144},
		{"leaning", of("q 144 10 -10 72 0 0 cm /X Do Q"), "DCTDecode", 300},
		{"clipped to its half", of("q 0 0 72 72 re W n 144 0 0 72 0 0 cm /X Do Q"), "DCTDecode", 144},
		{"a small picture", of("q 32 0 0 16 10 10 cm /X Do Q"), "DCTDecode", 648},
		{"in an optional layer", of("/OC /Layer BDC " + whole + "EMC"), "DCTDecode", 300},
		{"an inline image", of("q 144 0 0 72 0 0 cm BI /W 2 /H 1 /BPC 8 /CS /G ID \x00\xff EI Q"), "", 300},
		{"nothing", of(""), "CCITTFaxDecode", 300},
		{"black and white, a note beside it", noted, "CCITTFaxDecode", 300},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, _ := onlyScan(t, writePDF(t, nil, tt.page))
			if s.Source != "rendered" || tt.filter != "" && s.Filter != tt.filter || math.Abs(s.DPIX-tt.dpi) > 0.1 {
				t.Errorf("Split = %s, %s, %v dpi; want rendered, %s, %v dpi", s.Source, s.Filter, s.DPIX, tt.filter, tt.dpi)
			}
			if want := int(math.Round(144 / 72 * tt.dpi)); x.Width() != want {
				t.Errorf("Split drew %d pixels wide, want %d", x.Width(), want)
			}
		})
	}
}

// A scan in strips is one picture in parts: drawn, it has their pixels and no others.
func TestStripsAreDrawnPixelForPixel(t *testing.T) {
	mono, colour := bilevelPainted(288, 144), painted(288, 144)
	p, q := pdfPaper{images: map[pdf.Name]*stream{}}, pdfPaper{images: map[pdf.Name]*stream{}}
	rows := func(b []byte, from, to, stride int) []byte { return deflated(t, b[from*stride:to*stride]) }
	var packed []byte
	for y := range 144 {
		for x := 0; x < 288; x += 8 {
			var b byte
			for i := range 8 {
				b = b<<1 | 1 - mono.ColorIndexAt(x+i, y)
			}
			packed = append(packed, b)
		}
	}
	p.box, q.box = pdf.Array{0, 0, 103.68, 51.84}, pdf.Array{0, 0, 103.68, 51.84}
	for y := 0; y < 144; y += 11 {
		end := min(y+11, 144)
		name := pdf.Name(fmt.Sprint("S", y))
		p.images[name] = picture(288, end-y, 1, gray, "FlateDecode", rows(packed, y, end, 36), nil)
		q.images[name] = picture(288, end-y, 8, rgbSpace, "FlateDecode", rows(rgbBytes(colour), y, end, 3*288), nil)
		p.content += fmt.Sprintf("q 103.68 0 0 %.6f 0 %.6f cm /%s Do Q ", float64(end-y)*0.36, float64(144-end)*0.36, name)
	}
	q.content = p.content
	for _, tt := range []struct {
		name    string
		page    pdfPaper
		picture image.Image
		filter  string
	}{
		{"black and white", p, mono, "CCITTFaxDecode"},
		{"colour", q, colour, "FlateDecode"},
	} {
		s, x, _ := onlyScan(t, writePDF(t, nil, tt.page))
		if s.Filter != tt.filter || s.DPIX != 200 {
			t.Errorf("%s: Split = %s, %v dpi; want %s, 200 dpi", tt.name, s.Filter, s.DPIX, tt.filter)
		}
		samePixels(t, x, tt.picture, 0)
	}
}

// A page whose unit is not a point (/UserUnit) is as large as it says, drawn or not.
func TestDrawnPageHasItsUnit(t *testing.T) {
	p := typed(t, "BT /F1 10 Tf 10 30 Td (abcdefghijklmnopqrstuvwxyz) Tj ET", nil)
	plain, _, _ := onlyScan(t, writePDF(t, nil, p))
	p.unit = 2
	s, _, _ := onlyScan(t, writePDF(t, nil, p))
	if s.DPIX != 300 || s.Width != 2*plain.Width || s.Height != 2*plain.Height {
		t.Errorf("Split = %d x %d pixels, %v dpi; want %d x %d, 300 dpi", s.Width, s.Height, s.DPIX, 2*plain.Width, 2*plain.Height)
	}
	if len(s.Text) != 1 || len(plain.Text) != 1 || s.Text[0].Box[2] < 2*plain.Text[0].Box[2]-3 || s.Text[0].Box[2] > 2*plain.Text[0].Box[2] {
		t.Errorf("Split = text %+v, want one line twice as far right as %+v", s.Text, plain.Text)
	}
}

// A fax has other pixels than squares: as Group 4 it keeps them.
func TestGroup3BecomesGroup4(t *testing.T) {
	const (
		end   = "000000000001"
		white = "10011"          // eight pixels
		black = "00110101000101" // none of white, eight of black
	)
	data := ofBits(end + white + end + black + end + white + end + end + end + end + end + end)
	fax := scanned(picture(8, 3, 1, gray, "CCITTFaxDecode", data, pdf.Dict{"DecodeParms": pdf.Dict{"K": 0, "Columns": 8, "Rows": 3, "EndOfLine": true}}))
	s, x, _ := onlyScan(t, writePDF(t, nil, fax))
	if s.Filter != "CCITTFaxDecode" || s.K != -1 || s.Source != "image" || s.DPIX != 4 || s.DPIY != 3 {
		t.Errorf("Split = %s, K %d, %s, %v x %v dpi; want CCITTFaxDecode, K -1, image, 4 x 3 dpi", s.Filter, s.K, s.Source, s.DPIX, s.DPIY)
	}
	want := image.NewGray(image.Rect(0, 0, 8, 3))
	for i := range want.Pix {
		if want.Pix[i] = 255; i/8 == 1 {
			want.Pix[i] = 0
		}
	}
	samePixels(t, x, want, 0)
}
