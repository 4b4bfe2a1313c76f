package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/raster"
)

// typed is a page of text in Helvetica whose codes mean what toUnicode says.
func typed(t *testing.T, content string, toUnicode map[byte]string) pdfPaper {
	t.Helper()
	var cmap strings.Builder
	fmt.Fprintf(&cmap, "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <ff> endcodespacerange %d beginbfchar\n", len(toUnicode))
	for code, s := range toUnicode {
		fmt.Fprintf(&cmap, "<%02x> <", code)
		for _, r := range s {
			fmt.Fprintf(&cmap, "%04x", r)
		}
		cmap.WriteString(">\n")
	}
	cmap.WriteString("endbfchar endcmap end end\n")
	p := pdfPaper{content: content, images: map[pdf.Name]*stream{"U": {pdf.Dict{}, []byte(cmap.String())}}}
	font := pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Helvetica"), "Encoding": pdf.Name("WinAnsiEncoding")}
	if toUnicode != nil {
		font["ToUnicode"] = pdf.Ref{Num: 2} // the first object after the page tree
	}
	p.more = pdf.Dict{"Font": pdf.Dict{"F1": font}}
	return p
}

func TestTextOfAPageIsKept(t *testing.T) {
	const decree = "BT /F1 10 Tf 10 50 Td (QUYET DINH so 12 ve viec) Tj 0 -14 Td (bo nhiem can bo) Tj ET"
	accents := map[byte]string{'E': "E\u0302\u0301", 'D': "Ð"}
	columns := "BT /F1 10 Tf 10 50 Td (UY BAN NHAN DAN) Tj 300 0 Td (CONG HOA XA HOI) Tj ET"
	wide := typed(t, columns, nil)
	wide.box = pdf.Array{0, 0, 500, 72}
	landscape := typed(t, "0 1 -1 0 72 0 cm "+decree, nil)
	landscape.box, landscape.rotate = pdf.Array{0, 0, 72, 144}, 90
	hidden := typed(t, decree+" BT 3 Tr /F1 10 Tf 10 10 Td (secret layer) Tj ET", nil)
	moved := typed(t, "1 0 0 1 700 0 cm "+decree, nil)
	moved.box = pdf.Array{700, 0, 844, 72}
	for _, tt := range []struct {
		name  string
		page  pdfPaper
		lines []string
	}{
		{"two lines", typed(t, decree, nil), []string{"QUYET DINH so 12 ve viec", "bo nhiem can bo"}},
		{"letters and their accents apart, a foreign Đ", typed(t, decree, accents), []string{"QUYẾT ĐINH so 12 ve viec", "bo nhiem can bo"}},
		{"two columns", wide, []string{"UY BAN NHAN DAN", "CONG HOA XA HOI"}},
		{"landscape page, turned by a quarter to be read", landscape, []string{"QUYET DINH so 12 ve viec", "bo nhiem can bo"}},
		{"invisible text besides", hidden, []string{"QUYET DINH so 12 ve viec", "bo nhiem can bo"}},
		{"page that does not begin at zero", moved, []string{"QUYET DINH so 12 ve viec", "bo nhiem can bo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, _ := onlyScan(t, writePDF(t, nil, tt.page))
			var got []string
			for _, l := range s.Text {
				var words []string
				for _, w := range l.Words {
					words = append(words, w.Text)
				}
				got = append(got, strings.Join(words, " "))
			}
			if s.Source != "text" || strings.Join(got, "|") != strings.Join(tt.lines, "|") {
				t.Fatalf("Split = %s, lines %q; want text, %q", s.Source, got, tt.lines)
			}
			inkInBoxes(t, s.Width, s.Height, x, func(px, py int) bool {
				for _, l := range s.Text {
					for _, w := range l.Words {
						if px >= w.Box[0]-2 && px < w.Box[2]+2 && py >= w.Box[1]-2 && py < w.Box[3]+2 {
							return true
						}
					}
				}
				return false
			})
		})
	}
}

// inkInBoxes checks that there is ink, and none outside of the words.
func inkInBoxes(t *testing.T, width, height int, x *Pix, covered func(x, y int) bool) {
	t.Helper()
	data, _, _ := x.Samples()
	ink := 0
	for py := range height {
		for px := range width {
			if data[py*width+px] < 128 {
				if ink++; !covered(px, py) {
					t.Fatalf("ink at %d,%d lies outside of every word", px, py)
				}
			}
		}
	}
	if ink == 0 {
		t.Error("the drawn page has no ink")
	}
}

func TestTextThatCannotBeReadIsRecognisedInstead(t *testing.T) {
	tcvn3 := "BT /F1 8 Tf 5 40 Td (Uy ban nh\\251n d\\251n x\\267 H\\271 Long qu\\253t \\256\\336nh vi\\326c n\\265y) Tj ET"
	private := map[byte]string{}
	for c := byte('a'); c <= 'z'; c++ {
		private[c] = string(rune(0xe000) + rune(c))
	}
	sideways := typed(t, "BT /F1 8 Tf 5 40 Td (quyet dinh bo nhiem can bo) Tj ET", nil)
	sideways.rotate = 90
	for _, tt := range []struct {
		name string
		page pdfPaper
	}{
		{"on its side", sideways},
		{"in an old encoding", typed(t, tcvn3, nil)},
		{"in characters of private use", typed(t, "BT /F1 8 Tf 5 40 Td (quyet dinh bo nhiem can bo) Tj ET", private)},
		{"only invisible", typed(t, "1 0 0 rg 0 0 9 9 re f BT 3 Tr /F1 8 Tf 5 40 Td (quyet dinh bo nhiem can bo) Tj ET", nil)},
	} {
		if s, _, _ := onlyScan(t, writePDF(t, nil, tt.page)); s.Source != "rendered" || len(s.Text) > 0 {
			t.Errorf("%s: Split = %s with %d lines; want rendered, none", tt.name, s.Source, len(s.Text))
		}
	}
}

func TestTypesetterBaseline(t *testing.T) {
	ts := typesetter{scale: 2}
	for i, r := range "sơ đồ" {
		x := 10 + 6*float64(i)
		ts.add(raster.Char{Rune: r, Box: [4]float64{x, 90, x + 5, 100}, X: x, Y: 100, Size: 12, Generated: r == ' '})
	}
	ts.endLine()
	if len(ts.lines) != 1 || len(ts.lines[0].Words) != 2 {
		t.Fatalf("typesetter made %+v, want one line of two words", ts.lines)
	}
	l := ts.lines[0]
	if l.Box != [4]int{20, 180, 78, 200} && l.Box[3] != 200 || l.Baseline.Slope != 0 || l.Baseline.Offset != 0 || l.Size != 24 {
		t.Errorf("line = %+v, want its baseline at the foot of its box, letters of 24 pixels", l)
	}
}
