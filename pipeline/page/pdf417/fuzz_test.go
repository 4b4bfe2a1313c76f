package pdf417

import (
	"testing"
	"unicode/utf8"
)

// FuzzSymbol reads lines whose bars and spaces are anything, seven bits each; a byte with the high bit ends a line.
func FuzzSymbol(f *testing.F) {
	var seed []byte
	for _, row := range printed(f, "H29.7-250312-0042", 1) {
		run, dark := byte(0), true
		for _, now := range append(row, !row[len(row)-1]) {
			if now == dark {
				run++
				continue
			}
			seed, run, dark = append(seed, run), 1, now
		}
		seed = append(seed, 0x80)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, runs []byte) {
		var s Symbol
		edges := []float64{0}
		for _, run := range runs {
			if run >= 0x80 {
				s.Add(edges, 0, 1)
				edges = []float64{0}
				continue
			}
			edges = append(edges, edges[len(edges)-1]+float64(run))
		}
		if got, err := s.Read(); err == nil && (!utf8.ValidString(got.Text) || len(got.Text) > 1<<13) {
			t.Errorf("Read = %d bytes of text, valid: %v", len(got.Text), utf8.ValidString(got.Text))
		}
	})
}

// FuzzCodewords parses what error correction might let through.
func FuzzCodewords(f *testing.F) {
	f.Add([]byte{0x03, 0xa0, 0x00, 0x6f, 0x00, 0x64, 0x00, 0x07, 0x03, 0x9a})
	f.Fuzz(func(t *testing.T, b []byte) {
		var words []int
		for i := 0; i+1 < len(b) && len(words) < mostCodewords; i += 2 {
			words = append(words, (int(b[i])<<8|int(b[i+1]))%prime)
		}
		if got, err := parse(words); err == nil && !utf8.ValidString(got.Text) {
			t.Errorf("parse(%v) = %q", words, got.Text)
		}
	})
}
