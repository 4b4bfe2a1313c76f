package page

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	made "github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

const cardPayload = "001203004567|123456789|Nguyễn Thị Ánh|05091999|Nữ|Thôn 2, Xã Đại Lộc, Quảng Nam|12042021"

func texts(symbols []record.Symbol) []string {
	var out []string
	for _, s := range symbols {
		out = append(out, s.Kind+" "+s.Text)
	}
	return out
}

// The code at the top left is read from papers as scanners deliver them.
func TestQRCodesOfPapers(t *testing.T) {
	for _, c := range []struct {
		situation string
		spec      made.Spec
		want      string
	}{
		{"a clean scan", made.Spec{DPI: 300, Colour: made.InColour}, "H49.12-250312-0042"},
		{"200 dpi, grey, askew", made.Spec{DPI: 200, Colour: made.InGrey, Wear: made.Wear{Skew: 1.8, Noise: 4, Blur: .4}}, "H49.12-250312-0042"},
		{"1 bit", made.Spec{DPI: 300, Colour: made.Bilevel, Wear: made.Wear{Specks: 3}}, "H49.12-250312-0042"},
		{"upside down", made.Spec{DPI: 200, Colour: made.InGrey, Wear: made.Wear{Turn: 2}}, "H49.12-250312-0042"},
		{"an identity card's payload", made.Spec{DPI: 300, Colour: made.InGrey}, cardPayload},
	} {
		c.spec.Name, c.spec.Kind, c.spec.Seed, c.spec.Marks.QR = "t", "cong-van", 4, c.want
		doc, err := made.Make(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		p := openedJPEG(t, plainImage(doc.Pages[0].Image), c.spec.DPI, 0)
		p.Turn(90 * doc.Pages[0].Turn)
		f := p.Facts(1)
		if got, want := texts(f.Codes), []string{"qr " + c.want}; !slices.Equal(got, want) {
			t.Errorf("%s: Facts().Codes = %q; want %q", c.situation, got, want)
			continue
		}
		if b, dpi := f.Codes[0].Box, c.spec.DPI; b[0] > dpi || b[1] > dpi || b[2] > 2*dpi || b[2] < dpi/2 {
			t.Errorf("%s: box %v at %d dpi; want the top left corner", c.situation, b, dpi)
		}
	}
}

// plainImage is what openedJPEG can write.
func plainImage(img image.Image) image.Image {
	if _, ok := img.(*image.Paletted); !ok {
		return img
	}
	out := image.NewGray(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// stamped puts a symbol on the sheet, each module unit pixels wide.
func stamped(img *image.Gray, m *gozxing.BitMatrix, x0, y0, unit, high int) {
	for y := range high {
		for x := range m.GetWidth() * unit {
			if m.Get(x/unit, min(y*m.GetHeight()/high, m.GetHeight()-1)) {
				img.SetGray(x0+x, y0+y, color.Gray{20})
			}
		}
	}
}

func symbol(t *testing.T, w gozxing.Writer, format gozxing.BarcodeFormat, text string) *gozxing.BitMatrix {
	t.Helper()
	m, err := w.Encode(text, format, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Several codes of both kinds on one page, all read, each once.
func TestSeveralCodesOnAPage(t *testing.T) {
	img := white(1240, 1754)
	qr, strip := qrcode.NewQRCodeWriter(), oned.NewCode128Writer()
	for i, text := range []string{"1.000894", "H55.242"} {
		m := symbol(t, qr, gozxing.BarcodeFormat_QR_CODE, text)
		stamped(img, m, 80+700*i, 90, 5, 5*m.GetHeight())
	}
	stamped(img, symbol(t, strip, gozxing.BarcodeFormat_CODE_128, "H40.16-240101-0007"), 200, 900, 2, 90)
	got := texts(openedJPEG(t, img, 150, 0).Facts(1).Codes)
	slices.Sort(got)
	if want := []string{"code128 H40.16-240101-0007", "qr 1.000894", "qr H55.242"}; !slices.Equal(got, want) {
		t.Errorf("Facts().Codes = %q; want %q", got, want)
	}
}

// A bar code is read whichever way it lies on an upright page.
func TestCodesThatAreTurned(t *testing.T) {
	m := symbol(t, oned.NewCode128Writer(), gozxing.BarcodeFormat_CODE_128, "H40.16-240101-0007")
	wide := 2 * m.GetWidth()
	for turn := range 4 {
		img := white(1240, 1754)
		for a := range wide {
			for b := range 90 {
				if !m.Get(a/2, 0) {
					continue
				}
				x, y := [4]int{a, b, wide - 1 - a, b}[turn], [4]int{b, a, b, wide - 1 - a}[turn]
				img.SetGray(300+x, 400+y, color.Gray{20})
			}
		}
		got := openedJPEG(t, img, 150, 0).Facts(1).Codes
		if len(got) != 1 || got[0].Text != "H40.16-240101-0007" {
			t.Errorf("turned by %d°: %q", 90*turn, texts(got))
			continue
		}
		w, h := wide, 90
		if turn%2 == 1 {
			w, h = h, w
		}
		if b := got[0].Box; b[0] < 290 || b[1] < 390 || b[2] > 310+w || b[3] > 410+h || b.Width() < w*3/4 || b.Height() < h*2/3 {
			t.Errorf("turned by %d°: box %v; want about %d x %d pixels from 300, 400", 90*turn, b, w, h)
		}
	}
}

// What is damaged or no code says nothing.
func TestNoCodeIsMadeUp(t *testing.T) {
	doc, err := made.Make(made.Spec{Name: "t", Kind: "quyet-dinh", Seed: 9, DPI: 200, Colour: made.InGrey, Wear: made.Wear{Specks: 5}})
	if err != nil {
		t.Fatal(err)
	}
	torn := white(1240, 1754)
	m := symbol(t, qrcode.NewQRCodeWriter(), gozxing.BarcodeFormat_QR_CODE, cardPayload)
	stamped(torn, m, 300, 300, 5, 5*m.GetHeight())
	for y := 370; y < 300+5*m.GetHeight()-70; y++ {
		for x := 300; x < 300+5*m.GetWidth()-60; x++ {
			torn.SetGray(x, y, color.Gray{240})
		}
	}
	for situation, img := range map[string]image.Image{"text alone": doc.Pages[0].Image, "a torn code": torn} {
		if got := openedJPEG(t, img, 150, 0).Facts(1).Codes; len(got) > 0 {
			t.Errorf("%s: Facts().Codes = %q; want none", situation, texts(got))
		}
	}
}

// BenchmarkCodes is what looking for codes costs on a page of text at 300 dpi.
func BenchmarkCodes(b *testing.B) {
	doc, err := made.Make(made.Spec{Name: "t", Kind: "quyet-dinh", Seed: 9, DPI: 300, Colour: made.InGrey, Marks: made.Marks{Seal: true}, Wear: made.Wear{Specks: 5, Noise: 4}})
	if err != nil {
		b.Fatal(err)
	}
	p := openedJPEG(b, doc.Pages[0].Image, 300, 0)
	for b.Loop() {
		p.codes()
	}
}
