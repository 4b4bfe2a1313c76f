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

// width is the share of its width that a line keeps: the engine goes along it pixel by
// pixel, and reads letters that are a little narrow nearly as well.
func (p Profile) width() float64 {
	if p == Fast {
		return 0.75
	}
	return 1
}

// again are the widths in which doubted words are read another time.
func (p Profile) again() []float64 {
	switch p {
	case Fast:
		return []float64{1}
	case Accurate:
		return p.others()
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
