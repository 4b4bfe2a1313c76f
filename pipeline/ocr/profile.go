package ocr

import "github.com/sohoa/sohoa/pipeline/page"

// A Profile says how much processor time a page may cost. docs/performance.md has
// what each costs and what it reads wrong.
type Profile string

// The profiles.
const (
	Fast     Profile = "fast"
	Balanced Profile = "balanced"
	Accurate Profile = "accurate" // reads a page three times
)

// letters is how high lower-case letters are given to the engine, in pixels.
func (p Profile) letters() float64 {
	if p == Fast {
		return 0.85 * page.Letters
	}
	return page.Letters
}

// toSpare is from how many pixels of the scan on for one of the engine's a line is given to it narrower.
const toSpare = 1.25

// width is the share of its width that a line keeps: the engine goes along it pixel by
// pixel, and reads letters that are a little narrow nearly as well, and as well where the
// scan has more pixels than it is given. pixels is how many of the scan become one.
func (p Profile) width(pixels float64) float64 {
	switch {
	case p == Fast:
		return 0.75
	case p == Balanced && pixels >= toSpare:
		return 0.9
	}
	return 1
}

// again are the widths in which doubted words are read another time than in width.
func (p Profile) again(width float64) []float64 {
	switch {
	case p == Accurate:
		return p.others()
	case width < 1:
		return []float64{1}
	}
	return []float64{0.85}
}

// others are the widths in which it reads a page besides: what is misread at one width
// is mostly read at the others.
func (p Profile) others() []float64 {
	if p == Accurate {
		return []float64{0.85, 1.2}
	}
	return nil
}
