package proof

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// weak is the expected share of right words below which a place is named.
const weak = 0.9

// A place is a cell of a page of three by four, with the words whose middle it holds.
type place struct {
	box   record.Box
	sum   float64
	words int
}

// sureness is the share of a page's words that are right, as their confidences say,
// and the place where fewest are, if there is one with three words or more where
// less than nine in ten are.
func sureness(p record.Page) (float64, *record.Area) {
	const columns, rows = 3, 4
	var cells [rows][columns]place
	var all place
	for _, l := range p.Lines {
		for _, w := range l.Words {
			if w.Rejected {
				continue
			}
			x := min(columns-1, max(0, columns*(w.Box[0]+w.Box[2])/2/max(1, p.Width)))
			y := min(rows-1, max(0, rows*(w.Box[1]+w.Box[3])/2/max(1, p.Height)))
			for _, c := range []*place{&cells[y][x], &all} {
				c.box, c.sum, c.words = c.box.Union(w.Box), c.sum+w.Confidence, c.words+1
			}
		}
	}
	if all.words == 0 {
		return 0, nil
	}
	var worst *record.Area
	for y := range cells {
		for x, c := range cells[y] {
			mean := c.mean()
			if c.words < 3 || mean >= weak || worst != nil && mean >= worst.Confidence {
				continue
			}
			worst = &record.Area{Name: nameOf(p, c.box, y, x), Box: c.box, Words: c.words, Confidence: mean}
		}
	}
	return all.mean(), worst
}

func (c place) mean() float64 { return math.Round(1000*c.sum/float64(max(1, c.words))) / 1000 }

// nameOf names a place: by the region that most of it lies in, else by where it is.
func nameOf(p record.Page, b record.Box, row, column int) string {
	for _, kind := range []string{record.SealRegion, record.StampRegion, record.SignatureRegion, record.HandRegion} {
		if covered(b, p.Regions, kind) > 0.5 {
			return kind
		}
	}
	return [...]string{"top", "upper", "lower", "bottom"}[row] + "-" + [...]string{"left", "middle", "right"}[column]
}
