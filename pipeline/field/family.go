package field

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// isFamily reports whether the word is a family name.
func isFamily(word string) bool {
	r := []rune(strings.ToLower(word))
	if len(r) == 0 {
		return false
	}
	return nameSyllables().syllables[string(unicode.ToUpper(r[0]))+string(r[1:])].family
}

// cutFamily is the one common family name whose first letter was lost: rần, oàng.
func cutFamily(w string) (string, bool) {
	if len([]rune(w)) < 2 && strings.IndexFunc(w, marks) < 0 {
		return "", false
	}
	return theOnly(slices.Values(nameSyllables().families), func(f string) bool {
		return nameSyllables().syllables[f].common && string([]rune(f)[1:]) == w
	})
}

// begunFamily is the one common family name whose last letters a seal took: Nguy.
func begunFamily(w string) (string, bool) {
	if len([]rune(w)) < 3 || isSyllable(w) {
		return "", false
	}
	return theOnly(slices.Values(nameSyllables().families), func(f string) bool {
		return nameSyllables().syllables[f].common && f != w && strings.HasPrefix(f, w)
	})
}

// theOnly is the one name that fits, none if several do.
func theOnly(names iter.Seq[string], fits func(name string) bool) (found string, ok bool) {
	for name := range names {
		if !fits(name) {
			continue
		}
		if ok {
			return "", false
		}
		found, ok = name, true
	}
	return found, ok
}

// isFamilyIn reports whether a family name is in the word, begins with it or ends so.
func isFamilyIn(w string) bool {
	_, begun := begunFamily(w)
	_, cut := cutFamily(w)
	_, near := nearestFamily(asName(w))
	return begun || cut || nameSyllables().syllables[withoutScrap(w)].family || near && letters(w) > 3
}

// withoutScrap is the family name that ink of a seal grew together with: 6S.'Trần.
func withoutScrap(w string) string {
	i := strings.LastIndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	if i < 0 {
		return w
	}
	if rest := strings.TrimFunc(w[i:], func(r rune) bool { return !unicode.IsLetter(r) }); nameSyllables().syllables[rest].family {
		return rest
	}
	return w
}
