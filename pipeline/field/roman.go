package field

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// romans are the numerals that quarters, terms, sessions and congresses bear.
var romans = strings.Fields("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII XXIII XXIV XXV")

// romanLike is a numeral in Roman letters as recognition writes it: two strokes
// of it are read as H, one as l, 1, a bar, a bracket, or an I with a mark that no numeral has.
var (
	romanLike    = regexp.MustCompile(`^[IVX][IVXHl1|!\[\]ÌÍÎÏ]*$|^[IVXHl1|!\[\]ÌÍÎÏ]*[HÌÍÎÏ][IVXHl1|!\[\]ÌÍÎÏ]*$|^[l1|!\[\]]+[IVX][IVXHl1|!\[\]]*$|^T[IH]+$`)
	romanStrokes = strings.NewReplacer("H", "II", "T", "I", "Ì", "I", "Í", "I", "Î", "I", "Ï", "I", "l", "I", "1", "I", "|", "I", "!", "I", "[", "I", "]", "I")
)

// mendRomans puts the numerals of a row right: strokes that stand as close as
// those of III are miscounted by recognition, surely of it or not, but their width
// tells how many there are.
// around are words in the same type, which tell its size where the row is short.
func mendRomans(tokens, around []token) []token {
	out := slices.Clone(tokens)
	for i, t := range tokens {
		core := strings.Trim(t.text, ".,:;()\"“”")
		if core == "" || !romanLike.MatchString(core) {
			continue
		}
		em := emOf(tokens)
		if em == 0 {
			em = emOf(around)
		}
		if em == 0 {
			continue
		}
		read := romanStrokes.Replace(core)
		width := (t.x1 - t.x0) - em*0.25*float64(len([]rune(t.text))-len([]rune(core))) // a stop or bracket is a quarter wide
		best, off, next := nearestRoman(read, width/em)
		switch {
		case best == "":
			out[i].conf = min(t.conf, 0.6)
		case best != core && (off > 0.2 || next-off < 0.12):
			out[i].conf = min(t.conf, 0.6)
			if best == read || !slices.Contains(romans, core) {
				out[i].text = strings.Replace(t.text, core, best, 1)
			}
		case best != core:
			out[i].text, out[i].conf = strings.Replace(t.text, core, best, 1), min(max(t.conf, 0.9), 0.92)
		case off < 0.12 && next-off > 0.12:
			out[i].conf = max(t.conf, 0.94)
		case off > 0.25:
			out[i].conf = min(t.conf, 0.75)
		}
	}
	return out
}

// nearestRoman returns the numeral that is at most one letter from what was read
// and whose width, in ems, is nearest; off is by how much it misses, next by how
// much the next one does.
func nearestRoman(read string, width float64) (best string, off, next float64) {
	off, next = 9, 9
	for _, r := range romans {
		if !sameButStrokes(read, r) {
			continue
		}
		switch miss := abs(width - ems(r)); {
		case miss < off:
			best, off, next = r, miss, off
		default:
			next = min(next, miss)
		}
	}
	return best, off, next
}

// sameButStrokes reports whether two numerals differ in one I at most.
func sameButStrokes(a, b string) bool {
	return distance([]rune(a), []rune(b)) <= 1 && strings.ReplaceAll(a, "I", "") == strings.ReplaceAll(b, "I", "")
}

// emOf is the size of the type that the other words of a row are set in, 0 if
// there are too few letters to say.
func emOf(tokens []token) float64 {
	width, all, count := 0.0, 0.0, 0
	for _, t := range tokens {
		if t.conf < 0.8 || strings.ContainsFunc(t.text, func(r rune) bool { return !unicode.IsLetter(r) }) || romanLike.MatchString(t.text) {
			continue
		}
		width, all, count = width+t.x1-t.x0, all+ems(t.text), count+letters(t.text)
	}
	if count < 6 {
		return 0
	}
	return width / all
}

// advances are how wide letters are in a Times-like face, in ems: text of the
// state is set in such a face.
var advances = map[rune]float64{
	'I': .36, 'V': .72, 'X': .72, 'i': .28, 'l': .28, 'j': .3, 't': .3, 'f': .33, 'r': .37, 's': .39, 'c': .44, 'e': .44, 'a': .47,
	'm': .8, 'w': .72, 'g': .5, 'h': .53, 'n': .53, 'u': .53, 'b': .52, 'd': .52, 'p': .52, 'q': .52, 'k': .53, 'o': .5, 'v': .5, 'x': .5, 'y': .5, 'z': .44,
}

// ems is the width of the ink of a word: the last letter's side bearing is none.
func ems(word string) float64 {
	w := -0.03
	for _, r := range word {
		a, ok := advances[r]
		if !ok {
			a, ok = advances[base(r)]
		}
		switch {
		case unicode.IsUpper(r) && advances[r] == 0:
			a = .7
		case strings.ContainsRune("ơưừứửữựờớởỡợ", r):
			a += .06
		case !ok:
			a = .5
		}
		w += a
	}
	return w
}
