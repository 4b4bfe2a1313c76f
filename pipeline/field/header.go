package field

import (
	"math"
	"slices"
	"strings"
)

// The titles at the top right, and how far left of the title, in its own width,
// the column begins.
var tops = []struct {
	title folded
	reach float64
	named bool // also the name of an agency: a title in capitals at the right alone
}{
	{fold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), 0, false},
	{fold("ĐẢNG CỘNG SẢN VIỆT NAM"), 0.1, false},
	{fold("ĐOÀN TNCS HỒ CHÍ MINH"), 0.1, true},
	{fold("Độc lập - Tự do - Hạnh phúc"), 0.18, false},
}

// A header is the band at the top of a document: the agency's column at the
// left, the state's at the right, and what stands below both.
type header struct {
	sheet   sheet
	recall  *recall
	top     float64 // level of the national title
	divide  float64 // x between the columns
	left    []row   // of the band
	right   []row
	dateRow int // index in right, -1: none
	bottom  float64
	below   []row
}

// findHeader looks for the national title or the motto on the page; without
// either there is no header.
func findHeader(s sheet) (header, bool) {
	top, divide, right, ok := anchor(s, 0.6)
	if !ok {
		top, divide, right, ok = dateAnchor(s)
	}
	if !ok {
		return header{}, false
	}
	h := header{sheet: s, top: top, divide: divide, dateRow: -1}
	band := within(s.rows, top-4*s.unit, top+16*s.unit)
	h.left, h.right = columns(band, divide, s.unit)
	h.bottom = top + 2.4*s.unit
	for i, r := range h.right {
		if isDateRow(r) && r.middle() > top && r.middle() < top+11*s.unit && r.x1 < right+4*s.unit {
			h.dateRow = i
			h.bottom = h.wholeDate(i) + 0.8*s.unit
			break
		}
	}
	h.right = within(h.right, math.Inf(-1), h.bottom)
	h.below = within(s.rows, h.bottom, math.Inf(1))
	for i, r := range h.below[:min(len(h.below), 10)] {
		if c := core(r, s.unit); !isCaps(r.text()) && isCaps(c.text()) {
			h.below[i] = c // a scrap of a stamp stands beside the type
		}
	}
	return h, true
}

// anchor finds the national title (or the party's, or the motto) in the upper share
// of the page: its level and the columns' divide.
func anchor(s sheet, share float64) (top, divide, right float64, ok bool) {
	for _, r := range within(s.rows, 0, s.height*share) {
		shouts := isCaps(r.text())
		for _, a := range tops {
			if a.named && !shouts {
				continue
			}
			p, found := locate(r.tokens, a.title, 0.72)
			if !found {
				continue
			}
			from, to := r.tokens[p.from], r.tokens[p.to-1]
			if a.named && (from.x0 < 0.42*s.width || !isCaps(row{tokens: r.tokens[p.from:p.to]}.text())) {
				continue
			}
			width := to.x1 - from.x0
			return (from.middle() + to.middle()) / 2, from.x0 - a.reach*width - 0.25*s.unit, to.x1, true
		}
	}
	return 0, 0, 0, false
}

// dateAnchor takes the place-and-date line for the anchor where the titles above
// it cannot be read.
func dateAnchor(s sheet) (top, divide, right float64, ok bool) {
	for _, r := range within(s.rows, 0, s.height*0.4) {
		if saysAttached(r) {
			continue // the date is of what the page is attached to
		}
		for _, half := range rightHalf([]row{r}, s) {
			p, whole := splitDate(half.tokens)
			if whole && p.frame[0].text != "" && p.frame[2].text != "" && len(p.place) > 0 && len(p.place) < 7 {
				return r.middle() - 4*s.unit, half.x0 - 2*s.unit, half.x1, true
			}
		}
	}
	return 0, 0, 0, false
}

// isDateRow reports whether the row reads like "<place>, ngày … tháng … năm …".
func isDateRow(r row) bool {
	hits := 0
	for _, t := range r.tokens {
		text := strings.TrimFunc(plain(t.text), isDigit)
		for _, word := range dateWords {
			if strings.HasPrefix(text, plain(word.text)) || fold(text).like(word, 0.6) >= 0.7 {
				hits++
				break
			}
		}
	}
	return hits >= 2
}

// wholeDate puts a date that took two lines on one, and returns the level of the
// lower: the place may stand above "ngày", the year below "tháng".
func (h *header) wholeDate(i int) float64 {
	r, unit := h.right[i], h.sheet.unit
	p, _ := splitDate(r.tokens)
	level := r.middle()
	if i > 0 && p.frame[0].text != "" && len(clean(p.place)) == 0 && level-h.right[i-1].middle() < 1.7*unit {
		if above := h.right[i-1].tokens; len(above) < 6 && strings.HasSuffix(above[len(above)-1].text, ",") {
			h.right[i] = chain(above, r.tokens, unit)
		}
	}
	if i+1 < len(h.right) && p.frame[2].text == "" && h.right[i+1].middle()-level < 1.7*unit {
		if below := h.right[i+1].tokens; len(below) < 3 && fold(below[0].text).like(dateWords[2], 0.6) > 0 {
			level = h.right[i+1].middle()
			h.right[i] = chain(h.right[i].tokens, below, unit)
		}
	}
	return level
}

// chain sets the second tokens behind the first, on their level.
func chain(first, then []token, unit float64) row {
	out := slices.Clone(first)
	over, down := first[len(first)-1].x1+0.3*unit-then[0].x0, feet(first)-feet(then)
	for _, t := range then {
		t.x0, t.x1, t.y0, t.y1 = t.x0+over, t.x1+over, t.y0+down, t.y1+down
		out = append(out, t)
	}
	return rowOf(out, unit)
}

// feet is the usual level of the feet of tokens.
func feet(tokens []token) float64 {
	var all []float64
	for _, t := range tokens {
		all = append(all, t.y1)
	}
	return median(all)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
