package proof

import (
	"strings"
	"testing"
)

func TestSyllables(t *testing.T) {
	for _, c := range []struct {
		words string
		want  bool
	}{
		{"nghiêng người quyền quốc giường gì gìn giếng khuỷu hòa hoà khỏe khoẻ thủy thuỷ uống yêu ý ưu ngoài xoong quỳnh huỳnh chuyến được kỳ ghế nghĩa của qua quý đăk ai", true},
		{"thqm ngièng cế ghá kà ngă quư hóat tòan bàch càp tìc mèt hóan quyền1 aa eê dđ strong thể́ tíên ngúơi chúyên", false},
		{"thấm thẩm tống tổng", true}, // what is possible is not what was printed
	} {
		for _, w := range strings.Fields(c.words) {
			if _, ok := parse(w); ok != c.want {
				t.Errorf("parse(%s) = %t; want %t", w, ok, c.want)
			}
		}
	}
}

func TestFrequentSyllablesArePossible(t *testing.T) {
	for w := range common() {
		if _, ok := parse(w); !ok {
			t.Errorf("the list of frequent syllables has %q, which no syllable is written like", w)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		word, language string
		want           shape
	}{
		{"", "vie", signs}, {"định", "vie", frequent}, {"ĐỊNH", "vie", frequent}, {"Ngoạm", "vie", syllabic}, {"1.500.000", "vie", numeral}, {"15/3/2024", "vie", numeral},
		{"XVII", "vie", numeral}, {"UBND", "vie", shortened}, {"12/QĐ-UBND", "vie", coded}, {"A4", "vie", coded}, {"Samsung", "vie", foreign}, {"dịnq", "vie", impossible},
		{"định1", "vie", impossible}, {"đỊnh", "vie", impossible}, {"d'agréer", "fra", foreign}, {"honour", "eng", foreign}, {"MINISTRY", "eng", foreign},
	} {
		if got := shapeOf(c.word, c.language); got != c.want {
			t.Errorf("shapeOf(%q, %s) = %d; want %d", c.word, c.language, got, c.want)
		}
	}
}
