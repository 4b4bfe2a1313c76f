package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf16"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A font is the one font of a document: glyphs without ink, for text that lies
// over its picture. A code is given to each character when it first occurs; the
// map from codes to characters tells viewers what to search and copy.
type font struct {
	codes map[char]uint16
	chars []char // by code - 1
}

func newFont() font { return font{codes: map[char]uint16{}} }

// A char is a character in one of the scales.
type char struct {
	r     rune
	scale int
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

// writable returns the characters of s that a text may have: no controls, byte
// order marks and halves of pairs (ISO 19005-2, 6.2.11.7.2).
func writable(s string) []rune {
	var out []rune
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r&0xfffe == 0xfffe || r == 0xfffd {
			continue
		}
		out = append(out, r)
	}
	return out
}

// The glyphs are empty boxes of a few widths, in thousandths of the size, so that
// the parts of a stretched word lie about where its letters are. The first class
// is for characters of no other.
var classes = []struct {
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

// classOf has the class of every character that is not of the first.
var classOf = func() map[rune]int {
	all := map[rune]int{}
	for i, c := range classes {
		for _, r := range c.chars {
			all[r] = i
		}
	}
	return all
}()

// scales are what the width of letters may be multiplied with, for words that
// are set wider or narrower than their line: one goes only so far by moving
// letters apart until viewers take the gaps for the ends of words.
var scales = []float64{1, 0.83, 0.69, 0.58, 0.48, 1.2, 1.44, 1.73, 2.07, 2.49, 2.99}

// fit returns the scale that is nearest to x.
func fit(x float64) int {
	best := 0
	for i, s := range scales {
		if math.Abs(math.Log(x/s)) < math.Abs(math.Log(x/scales[best])) {
			best = i
		}
	}
	return best
}

// glyph returns the glyph of a character.
func (c char) glyph() int { return c.scale*len(classes) + classOf[c.r] }

// widths are those of the glyphs: every class in every scale.
var widths = func() []int {
	var all []int
	for _, s := range scales {
		for _, c := range classes {
			all = append(all, int(math.Round(float64(c.width)*s)))
		}
	}
	return all
}()

// naturalWidth returns the width of characters as they are, in ems.
func naturalWidth(chars []rune) float64 {
	sum := 0
	for _, r := range chars {
		sum += classes[classOf[r]].width
	}
	return float64(sum) / 1000
}

const fontName = pdf.Name("SohoaText")

// The letters of the font reach from descent to ascent; see em.
const (
	ascent  = 950
	descent = -300
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
			"DW": widths[0], "W": pdf.Array{1, f.widthArray()},
		}),
		w.WriteObject(descriptor, pdf.Dict{
			"Type": pdf.Name("FontDescriptor"), "FontName": fontName, "Flags": 4,
			"FontBBox": pdf.Array{0, descent, slices.Max(widths), ascent}, "ItalicAngle": 0, "StemV": 80,
			"Ascent": ascent, "Descent": descent, "CapHeight": 660, "FontFile2": program,
		}),
		writeFlate(w, program, pdf.Dict{"Length1": len(data)}, data),
		writeFlate(w, toGlyph, pdf.Dict{}, f.glyphMap()),
		writeFlate(w, toUnicode, pdf.Dict{}, f.toUnicode()),
	)
}

func (f *font) widthArray() pdf.Array {
	out := pdf.Array{}
	for _, c := range f.chars {
		out = append(out, widths[c.glyph()])
	}
	return out
}

// glyphMap is the CIDToGIDMap: two bytes for each code, code 0 included.
func (f *font) glyphMap() []byte {
	out := []byte{0, 0}
	for _, c := range f.chars {
		out = append(out, 0, byte(c.glyph()))
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
