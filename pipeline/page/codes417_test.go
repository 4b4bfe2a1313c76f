package page

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/pdf417"

	made "github.com/sohoa/sohoa/internal/paper"
	pdf417read "github.com/sohoa/sohoa/pipeline/page/pdf417"
	"github.com/sohoa/sohoa/record"
)

// declaration is like what tax software prints at the edge of a declaration.
const declaration = "aa419010102250109106   012025000000~Công ty TNHH Ánh Dương~1234567890~0~50000000~15/03/2025~Nguyễn Thị Ánh"

// printed417 makes a symbol, one pixel a module, rows three pixels high.
func printed417(t testing.TB, text string, level byte) barcode.Barcode {
	t.Helper()
	b, err := pdf417.Encode(text, level)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// laid puts a symbol on the sheet, each module unit pixels wide, as turned.
func laid(img *image.Gray, b barcode.Barcode, x0, y0, unit, turn int) (box record.Box) {
	w, h := unit*b.Bounds().Dx(), unit*b.Bounds().Dy()
	box = record.Box{x0, y0, x0 + w, y0 + h}
	if turn%2 == 1 {
		box = record.Box{x0, y0, x0 + h, y0 + w}
	}
	for y := range h {
		for x := range w {
			if r, _, _, _ := b.At(x/unit, y/unit).RGBA(); r > 0x7fff {
				continue
			}
			at := [4]image.Point{{x, y}, {h - 1 - y, x}, {w - 1 - x, h - 1 - y}, {y, w - 1 - x}}[turn]
			img.SetGray(x0+at.X, y0+at.Y, color.Gray{20})
		}
	}
	return box
}

func TestPDF417WhicheverWayItLies(t *testing.T) {
	for turn := range 4 {
		img := white(1654, 2339)
		want := laid(img, printed417(t, declaration, 4), 150, 300, 3, turn)
		got := openedJPEG(t, img, 200, 0).Facts(1).Codes
		if len(got) != 1 || got[0].Kind != record.PDF417 || got[0].Text != declaration {
			t.Errorf("turned by %d°: %q; want %q", 90*turn, texts(got), declaration)
			continue
		}
		for i, v := range got[0].Box {
			if max(v-want[i], want[i]-v) > 15 {
				t.Errorf("turned by %d°: box %v; want about %v", 90*turn, got[0].Box, want)
				break
			}
		}
	}
}

// A symbol of a few rows may be met by one of the lines that are looked at.
func TestSmallPDF417(t *testing.T) {
	for turn := range 4 {
		img := white(1654, 2339)
		laid(img, printed417(t, "0109106", 1), 400, 701, 2, turn)
		if got, want := texts(openedJPEG(t, img, 200, 0).Facts(1).Codes), []string{"pdf417 0109106"}; !slices.Equal(got, want) {
			t.Errorf("turned by %d°: Facts().Codes = %q; want %q", 90*turn, got, want)
		}
	}
}

// The code at the bottom is read from papers as scanners deliver them.
func TestPDF417OfPapers(t *testing.T) {
	for _, c := range []struct {
		situation string
		spec      made.Spec
	}{
		{"a clean scan", made.Spec{DPI: 300, Colour: made.InColour}},
		{"200 dpi, grey, askew", made.Spec{DPI: 200, Colour: made.InGrey, Wear: made.Wear{Skew: 2.9, Noise: 4, Blur: .3}}},
		{"200 dpi, askew the other way, poor JPEG", made.Spec{DPI: 200, Colour: made.InColour, Wear: made.Wear{Skew: -2.9, Quality: 60}}},
		{"300 dpi, 1 bit, specks", made.Spec{DPI: 300, Colour: made.Bilevel, Wear: made.Wear{Specks: 5, Skew: 1}}},
		{"200 dpi, 1 bit", made.Spec{DPI: 200, Colour: made.Bilevel, Wear: made.Wear{Skew: -.5}}},
		{"upside down, faded", made.Spec{DPI: 200, Colour: made.InGrey, Wear: made.Wear{Turn: 2, Fade: .4, Skew: .8}}},
		{"lying on its side, shaded", made.Spec{DPI: 300, Colour: made.InGrey, Wear: made.Wear{Turn: 1, Shade: .3}}},
	} {
		c.spec.Name, c.spec.Kind, c.spec.Seed, c.spec.Marks.PDF417 = "t", "cong-van", 4, declaration
		doc, err := made.Make(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		p := openedJPEG(t, plainImage(doc.Pages[0].Image), c.spec.DPI, 0)
		for _, turn := range []int{0, 90 * doc.Pages[0].Turn} { // its place does not depend on whether the page's turn is known
			p.Turn(turn)
			if got, want := texts(p.Facts(1).Codes), []string{"pdf417 " + declaration}; !slices.Equal(got, want) {
				t.Errorf("%s, turned by %d°: Facts().Codes = %q; want %q", c.situation, turn, got, want)
			}
		}
	}
}

// A stamp across the symbol, a corner torn off, a fold: what is left is enough.
func TestDamagedPDF417(t *testing.T) {
	for situation, damage := range map[string]func(box record.Box) record.Box{
		"the upper left corner": func(b record.Box) record.Box { return record.Box{b[0], b[1], b[0] + b.Width()/4, b[1] + b.Height()/4} },
		"a fold down": func(b record.Box) record.Box {
			return record.Box{b[0] + b.Width()/2, b[1], b[0] + b.Width()/2 + 24, b[3]}
		},
		"the stop pattern": func(b record.Box) record.Box { return record.Box{b[2] - b.Width()/8, b[1], b[2], b[3]} },
		"the start's middle": func(b record.Box) record.Box {
			return record.Box{b[0], b[1] + b.Height()/3, b[0] + b.Width()/9, b[3] - b.Height()/3}
		},
	} {
		img := white(1654, 2339)
		torn := damage(laid(img, printed417(t, declaration, 5), 150, 300, 3, 0))
		for y := torn[1]; y < torn[3]; y++ {
			for x := torn[0]; x < torn[2]; x++ {
				img.SetGray(x, y, color.Gray{235})
			}
		}
		if got, want := texts(openedJPEG(t, img, 200, 0).Facts(1).Codes), []string{"pdf417 " + declaration}; !slices.Equal(got, want) {
			t.Errorf("without %s: Facts().Codes = %q; want %q", situation, got, want)
		}
	}
}

// A page full of start patterns costs little and says nothing.
func TestManyStartsOfPDF417(t *testing.T) {
	img := white(1654, 2339)
	b := printed417(t, "x", 1)
	for y0 := 50; y0 < 2200; y0 += 40 {
		for x0 := 50; x0 < 1550; x0 += 60 {
			for y := range 36 {
				for x := range 17 * 3 {
					if r, _, _, _ := b.At(x/3, 0).RGBA(); r < 0x8000 {
						img.SetGray(x0+x, y0+y, color.Gray{20})
					}
				}
			}
		}
	}
	if got := openedJPEG(t, img, 200, 0).Facts(1).Codes; len(got) > 0 {
		t.Errorf("Facts().Codes = %q; want none", texts(got))
	}
}

// Parts of one text are joined when all are there.
func TestPartsOfOneText(t *testing.T) {
	at := func(index, count int, last bool, text string) part {
		return part{record.Symbol{Kind: record.PDF417, Text: text, Box: record.Box{0, 100 * index, 90, 100*index + 90}}, &pdf417read.Part{File: "007", Index: index, Count: count, Last: last}}
	}
	for _, c := range []struct {
		situation string
		parts     []part
		want      []string
	}{
		{"all, in disorder", []part{at(1, 0, true, "b"), at(0, 0, false, "a")}, []string{"pdf417 ab"}},
		{"as many as there should be", []part{at(0, 2, false, "a"), at(1, 2, false, "b")}, []string{"pdf417 ab"}},
		{"the last is missing", []part{at(0, 0, false, "a"), at(1, 0, false, "b")}, []string{"pdf417 a", "pdf417 b"}},
		{"the first is missing", []part{at(1, 0, false, "b"), at(2, 0, true, "c")}, []string{"pdf417 b", "pdf417 c"}},
	} {
		if got := texts(join(c.parts)); !slices.Equal(got, c.want) {
			t.Errorf("%s: join = %q; want %q", c.situation, got, c.want)
		}
	}
}
