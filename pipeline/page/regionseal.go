package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Seals of agencies are discs of 30 to 42 mm with a ring around them (those of the
// state 36 to 42 mm, of firms 30 to 36); of people's own, no more is looked for.
const (
	ringLeast = 13.5 // mm, radius
	ringMost  = 22
	ringWhole = 0.6 // share of the ring that must be there in a coloured ink
	ringDark  = 0.8 // and in black, in which print may feign one
)

// A ring is a circle on the map.
type ring struct{ x, y, r float64 }

// seals finds the discs of one ink.
func (m inkMap) seals(ink byte) []record.Region {
	reach, whole := 2, ringWhole
	if ink == darkInk {
		reach, whole = 1, ringDark
	}
	var found []record.Region
	for _, b := range m.blots(ink, reach) {
		wide, high := float64(b.box.Width())/m.mm, float64(b.box.Height())/m.mm
		if min(wide, high) < 2*ringLeast-3 || ink == darkInk && max(wide, high) > 4*ringMost || max(wide, high) > 8*ringMost {
			continue
		}
		c, share := m.bestRing(b.box, ink)
		outside := m.share(ring{c.x, c.y, c.r * 1.2}, ink)
		if share < whole || outside > share-0.35 {
			continue
		}
		found = append(found, record.Region{
			Kind: record.SealRegion, Box: record.Box{int(c.x - c.r), int(c.y - c.r), int(c.x+c.r) + 2, int(c.y+c.r) + 2},
			Confidence: min(1, share*(1-outside/2)),
		})
	}
	return found
}

// bestRing is the circle in a box that has most of an ink on it, the largest of
// those that have nearly as much.
func (m inkMap) bestRing(b record.Box, ink byte) (best ring, share float64) {
	for r := ringMost * m.mm; r >= ringLeast*m.mm; r -= 0.75 {
		for y := float64(b[1]) + r - 2; y <= float64(b[3])-r+2; y++ {
			for x := float64(b[0]) + r - 2; x <= float64(b[2])-r+2; x++ {
				if s := m.share(ring{x, y, r}, ink); s > share+0.02 {
					best, share = ring{x, y, r}, s
				}
			}
		}
	}
	return best, share
}

// around are the points of a ring that are looked at; the first few tell whether
// the others need be.
var around = func() (points [48][2]float64) {
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i*11%48) / 48)
		points[i] = [2]float64{cos, sin}
	}
	return points
}()

// share is how much of a ring an ink covers.
func (m inkMap) share(c ring, ink byte) float64 {
	n := 0
	for i, p := range around {
		x, y := c.x+p[0]*c.r, c.y+p[1]*c.r
		if m.has(int(x+0.5), int(y+0.5), ink) {
			n++
		}
		if i == 11 && n < 5 {
			return float64(n) / 12
		}
	}
	return float64(n) / float64(len(around))
}
