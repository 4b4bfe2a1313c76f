package field

import "strings"

// Frequent words of the languages that TT 05/2025/TT-BNV has codes for and that
// are written in Latin letters without the marks of Vietnamese.
var (
	englishWords = wordSet("the of and to in for is that with on as by this be are from or which shall not have has it at an")
	frenchWords  = wordSet("le la les de des du et en un une pour dans que qui par sur est au aux avec ce cette vous nous monsieur")
)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// language returns the code of TT 05/2025/TT-BNV for the language of the text, ""
// for too little text.
func language(sheets []sheet) string {
	words, vietnamese, english, french := 0, 0, 0, 0
	for _, s := range sheets {
		for _, r := range s.rows {
			for _, t := range r.tokens {
				w := strings.ToLower(bare(t.text))
				if letters(w) < 2 || t.conf < 0.5 {
					continue
				}
				words++
				switch {
				case strings.ContainsFunc(w, func(r rune) bool {
					return strings.ContainsRune("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", r)
				}):
					vietnamese++
				case englishWords[w]:
					english++
				case frenchWords[w]:
					french++
				}
			}
		}
	}
	return languageCode(words, vietnamese, english, french)
}

// languageCode weighs the counts: a third of the words of a Vietnamese text bear
// marks that no other language has, a fifth of the words of the others are among
// their most frequent ones.
func languageCode(words, vietnamese, english, french int) string {
	if words < 20 {
		return ""
	}
	share := func(n int) float64 { return float64(n) / float64(words) }
	vi, en, fr := share(vietnamese) > 0.12, share(english) > 0.06, share(french) > 0.06
	switch {
	case vi && en:
		return "06"
	case vi && fr:
		return "08"
	case vi:
		return "01"
	case en && english > french:
		return "02"
	case fr:
		return "03"
	}
	return "11"
}
