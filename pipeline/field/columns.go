package field

import "slices"

// columns parts rows at x, the divide of the header's columns: at a wide gap near
// it where there is one, else between the words on either side.
func columns(rows []row, x, unit float64) (left, right []row) {
	var l, r []token
	for i, w := range rows {
		at := divideOf(w.tokens, x, unit)
		for k, t := range w.tokens {
			t.line = i
			if k < at {
				l = append(l, t)
			} else {
				r = append(r, t)
			}
		}
	}
	return rowsOf(l, unit), rowsOf(r, unit)
}

// divideOf returns how many of the tokens belong to the left of x.
func divideOf(tokens []token, x, unit float64) int {
	at, widest := -1, 1.3*unit
	for i := 1; i < len(tokens); i++ {
		a, b := tokens[i-1].x1, tokens[i].x0
		if gap := b - a; gap > widest && a < x+4*unit && b > x-4*unit {
			at, widest = i, gap
		}
	}
	if at >= 0 {
		return at
	}
	for i, t := range tokens {
		if t.mid() >= x {
			return i
		}
	}
	return len(tokens)
}

// rightHalf returns what stands in the right half of the rows: they are cut at a
// wide gap near the middle, rows without one go where they begin.
func rightHalf(rows []row, s sheet) []row {
	_, right := halves(rows, s)
	return right
}

// leftHalf returns the others.
func leftHalf(rows []row, s sheet) []row {
	left, _ := halves(rows, s)
	return left
}

func halves(rows []row, s sheet) (left, right []row) {
	for _, r := range rows {
		at, widest := -1, 0.9*s.unit
		for i := 1; i < len(r.tokens); i++ {
			a, b := r.tokens[i-1].x1, r.tokens[i].x0
			if m := (a + b) / 2; b-a > widest && m > 0.3*s.width && m < 0.75*s.width {
				at, widest = i, b-a
			}
		}
		switch {
		case at > 0:
			left = append(left, rowOf(slices.Clone(r.tokens[:at]), s.unit))
			right = append(right, rowOf(slices.Clone(r.tokens[at:]), s.unit))
		case r.x0 > 0.42*s.width:
			right = append(right, r)
		default:
			left = append(left, r)
		}
	}
	return left, right
}

// within returns the rows whose middle lies in [y0, y1).
func within(rows []row, y0, y1 float64) []row {
	var out []row
	for _, r := range rows {
		if m := r.middle(); m >= y0 && m < y1 {
			out = append(out, r)
		}
	}
	return out
}
