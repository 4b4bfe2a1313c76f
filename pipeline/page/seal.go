package page

import "github.com/sohoa/sohoa/record"

// The seal of an agency is 30 to 40 mm wide, the frame that an office stamps on
// what it receives about 50 x 35 mm; both hang together with the text below
// them. In grey, and in the red channel where they are not red, they are lighter
// than print: a threshold of their own parts them from it.
const (
	sealLeast = 22 // mm
	sealMost  = 62
)

// liftSeals takes seals and stamps off the ink, in place; level is below which grey is ink.
func (p *Picture) liftSeals(ink *Pix, level int) error {
	mm := p.dpi * p.scale / 25.4
	if p.pixels.Depth() == 1 || p.scale > 1 || float64(min(ink.Width(), ink.Height())) < sealLeast*mm {
		return nil
	}
	const step = 4
	coarse, err := ink.through(
		func(x *Pix) (*Pix, error) { return x.halved(1) },
		func(x *Pix) (*Pix, error) { return x.halved(1) })
	if err != nil {
		return err
	}
	defer coarse.Free()
	for _, b := range coarse.parts() {
		high, wide := float64(b.Height()*step)/mm, float64(b.Width()*step)/mm
		if high < sealLeast || high > sealMost || wide < sealLeast || wide > sealMost {
			continue
		}
		if err := p.liftSeal(ink, level, record.Box{b[0] * step, b[1] * step, b[2] * step, b[3] * step}); err != nil {
			return err
		}
	}
	return nil
}

// liftSeal keeps of the ink in a box only what is as dark as print, if there are
// two kinds of dark in it.
func (p *Picture) liftSeal(ink *Pix, level int, b record.Box) error {
	part, err := p.grey.Clipped(b[0], b[1], min(b.Width(), p.grey.Width()-b[0]), min(b.Height(), p.grey.Height()-b[1]))
	if err != nil {
		return err
	}
	defer part.Free()
	counts := part.histogram(1)
	clear(counts[level:])
	between := otsu(counts)
	if dark, light := mean(counts[:between]), float64(between)+mean(counts[between:]); light-dark < background/5 {
		return nil
	}
	text, err := part.darkerThan(between)
	if err != nil {
		return err
	}
	defer text.Free()
	ink.paste(text, b[0], b[1])
	return nil
}

// mean returns the mean level of a part of a histogram, from its first level on.
func mean(counts []int) float64 {
	var n, sum float64
	for level, c := range counts {
		n += float64(c)
		sum += float64(level * c)
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
