package field

import (
	"maps"
	"slices"
	"strings"
)

// readSyllable mends a word where one name alone has its letters, and weighs how
// easily another name is misread as this one: the marks of a name have no
// context that would confirm them.
func readSyllable(w string, ocr float64, first bool) (word string, conf float64, known bool) {
	if dotted := strings.ReplaceAll(w, "ỉ", "i"); dotted != w && !isSyllable(w) && isSyllable(dotted) {
		return dotted, min(right(ocr), 0.7), true // a speck at the dot is read as a hook
	}
	s, known := nameSyllables().syllables[w]
	like := nameSyllables().siblings[plain(w)]
	if first {
		like = families(like)
		known = known && s.family
	}
	switch {
	case known && s.rare && !first:
		if common := commonNames(like); len(common) == 1 && ocr < 0.95 {
			return common[0], min(right(ocr), 0.65), true
		}
		return w, min(right(ocr), 0.7), true
	case known && first && !s.common && ocr < 0.95:
		return w, min(right(ocr), 0.75), true
	case known && (len(like) == 1 || ocr >= 0.95):
		return w, right(ocr), true
	case known:
		return w, right(ocr) * right(ocr), true
	case len(like) == 1 && first && nearFamily(w):
		return like[0], min(right(ocr), 0.75), true // Pham may be Phạm and Phan
	case len(like) == 1:
		return like[0], min(right(ocr), 0.85), true
	case first && len(commonFamilies(like)) == 1:
		return commonFamilies(like)[0], min(right(ocr), 0.75), true
	case first && ocr < 0.9:
		if f, ok := nearestFamily(w); ok {
			return f, min(right(ocr), 0.65), true
		}
	case ocr < 0.9:
		if g, ok := nearestName(w); ok {
			return g, min(right(ocr), 0.6), true
		}
	}
	return w, min(right(ocr), 0.75), false
}

// isSyllable reports whether the word is one of names.
func isSyllable(w string) bool {
	_, known := nameSyllables().syllables[w]
	return known
}

// nearestName is the one name that differs from w in one letter, its marks and the
// rest alike.
func nearestName(w string) (string, bool) {
	read := []rune(strings.ToLower(w))
	return theOnly(maps.Keys(nameSyllables().syllables), func(name string) bool {
		n := []rune(strings.ToLower(name))
		return len(n) >= 3 && len(n) == len(read) && distance(n, read) == 1 && !nameSyllables().syllables[name].rare
	})
}

// nearFamily reports whether a common family name of other letters is one letter off.
func nearFamily(w string) bool {
	return slices.ContainsFunc(nameSyllables().families, func(f string) bool {
		return nameSyllables().syllables[f].common && plain(f) != plain(w) && distance([]rune(plain(f)), []rune(plain(w))) == 1
	})
}

// nearestFamily is the one family name that w reads almost like.
func nearestFamily(w string) (string, bool) {
	best, score, next := "", 0.0, 0.0
	for _, f := range nameSyllables().families {
		switch s := similar(w, f); {
		case s > score:
			best, score, next = f, s, score
		default:
			next = max(next, s)
		}
	}
	return best, score > 0.84 && score-next > 0.03
}

// commonNames leaves out the rare ones.
func commonNames(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return nameSyllables().syllables[w].rare })
}

// commonFamilies are those that most people have.
func commonFamilies(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !nameSyllables().syllables[w].common })
}

func families(words []string) []string {
	var out []string
	for _, w := range words {
		if nameSyllables().syllables[w].family {
			out = append(out, w)
		}
	}
	return out
}
