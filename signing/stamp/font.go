package stamp

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/internal/pdf"
	thirdparty "github.com/sohoa/sohoa/third_party"
)

const fontName = "SohoaSerif-Regular"

// A font is a TrueType face with the letters that were asked for.
type font struct {
	face   *sfnt.Font
	tables map[string][]byte
	space  uint16
	em     int
	runes  map[uint16]rune // back to Unicode
}

var readFont = sync.OnceValues(func() (*font, error) {
	face, err := sfnt.Parse(thirdparty.Serif)
	if err != nil {
		return nil, err
	}
	tables, err := splitTables(thirdparty.Serif)
	return &font{face: face, tables: tables, em: int(face.UnitsPerEm())}, err
})

// loadFont returns a font for one mark; the face behind it is shared.
func loadFont() (*font, error) {
	shared, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("face %s: %w", fontName, err)
	}
	f := *shared
	f.runes = map[uint16]rune{}
	space, err := f.glyphs(" ")
	if err != nil {
		return nil, err
	}
	f.space = space[0]
	return &f, nil
}

// glyphs returns the glyphs of s in its composed form.
func (f *font) glyphs(s string) ([]uint16, error) {
	var out []uint16
	var b sfnt.Buffer
	for _, r := range norm.NFC.String(s) {
		g, err := f.face.GlyphIndex(&b, r)
		if err != nil {
			return nil, err
		}
		if g == 0 {
			return nil, fmt.Errorf("%s has no letter %q", fontName, r)
		}
		f.runes[uint16(g)] = r
		out = append(out, uint16(g))
	}
	return out, nil
}

// advance is the width of a glyph in thousandths of the size (hmtx).
func (f *font) advance(g uint16) int {
	hmtx := f.tables["hmtx"]
	last := int(binary.BigEndian.Uint16(f.tables["hhea"][34:])) - 1
	w := int(binary.BigEndian.Uint16(hmtx[4*min(int(g), last):]))
	return (w*1000 + f.em/2) / f.em
}

// embed writes the face, cut down to the glyphs of lines, and returns the
// reference of the composite font (ISO 32000-1, 9.7).
func (f *font) embed(lines [][]uint16, add func([]byte) (uint32, error)) (pdf.Ref, error) {
	used := map[uint16]bool{0: true}
	for _, line := range lines {
		for _, g := range line {
			used[g] = true
		}
	}
	glyphs := slices.Sorted(maps.Keys(used))
	file, err := f.subset(glyphs)
	if err != nil {
		return pdf.Ref{}, err
	}
	name := pdf.Name(tag(file) + "+" + fontName)
	var failed error
	put := func(v any) pdf.Ref {
		n, err := add(serialise(v))
		if err != nil && failed == nil {
			failed = err
		}
		return pdf.Ref{Num: int(n)}
	}
	program := put(pdf.NewStream(pdf.Dict{"Length1": len(file), "Filter": pdf.Name("FlateDecode")}, deflate(file)))
	descriptor := put(f.descriptor(name, program))
	descendant := put(pdf.Dict{
		"Type": pdf.Name("Font"), "Subtype": pdf.Name("CIDFontType2"), "BaseFont": name, "FontDescriptor": descriptor,
		"CIDSystemInfo": pdf.Dict{"Registry": pdf.String("Adobe"), "Ordering": pdf.String("Identity"), "Supplement": 0},
		"CIDToGIDMap":   pdf.Name("Identity"), "DW": 0, "W": f.widths(glyphs),
	})
	unicode := put(pdf.NewStream(pdf.Dict{"Filter": pdf.Name("FlateDecode")}, deflate(f.toUnicode(glyphs))))
	composite := put(pdf.Dict{
		"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type0"), "BaseFont": name, "Encoding": pdf.Name("Identity-H"),
		"DescendantFonts": pdf.Array{descendant}, "ToUnicode": unicode,
	})
	return composite, failed
}

// tag is the prefix of a subset's name: six letters that differ with its content.
func tag(file []byte) string {
	sum := sha256.Sum256(file)
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = 'A' + sum[i]%26
	}
	return string(letters)
}

func (f *font) descriptor(name pdf.Name, program pdf.Ref) pdf.Dict {
	head, hhea := f.tables["head"], f.tables["hhea"]
	units := func(b []byte) int { return int(int16(binary.BigEndian.Uint16(b))) * 1000 / f.em }
	const serif, symbolic = 2, 4
	return pdf.Dict{
		"Type": pdf.Name("FontDescriptor"), "FontName": name, "Flags": serif | symbolic, "ItalicAngle": 0, "StemV": 80,
		"FontBBox": pdf.Array{units(head[36:]), units(head[38:]), units(head[40:]), units(head[42:])},
		"Ascent":   units(hhea[4:]), "Descent": units(hhea[6:]), "CapHeight": 662, "FontFile2": program,
	}
}

func (f *font) widths(glyphs []uint16) pdf.Array {
	var w pdf.Array
	for _, g := range glyphs {
		w = append(w, int(g), pdf.Array{f.advance(g)})
	}
	return w
}

// toUnicode is a CMap from glyphs to letters (ISO 32000-1, 9.10.3).
func (f *font) toUnicode(glyphs []uint16) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const block = 100 // entries that a CMap may have at once
	known := slices.DeleteFunc(slices.Clone(glyphs), func(g uint16) bool { return f.runes[g] == 0 })
	for chunk := range slices.Chunk(known, block) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, g := range chunk {
			fmt.Fprintf(&b, "<%04X> <%04X>\n", g, f.runes[g])
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
