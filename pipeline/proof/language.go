package proof

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

// The languages that are told apart, by the names of their models.
const (
	Vietnamese = "vie"
	French     = "fra"
	English    = "eng"
)

// The most frequent words of French and of English that the other has not.
var (
	frenchWords  = fieldsOf("le la les des du et en un une pour dans que qui par sur est au aux avec ce cette vous nous il elle ne pas ou sont été ete votre notre je monsieur madame leur se ses son sa")
	englishWords = fieldsOf("the of and to in for is that with as by this be are from or which shall not have has it at an was were will your our you we would been their its his her he she may all any")
)

// Language tells in which language lines are written: Vietnamese, French or
// English; "" for too little text, or for none of them plainly. It stands even
// where the text was read with the model of another: the letters of a language are
// mostly read, and frequent words are short.
func Language(lines []record.Line) string {
	words, vietnamese, french, english := 0, 0, 0, 0
	for _, l := range lines {
		for _, w := range l.Words {
			lower := strings.ToLower(bare(w.Text))
			if len(lower) < 2 || w.Raw() < 0.4 {
				continue
			}
			words++
			switch {
			case onlyVietnamese(lower):
				vietnamese++
			case frenchWords[strip(lower)]:
				french++
			case englishWords[strip(lower)]:
				english++
			}
		}
	}
	share := func(n int) float64 { return float64(n) / float64(words) }
	switch {
	case words < 20:
		return ""
	case share(vietnamese) > 0.25:
		return Vietnamese
	case share(vietnamese) < 0.15 && share(french) > 0.10 && french > 2*english:
		return French
	case share(vietnamese) < 0.15 && share(english) > 0.10 && english > 2*french:
		return English
	}
	return ""
}

// onlyVietnamese reports whether a word has a letter that French and English do not
// write, and is a syllable.
func onlyVietnamese(lower string) bool {
	if !strings.ContainsFunc(lower, func(r rune) bool {
		v, is := tonedOf[r]
		return r == 'đ' || is && (strings.ContainsRune("ăơư", v.vowel) || v.tone > sac || v.tone > level && r > 0x1e00 || v.tone == level+1 && strings.ContainsRune("iouy", v.vowel))
	}) {
		return false
	}
	_, ok := parse(lower)
	return ok
}

// strip takes the marks off a word, for the models put marks on the letters of
// other languages.
func strip(lower string) string {
	return strings.Map(func(r rune) rune {
		if v, is := tonedOf[r]; is {
			r = v.vowel
		}
		if i := strings.IndexRune("ăâêôơưđ", r); i >= 0 {
			r = map[rune]rune{'ă': 'a', 'â': 'a', 'ê': 'e', 'ô': 'o', 'ơ': 'o', 'ư': 'u', 'đ': 'd'}[r]
		}
		return r
	}, lower)
}
