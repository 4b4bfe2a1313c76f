package page

import "math"

// separate fills grey and ink, at a scale at which lower-case letters are as high
// as wanted. Grey is the lightest of the three colours: there a red seal and a blue
// signature are as light as paper, so that the name below them can be read.
func (p *Picture) separate() error {
	base, err := p.base()
	if err != nil {
		return err
	}
	defer base.Free()
	high, err := base.letterHeight()
	if err != nil {
		return err
	}
	p.scale = scaleFor(p.dpi, high, p.letters)
	if base.Depth() == 1 && p.scale == 1 {
		return p.takeInk(base)
	}
	if p.grey, err = base.through(p.evened(base.Depth())...); err != nil {
		return err
	}
	level := p.grey.threshold()
	ink, err := p.grey.darkerThan(level)
	if err != nil {
		return err
	}
	defer ink.Free()
	if err := p.liftSeals(ink, level); err != nil {
		return err
	}
	if err := p.takeInk(ink); err != nil {
		return err
	}
	return p.addColouredText()
}

// base returns what ink is looked for in: the lightest of three colours, or the ink of
// a bilevel scan, made whole where its thin strokes were lost.
func (p *Picture) base() (*Pix, error) {
	if p.pixels.Depth() != 1 {
		return p.takePaper(p.pixels)
	}
	if p.pixels.faded(p.dpi) {
		return p.pixels.thickened()
	}
	return p.pixels.scaled(1)
}

// faded reports whether little of a bilevel scan is as thick as the strokes of letters
// are, a hundredth of an inch: a threshold that lost the thin ones left splinters.
func (x *Pix) faded(dpi float64) bool {
	stroke := max(2, int(math.Round(dpi/100)))
	thick, err := x.opened(stroke, stroke)
	if err != nil {
		return false
	}
	defer thick.Free()
	return float64(thick.count()) < leastThick*float64(x.count())
}

// leastThick is the share of ink in strokes of full thickness: 0.77 to 1 on whole
// pages, 0.47 on one that lost its thin strokes.
const leastThick = 0.6

// evened are the steps to a grey picture of the right size with an even background.
func (p *Picture) evened(depth int) []step {
	scaled := func(x *Pix) (*Pix, error) { return x.scaled(p.scale) }
	switch {
	case depth == 1 && p.scale < 1:
		return []step{(*Pix).rimmed, scaled}
	case depth == 1:
		return []step{(*Pix).eightBits, scaled}
	case p.scale > 1:
		return []step{levelledIfAny(true), (*Pix).whitened, (*Pix).sharpened, scaled}
	}
	return []step{scaled, levelledIfAny(false)}
}

// takeInk keeps the ink without the dots of a form, which swallow what is
// written on them.
func (p *Picture) takeInk(ink *Pix) error {
	own, err := ink.copied()
	if err != nil {
		return err
	}
	p.ink = own
	at300 := p.dpi * p.scale / 300
	if own.Width() < leadersFrom(at300) || own.Height() < 2 {
		return nil
	}
	half, err := own.halved(1)
	if err != nil {
		return err
	}
	defer half.Free()
	found, err := half.hasLeaders(at300 / 2)
	if err != nil || !found { // most pages have none, and the half shows it for a quarter of the work
		return err
	}
	dots, rows, err := own.leaders(at300)
	if err != nil {
		return err
	}
	defer dots.Free()
	defer rows.Free()
	return own.remove(dots, rows, 3)
}

// leadersFrom is how long a row of dots must be to be one to write on.
func leadersFrom(at300 float64) int { return int(100*at300) + 1 }

func (x *Pix) hasLeaders(at300 float64) (bool, error) {
	dots, rows, err := x.leaders(at300)
	if err != nil {
		return false, err
	}
	defer dots.Free()
	defer rows.Free()
	return rows.count() > 0, nil
}

// leaders returns the dots of a 1-bit picture and the rows that they form;
// at300 is its resolution in units of 300 dpi.
func (x *Pix) leaders(at300 float64) (dots, rows *Pix, err error) {
	dots, err = x.dots(max(2, int(math.Round(8*at300))) + 1)
	if err != nil {
		return nil, nil, err
	}
	rows, err = dots.joinedAcross(int(24*at300)+1, leadersFrom(at300))
	if err != nil {
		dots.Free()
		return nil, nil, err
	}
	return dots, rows, nil
}

// takePaper returns the lightest colour of each pixel and notes how light the paper is in it.
func (p *Picture) takePaper(x *Pix) (*Pix, error) {
	grey, err := x.lightest()
	if err == nil {
		p.paper = brightest(grey.histogram(8))
	}
	return grey, err
}

// A step makes one picture from another.
type step func(*Pix) (*Pix, error)

// through takes a picture through steps and frees what lies between; x stays.
func (x *Pix) through(steps ...step) (*Pix, error) {
	at := x
	for _, do := range steps {
		next, err := do(at)
		if at != x {
			at.Free()
		}
		if err != nil {
			return nil, err
		}
		at = next
	}
	return at, nil
}

// levelledIfAny levels the background; a picture without any is left as it is.
func levelledIfAny(coarse bool) step {
	return func(x *Pix) (*Pix, error) {
		if even, err := x.levelled(coarse); err == nil {
			return even, nil
		}
		return x.scaled(1)
	}
}

// inked returns what is darker than one threshold for the whole grey picture:
// Otsu's, a little towards the paper because tone marks are thin. On a page with
// little on it Otsu would part paper from paper, so it is kept within bounds.
func (x *Pix) inked() (*Pix, error) { return x.darkerThan(x.threshold()) }

func (x *Pix) threshold() int {
	counts := x.histogram(2)
	paper := brightest(counts)
	level := min(otsu(counts)+paper/20, paper*4/5)
	return max(level, paper*2/5)
}

// brightest is the level that holds the paper: the median of the upper half.
func brightest(counts [256]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	seen := 0
	for level, n := range counts {
		if seen += n; seen > total*3/4 {
			return level
		}
	}
	return 255
}

// otsu returns the level that parts a histogram into two classes whose variance
// between each other is greatest (N. Otsu, 1979).
func otsu(counts [256]int) int {
	var total, sum float64
	for level, n := range counts {
		total += float64(n)
		sum += float64(level * n)
	}
	var below, belowSum, best float64
	at := 0
	for level, n := range counts {
		below += float64(n)
		belowSum += float64(level * n)
		if below == 0 || below == total {
			continue
		}
		d := belowSum/below - (sum-belowSum)/(total-below)
		if v := below * (total - below) * d * d; v > best {
			best, at = v, level
		}
	}
	return at + 1
}
