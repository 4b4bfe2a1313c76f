package field

import "strings"

// letterSubject returns the rows under the number that give a letter's subject,
// and whether they open with V/v. Without V/v they count only if plain: that is,
// when the document has no type in its middle.
func letterSubject(h header, n numberLine, hasNumber, plainToo bool) (rows []row, opened bool) {
	if !hasNumber {
		return nil, false
	}
	last := n.row
	for _, r := range leftOnly(h, n.row.middle()+0.4*h.sheet.unit) {
		tokens := clean(r.tokens)
		if len(tokens) == 0 || isDayInNumerals(tokens) {
			continue
		}
		pitch := (r.middle() - last.middle()) / h.sheet.unit
		if len(rows) == 0 {
			opened = beginsLetterSubject(tokens)
			if !opened && (pitch > 3.5 || isNumberLike(tokens)) {
				break
			}
			if !opened && (!plainToo || isCaps(row{tokens: tokens}.text())) {
				continue
			}
		}
		if len(rows) > 0 && isCaps(row{tokens: tokens}.text()) && !isCaps(last.text()) && inStamp(tokens, h.sheet.marks) {
			break
		}
		greets, _ := begins(tokens, greeting, 0.8)
		if greets > 0 || isMark(tokens) || (len(rows) > 0 && pitch > 2.05) || len(rows) > 8 {
			break
		}
		r.tokens = tidy(r.tokens)
		rows, last = append(rows, r), r
	}
	return rows, opened
}

// isNumberLike keeps the numbers of stamps and of persons out of the subject.
func isNumberLike(tokens []token) bool {
	_, score := splitNumber(row{tokens: tokens})
	return score >= 4
}

// leftOnly returns the rows of the left column below y until a row runs across
// both columns.
func leftOnly(h header, y float64) []row {
	var out []row
	for _, r := range h.sheet.rows {
		if r.middle() < y || r.middle() > y+16*h.sheet.unit {
			continue
		}
		l, rt := columns([]row{r}, h.divide, h.sheet.unit)
		if len(l) == 0 {
			continue
		}
		if len(rt) > 0 && rt[0].x0-l[0].x1 < 1.1*h.sheet.unit && r.middle() > h.bottom {
			break
		}
		out = append(out, l[0])
	}
	return out
}

func beginsLetterSubject(tokens []token) bool {
	if strings.HasPrefix(strings.ToLower(tokens[0].text), "v/") {
		return true
	}
	if f := plain(tokens[0].text); f == "vv" || f == "viv" || f == "vlv" {
		return true
	}
	n, _ := begins(tokens, concerning, 0.8)
	return n > 0
}
