package ocr

import "testing"

// FuzzHOCR: what the engine answers about a hostile page is lines of words, each
// with letters, or an error.
func FuzzHOCR(f *testing.F) {
	for _, text := range []string{"", "<", `<div class='ocr_page' title='bbox 0 0 9 9'>`,
		`<span class='ocr_line' title="bbox 1 2 30 40; baseline 0 -3"><span class='ocrx_word' title='bbox 1 2 30 40; x_wconf 91'>Đường</span></span>`,
		`<span class='ocrx_word' title='bbox -1 99999999999999999999 3'>&#0;&lt;</span>`, "<span class='ocr_line'><span class='ocrx_word'>\xff</span>"} {
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
