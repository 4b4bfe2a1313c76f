package ocr

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// A fax has half the lines of a scan. What is read lies where it does on the whole
// scan, at half the height, also when the page lies on its side.
func TestAFaxWithHalfTheLinesIsRead(t *testing.T) {
	doc, err := paper.Make(paper.Spec{Name: "t", Kind: "thong-bao", Seed: 3, DPI: 200, Colour: paper.InGrey})
	if err != nil {
		t.Fatal(err)
	}
	p := NewPool(1, Options{})
	defer p.Close()
	read := func(img image.Image, x, y float64) record.Page {
		work := t.TempDir()
		s := scanOf(t, work, img, 200)
		s.DPIX, s.DPIY = x, y
		got, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: s})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	whole := read(doc.Pages[0].Image, 200, 200)
	for name, fax := range map[string]record.Page{"upright": read(half(doc.Pages[0].Image), 200, 100), "on its side": read(turned(half(doc.Pages[0].Image)), 100, 200)} {
		if fax.Width != whole.Width || fax.Height != whole.Height/2 || !slices.Contains(fax.Quality, "below-200-dpi") {
			t.Errorf("%s: %d x %d, %v; want %d x %d and a word on its resolution", name, fax.Width, fax.Height, fax.Quality, whole.Width, whole.Height/2)
		}
		for _, text := range []string{"CỘNG", "NGHĨA", "nhận:"} {
			a, b := boxOf(whole, text), boxOf(fax, text)
			if a.Height() == 0 || b[0] < a[0]-9 || b[0] > a[0]+9 || 2*b[3] < a[3]-9 || 2*b[3] > a[3]+9 {
				t.Errorf("%s: %s is at %v; want half as high as %v", name, text, b, a)
			}
		}
	}
}

// half leaves every other line out.
func half(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()/2))
	for y := range b.Dy() / 2 {
		for x := range b.Dx() {
			out.Set(x, y, img.At(x, 2*y))
		}
	}
	return out
}

// boxOf is where a word stands first.
func boxOf(p record.Page, text string) record.Box {
	for _, l := range p.Lines {
		for _, w := range l.Words {
			if strings.EqualFold(w.Text, text) {
				return w.Box
			}
		}
	}
	return record.Box{}
}
