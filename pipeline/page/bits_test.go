package page

import (
	"math/rand/v2"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
)

// blots1 returns a picture of 1 bit with runs and holes of all lengths; outside of it at says white.
func blots1(t *testing.T, width, height int) (x *Pix, at func(x, y int) bool) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	stride := (width + 7) / 8
	samples := make([]byte, stride*height)
	for range 1 + width*height/300 {
		black, w, h := r.IntN(3) > 0, 1+r.IntN(70), 1+r.IntN(9)
		x0, y0 := r.IntN(width), r.IntN(height)
		for y := y0; y < min(height, y0+h); y++ {
			for x := x0; x < min(width, x0+w); x++ {
				if samples[y*stride+x/8] &^= 128 >> (x % 8); black {
					samples[y*stride+x/8] |= 128 >> (x % 8)
				}
			}
		}
	}
	x, err := FromSamples(samples, width, height, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Free)
	return x, func(x, y int) bool {
		return x >= 0 && y >= 0 && x < width && y < height && samples[y*stride+x/8]>>(7-x%8)&1 == 1
	}
}

// fits reports whether all places of some brick that covers x, y have the colour.
func fits(at func(x, y int) bool, x, y, across, down int, colour bool) bool {
	for y0 := y - down + 1; y0 <= y; y0++ {
		for x0 := x - across + 1; x0 <= x; x0++ {
			whole := true
			for i := 0; whole && i < across*down; i++ {
				whole = at(x0+i%across, y0+i/across) == colour
			}
			if whole {
				return true
			}
		}
	}
	return false
}

func TestOpenedAndClosedAreWhatABrickFitsInto(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {31, 5}, {64, 40}, {200, 90}} {
		x, at := blots1(t, size[0], size[1])
		for _, brick := range [][2]int{{1, 1}, {2, 2}, {12, 1}, {33, 1}, {70, 1}, {1, 7}, {5, 3}} {
			opened, err := x.opened(brick[0], brick[1])
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Free()
			closed, err := x.closed(brick[0], brick[1])
			if err != nil {
				t.Fatal(err)
			}
			defer closed.Free()
			o, c := opened.levels(t), closed.levels(t)
			for y := range size[1] {
				for i := range size[0] {
					if got, want := o(i, y) == 1, fits(at, i, y, brick[0], brick[1], true); got != want {
						t.Fatalf("%v opened with %v: pixel %d, %d is black: %v; want %v", size, brick, i, y, got, want)
					}
					if got, want := c(i, y) == 1, !fits(at, i, y, brick[0], brick[1], false); got != want {
						t.Fatalf("%v closed with %v: pixel %d, %d is black: %v; want %v", size, brick, i, y, got, want)
					}
				}
			}
		}
	}
}

func TestShapesOfLettersSayHowAPageStands(t *testing.T) {
	doc, err := made.Make(made.Spec{Name: "t", Kind: "quy-che", Seed: 3, DPI: 200, Colour: made.InGrey})
	if err != nil {
		t.Fatal(err)
	}
	ink := openedJPEG(t, doc.Pages[0].Image, 200, 0).ink
	for turn := 0; turn < 360; turn += 90 {
		lying, err := ink.Turned(turn)
		if err != nil {
			t.Fatal(err)
		}
		defer lying.Free()
		if got, sure := lying.orientation(); !sure || got != (360-turn)%360 {
			t.Errorf("a page turned by %d stands upright after %d, sure %v; want %d, sure", turn, got, sure, (360-turn)%360)
		}
	}
}
