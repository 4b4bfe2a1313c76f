package page

// Letters is the height of a lower-case letter, in pixels, that suits the
// recogniser well. It scales every line to one height before it reads it: what a
// page has beyond that costs time to take apart and makes nothing clearer.
const Letters = 20

const (
	lowDPI   = 160 // up to this a scan has too few pixels a letter: each that becomes black or white loses a tone mark
	enlarge  = 1.5 // of such a scan
	leastDPI = 200 // a page is not made smaller than this, nor left finer than mostDPI
	mostDPI  = 300
)

// scaleFor returns the factor from stored pixels to those that the recogniser is
// given, so that lower-case letters get as high as wanted; high is how high they
// are, 0 if that is not known.
func scaleFor(dpi, high, wanted float64) float64 {
	most := min(1, mostDPI/dpi)
	switch {
	case dpi <= lowDPI:
		return enlarge
	case high == 0:
		return most
	}
	scale := min(most, max(wanted/high, leastDPI/dpi))
	if scale > 0.9 && dpi < mostDPI*1.1 {
		return 1 // a little smaller would only blur
	}
	return scale
}

// letterHeight returns the usual height of lower-case letters in a picture, in
// its pixels: the most frequent height of connected parts, the high
// ones counting for more because each mark above a letter is a part too. 0 if
// there are too few parts to tell, or 1 bit a pixel: such a scan has no tones that
// would make up for pixels.
func (x *Pix) letterHeight() (float64, error) {
	if x.Depth() == 1 || min(x.Width(), x.Height()) < 16 {
		return 0, nil
	}
	half, err := x.through((*Pix).shrunk, (*Pix).inked)
	if err != nil {
		return 0, err
	}
	defer half.Free()
	const highest = 80
	var weight [highest + 2]int
	parts := 0
	for _, b := range half.parts() {
		if h, w := b.Height(), b.Width(); h >= 4 && h <= highest && w <= 3*h && h <= 3*w {
			weight[h] += h
			parts++
		}
	}
	if parts < 100 {
		return 0, nil
	}
	best, at := 0, 0
	for h := 4; h <= highest; h++ {
		if sum := weight[h-1] + 2*weight[h] + weight[h+1]; sum > best {
			best, at = sum, h
		}
	}
	return float64(2 * at), nil
}
