package paper

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
)

// reduce keeps what the scanner's mode keeps.
func reduce(img *image.RGBA, spec Spec, rng *rand.Rand) (image.Image, error) {
	switch spec.Colour {
	case InColour:
		return img, nil
	case InGrey:
		return grey(img), nil
	case Bilevel:
		return bilevel(grey(img), spec.Wear, rng), nil
	}
	return nil, fmt.Errorf("colour %q is none of colour, grey, bilevel", spec.Colour)
}

func grey(img *image.RGBA) *image.Gray {
	out := image.NewGray(img.Rect)
	for i := range out.Pix {
		p := img.Pix[4*i : 4*i+3]
		out.Pix[i] = byte((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
	}
	return out
}

// bilevel cuts at one level, as fax machines do, a little off by what the paper had lost.
func bilevel(img *image.Gray, w Wear, rng *rand.Rand) *image.Paletted {
	out := image.NewPaletted(img.Rect, color.Palette{color.White, color.Black})
	level := 150 - 60*w.Yellow - 70*w.Shade + 40*w.Fade + 12*(rng.Float64()-.5)
	for i, v := range img.Pix {
		if float64(v) < level {
			out.Pix[i] = 1
		}
	}
	return out
}

// turnedBy turns a picture clockwise by quarters, 1 to 3.
func turnedBy(img image.Image, quarters int) image.Image {
	for range quarters {
		img = quarterTurned(img)
	}
	return img
}

func quarterTurned(img image.Image) image.Image {
	size := image.Rect(0, 0, img.Bounds().Dy(), img.Bounds().Dx())
	switch img := img.(type) {
	case *image.RGBA:
		out := image.NewRGBA(size)
		quarter(out.Pix, img.Pix, img.Rect, 4)
		return out
	case *image.Gray:
		out := image.NewGray(size)
		quarter(out.Pix, img.Pix, img.Rect, 1)
		return out
	case *image.Paletted:
		out := image.NewPaletted(size, img.Palette)
		quarter(out.Pix, img.Pix, img.Rect, 1)
		return out
	}
	panic(fmt.Sprintf("no scan is a %T", img))
}

// quarter copies pixels of n bytes so that the left column becomes the top row, its end first.
func quarter(to, from []byte, r image.Rectangle, n int) {
	w, h := r.Dx(), r.Dy()
	for y := range h {
		for x := range w {
			at := (x*h + h - 1 - y) * n
			copy(to[at:at+n], from[(y*w+x)*n:])
		}
	}
}
