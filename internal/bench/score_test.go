package bench

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestScore(t *testing.T) {
	for _, c := range []struct {
		name, truth, text string
		want              Score
	}{
		{"the same", "Số: 12/QĐ-UBND\nHà Nội", "Số: 12/QĐ-UBND Hà\nNội", Score{0, 0, 0, 1, 1}},
		{"nothing read", "một hai", "", Score{1, 1, 1, 0, 0}},
		{"one letter of ten, one word of two", "abcde fghi", "abcde fghx", Score{0.1, 0.1, 0.5, 0.5, 0.5}},
		{"another order", "abcde\nfghij", "fghij abcde", Score{10.0 / 11, 0, 1, 1, 1}},
		{"too much", "abcd efgh", "abcd efgh ijkl", Score{5.0 / 9, 0, 0.5, 1, 2.0 / 3}},
		{"a line twice in the truth, once in the text", "abcd\nabcd", "abcd", Score{5.0 / 9, 0.5, 0.5, 0.5, 1}},
		{"letters and marks apart", "ể", "e\u0302\u0309", Score{0, 0, 0, 1, 1}},
	} {
		if got := score(c.truth, c.text); got != c.want {
			t.Errorf("%s: score = %+v; want %+v", c.name, got, c.want)
		}
	}
}

func TestWordsToLookAt(t *testing.T) {
	words := []record.Word{{Text: "đúng", Confidence: 0.9}, {Text: "đúng", Confidence: 0.8}, {Text: "sai", Confidence: 0.3}, {Text: "--", Confidence: 0.1}, {Text: "và", Confidence: 0.2}}
	wrong, share := toLookAt(judged("đúng và", words), 95)
	if wrong != 2 || share != 0.75 {
		t.Errorf("%d wrong, %v of the words to look at; want 2 wrong (one word twice, one unknown) and 0.75", wrong, share)
	}
}
