package paper

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"
)

func pattern(w, h int, black func(x, y int) bool) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
	for y := range h {
		for x := range w {
			if black(x, y) {
				img.Pix[y*w+x] = 1
			}
		}
	}
	return img
}

func TestGroup4IsReadBackByAnotherDecoder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name string
		img  *image.Paletted
	}{
		{"white", pattern(40, 5, func(x, y int) bool { return false })},
		{"black", pattern(40, 5, func(x, y int) bool { return true })},
		{"noise", pattern(301, 90, func(x, y int) bool { return rng.IntN(3) == 0 })},
		{"every run length", pattern(5400, 5300, func(x, y int) bool { return y%2 == 1 && x >= 10 && x < 10+y })},
		{"every run length, white in black", pattern(5400, 5300, func(x, y int) bool { return y%2 == 0 || x < 10 || x >= 10+y })},
		{"diagonals", pattern(200, 200, func(x, y int) bool { return (x+y)%17 < 4 || (x-2*y)%23 == 0 })},
	} {
		w, h := c.img.Rect.Dx(), c.img.Rect.Dy()
		r := ccitt.NewReader(bytes.NewReader(encodeG4(c.img)), ccitt.MSB, ccitt.Group4, w, h, nil)
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: decode = %v; want the picture", c.name, err)
		}
		for i, want := range c.img.Pix {
			x, y := i%w, i/w
			if bit := got[y*((w+7)/8)+x/8] >> (7 - x%8) & 1; bit != 1-want {
				t.Fatalf("%s: pixel %d, %d = %d; want %d", c.name, x, y, bit, 1-want)
			}
		}
	}
}
