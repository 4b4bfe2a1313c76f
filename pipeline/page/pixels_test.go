package page

import (
	"math"
	"math/rand/v2"
	"testing"
)

// speckled returns a picture of 8 bits without any pattern.
func speckled(t *testing.T, width, height int) (x *Pix, at func(x, y int) int) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	samples := make([]byte, width*height)
	for i := range samples {
		samples[i] = byte(r.IntN(256))
	}
	x, err := FromSamples(samples, width, height, 1, 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Free)
	return x, func(x, y int) int { return int(samples[y*width+x]) }
}

// levels returns how to see the pixels of a picture.
func (x *Pix) levels(t *testing.T) func(x, y int) int {
	t.Helper()
	samples, _, bits := x.Samples()
	stride := (x.Width()*bits + 7) / 8
	if bits == 1 {
		return func(x, y int) int { return int(samples[y*stride+x/8] >> (7 - x%8) & 1) }
	}
	return func(x, y int) int { return int(samples[y*stride+x]) }
}

var oddSizes = [][2]int{{1, 1}, {3, 2}, {31, 5}, {64, 64}, {101, 37}}

func TestSmallerIsTheMeanOfWhatAPixelCovers(t *testing.T) {
	for _, size := range oddSizes {
		for _, factor := range []float64{0.97, 0.71, 0.5, 0.34, 0.05} {
			x, from := speckled(t, size[0], size[1])
			small, err := x.smaller(factor)
			if err != nil {
				t.Fatal(err)
			}
			defer small.Free()
			got := small.levels(t)
			for y := range small.Height() {
				for i := range small.Width() {
					want := meanOver(from, i, y, size, small)
					if math.Abs(float64(got(i, y))-want) > 3 { // weights are 256ths, both ways
						t.Fatalf("%v times %v: pixel %d, %d = %d; want %.1f", size, factor, i, y, got(i, y), want)
					}
				}
			}
		}
	}
}

func TestSmallerKeepsColoursApart(t *testing.T) {
	const width, height = 101, 37
	r := rand.New(rand.NewPCG(1, 2))
	samples := make([]byte, 3*width*height)
	for i := range samples {
		samples[i] = byte(r.IntN(256))
	}
	x, err := FromSamples(samples, width, height, 3, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	for _, factor := range []float64{0.97, 0.46, 0.05} {
		small, err := x.smaller(factor)
		if err != nil {
			t.Fatal(err)
		}
		defer small.Free()
		got, _, _ := small.Samples()
		for i, v := range got {
			colour := func(x, y int) int { return int(samples[3*(y*width+x)+i%3]) }
			want := meanOver(colour, i/3%small.Width(), i/3/small.Width(), [2]int{width, height}, small)
			if math.Abs(float64(v)-want) > 3 {
				t.Fatalf("times %v: sample %d = %d; want %.1f", factor, i, v, want)
			}
		}
	}
}

func TestShrunkIsTheMeanOfFour(t *testing.T) {
	for _, size := range [][2]int{{2, 2}, {3, 2}, {4, 4}, {7, 5}, {64, 64}, {101, 37}} {
		x, from := speckled(t, size[0], size[1])
		half, err := x.shrunk()
		if err != nil {
			t.Fatal(err)
		}
		defer half.Free()
		got := half.levels(t)
		for y := range size[1] / 2 {
			for i := range size[0] / 2 {
				if want := (from(2*i, 2*y) + from(2*i+1, 2*y) + from(2*i, 2*y+1) + from(2*i+1, 2*y+1)) / 4; got(i, y) != want {
					t.Fatalf("%v: pixel %d, %d = %d; want %d", size, i, y, got(i, y), want)
				}
			}
		}
	}
}

func TestMarksSayWhatInkAPixelHas(t *testing.T) {
	pixels := []struct {
		name    string
		r, g, b byte
		want    byte
	}{
		{"paper", 240, 238, 230, 0}, {"yellowed paper", 230, 210, 150, 0}, {"black", 30, 30, 30, darkInk}, {"grey", 120, 120, 120, 0},
		{"red seal", 200, 60, 70, redInk | clearInk}, {"pale red", 222, 160, 165, redInk}, {"rose", 255, 190, 185, clearInk},
		{"dark red", 100, 30, 30, redInk}, {"blue pen", 60, 70, 180, blueInk | clearInk}, {"pale blue", 150, 170, 190, blueInk}, {"sky", 200, 220, 255, 0},
	}
	const step = 3
	width := step*(len(pixels)-1) + 1
	samples := make([]byte, 3*width*2)
	for i, p := range pixels {
		copy(samples[3*step*i:], []byte{p.r, p.g, p.b})
	}
	x, err := FromSamples(samples, width, 2, 3, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	marks, err := x.marked(step, 100)
	if err != nil || marks.Width() != len(pixels) || marks.Height() != 1 {
		t.Fatalf("marks %v, %v; want one row of %d", marks, err, len(pixels))
	}
	defer marks.Free()
	got := marks.row(0)
	for i, p := range pixels {
		if got[i] != p.want {
			t.Errorf("%s is marked %04b; want %04b", p.name, got[i], p.want)
		}
	}
}

// meanOver is the mean of the area that pixel i, j of the smaller picture covers of the larger.
func meanOver(from func(x, y int) int, i, j int, size [2]int, small *Pix) float64 {
	wide, high := float64(size[0])/float64(small.Width()), float64(size[1])/float64(small.Height())
	var sum, area float64
	for y := int(float64(j) * high); y < size[1] && float64(y) < float64(j+1)*high; y++ {
		h := min(float64(y+1), float64(j+1)*high) - max(float64(y), float64(j)*high)
		for x := int(float64(i) * wide); x < size[0] && float64(x) < float64(i+1)*wide; x++ {
			w := min(float64(x+1), float64(i+1)*wide) - max(float64(x), float64(i)*wide)
			sum, area = sum+w*h*float64(from(x, y)), area+w*h
		}
	}
	return sum / area
}

func TestDarkerThanIsEveryPixelBelow(t *testing.T) {
	for _, size := range oddSizes {
		for _, level := range []int{1, 90, 255} {
			x, from := speckled(t, size[0], size[1])
			black, err := x.darkerThan(level)
			if err != nil {
				t.Fatal(err)
			}
			defer black.Free()
			got, n := black.levels(t), 0
			for y := range size[1] {
				for i := range size[0] {
					if is := from(i, y) < level; is != (got(i, y) == 1) {
						t.Fatalf("%v: pixel %d, %d of %d below %d = %d", size, i, y, from(i, y), level, got(i, y))
					} else if is {
						n++
					}
				}
			}
			if black.count() != n {
				t.Errorf("%v: %d black pixels below %d, want %d", size, black.count(), level, n)
			}
		}
	}
}

func TestHistogramCountsEveryStepthPixel(t *testing.T) {
	for _, size := range oddSizes {
		for step := 1; step <= 4; step++ {
			x, from := speckled(t, size[0], size[1])
			var want [256]int
			for y := 0; y < size[1]; y += step {
				for i := 0; i < size[0]; i += step {
					want[from(i, y)]++
				}
			}
			if got := x.histogram(step); got != want {
				t.Errorf("%v: histogram of every %d differs", size, step)
			}
		}
	}
}

func TestLightestIsTheLightestOfThree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range oddSizes {
		samples := make([]byte, 3*size[0]*size[1])
		for i := range samples {
			samples[i] = byte(r.IntN(256))
		}
		x, err := FromSamples(samples, size[0], size[1], 3, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Free()
		light, err := x.lightest()
		if err != nil {
			t.Fatal(err)
		}
		defer light.Free()
		got := light.levels(t)
		for i := range size[0] * size[1] {
			want := int(max(samples[3*i], samples[3*i+1], samples[3*i+2]))
			if got := got(i%size[0], i/size[0]); got != want {
				t.Fatalf("%v: pixel %d = %d, want %d", size, i, got, want)
			}
		}
	}
}

func TestLevelledPaperIsEvenlyLight(t *testing.T) {
	const width, height = 403, 311
	samples := make([]byte, width*height)
	for i := range samples {
		samples[i] = byte(120 + i%width*100/width) // darker to the left
		if x, y := i%width, i/width; x%40 < 3 && y%40 < 20 {
			samples[i] = byte(int(samples[i]) / 5) // ink
		}
	}
	x, err := FromSamples(samples, width, height, 1, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	even, err := x.levelled(false)
	if err != nil {
		t.Fatal(err)
	}
	defer even.Free()
	got := even.levels(t)
	for i := range samples {
		x, y := i%width, i/width
		switch ink := x%40 < 3 && y%40 < 20; {
		case ink && got(x, y) > 60:
			t.Fatalf("ink at %d, %d = %d, want at most 60", x, y, got(x, y))
		case !ink && (got(x, y) < 180 || got(x, y) > 220):
			t.Fatalf("paper at %d, %d = %d, want 180 to 220", x, y, got(x, y))
		}
	}
}

// Strokes of a pixel, as small letters have them on a coarse scan, are no background.
func TestThinStrokesAreNoBackground(t *testing.T) {
	const width, height = 400, 400
	samples := make([]byte, width*height)
	for i := range samples {
		samples[i] = 170
		if x, y := i%width, i/width; x%3 == 0 && x > 100 && x < 300 && y > 100 && y < 300 {
			samples[i] = 40
		}
	}
	x, err := FromSamples(samples, width, height, 1, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	even, err := x.levelled(true)
	if err != nil {
		t.Fatal(err)
	}
	defer even.Free()
	if got := even.levels(t)(200, 200); got < 190 || got > 210 {
		t.Errorf("paper between strokes = %d; want about 200", got)
	}
}

func TestAJPEGKeepsItsPicture(t *testing.T) {
	for _, size := range oddSizes {
		for _, colors := range []int{1, 3} {
			samples := make([]byte, colors*size[0]*size[1])
			for i := range samples {
				samples[i] = byte(40 + 50*(i%colors) + i/colors%size[0])
			}
			x, err := FromSamples(samples, size[0], size[1], colors, 8)
			if err != nil {
				t.Fatal(err)
			}
			defer x.Free()
			jpeg, err := x.EncodeJPEG(98)
			if err != nil {
				t.Fatal(err)
			}
			again, warnings, err := decodeJPEG(jpeg, false)
			if err != nil || warnings > 0 {
				t.Fatalf("%v of %d colours: %d warnings, %v", size, colors, warnings, err)
			}
			defer again.Free()
			got, gotColors, _ := again.Samples()
			if gotColors != colors || again.Width() != size[0] || again.Height() != size[1] {
				t.Fatalf("%d colours, %d x %d; want %d, %v", gotColors, again.Width(), again.Height(), colors, size)
			}
			for i := range samples {
				if d := int(got[i]) - int(samples[i]); d < -8 || d > 8 {
					t.Fatalf("%v of %d colours: sample %d = %d, want %d", size, colors, i, got[i], samples[i])
				}
			}
		}
	}
}

func TestWhatIsFarFromInkIsWhite(t *testing.T) {
	for _, size := range oddSizes {
		for _, reach := range []int{1, 4, 31} {
			grey, shade := speckled(t, size[0], size[1])
			ink, err := newPix(size[0], size[1], 1)
			if err != nil {
				t.Fatal(err)
			}
			defer ink.Free()
			dots := [][2]int{{0, 0}, {size[0] - 1, size[1] / 2}, {size[0] / 2, size[1] - 1}}
			words, wpl := ink.words()
			for _, d := range dots {
				words[d[1]*wpl+d[0]/32] |= 1 << (31 - d[0]%32)
			}
			white, err := grey.near(ink, reach)
			if err != nil {
				t.Fatal(err)
			}
			defer white.Free()
			got := white.levels(t)
			for y := range size[1] {
				for x := range size[0] {
					want := 255
					for _, d := range dots {
						if max(x-d[0], d[0]-x) <= reach && max(y-d[1], d[1]-y) <= reach {
							want = min(255, int(255*float64(float32(shade(x, y))/background)+0.5))
						}
					}
					if got(x, y) != want {
						t.Fatalf("%v, reach %d: pixel %d, %d of level %d = %d; want %d", size, reach, x, y, shade(x, y), got(x, y), want)
					}
				}
			}
		}
	}
}
