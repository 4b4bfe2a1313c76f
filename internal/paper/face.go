package paper

import (
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	thirdparty "github.com/sohoa/sohoa/third_party"
)

// A face is one of the embedded type faces.
type face int

const (
	regular face = iota
	bold
	italic
	boldItalic
	sans
	sansBold
)

// Of the face's em: how far letters reach above and below the baseline.
const ascent, descent = 0.891, 0.216

// A glyph is an outline in ems, its origin on the baseline, and its advance.
type glyph struct {
	outline path
	advance float64
}

// glyphs holds every glyph that was asked for; a page asks for the same few
// hundred again and again.
var glyphs = struct {
	sync.Mutex
	fonts map[face]*sfnt.Font
	known map[face]map[rune]glyph
	buf   sfnt.Buffer
}{fonts: map[face]*sfnt.Font{}, known: map[face]map[rune]glyph{}}

func (f face) bytes() []byte {
	return [][]byte{thirdparty.Serif, thirdparty.SerifBold, thirdparty.SerifItalic, thirdparty.SerifBoldItalic, thirdparty.Sans, thirdparty.SansBold}[f]
}

// glyph returns the glyph of r, that of .notdef if the face has none. Faces are
// our own files: one that cannot be parsed is a defect of the build.
func (f face) glyph(r rune) glyph {
	glyphs.Lock()
	defer glyphs.Unlock()
	if g, ok := glyphs.known[f][r]; ok {
		return g
	}
	if glyphs.fonts[f] == nil {
		parsed, err := sfnt.Parse(f.bytes())
		if err != nil {
			panic(fmt.Sprintf("embedded face %d: %v", f, err))
		}
		glyphs.fonts[f], glyphs.known[f] = parsed, map[rune]glyph{}
	}
	g, err := load(glyphs.fonts[f], &glyphs.buf, r)
	if err != nil {
		panic(fmt.Sprintf("embedded face %d, %q: %v", f, r, err))
	}
	glyphs.known[f][r] = g
	return g
}

func load(f *sfnt.Font, buf *sfnt.Buffer, r rune) (glyph, error) {
	const unitsPerEm = 2048
	index, err := f.GlyphIndex(buf, r)
	if err != nil {
		return glyph{}, err
	}
	advance, err := f.GlyphAdvance(buf, index, fixed.I(unitsPerEm), font.HintingNone)
	if err != nil {
		return glyph{}, err
	}
	segments, err := f.LoadGlyph(buf, index, fixed.I(unitsPerEm), nil)
	if err != nil {
		return glyph{}, err
	}
	g := glyph{advance: float64(advance) / 64 / unitsPerEm}
	kinds := map[sfnt.SegmentOp]byte{sfnt.SegmentOpMoveTo: 'M', sfnt.SegmentOpLineTo: 'L', sfnt.SegmentOpQuadTo: 'Q', sfnt.SegmentOpCubeTo: 'C'}
	for _, s := range segments {
		o := op{kind: kinds[s.Op]}
		for i, a := range s.Args {
			o.p[i] = point{float64(a.X) / 64 / unitsPerEm, float64(a.Y) / 64 / unitsPerEm}
		}
		g.outline = append(g.outline, o)
	}
	return g, nil
}

// width is how far text advances, in ems.
func (f face) width(text string) float64 {
	var w float64
	for _, r := range text {
		w += f.glyph(r).advance
	}
	return w
}
