package field

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sohoa/sohoa/record"
)

// Agrees reports whether a value that was read is the true one, as a clerk would
// judge it: case, spaces, punctuation and the place of a tone (UỶ, ỦY) do not
// count, numbers are compared as numbers, and a subject may have a letter in
// thirty-three wrong if its numerals are right.
func Agrees(name, got, want string) bool {
	got, want = superscripts.Replace(got), superscripts.Replace(want)
	a, b := fold(tonesPlaced(got)), fold(tonesPlaced(want))
	switch name {
	case record.CodeNumber:
		m, errM := strconv.Atoi(got)
		n, errN := strconv.Atoi(want)
		if errM == nil && errN == nil {
			return m == n
		}
	case record.Subject:
		return slices.Equal(numeral.FindAllString(got, -1), numeral.FindAllString(want, -1)) &&
			float64(distance(a.runes, b.runes)) <= 0.03*float64(max(len(a.runes), len(b.runes)))
	}
	return slices.Equal(a.runes, b.runes)
}

// superscripts of areas and volumes are figures to most readers: 85 m2.
var superscripts = strings.NewReplacer("²", "2", "³", "3")

// numeral is a number in figures or in Roman letters.
var numeral = regexp.MustCompile(`\d+|\b[IVX]+\b`)

// tonesPlaced moves the tone of oa, oe and uy to the first letter, where half of
// all papers have it.
func tonesPlaced(s string) string { return tonePlaces().Replace(strings.ToLower(s)) }

var tonePlaces = sync.OnceValue(func() *strings.Replacer {
	var pairs []string
	for _, v := range []struct{ first, second, marked, tones string }{
		{"o", "a", "òóỏõọ", "àáảãạ"}, {"o", "e", "òóỏõọ", "èéẻẽẹ"}, {"u", "y", "ùúủũụ", "ỳýỷỹỵ"},
	} {
		marked, tones := []rune(v.marked), []rune(v.tones)
		for i := range tones {
			pairs = append(pairs, v.first+string(tones[i]), string(marked[i])+v.second)
		}
	}
	return strings.NewReplacer(pairs...)
})

// distance is the least number of letters to put in, take out or exchange.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		above := row[0]
		row[0] = i + 1
		for j := range b {
			cost := above
			if a[i] != b[j] {
				cost++
			}
			above, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
