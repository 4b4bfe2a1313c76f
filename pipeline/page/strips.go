package page

import (
	"slices"

	"github.com/sohoa/sohoa/record"
)

// Strips are pieces of a grey picture, one below the other on white paper.
type Strips struct {
	*Pix
	boxes  []record.Box // where each comes from
	tops   []int        // where each begins
	margin int
}

// Strips puts pieces of a grey picture one below the other, at least margin of white
// around each.
func (x *Pix) Strips(boxes []record.Box, margin int) (*Strips, error) {
	s := &Strips{margin: margin}
	whole := record.Box{0, 0, x.Width(), x.Height()}
	width, y := 0, margin
	for _, b := range boxes {
		b = record.Box{max(b[0], 0), max(b[1], 0), min(b[2], whole[2]), min(b[3], whole[3])}
		s.boxes, s.tops = append(s.boxes, b), append(s.tops, y)
		width, y = max(width, b.Width()), y+max(b.Height(), 1)+margin
	}
	var err error
	if s.Pix, err = newPix(width+2*margin, y, 8); err != nil {
		return nil, err
	}
	s.blank(record.Box{0, 0, s.Width(), s.Height()})
	for i, b := range s.boxes {
		part, err := x.Clipped(b[0], b[1], b.Width(), b.Height())
		if err != nil {
			s.Free()
			return nil, err
		}
		s.paste(part, margin, s.tops[i])
		part.Free()
	}
	return s, nil
}

// From returns in which strip a box of the strips lies, and where in the picture that they
// come from.
func (s *Strips) From(b record.Box) (strip int, at record.Box) {
	middle := (b[1] + b[3] + s.margin) / 2
	strip, here := slices.BinarySearch(s.tops, middle)
	if !here {
		strip = max(strip-1, 0)
	}
	dx, dy := s.boxes[strip][0]-s.margin, s.boxes[strip][1]-s.tops[strip]
	return strip, record.Box{b[0] + dx, b[1] + dy, b[2] + dx, b[3] + dy}
}
