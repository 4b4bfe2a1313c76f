package page

import (
	"slices"

	"github.com/sohoa/sohoa/record"
)

// The engine leaves whole lines out: in frames, which it takes for pictures, above and
// below signatures, on pages with few words. Their letters still stand in rows.

// What makes a row of letters, in heights of a line from descender to ascender.
const (
	letterLeast  = 0.3
	letterMost   = 1.1
	letterApart  = 0.9 // from the next in its row
	lettersInRow = 4
)

// mostParts bounds the parts that are put into rows: more is dirt, or a picture.
const mostParts = 600

// Overlooked returns the pieces of a cleaned picture with rows of letters that stand
// outside of the boxes that were read, which are white in them. Size is the height of a
// line of text.
func (x *Pix) Overlooked(read []record.Box, size float64) ([]*Part, error) {
	rest, err := x.copied()
	if err != nil {
		return nil, err
	}
	defer rest.Free()
	for _, b := range read {
		rest.blank(b)
	}
	ink := rest
	if x.Depth() != 1 {
		level := x.threshold()
		if ink, err = rest.darkerThan(level); err != nil {
			return nil, err
		}
		defer ink.Free()
	}
	margin := int(size / 2)
	var found []*Part
	for _, b := range joinedRows(rowsOf(letterParts(ink.parts(), size), size), margin) {
		x0, y0 := max(0, b[0]-margin), max(0, b[1]-margin)
		part, err := rest.Clipped(x0, y0, min(x.Width(), b[2]+margin)-x0, min(x.Height(), b[3]+margin)-y0)
		if err != nil {
			return found, err
		}
		found = append(found, &Part{part, x0, y0})
	}
	return found, nil
}

// letterParts are the parts that are as large as letters.
func letterParts(parts []record.Box, size float64) []record.Box {
	letters := slices.DeleteFunc(parts, func(b record.Box) bool {
		high, wide := float64(b.Height()), float64(b.Width())
		return high < letterLeast*size || high > letterMost*size || wide > 2*size || wide < high/8
	})
	if len(letters) > mostParts {
		return nil
	}
	return letters
}

// rowsOf puts letters into rows and returns the boxes of those that have enough.
func rowsOf(letters []record.Box, size float64) []record.Box {
	slices.SortFunc(letters, func(a, b record.Box) int { return a[0] - b[0] })
	type row struct {
		box, last record.Box
		n         int
	}
	var rows []row
	for _, b := range letters {
		i := slices.IndexFunc(rows, func(r row) bool {
			level := min(r.last[3], b[3]) - max(r.last[1], b[1])
			return 2*level > min(r.last.Height(), b.Height()) && float64(b[0]-r.last[2]) < letterApart*size
		})
		if i < 0 {
			rows = append(rows, row{b, b, 1})
			continue
		}
		rows[i] = row{rows[i].box.Union(b), b, rows[i].n + 1}
	}
	var out []record.Box
	for _, r := range rows {
		if r.n >= lettersInRow && float64(r.box.Height()) < 1.5*size {
			out = append(out, r.box)
		}
	}
	return out
}

// joinedRows unites rows that are no more than margin apart.
func joinedRows(rows []record.Box, margin int) []record.Box {
	for i := 0; i < len(rows); i++ {
		for j := i + 1; j < len(rows); j++ {
			a, b := rows[i], rows[j]
			if max(a[0], b[0])-min(a[2], b[2]) > 2*margin || max(a[1], b[1])-min(a[3], b[3]) > margin {
				continue
			}
			rows[i] = a.Union(b)
			rows = slices.Delete(rows, j, j+1)
			i, j = -1, len(rows)
		}
	}
	return rows
}
