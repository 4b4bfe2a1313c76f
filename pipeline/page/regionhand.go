package page

import "github.com/sohoa/sohoa/record"

// strokes finds what was written by hand. In blue: high, wide and thin strokes are
// a signature, lower ones handwriting. In black only the sweep of a signature can
// be told from print: a thin part much larger than letters that is no rule or frame.
func (m inkMap) strokes(ink byte, marks []record.Region) []record.Region {
	reach := 3
	if ink == darkInk {
		reach = 1
	}
	var found []record.Region
	for _, b := range m.blots(ink, reach) {
		wide, high := float64(b.box.Width())/m.mm, float64(b.box.Height())/m.mm
		thin := float64(b.cells) < 0.4*float64(b.box.Width()*b.box.Height())
		r := record.Region{Box: b.box}
		switch {
		case within(b.box, marks) || wide > 110 || high > 60:
			continue
		case ink == blueInk && wide >= 12 && high >= 8 && thin:
			r.Kind, r.Confidence = record.SignatureRegion, 0.8
		case ink == blueInk && wide >= 2.5 && high >= 2.5 && high < 15:
			r.Kind, r.Confidence = record.HandRegion, 0.6
		case ink == darkInk && wide >= 18 && high >= 9 && float64(b.cells) < 0.2*float64(b.box.Width()*b.box.Height()) && m.straight(b, ink) < 0.3:
			r.Kind, r.Confidence = record.SignatureRegion, 0.5
		default:
			continue
		}
		found = append(found, r)
	}
	return found
}

// straight is the share of a blot that belongs to straight runs of 8 mm or more.
func (m inkMap) straight(b blot, ink byte) float64 {
	long := int(8 * m.mm)
	n := m.runs(b.box[1], b.box[3], b.box[0], b.box[2], long, func(line, at int) bool { return m.has(at, line, ink) }) +
		m.runs(b.box[0], b.box[2], b.box[1], b.box[3], long, func(line, at int) bool { return m.has(line, at, ink) })
	return float64(n) / float64(b.cells)
}

// runs counts the cells in runs of at least long cells.
func (m inkMap) runs(firstLine, lastLine, from, to, long int, has func(line, at int) bool) int {
	n := 0
	for line := firstLine; line < lastLine; line++ {
		run := 0
		for at := from; at <= to; at++ {
			if at < to && has(line, at) {
				run++
				continue
			}
			if run >= long {
				n += run
			}
			run = 0
		}
	}
	return n
}

// stamps finds the frames that an office stamps on what it receives: coloured,
// about 50 x 35 mm, of straight lines.
func (m inkMap) stamps(ink byte) []record.Region {
	var found []record.Region
	for _, b := range m.blots(ink, 2) {
		wide, high := float64(b.box.Width())/m.mm, float64(b.box.Height())/m.mm
		if wide < 30 || wide > 80 || high < 15 || high > 50 || m.straight(b, ink) < 0.4 {
			continue
		}
		found = append(found, record.Region{Kind: record.StampRegion, Box: b.box, Confidence: 0.7})
	}
	return found
}

// within reports whether most of a box lies in a seal or stamp.
func within(b record.Box, marks []record.Region) bool {
	for _, s := range marks {
		w, h := min(b[2], s.Box[2])-max(b[0], s.Box[0]), min(b[3], s.Box[3])-max(b[1], s.Box[1])
		if (s.Kind == record.SealRegion || s.Kind == record.StampRegion) && w > 0 && h > 0 && 10*w*h > 7*b.Width()*b.Height() {
			return true
		}
	}
	return false
}
