package field

import (
	"strings"
	"unicode"
)

// isFamily reports whether the word is a family name.
func isFamily(word string) bool {
	r := []rune(strings.ToLower(word))
	if len(r) == 0 {
		return false
	}
	return syllables[string(unicode.ToUpper(r[0]))+string(r[1:])].family
}

// cutFamily is the one common family name whose first letter was lost: rần, oàng.
func cutFamily(w string) (string, bool) {
	found := ""
	for _, f := range familyNames {
		rest := string([]rune(f)[1:])
		if !syllables[f].common || rest != w || len([]rune(w)) < 2 && strings.IndexFunc(w, marks) < 0 {
			continue
		}
		if found != "" {
			return "", false
		}
		found = f
	}
	return found, found != ""
}

// begunFamily is the one common family name whose last letters a seal took: Nguy.
func begunFamily(w string) (string, bool) {
	found := ""
	for _, f := range familyNames {
		if !syllables[f].common || w == f || len([]rune(w)) < 3 || !strings.HasPrefix(f, w) || isSyllable(w) {
			continue
		}
		if found != "" {
			return "", false
		}
		found = f
	}
	return found, found != ""
}

// isFamilyIn reports whether a family name is in the word, begins with it or ends so.
func isFamilyIn(w string) bool {
	_, begun := begunFamily(w)
	_, cut := cutFamily(w)
	_, near := nearestFamily(asName(w))
	return begun || cut || syllables[withoutScrap(w)].family || near && letters(w) > 3
}

// withoutScrap is the family name that ink of a seal grew together with: 6S.'Trần.
func withoutScrap(w string) string {
	i := strings.LastIndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	if i < 0 {
		return w
	}
	if rest := strings.TrimFunc(w[i:], func(r rune) bool { return !unicode.IsLetter(r) }); syllables[rest].family {
		return rest
	}
	return w
}
