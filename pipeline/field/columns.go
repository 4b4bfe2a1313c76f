package field

// columns cuts rows at x: tokens whose middle lies left of it, and the others.
func columns(rows []row, x, unit float64) (left, right []row) {
	var l, r []token
	for i, w := range rows {
		for _, t := range w.tokens {
			t.line = i
			if t.mid() < x {
				l = append(l, t)
			} else {
				r = append(r, t)
			}
		}
	}
	return rowsOf(l, unit), rowsOf(r, unit)
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
