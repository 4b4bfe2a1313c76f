package field

import (
	"math"
	"strings"
)

// The titles at the top right, and how far left of the title, in its own width,
// the column begins.
var tops = []struct {
	title folded
	reach float64
}{
	{fold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), 0},
	{fold("ĐẢNG CỘNG SẢN VIỆT NAM"), 0.1},
	{fold("Độc lập - Tự do - Hạnh phúc"), 0.18},
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
			h.dateRow, h.bottom = i, r.middle()+0.8*s.unit
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
		for _, a := range tops {
			p, found := locate(r.tokens, a.title, 0.72)
			if !found {
				continue
			}
			from, to := r.tokens[p.from], r.tokens[p.to-1]
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

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
