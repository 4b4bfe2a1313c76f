package page

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// erase takes the seal off its picture, in place.
func (d *disc) erase() error {
	old, err := d.pix.copied()
	if err != nil {
		return err
	}
	defer old.Free()
	black := old.blackness()
	inner := arms * d.r
	d.pix.whiten(record.Box{int(d.x - inner), int(d.y - inner), int(d.x+inner) + 1, int(d.y+inner) + 1},
		func(x, y int) bool { return math.Hypot(float64(x)-d.x, float64(y)-d.y) < inner })
	whole, err := d.pix.copied()
	if err != nil {
		return err
	}
	defer whole.Free()
	thick := 0
	for _, b := range d.rings(black) {
		thick = max(thick, d.eraseRing(black, b))
	}
	if err := d.pix.mend(whole, thick+5); err != nil {
		return err
	}
	d.eraseLettering()
	return nil
}

// rings returns the radii, from and to, between which rings lie.
func (d *disc) rings(black func(x, y int) bool) [][2]float64 {
	var rings [][2]float64
	for r := ringsFrom * d.r; r <= ringsTo*d.r; r++ {
		if covered(black, d.x, d.y, r, 1) < ringBand {
			continue
		}
		if n := len(rings); n > 0 && r-rings[n-1][1] < 3 {
			rings[n-1][1] = r
			continue
		}
		rings = append(rings, [2]float64{r, r})
	}
	return rings
}

// A run is black along a ray from the centre of a disc, in pixels from it.
type run struct{ cos, sin, from, to float64 }

const fine = 0.5 // pixels: the step along a ray

// eraseRing takes one ring off: along each ray the black through the ring that is
// about as long as the ring is thick. Longer, it is a stroke that the ring crosses.
// It returns how thick the ring is, in pixels.
func (d *disc) eraseRing(black func(x, y int) bool, ring [2]float64) (thick int) {
	runs := d.runs(black, ring)
	if len(runs) == 0 {
		return 0
	}
	long := make([]float64, len(runs))
	for i, u := range runs {
		long[i] = u.to - u.from
	}
	slices.Sort(long)
	usual := long[len(long)/2]
	most := 1.5*usual + 2
	words, wpl := d.pix.words()
	for _, u := range runs {
		if u.to-u.from > most {
			continue
		}
		for r := u.from - 1; r <= u.to+1; r += fine {
			x, y := int(d.x+r*u.cos+0.5), int(d.y+r*u.sin+0.5)
			if black(x, y) {
				words[y*wpl+x/32] &^= 1 << (31 - x%32)
			}
		}
	}
	return int(math.Ceil(usual)) + 1
}

// runs returns the black that rays meet at a ring.
func (d *disc) runs(black func(x, y int) bool, ring [2]float64) []run {
	const slack, far = 3, 40 // pixels: a ring is not quite round; a stroke is not longer
	var runs []run
	n := int(9 * ring[1]) // rays are less than a pixel apart
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		at := func(r float64) bool { return black(int(d.x+r*cos+0.5), int(d.y+r*sin+0.5)) }
		for r := ring[0] - slack; r <= ring[1]+slack; r += fine {
			if !at(r) {
				continue
			}
			u := run{cos, sin, r, r}
			for u.from > ring[0]-far && at(u.from-fine) {
				u.from -= fine
			}
			for u.to < ring[1]+far && at(u.to+fine) {
				u.to += fine
			}
			runs = append(runs, u)
			r = u.to + fine
		}
	}
	return runs
}

// eraseLettering takes off what stands in the disc, but for what continues to the
// left a line of letters outside.
func (d *disc) eraseLettering() {
	parts := d.pix.parts()
	rows := d.rows(parts)
	slices.SortStableFunc(parts, func(a, b record.Box) int { return b[2] - a[2] })
	for _, b := range parts {
		if !d.holds(b) {
			continue
		}
		from, to := b[3], b[3] // nothing of it stays
		for i, r := range rows {
			h := r.Height()
			top, bottom := r[1]-h*35/100, r[3]+h*30/100 // with marks above and below
			if in := min(bottom, b[3]) - max(top, b[1]); 2*in > b.Height() && r[0]-b[2] < h*11/10 && b[0] < r[2] {
				from, to = top, bottom
				rows[i][0] = min(r[0], b[0])
				break
			}
		}
		d.pix.whiten(b, func(_, y int) bool { return y < from || y >= to })
	}
}

// holds reports whether a box lies in the disc.
func (d *disc) holds(b record.Box) bool {
	x := max(d.x-float64(b[0]), float64(b[2])-d.x)
	y := max(d.y-float64(b[1]), float64(b[3])-d.y)
	return math.Hypot(x, y) <= 1.08*d.r
}

// rows are the lines of letters outside of the disc: three or more of a height.
func (d *disc) rows(parts []record.Box) []record.Box {
	var letters, rows []record.Box
	for _, b := range parts {
		if h := float64(b.Height()); h > 1.2*d.mm && h < 7*d.mm && b.Width() < 4*b.Height() && !d.holds(b) {
			letters = append(letters, b)
		}
	}
	for _, a := range letters {
		row, n := a, 0
		for _, b := range letters {
			off := max(a[1]-b[1], b[1]-a[1], a[3]-b[3], b[3]-a[3])
			if 100*off < 15*a.Height()+100 && float64(max(a[0]-b[2], b[0]-a[2])) < 40*d.mm {
				row, n = record.Box{min(row[0], b[0]), row[1], max(row[2], b[2]), row[3]}, n+1
			}
		}
		if n < 3 {
			continue
		}
		same := slices.IndexFunc(rows, func(r record.Box) bool {
			return 2*(min(r[3], row[3])-max(r[1], row[1])) > min(r.Height(), row.Height())
		})
		if same < 0 {
			rows = append(rows, row)
			continue
		}
		rows[same] = rows[same].Union(row)
	}
	return rows
}
