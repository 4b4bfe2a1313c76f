package thirdparty

import (
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Every letter that Vietnamese text needs, with its capital, and the signs of the forms.
const wanted = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ" +
	"AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ" +
	"fjwzFJWZ0123456789.,;:!?()[]/-–—“”‘’…§№°₫%&@+*=<>çœŒéèêëïîôùûüÿ□■→\u00a0"

func faces(t *testing.T) map[string]*sfnt.Font {
	fonts := map[string]*sfnt.Font{}
	for name, b := range map[string][]byte{
		"SohoaSerif-Regular": Serif, "SohoaSerif-Bold": SerifBold, "SohoaSerif-Italic": SerifItalic,
		"SohoaSerif-BoldItalic": SerifBoldItalic, "SohoaSans-Regular": Sans, "SohoaSans-Bold": SansBold,
	} {
		f, err := sfnt.Parse(b)
		if err != nil {
			t.Fatalf("Parse(%s) = %v; want a font", name, err)
		}
		fonts[name] = f
	}
	return fonts
}

func TestFacesHaveEveryVietnameseLetter(t *testing.T) {
	for name, f := range faces(t) {
		for _, r := range wanted {
			if g, err := f.GlyphIndex(nil, r); err != nil || g == 0 {
				t.Errorf("%s: GlyphIndex(%q) = %d, %v; want a glyph", name, r, g, err)
			}
		}
	}
}

func TestFacesCarryTheirOwnName(t *testing.T) {
	for name, f := range faces(t) {
		if got, err := f.Name(nil, sfnt.NameIDPostScript); got != name || err != nil {
			t.Errorf("Name(PostScript) = %q, %v; want %q", got, err, name)
		}
	}
}

// Widths of Times New Roman and Times New Roman Bold, in 1/2048 em.
func TestSerifMeasuresLikeTimes(t *testing.T) {
	fonts := faces(t)
	for _, c := range []struct {
		face  string
		r     rune
		width fixed.Int26_6
	}{
		{"SohoaSerif-Regular", 'a', 909}, {"SohoaSerif-Regular", 'Đ', 1479}, {"SohoaSerif-Regular", '0', 1024},
		{"SohoaSerif-Bold", 'M', 1933}, {"SohoaSerif-Bold", '0', 1024}, {"SohoaSans-Regular", 'a', 1139},
	} {
		f := fonts[c.face]
		g, _ := f.GlyphIndex(nil, c.r)
		if got, err := f.GlyphAdvance(nil, g, fixed.I(2048), font.HintingNone); got != c.width<<6 || err != nil {
			t.Errorf("%s: advance of %q = %v, %v; want %d", c.face, c.r, got, err, c.width)
		}
	}
}
