package field

import (
	"math/bits"
	"strings"
	"unicode"
)

// The letters with marks of Vietnamese, by base letter: one tone to a column.
var marked = map[rune]string{
	'a': "àáảãạăằắẳẵặâầấẩẫậ",
	'e': "èéẻẽẹêềếểễệ",
	'i': "ìíỉĩị",
	'o': "òóỏõọôồốổỗộơờớởỡợö",
	'u': "ùúủũụưừứửữựü",
	'y': "ỳýỷỹỵÿ",
	'd': "đð",
	's': "š",
	'n': "ñ",
}

var bases = func() map[rune]rune {
	to := map[rune]rune{}
	for base, letters := range marked {
		for _, r := range letters {
			to[r] = base
		}
	}
	return to
}()

// base returns the lower-case letter without its marks.
func base(r rune) rune {
	r = unicode.ToLower(r)
	if r < 0x80 || int(r) >= len(baseTable) || baseTable[r] == 0 {
		return r
	}
	return baseTable[r]
}

// baseTable holds the bases by letter: a look-up for every letter of a page.
var baseTable = func() (table [0x1f00]rune) {
	for r, b := range bases {
		table[r] = b
	}
	return table
}()

// sounds reports whether r is a letter or a digit. Marks that stand alone (ˆ, ª),
// which specks are read as, are none.
func sounds(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsDigit(r) }

// plain returns the letters and digits of s, lower case and without marks.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		if sounds(r) {
			b.WriteRune(base(r))
		}
	}
	return b.String()
}

// oneSpace joins the words of s with one space each.
func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// A folded text is what counts when texts are compared: lower-case letters and
// digits; case, spaces and punctuation do not.
type folded struct {
	text  string
	words int
	runes []rune
	bases []rune // of the runes, without marks
	has   uint64 // which bases there are, one bit each
}

func fold(s string) folded {
	f := folded{}.and(s)
	f.text, f.words = s, len(strings.Fields(s))
	return f
}

// and appends the letters and digits of s.
func (a folded) and(s string) folded {
	for _, r := range s {
		if sounds(r) {
			r = unicode.ToLower(r)
			b := base(r)
			a.runes, a.bases, a.has = append(a.runes, r), append(a.bases, b), a.has|1<<(b&63)
		}
	}
	return a
}

func foldAll(texts ...string) []folded {
	out := make([]folded, len(texts))
	for i, s := range texts {
		out[i] = fold(s)
	}
	return out
}

// letters counts the letters and digits of s.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if sounds(r) {
			n++
		}
	}
	return n
}

// alike holds the letters that recognition confuses beyond their marks.
var alike = func() (is [128][128]bool) {
	for _, group := range []string{"ilt1j", "o0qg", "s58", "bh6", "ce", "un", "vy", "z2", "ft", "rn", "kx", "a4"} {
		for _, a := range group {
			for _, b := range group {
				is[a][b] = true
			}
		}
	}
	return is
}()

// cost is the price of reading b for a: 0 for the same letter, less than 1 for
// what recognition confuses.
func (a folded) cost(i int, b folded, j int) float64 {
	x, y := a.bases[i], b.bases[j]
	switch {
	case a.runes[i] == b.runes[j]:
		return 0
	case x == y:
		return 0.3
	case x < 128 && y < 128 && alike[x][y]:
		return 0.6
	}
	return 1
}

// like is 1 for the same letters and 0 for nothing in common: 1 - the weighted
// edit distance over the longer length. What cannot reach least is 0 at once.
func (a folded) like(b folded, least float64) float64 {
	n := float64(max(len(a.runes), len(b.runes)))
	if n == 0 || 1-abs(float64(len(a.runes)-len(b.runes)))/n < least {
		return 0
	}
	limit := (1-least)*n + 1e-9
	// One edit changes at most two of the letters that there are, and costs 0.6 or more then.
	if 0.3*float64(bits.OnesCount64(a.has^b.has)) > limit {
		return 0
	}
	var space [80]float64
	row := space[:0]
	for j := range len(b.runes) + 1 {
		row = append(row, float64(j))
	}
	for i := range a.runes {
		above, lowest := row[0], n
		row[0] = float64(i + 1)
		for j := range b.runes {
			above, row[j+1] = row[j+1], min(above+a.cost(i, b, j), row[j]+1, row[j+1]+1)
			lowest = min(lowest, row[j+1])
		}
		if lowest > limit && row[0] > limit {
			return 0
		}
	}
	if s := 1 - row[len(b.runes)]/n; s >= least {
		return s
	}
	return 0
}

// similar is how much two texts are like each other.
func similar(a, b string) float64 { return fold(a).like(fold(b), 0) }

func abs(x float64) float64 { return max(x, -x) }

// isCaps reports whether s has at least two letters and nearly all are capitals.
func isCaps(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	return upper >= 2 && lower*6 <= upper
}

// isWord reports whether s holds a letter or a digit.
func isWord(s string) bool {
	return strings.ContainsFunc(s, sounds)
}
