package page

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
)

func TestLettersComeToOneHeight(t *testing.T) {
	for _, c := range []struct {
		name      string
		dpi, high float64
		want      float64
	}{
		{"body text at 300 dpi", 300, 27, 20.0 / 27},
		{"small print at 300 dpi stays", 300, 17, 1},
		{"body text at 600 dpi", 600, 54, 20.0 / 54},
		{"small print at 600 dpi", 600, 30, 0.5},
		{"large letters: 200 dpi at least", 300, 60, 200.0 / 300},
		{"200 dpi stays", 200, 18, 1},
		{"a little too large stays", 250, 21, 1},
		{"too few letters to tell", 400, 0, 0.75},
		{"few pixels are made more", 150, 13, 1.5},
	} {
		if got := scaleFor(c.dpi, c.high, Letters); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: scale = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestHeightOfLetters(t *testing.T) {
	p := openedJPEG(t, sheet(t, made.Wear{Noise: 3}, made.InGrey), 200, 0)
	high, err := p.grey.letterHeight()
	if want := 200.0 / 72 * 14 * 0.46; err != nil || math.Abs(high-want) > 4 { // 14 points, letters of 0.46 em
		t.Errorf("letters of %v pixels, %v; want about %.0f", high, err, want)
	}
	empty := openedJPEG(t, white(1654, 2339), 200, 0)
	if high, err := empty.grey.letterHeight(); high != 0 || err != nil {
		t.Errorf("an empty page: letters of %v pixels, %v; want 0", high, err)
	}
}

func TestEnvelopeIsReadBack(t *testing.T) {
	p := openedJPEG(t, sheet(t, made.Wear{}, made.InGrey), 200, 0)
	for _, x := range []*Pix{p.ink, p.grey} {
		back, err := DecodeImage(x.EncodeSPIX())
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := x.Samples()
		if got, _, bits := back.Samples(); bits != x.Depth() || !bytes.Equal(got, want) {
			t.Errorf("%d bits: the picture comes back with %d bits and other pixels", x.Depth(), bits)
		}
		back.Free()
	}
}

// A signature in blue goes away; a line of blue print stays.
func TestBlueSignaturesGoAndBluePrintStays(t *testing.T) {
	sheet := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	blue := image.NewUniform(color.RGBA{40, 60, 200, 255})
	stroke, line := image.Rect(1000, 1500, 1030, 1800), image.Rect(200, 300, 900, 330)
	draw.Draw(sheet, stroke, blue, image.Point{}, draw.Src)
	draw.Draw(sheet, line, blue, image.Point{}, draw.Src)
	ink := openedJPEG(t, sheet, 200, 0).ink
	for _, c := range []struct {
		name string
		at   image.Rectangle
		ink  bool
	}{{"signature", stroke, false}, {"print", line, true}} {
		part, err := ink.Clipped(c.at.Min.X, c.at.Min.Y, c.at.Dx(), c.at.Dy())
		if err != nil {
			t.Fatal(err)
		}
		if n := part.count(); c.ink && n*2 < c.at.Dx()*c.at.Dy() || !c.ink && n*10 > c.at.Dx()*c.at.Dy() {
			t.Errorf("%s: %d black pixels of %d; want ink %v", c.name, n, c.at.Dx()*c.at.Dy(), c.ink)
		}
		part.Free()
	}
}
