package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A font is the one font of a document: glyphs without ink, for text that lies
// over its picture. A code is given to each character when it first occurs, to a
// space for each of its widths; the map from codes to characters tells viewers
// what to search and copy.
type font struct {
	codes map[char]uint16
	chars []char // by code - 1
}

// A char is a character and the glyph that stands for it.
type char struct {
	r     rune
	glyph int
}

func newFont() font { return font{codes: map[char]uint16{}} }

// encode returns the codes of s. Characters that no text may have are left out:
// controls, byte order marks and halves of pairs (ISO 19005-2, 6.2.11.7.2).
func (f *font) encode(s string) []uint16 {
	var out []uint16
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r&0xfffe == 0xfffe || r == 0xfffd {
			continue
		}
		if code, ok := f.code(char{r, glyphOf(r)}); ok {
			out = append(out, code)
		}
	}
	return out
}

// space returns the code of a space that is at most as wide as asked, in
// thousandths of the size, if there is one.
func (f *font) space(width float64) uint16 {
	glyph := len(letters)
	for glyph+1 < len(glyphs) && float64(glyphs[glyph+1]) <= width {
		glyph++
	}
	code, _ := f.code(char{' ', glyph})
	return code
}

// code returns the code of a character; ok is false if all codes are given.
func (f *font) code(c char) (code uint16, ok bool) {
	code, ok = f.codes[c]
	if !ok && len(f.chars) < math.MaxUint16 {
		f.chars = append(f.chars, c)
		code, ok = uint16(len(f.chars)), true
		f.codes[c] = code
	}
	return code, ok
}

// The letters are empty boxes of a few widths, in thousandths of the size, so
// that the parts of a stretched word lie about where its letters are. Glyph 0 is
// for characters of none of the classes.
var letters = []struct {
	width int
	chars string
}{
	{500, ""},
	{250, " "},
	{300, "iìíỉĩịljtfrI.,:;'|!()[]/-`’‘"},
	{444, "acesz" + "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệ"},
	{690, "ABCDEFGHKLNOPQRSTUVXYZĐ" + "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"},
	{833, "mMwW–%@"},
}

// glyphs are the widths of all glyphs: the letters, then spaces each a quarter
// wider than the one before, from a crack to the gutter between two columns.
var glyphs = func() []int {
	var all []int
	for _, l := range letters {
		all = append(all, l.width)
	}
	for w := 80.0; w < 30000; w *= 1.25 {
		all = append(all, int(w))
	}
	return all
}()

func glyphOf(r rune) int {
	for i, l := range letters {
		if strings.ContainsRune(l.chars, r) {
			return i
		}
	}
	return 0
}

// width returns the natural width of codes, in thousandths of the size.
func (f *font) width(codes []uint16) float64 {
	sum := 0
	for _, c := range codes {
		sum += glyphs[f.chars[c-1].glyph]
	}
	return float64(sum)
}

const fontName = pdf.Name("SohoaText")

// Ascent and descent together are the size: a line's size in a record is that of
// its letters from ascender to descender.
const (
	ascent  = 760
	descent = -240
)

// write writes the font as a Type 0 font with an embedded TrueType program.
func (f *font) write(w *pdf.Writer, r pdf.Ref) error {
	cid, descriptor, program := w.Alloc(), w.Alloc(), w.Alloc()
	toGlyph, toUnicode := w.Alloc(), w.Alloc()
	data := trueType()
	return errors.Join(
		w.WriteObject(r, pdf.Dict{
			"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type0"), "BaseFont": fontName,
			"Encoding": pdf.Name("Identity-H"), "DescendantFonts": pdf.Array{cid}, "ToUnicode": toUnicode,
		}),
		w.WriteObject(cid, pdf.Dict{
			"Type": pdf.Name("Font"), "Subtype": pdf.Name("CIDFontType2"), "BaseFont": fontName,
			"CIDSystemInfo":  pdf.Dict{"Registry": pdf.String("Adobe"), "Ordering": pdf.String("Identity"), "Supplement": 0},
			"FontDescriptor": descriptor, "CIDToGIDMap": toGlyph,
			"DW": glyphs[0], "W": pdf.Array{1, f.widths()},
		}),
		w.WriteObject(descriptor, pdf.Dict{
			"Type": pdf.Name("FontDescriptor"), "FontName": fontName, "Flags": 4,
			"FontBBox": pdf.Array{0, descent, glyphs[len(glyphs)-1], ascent}, "ItalicAngle": 0, "StemV": 80,
			"Ascent": ascent, "Descent": descent, "CapHeight": 660, "FontFile2": program,
		}),
		writeFlate(w, program, pdf.Dict{"Length1": len(data)}, data),
		writeFlate(w, toGlyph, pdf.Dict{}, f.glyphMap()),
		writeFlate(w, toUnicode, pdf.Dict{}, f.toUnicode()),
	)
}

func (f *font) widths() pdf.Array {
	out := pdf.Array{}
	for _, c := range f.chars {
		out = append(out, glyphs[c.glyph])
	}
	return out
}

// glyphMap is the CIDToGIDMap: two bytes for each code, code 0 included.
func (f *font) glyphMap() []byte {
	out := []byte{0, 0}
	for _, c := range f.chars {
		out = append(out, 0, byte(c.glyph))
	}
	return out
}

// toUnicode is the CMap from the codes that occur to their characters.
func (f *font) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	const block = 100 // most entries that a CMap may have in one block
	for first := 0; first < len(f.chars); first += block {
		chars := f.chars[first:min(first+block, len(f.chars))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chars))
		for i, c := range chars {
			fmt.Fprintf(&b, "<%04x> <", first+i+1)
			for _, u := range utf16.Encode([]rune{c.r}) {
				fmt.Fprintf(&b, "%04x", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
