package field

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A slot is the gap that a form leaves for a number: "Số: ___ /", "ngày ___ tháng".
type slot struct {
	tokens  []token
	digits  string  // what was read, look-alikes put right; "" if it is no number
	mended  bool    // a letter was taken for a digit
	merged  bool    // the digits share a box with the printed frame
	written bool    // by hand: other height, other level, or no print at all
	conf    float64 // that digits is what stands there
}

// digitOf takes a letter that recognition reads for a digit.
var digitOf = strings.NewReplacer("I", "1", "l", "1", "|", "1", "O", "0", "o", "0", "Q", "0", "S", "5", "B", "8", "Z", "2", "!", "1")

// readSlot judges what stands in a slot. height is that of printed digits in the
// same type, foot the level on which the frame stands; 0: not known. A roomy slot
// was left open when the page was printed: what stands in it came later.
func readSlot(tokens []token, merged, roomy bool, height, foot float64) slot {
	s := slot{tokens: tokens, merged: merged}
	raw := ""
	for _, t := range tokens {
		raw += strings.Trim(t.text, ".,:;…·-_ ")
	}
	s.digits, s.mended = asNumber(raw)
	s.conf = trust(tokens)
	switch {
	case s.digits == "", slices.ContainsFunc(tokens, func(t token) bool { return t.hand && !merged }):
		s.written = true
	case roomy && s.conf < right(0.93):
		s.conf = min(s.conf, 0.75)
		s.judge(height, foot)
	case merged:
		s.judgeMerged(height)
	default:
		s.judge(height, foot)
	}
	if s.mended {
		s.conf = min(s.conf, 0.55)
	}
	return s
}

// judge compares the digits with print: pen strokes are taller and stand lower
// or higher than type.
func (s *slot) judge(height, foot float64) {
	for _, t := range s.tokens {
		h := t.y1 - t.y0
		if height > 0 && (h > 1.2*height || h < 0.78*height) {
			s.written = true
		}
		if height > 0 && foot > 0 && (t.y1-foot > 0.27*height || foot-t.y1 > 0.35*height) {
			s.written = true
		}
		if height == 0 {
			s.conf = min(s.conf, 0.75)
		} else if h > 1.12*height || h < 0.86*height {
			s.conf = min(s.conf, 0.78)
		}
	}
}

// judgeMerged sees only the box that digits and frame share: print fits between
// the top of a marked capital and the foot of a slash.
func (s *slot) judgeMerged(height float64) {
	for _, t := range s.tokens {
		if height > 0 && t.y1-t.y0 > 1.5*height {
			s.written = true
		}
		if height == 0 || t.conf < 0.88 {
			s.conf = min(s.conf, 0.75)
		}
	}
	s.conf *= 0.97
}

// insertedNumber is one that was given between two others: 02a.
var insertedNumber = regexp.MustCompile(`^\d{1,5}[abcdđ]$`)

// asNumber returns the digits of s and whether letters were taken for digits.
// Without one true digit, or with anything else in it, s is no number.
func asNumber(s string) (digits string, mended bool) {
	if !strings.ContainsFunc(s, isDigit) {
		return "", false
	}
	if insertedNumber.MatchString(s) {
		return s, false
	}
	d := digitOf.Replace(s)
	for _, r := range d {
		if !isDigit(r) {
			return "", false
		}
	}
	return d, d != s
}

// digitHeight is the usual height of the digits that stand alone on the page,
// 0 if there are too few to say.
func digitHeight(rows []row) float64 {
	var heights []float64
	for _, r := range rows {
		for _, t := range r.tokens {
			n := strings.TrimFunc(t.text, unicode.IsPunct)
			if len(n) >= 2 && t.conf > 0.88 && n == t.text && strings.Trim(n, "0123456789") == "" {
				heights = append(heights, t.y1-t.y0)
			}
		}
	}
	if len(heights) == 0 {
		return 0
	}
	return median(heights)
}

// printHeight is the height of printed digits in the header: those of the year,
// which is seldom written by hand, else those of the page.
func (h header) printHeight() float64 {
	if h.dateRow >= 0 {
		for _, t := range h.right[h.dateRow].tokens {
			if len(t.text) == 4 && t.conf > 0.85 && (strings.HasPrefix(t.text, "19") || strings.HasPrefix(t.text, "20")) {
				return t.y1 - t.y0
			}
		}
	}
	return digitHeight(h.sheet.rows)
}
