package page

// Orientation returns by how much the stored pixels must be turned clockwise so
// that a person can read them, and whether that is sure. When it is not, the
// turn that the file asks for stands.
func (p *Picture) Orientation() (clockwise int, sure bool) {
	if p.standsAsAsked() {
		return p.scan.Rotate, true
	}
	if p.dpi*p.scale > 250 { // half of it is mostly enough, for a quarter of the work
		half, err := p.ink.halved(2)
		if err != nil {
			return p.scan.Rotate, false
		}
		defer half.Free()
		if clockwise, sure = half.orientation(); sure {
			return clockwise, true
		}
	}
	if clockwise, sure = p.ink.orientation(); sure {
		return clockwise, true
	}
	return p.scan.Rotate, false
}

// standsAsAsked reports whether the part of the page with most letters says so: most
// pages do, and that is a sixth of the work.
func (p *Picture) standsAsAsked() bool {
	part, err := p.Sample(0)
	if err != nil {
		return false
	}
	defer part.Free()
	clockwise, sure := part.orientation()
	return sure && clockwise == p.scan.Rotate
}

// Turn sets the turn to be upright, clockwise from the stored pixels.
func (p *Picture) Turn(clockwise int) { p.turn = ((clockwise % 360) + 360) % 360 }

// Sample returns the part of the page that most looks like text, turned
// clockwise: what to read when the shapes of the letters do not say which way is up.
func (p *Picture) Sample(clockwise int) (*Pix, error) {
	side := min(p.ink.Width(), p.ink.Height()) / 2
	x, y := p.densest(side)
	part, err := p.ink.Clipped(x, y, side, side)
	if err != nil {
		return nil, err
	}
	defer part.Free()
	return part.Turned(clockwise)
}

// densest returns the corner of the square with the most ink, those apart that
// have more than letters can have.
func (p *Picture) densest(side int) (bestX, bestY int) {
	const steps = 6
	best := -1
	for i := range steps {
		for j := range steps {
			x, y := (p.ink.Width()-side)*i/(steps-1), (p.ink.Height()-side)*j/(steps-1)
			part, err := p.ink.Clipped(x, y, side, side)
			if err != nil {
				continue
			}
			n := part.count()
			part.Free()
			if n > best && n < side*side/5 {
				best, bestX, bestY = n, x, y
			}
		}
	}
	return bestX, bestY
}
