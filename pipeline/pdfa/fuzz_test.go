package pdfa

import (
	"bytes"
	"testing"
)

// The readers of what others wrote must end, whatever they read.

func FuzzTokens(f *testing.F) {
	f.Add([]byte("q 1 0 0 1 0 0 cm /Im Do Q BT /F 10 Tf (a\\)) Tj <0041> Tj ET % note\nBI /F /LZW ID x EI"))
	f.Add([]byte("1 beginbfchar <0001> <1ebf> endbfchar 1 beginbfrange <00> <10> [<41>] endbfrange"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := tokens{b}
		n := 0
		for tok := s.next(); tok.kind != tokenEnd; tok = s.next() {
			if n++; n > len(b) {
				t.Fatalf("more tokens than bytes in %q", b)
			}
			if string(tok.text) == "ID" {
				s.skipInline()
			}
		}
		meant(b)
	})
}

func FuzzProfile(f *testing.F) {
	f.Add(srgbProfile(), 3)
	f.Add(cmykProfile()[:400], 4)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if usable(b, n) && len(b) < 128 {
			t.Errorf("a profile of %d bytes is taken", len(b))
		}
	})
}

func FuzzJPX(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 \x00\x00\x00\x00jp2c"))
	f.Add([]byte("\xff\x4f\xff\x51\x00\x29\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = jpxAllowed(b)
		_, _ = jpxBoxes(bytes.NewReader(b))
	})
}
