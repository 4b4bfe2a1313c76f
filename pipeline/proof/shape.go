package proof

import (
	"regexp"
	"strings"
	"unicode"
)

// A shape is what a word looks like, by its letters alone.
type shape int

const (
	signs      shape = iota // no letter and no digit
	frequent                // a syllable that is frequent, or that the document has elsewhere
	syllabic                // another syllable that is possible
	numeral                 // 12, 1.500.000, 15/3/2024, XVII
	shortened               // UBND
	coded                   // 12/QĐ-UBND, A4
	foreign                 // as French and English write words
	impossible              // nothing of all that
	shapes
)

var (
	number = regexp.MustCompile(`^[0-9]+([.,/:-][0-9]+)*[%°]?$`)
	roman  = regexp.MustCompile(`^M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$`)
	latin  = regexp.MustCompile(`^[\p{Lu}a-zàâäçéèêëîïôöùûüÿœæ][a-zàâäçéèêëîïôöùûüÿœæ]*(['’-][\p{Lu}a-zàâäçéèêëîïôöùûüÿœæ]+)*$`)
	upper  = regexp.MustCompile(`^\p{Lu}{2,8}$`)
)

// shapeOf tells the shape of a word without the signs around it, on a page in the
// given language.
func shapeOf(word, language string) shape {
	switch {
	case word == "":
		return signs
	case number.MatchString(word), roman.MatchString(word):
		return numeral
	case abbreviations()[word]:
		return shortened
	}
	lower := strings.ToLower(word)
	if cased(word) && language != "fra" && language != "eng" {
		if common()[lower] {
			return frequent
		}
		if _, ok := parse(lower); ok {
			return syllabic
		}
	}
	switch {
	case latin.MatchString(word) && pronounceable(lower), cased(word) && latin.MatchString(lower) && language != "vie" && pronounceable(lower):
		return foreign
	case upper.MatchString(word) && !hasTone(lower), len(lower) == 1: // c) and d) of a list
		return shortened
	case strings.ContainsAny(word, "/-.&") && isCode(word, language), strings.ContainsFunc(word, unicode.IsDigit) && letterCode.MatchString(word):
		return coded
	}
	return impossible
}

var letterCode = regexp.MustCompile(`^(\p{Lu}{1,3}[0-9]{1,8}|[0-9]{1,8}\p{Lu}{1,3}|[0-9]{1,6}[a-zđ])$`)

// isCode reports whether all parts of a word between its signs are words themselves.
func isCode(word, language string) bool {
	parts := strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("/-.&", r) })
	for _, p := range parts {
		if s := shapeOf(p, language); s == impossible || s == signs {
			return false
		}
	}
	return len(parts) > 1
}

// cased reports whether a word is written small, LARGE or With A Capital.
func cased(word string) bool {
	up, low, first := 0, 0, false
	for i, r := range word {
		switch {
		case unicode.IsUpper(r):
			up++
			first = first || i == 0
		case unicode.IsLower(r):
			low++
		default:
			return false
		}
	}
	return up == 0 || low == 0 || up == 1 && first
}

// pronounceable reports whether a Latin word has vowels, and no five consonants
// on end.
func pronounceable(lower string) bool {
	run, vowels := 0, 0
	for _, r := range lower {
		if strings.ContainsRune("aeiouyàâäéèêëîïôöùûüÿœæ", r) {
			run, vowels = 0, vowels+1
			continue
		}
		if run++; run > 4 {
			return false
		}
	}
	return vowels > 0
}

// hasTone reports whether a letter bears a tone or a mark that only Vietnamese has.
func hasTone(lower string) bool {
	for _, r := range lower {
		if v, is := tonedOf[r]; is && (v.tone != level || r > unicode.MaxASCII) {
			return true
		}
	}
	return false
}
