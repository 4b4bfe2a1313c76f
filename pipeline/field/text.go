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

// A letter is what a character counts for where texts are compared: 0 for one that
// does not sound.
type letter struct{ small, base rune }

// letterTable holds the letters of ASCII and of Vietnamese by character: a look-up
// for every letter of a page. What is not in it is 0 and is asked of Unicode.
var letterTable = func() (table [0x1f00]letter) {
	for r := rune('0'); r < 0x80; r++ {
		if sounds(r) {
			table[r] = letter{unicode.ToLower(r), unicode.ToLower(r)}
		}
	}
	for r, b := range bases {
		table[r] = letter{r, b}
		if upper := unicode.ToUpper(r); int(upper) < len(table) {
			table[upper] = letter{r, b}
		}
	}
	return table
}()

func letterOf(r rune) letter {
	switch {
	case uint32(r) < uint32(len(letterTable)) && letterTable[r].base != 0:
		return letterTable[r]
	case r < 0x80 || !sounds(r):
		return letter{}
	}
	return letter{unicode.ToLower(r), unicode.ToLower(r)}
}

// base returns the lower-case letter without its marks.
func base(r rune) rune {
	if uint32(r) < uint32(len(letterTable)) && letterTable[r].base != 0 {
		return letterTable[r].base
	}
	return unicode.ToLower(r)
}

// sounds reports whether r is a letter or a digit. Marks that stand alone (ˆ, ª),
// which specks are read as, are none.
func sounds(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsDigit(r) }

// plain returns the letters and digits of s, lower case and without marks.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if l := letterOf(r); l.base != 0 {
			b.WriteRune(l.base)
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
		if l := letterOf(r); l.base != 0 {
			a.runes, a.bases, a.has = append(a.runes, l.small), append(a.bases, l.base), a.has|1<<(l.base&63)
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
		if letterOf(r).base != 0 {
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
	n, more := float64(max(len(a.runes), len(b.runes))), abs(float64(len(a.runes)-len(b.runes)))
	if n == 0 || 1-more/n < least {
		return 0
	}
	limit := (1-least)*n + 1e-9
	// A letter more or less costs 1 and changes one of the letters that there are at
	// most; one for another changes two and costs 0.6 or more then.
	if more+0.3*(float64(bits.OnesCount64(a.has^b.has))-more) > limit {
		return 0
	}
	if s := 1 - a.edits(b, limit)/n; s >= least {
		return s
	}
	return 0
}

// edits is the weighted edit distance; more than limit is some other number above it.
func (a folded) edits(b folded, limit float64) float64 {
	var space [80]float64
	row := space[:0]
	for j := range len(b.runes) + 1 {
		row = append(row, float64(j))
	}
	reach := int(limit) // so far off the diagonal everything costs more
	for i := range a.runes {
		first, last := max(0, i-reach), min(len(b.runes), i+1+reach)
		above, lowest := row[first], limit+1
		if row[first] = limit + 1; first == 0 {
			row[0] = float64(i + 1)
		}
		left := row[first]
		for j := first; j < last; j++ {
			left = min(above+a.cost(i, b, j), left+1, row[j+1]+1)
			above, row[j+1] = row[j+1], left
			lowest = min(lowest, left)
		}
		if lowest > limit && row[0] > limit {
			return lowest
		}
	}
	return row[len(b.runes)]
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
	return strings.ContainsFunc(s, func(r rune) bool { return letterOf(r).base != 0 })
}
