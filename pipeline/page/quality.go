package page

import "github.com/sohoa/sohoa/record"

// What a clerk should know at once, so that a bad page is scanned again
// (TT 05/2025/TT-BNV asks for 200 dpi and colour).
const (
	tooFewDots = "below-200-dpi"
	notColour  = "not-colour"
	tooDark    = "too-dark"
	blurred    = "blurred"
	cutOff     = "cut-off"
	spoiled    = "damaged"
)

// quality lists what is wrong with the scan.
func (p *Picture) quality(page record.Page) []string {
	var wrong []string
	note := func(is bool, what string) {
		if is {
			wrong = append(wrong, what)
		}
	}
	note(page.DPI < 200 || p.oblong() && min(p.stored.DPIX, p.stored.DPIY) < 200, tooFewDots)
	note(page.Colour != "colour", notColour)
	note(p.spoiled, spoiled)
	if page.Blank {
		return wrong
	}
	note(p.dark(), tooDark)
	note(p.blurred(), blurred)
	note(p.cutOff(), cutOff)
	return wrong
}

// dark reports whether the paper itself is darker than a medium grey.
func (p *Picture) dark() bool {
	if p.pixels.Depth() == 1 {
		return p.ink.count() > p.ink.Width()*p.ink.Height()*2/5
	}
	return p.paper < 110
}

// blurred reports whether the edges of letters are washed out: whether there are
// more pixels between ink and paper than pixels of ink.
func (p *Picture) blurred() bool {
	if p.grey == nil || p.pixels.Depth() == 1 || p.scale > 1 {
		return false
	}
	counts := p.grey.histogram(3)
	paper, black := brightest(counts), darkest(counts)
	var ink, between int
	for level, n := range counts {
		switch depth := 100 * (paper - level); {
		case depth > 65*(paper-black):
			ink += n
		case depth > 20*(paper-black):
			between += n
		}
	}
	return between*2 > ink*3
}

// darkest is the level that one pixel in a hundred is below.
func darkest(counts [256]int) int {
	total, seen := 0, 0
	for _, n := range counts {
		total += n
	}
	for level, n := range counts {
		if seen += n; seen*100 > total {
			return level
		}
	}
	return 0
}

// cutOff reports whether text runs over the edge: whether many parts of the size
// of letters touch it.
func (p *Picture) cutOff() bool {
	dpi := p.dpi * p.scale
	at, err := p.ink.touching(int(dpi/50), int(dpi/6))
	return err == nil && at >= 8
}
