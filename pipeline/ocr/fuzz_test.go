package ocr

import "testing"

// FuzzWords: what the engine answers about a hostile page is lines of words, each
// with letters, or an error.
func FuzzWords(f *testing.F) {
	for _, text := range []string{"", "L", "L 1 1 2 30 40 12 0 -3\nW 1 2 30 40 91 Đường\n", "W -1 99999999999999999999 3 4 5 x",
		"L 1 1 2 3 4 nan 1e999 0\nW 1 2 3 4 5 \xff", "L 1 1 2 3 4 5 6 7\nW 1 2 3 4 5 \u00a0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := parse(text)
		if err != nil {
			return
		}
		for _, l := range lines {
			for _, w := range l.Words {
				if w.Text == "" {
					t.Errorf("%q gives a word without letters", text)
				}
			}
		}
	})
}
