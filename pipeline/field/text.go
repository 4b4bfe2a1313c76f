package field

import (
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
	if b, ok := bases[r]; ok {
		return b
	}
	return r
}

// plain returns the letters and digits of s, lower case and without marks.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(base(r))
		}
	}
	return b.String()
}

// oneSpace joins the words of s with one space each.
func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// letters returns the lower-case letters and digits of s with their marks.
func letters(s string) []rune {
	var out []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// alike holds the letters that recognition confuses beyond their marks.
var alike = func() map[[2]rune]bool {
	is := map[[2]rune]bool{}
	for _, group := range []string{"ilt1j", "o0qg", "s58", "bh6", "ce", "un", "vy", "z2", "ft", "rn", "kx", "a4"} {
		for _, a := range group {
			for _, b := range group {
				is[[2]rune{a, b}] = true
			}
		}
	}
	return is
}()

// cost is the price of reading b for a: 0 for the same letter, less than 1 for
// what recognition confuses.
func cost(a, b rune) float64 {
	switch {
	case a == b:
		return 0
	case base(a) == base(b):
		return 0.3
	case alike[[2]rune{base(a), base(b)}]:
		return 0.6
	}
	return 1
}

// distance is the weighted edit distance of two words or phrases; case, spaces
// and punctuation do not count.
func distance(a, b string) float64 {
	x, y := letters(a), letters(b)
	row := make([]float64, len(y)+1)
	for j := range row {
		row[j] = float64(j)
	}
	for i, r := range x {
		above := row[0]
		row[0] = float64(i + 1)
		for j, s := range y {
			above, row[j+1] = row[j+1], min(above+cost(r, s), row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// similar is 1 for the same letters and 0 for nothing in common.
func similar(a, b string) float64 {
	n := max(len(letters(a)), len(letters(b)))
	if n == 0 {
		return 0
	}
	return 1 - distance(a, b)/float64(n)
}

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
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
