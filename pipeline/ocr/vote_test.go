package ocr

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestVoted(t *testing.T) {
	for _, c := range []struct{ first, second, third, want string }{
		{"Nguyễn Văn", "Nguyên Văn", "Nguyên Văn", "Nguyên Văn"},                // two against one
		{"Nguyễn Văn", "Nguyên Văn", "Nguyền Văn", "Nguyễn Văn"},                // each something else
		{"Nguyễn@0.6 Văn", "Nguyên@0.95 Văn", "Nguyền@0.6 Văn", "Nguyên Văn"},   // doubted, and one is clearly surer
		{"Nguyễn@0.6 Văn", "Nguyên@0.95 Văn", "Nguyễn@0.6 Văn", "Nguyễn Văn"},   // and one agrees
		{"Nguyễn@0.6 Văn", "Nguyên@0.65 Văn", "Nguyền@0.65 Văn", "Nguyễn Văn"},  // doubted, and so are the others
		{"Nguyễn@0.92 Văn", "Nguyên@0.99 Văn", "Nguyền@0.99 Văn", "Nguyễn Văn"}, // not doubted
		{"Nguyễn Văn", "", "", "Nguyễn Văn"},                                    // nobody else sees it
		{"Nguyễn Văn", "Nguyễn@0.9 Văm", "Nguyễn@0.9 Văm", "Nguyễn Văm"},        // word by word
	} {
		got := voted([]record.Line{lineAt(100, 100, c.first)}, [][]record.Line{{lineAt(101, 99, c.second)}, {lineAt(99, 101, c.third)}})
		if text(got) != c.want {
			t.Errorf("%q, %q, %q: %q; want %q", c.first, c.second, c.third, text(got), c.want)
		}
	}
}

// Where another reading has two words for one, or one for two, nothing is exchanged.
func TestVotedWordForWord(t *testing.T) {
	whole, parts := lineAt(100, 100, "Nguyên"), lineAt(100, 100, "Nguyên")
	b := parts.Words[0].Box
	half := (b[0] + b[2]) / 2
	parts.Words = []record.Word{{Text: "Ng", Confidence: 1, Box: record.Box{b[0], b[1], half, b[3]}}, {Text: "uyên", Confidence: 1, Box: record.Box{half, b[1], b[2], b[3]}}}
	for name, c := range map[string]struct {
		first, other record.Line
		want         string
	}{"two for one": {whole, parts, "Nguyên"}, "one for two": {parts, whole, "Ng uyên"}} {
		if got := voted([]record.Line{c.first}, [][]record.Line{{c.other}, {c.other}}); text(got) != c.want {
			t.Errorf("%s: %q; want %q", name, text(got), c.want)
		}
	}
}
