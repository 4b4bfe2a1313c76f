package pdf417

import (
	"reflect"
	"testing"
)

func TestCodewords(t *testing.T) {
	for _, c := range []struct {
		situation string
		words     []int
		want      Content
	}{
		{"text begins with capitals", []int{0*30 + 1, 27*30 + 2}, Content{Text: "ABc"}},
		{"a shift holds for one letter", []int{27*30 + 0, 27*30 + 1, 2*30 + 29}, Content{Text: "aBc"}},
		{"text again begins with capitals", []int{27*30 + 0, asText, 0*30 + 1}, Content{Text: "aAB"}},
		{"one byte in text leaves the small letters", []int{27*30 + 0, oneByte, 0xe9, 1*30 + 2}, Content{Text: "a\u00e9bc"}},
		// The worked example of the standard: 000213298174000.
		{"digits", []int{asDigits, 1, 624, 434, 632, 282, 200}, Content{Text: "000213298174000"}},
		{"six bytes in five codewords", []int{asSixes, 163, 238, 432, 766, 244}, Content{Text: "alcool"}},
		{"the last bytes alone", []int{asBytes, 163, 238, 432, 766, 244, 'i', 's'}, Content{Text: "alcoolis"}},
		{"five codewords where six are not meant", []int{asBytes, 'a', 'b', 'c', 'd', 'e'}, Content{Text: "abcde"}},
		{"bytes in UTF-8, said", []int{charset, 26, asBytes, 0xe1, 0xba, 0xa1}, Content{Text: "ạ"}},
		{"bytes in UTF-8, not said", []int{asBytes, 0xc4, 0x91}, Content{Text: "đ"}},
		{"bytes in Latin-1", []int{asBytes, 0xe9}, Content{Text: "é"}},
		{"a part of several", []int{0*30 + 1, part, 111, 100, 7, 345, partField, countField, asDigits, 1, 103, partField, 0, 10, 20},
			Content{Text: "AB", Part: &Part{File: "007345", Index: 0, Count: 3}}},
		{"the last part", []int{0*30 + 1, part, 111, 102, 7, partEnds}, Content{Text: "AB", Part: &Part{File: "007", Index: 2, Last: true}}},
	} {
		if got, err := parse(c.words); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: parse(%v) = %+v %+v, %v; want %+v %+v", c.situation, c.words, got, got.Part, err, c.want, c.want.Part)
		}
	}
}

func TestCodewordsThatMeanNothing(t *testing.T) {
	for situation, words := range map[string][]int{
		"a reserved command":       {0, 905},
		"a charset that is cut":    {0, charset},
		"a byte that is cut":       {0, oneByte},
		"digits that begin with 2": {asDigits, 2},
		"a part without an index":  {part, 111},
		"text in a control block":  {part, 111, 100, 7, charset, 3},
	} {
		if got, err := parse(words); err == nil {
			t.Errorf("%s: parse(%v) = %q; want an error", situation, words, got.Text)
		}
	}
}

// wholeSymbol is H29.7-25 with its length and four codewords for correction, made with another writer (pdf417gen).
var wholeSymbol = []int{6, 238, 69, 517, 482, 179, 258, 737, 686, 321}

// As many codewords are mended as the level allows, wrong ones counting twice; two are kept back.
func TestCorrection(t *testing.T) {
	whole := wholeSymbol
	for _, c := range []struct {
		situation      string
		wrong, missing []int
		want           bool
	}{
		{"nothing wrong", nil, nil, true},
		{"one wrong", []int{2}, nil, true},
		{"one wrong among those for correction", []int{len(whole) - 1}, nil, true},
		{"two missing", nil, []int{0, 3}, true},
		{"two wrong", []int{1, 4}, nil, false},
		{"one wrong, one missing", []int{1}, []int{3}, false},
		{"three missing", nil, []int{0, 1, 2}, false},
	} {
		words := append([]int(nil), whole...)
		for _, i := range c.wrong {
			words[i] = (words[i] + 100) % prime
		}
		for _, i := range c.missing {
			words[i] = 0
		}
		got := correct(words, c.missing, 4)
		if got != c.want || got && !reflect.DeepEqual(words, whole) {
			t.Errorf("%s: correct = %v, %v; want %v, %v", c.situation, got, words, c.want, whole)
		}
	}
}
