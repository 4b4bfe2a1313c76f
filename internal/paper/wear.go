package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// wear ages the scan of a sheet in place.
func (s *sheet) wear(w Wear, rng *rand.Rand) {
	if w.Specks > 0 {
		s.specks(w.Specks, rng)
	}
	if w.Edges {
		s.edges(rng)
	}
	if w.Yellow > 0 || w.Shade > 0 || w.Fade > 0 {
		tint(s.img, w, rng)
	}
	if w.Blur > 0 {
		blur(s.img, w.Blur*s.dpi/100)
	}
	if w.Noise > 0 {
		noise(s.img, w.Noise, rng)
	}
}

// fax sends the page by telephone: 98 lines an inch, each as the first of its rows
// of pixels, some lost; and the machine's own line on top.
func (s *sheet) fax(page, of int, rng *rand.Rand) {
	s.text(sender(page, of), sans, 9, moved(60, 12), black, 1, solid)
	every := max(1, int(math.Round(s.dpi/98)))
	for y := range s.img.Rect.Dy() {
		from := y - y%every
		if y%every == 0 && from > 0 && rng.Float64() < .004 {
			from -= every // the line before it again
		}
		if from != y {
			copy(s.img.Pix[y*s.img.Stride:(y+1)*s.img.Stride], s.img.Pix[from*s.img.Stride:(from+1)*s.img.Stride])
		}
	}
}

func (s *sheet) specks(perInch float64, rng *rand.Rand) {
	for range int(perInch * sheetWidth * sheetHeight / 72 / 72) {
		at := point{rng.Float64() * sheetWidth, rng.Float64() * sheetHeight}
		s.ink(dot(at, .1+.45*rng.Float64()*rng.Float64()), black, .5+.5*rng.Float64(), solid)
	}
}

// edges darkens what lies beside the paper, and the shadow at its left edge.
func (s *sheet) edges(rng *rand.Rand) {
	const far = 60
	in := 1 + 3*rng.Float64()
	for _, q := range []path{
		rectangle(-far, -far, sheetWidth+far, in*.4), rectangle(-far, sheetHeight-in, sheetWidth+far, sheetHeight+far),
		rectangle(-far, -far, in, sheetHeight+far), rectangle(sheetWidth-in*.5, -far, sheetWidth+far, sheetHeight+far),
	} {
		s.ink(q, color.RGBA{60, 60, 62, 255}, .9, solid)
	}
	for i := range 12 {
		s.ink(rectangle(in, -far, in+1.2*float64(i), sheetHeight+far), black, .03, solid)
	}
}

// tint yellows, shades from one corner and takes contrast away.
func tint(img *image.RGBA, w Wear, rng *rand.Rand) {
	paper := [3]float64{1 - .03*w.Yellow, 1 - .09*w.Yellow, 1 - .28*w.Yellow}
	cx, cy := float64(img.Rect.Dx()*rng.IntN(2)), float64(img.Rect.Dy()*rng.IntN(2))
	reach := math.Hypot(float64(img.Rect.Dx()), float64(img.Rect.Dy()))
	stain := newCloud(rng, reach/14)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:]
		for x := range img.Rect.Dx() {
			d := math.Hypot(float64(x)-cx, float64(y)-cy) / reach
			light := 1 - w.Shade*(1-d)*(1-d) - .06*w.Yellow*stain.at(x, y)
			for i := range 3 {
				v := float64(row[4*x+i])
				v = 255 - (255-v)*(1-w.Fade)
				row[4*x+i] = byte(v * light * paper[i])
			}
		}
	}
}

// blur smooths with a Gauss of the given standard deviation in pixels.
func blur(img *image.RGBA, sigma float64) {
	reach := int(math.Ceil(2.5 * sigma))
	if reach < 1 {
		return
	}
	weights := make([]uint32, 2*reach+1)
	var sum float64
	for i := range weights {
		sum += math.Exp(-sq(float64(i-reach)) / (2 * sigma * sigma))
	}
	for i := range weights {
		weights[i] = uint32(65536 * math.Exp(-sq(float64(i-reach))/(2*sigma*sigma)) / sum)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	line := make([]byte, 4*max(w, h))
	for y := range h {
		convolve(img.Pix[y*img.Stride:], 4, w, weights, line)
	}
	for x := range w {
		convolve(img.Pix[4*x:], img.Stride, h, weights, line)
	}
}

func sq(x float64) float64 { return x * x }

// convolve smooths n pixels that lie step bytes apart; line is room for a copy.
func convolve(pix []byte, step, n int, weights []uint32, line []byte) {
	for i := range n {
		copy(line[4*i:4*i+3], pix[i*step:i*step+3])
	}
	reach := len(weights) / 2
	for i := range n {
		var r, g, b, total uint32
		for k, weight := range weights {
			j := i + k - reach
			if j < 0 || j >= n {
				continue
			}
			r, g, b = r+weight*uint32(line[4*j]), g+weight*uint32(line[4*j+1]), b+weight*uint32(line[4*j+2])
			total += weight
		}
		p := pix[i*step : i*step+3]
		p[0], p[1], p[2] = byte(r/total), byte(g/total), byte(b/total)
	}
}

// noise adds a sensor's grain: most of it in all channels alike.
func noise(img *image.RGBA, deviation float64, rng *rand.Rand) {
	var grain [4096]int
	for i := range grain {
		grain[i] = int(math.Round(rng.NormFloat64() * deviation))
	}
	state := rng.Uint64() | 1
	for i := 0; i < len(img.Pix); i += 4 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		all := grain[state&4095]
		for c := range 3 {
			own := grain[state>>(16+12*c)&4095] / 2
			img.Pix[i+c] = byte(min(max(int(img.Pix[i+c])+all+own, 0), 255))
		}
	}
}
