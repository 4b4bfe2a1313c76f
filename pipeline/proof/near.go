package proof

import "strings"

// marksOf are the letters that differ from a letter by a mark or a tone alone.
var marksOf = func() map[rune][]rune {
	groups := []string{}
	for _, bases := range [][]int{{0, 1, 2}, {3, 4}, {5}, {6, 7, 8}, {9, 10}, {11}} {
		all := ""
		for _, i := range bases {
			all += vowels[i]
		}
		groups = append(groups, all)
	}
	groups = append(groups, "dđ")
	out := map[rune][]rune{}
	for _, g := range groups {
		for _, r := range g {
			for _, o := range g {
				if r != o {
					out[r] = append(out[r], o)
				}
			}
		}
	}
	return out
}()

// nearMarks are the words that differ from a lower-case word by the marks of one
// letter.
func nearMarks(lower string) []string {
	var out []string
	rs := []rune(lower)
	if len(rs) > 8 { // no syllable
		return nil
	}
	for i, r := range rs {
		for _, o := range marksOf[r] {
			rs[i] = o
			out = append(out, string(rs))
		}
		rs[i] = r
	}
	return out
}

// confused are signs that recognition puts for one another, beyond marks.
var confused = [][2]string{
	{"l", "i"}, {"l", "t"}, {"1", "l"}, {"1", "i"}, {"0", "o"}, {"5", "s"}, {"rn", "m"}, {"c", "e"}, {"u", "n"}, {"ii", "u"}, {"h", "b"}, {"ñ", "n"}, {"ü", "u"},
	{"ö", "ô"}, {"ö", "ồ"}, {"ö", "ố"}, {"ë", "ê"}, {"ë", "ế"}, {"ä", "â"}, {"ä", "ấ"}, {"ï", "i"}, {"ï", "í"}, {"ÿ", "ý"}, {"ÿ", "ỹ"}, {"õ", "ô"}, {"î", "i"}, {"î", "ỉ"}, {"û", "ư"}, {"û", "ủ"}, {"ù", "u"}, {"f", "t"}, {"q", "g"}, {"v", "y"}, {"li", "h"}, {"l1", "h"}, {"j", "i"}, {"ạ", "q"}, {"ð", "đ"}, {"ă", "á"},
}

// nearLetters are the words that differ by one confusion of letters.
func nearLetters(lower string) []string {
	var out []string
	for _, pair := range confused {
		for _, way := range [][2]string{pair, {pair[1], pair[0]}} {
			for at := 0; ; {
				i := strings.Index(lower[at:], way[0])
				if i < 0 {
					break
				}
				at += i
				out = append(out, lower[:at]+way[1]+lower[at+len(way[0]):])
				at += len(way[0])
			}
		}
	}
	return out
}
