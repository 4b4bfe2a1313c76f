package field

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// dateParts are the tokens of a date row between its three printed words.
type dateParts struct {
	place, day, month, year []token
	frame                   [3]token // ngày, tháng, năm
	merged                  [3]bool
}

var dateWords = [3]folded{fold("ngày"), fold("tháng"), fold("năm")}

// readDate returns place and date of the date row. Only this row counts: dates
// of other documents stand in the text.
func readDate(h header) record.Fields {
	out := record.Fields{}
	if h.dateRow < 0 {
		if f, ok := dateUnderNumber(h); ok {
			out[record.IssuedDate] = f
		}
		return out
	}
	p, ok := splitDate(h.right[h.dateRow].tokens)
	if !ok {
		return out
	}
	if f, ok := placeField(p.place, h.recall); ok {
		out[record.Place] = f
	}
	out[record.IssuedDate] = dateField(p, h.printHeight())
	return out
}

// dayInNumerals is how courts date a judgment, below its number: "Ngày: 22-9-2025".
var dayInNumerals = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$`)

// dateUnderNumber reads the date of a header that has no place-and-date line: right
// below the number, where a judgment has it.
func dateUnderNumber(h header) (record.Field, bool) {
	n, ok := findNumber(h)
	if !ok || n.unread {
		return record.Field{}, false
	}
	for _, r := range leftOnly(h, n.row.middle()+0.4*h.sheet.unit) {
		tokens := clean(r.tokens)
		if !isDayInNumerals(tokens) || r.middle()-n.row.middle() > 2.2*h.sheet.unit {
			continue
		}
		day := tokens[len(tokens)-1]
		m := dayInNumerals.FindStringSubmatch(strings.Trim(day.text, ".,;"))
		iso, ok := isoDate(m[1], m[2], m[3])
		return record.Field{Value: row{tokens: tokens}.text(), Normal: iso, Status: record.Read, Rule: "date/under-number",
			Confidence: round(0.95 * trust([]token{day})), Evidence: evidence(tokens)}, ok
	}
	return record.Field{}, false
}

// isDayInNumerals reports whether the row is "Ngày" and a date in numerals.
func isDayInNumerals(tokens []token) bool {
	return len(tokens) == 2 && fold(tokens[0].text).like(dateWords[0], 0.74) > 0 && dayInNumerals.MatchString(strings.Trim(tokens[1].text, ".,;"))
}

// splitDate cuts the row at ngày, tháng, năm; words grown together with digits
// are taken apart.
func splitDate(tokens []token) (p dateParts, ok bool) {
	at, part := 0, &p.place
	rests := []*[]token{&p.day, &p.month, &p.year}
	hasDay := slices.ContainsFunc(tokens, func(t token) bool { _, _, _, n := cutDateWord(t, 0, 1); return n == 0 })
	for _, t := range tokens {
		to := 3
		if at == 0 && hasDay {
			to = 1 // a place may read like a later word: Thanh Hóa, Nam Định
		}
		before, word, after, n := cutDateWord(t, at, to)
		if n < 0 {
			*part = append(*part, t)
			continue
		}
		if before.text != "" {
			*part = append(*part, before)
			if at > 0 {
				p.merged[at-1] = true
			}
		}
		p.frame[n], at, part = word, n+1, rests[n]
		if after.text != "" {
			*part = append(*part, after)
			p.merged[n] = true
		}
	}
	return p, at >= 2 && p.frame[1].text != ""
}

// cutDateWord looks for one of the date words from:to at the beginning or
// end of a token and returns what stands before and after it; n is -1 for none.
func cutDateWord(t token, from, to int) (before, word, after token, n int) {
	runes := []rune(t.text)
	for n = from; n < min(to, from+2); n++ {
		w := dateWords[n]
		k := len(w.runes)
		if fold(t.text).like(w, 0.74) > 0 && letters(t.text) <= k+1 && !strings.ContainsFunc(t.text, isDigit) {
			return token{}, t, token{}, n
		}
		if len(runes) <= k {
			continue
		}
		if fold(string(runes[:k])).like(w, 0.74) > 0 {
			return token{}, part(t, 0, k), part(t, k, len(runes)), n
		}
		if m := len(runes) - k; fold(string(runes[m:])).like(w, 0.74) > 0 {
			return part(t, 0, m), part(t, m, len(runes)), token{}, n
		}
	}
	return token{}, token{}, token{}, -1
}

// part is the token of some of a token's letters, its box in proportion.
func part(t token, from, to int) token {
	runes := []rune(t.text)
	n, w := len(runes), t.box.Width()
	p := t
	p.text = string(runes[from:to])
	p.box[0], p.box[2] = t.box[0]+w*from/n, t.box[0]+w*to/n
	p.x0, p.x1 = t.x0+(t.x1-t.x0)*float64(from)/float64(n), t.x0+(t.x1-t.x0)*float64(to)/float64(n)
	return p
}

func dateField(p dateParts, height float64) record.Field {
	// Digits that grew together with the frame leave no gap, whatever is on their other side.
	foot := p.frame[2].y1 // the foot of "năm": it has no descender
	if p.merged[1] && !p.merged[2] {
		foot = 0 // what grew together with it may have one
	}
	day := readSlot(p.day, p.merged[0], !p.merged[0] && roomy(p.frame[0], p.day, p.frame[1], height), height, foot)
	month := readSlot(p.month, p.merged[1], !p.merged[1] && roomy(p.frame[1], p.month, p.frame[2], height), p.printed(1, height), foot)
	year := readSlot(p.year, p.merged[2], false, height, foot)
	all := append(append(append(append(append([]token{p.frame[0]}, p.day...), p.frame[1]), p.month...), p.frame[2]), p.year...)
	f := record.Field{
		Value: row{tokens: all}.text(), Status: record.Read, Rule: "date/place-line",
		Confidence: round(day.conf * month.conf * year.conf), Evidence: evidence(all),
	}
	iso, ok := isoDate(day.digits, month.digits, year.digits)
	f.Normal = iso
	if !ok || day.written || month.written || year.written {
		f.Status = record.Handwritten
		f.Confidence = min(f.Confidence, 0.5)
	}
	return f
}

// printed is the height that digits of slot n may be expected to have: where they
// share a box with a word, that of the words around, whose marks and feet reach
// farther.
func (p dateParts) printed(n int, height float64) float64 {
	if !p.merged[n] || height == 0 {
		return height
	}
	for _, t := range p.frame[:2] {
		height = max(height, 0.87*(t.y1-t.y0)) // a word's box is at most 1.5 times as high as its digits
	}
	return height
}

// isoDate returns the date if it is one that a document can bear.
func isoDate(day, month, year string) (string, bool) {
	d, err1 := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	y, err3 := strconv.Atoi(year)
	if err1 != nil || err2 != nil || err3 != nil || y < 1945 || y > 2100 {
		return "", false
	}
	if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); t.Day() != d || int(t.Month()) != m {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d), true
}

// clean drops specks: tokens without a letter or digit, and single letters that
// recognition itself doubts.
func clean(tokens []token) []token {
	out := make([]token, 0, len(tokens))
	for _, t := range tokens {
		if n := letters(t.text); n == 0 || n < 2 && (t.conf < 0.6 || t.likely > 0 && t.likely < 0.1 && !strings.ContainsFunc(t.text, isDigit)) {
			continue
		}
		out = append(out, t)
	}
	return out
}
