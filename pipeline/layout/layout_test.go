package layout_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/pipeline/layout"
	"github.com/sohoa/sohoa/record"
)

func line(block, y int, slope float64, words ...string) record.Line {
	l := record.Line{Block: block, Size: 40, Baseline: record.Baseline{Slope: slope, Offset: -9}}
	for i, text := range words {
		w := record.Word{Text: text, Box: record.Box{100 + 200*i, y, 250 + 200*i, y + 40}, Confidence: 0.9}
		l.Words, l.Box = append(l.Words, w), l.Box.Union(w.Box)
	}
	return l
}

var document = layout.Document{
	Name: `Công văn; "bản 2".tif`, Source: record.DigestOf([]byte("scan")), Software: "Sohoa <1>",
	Pages: []record.Page{
		{Width: 2480, Height: 3508, DPI: 300, Lines: []record.Line{
			line(1, 100, 0, "CỘNG", "HÒA"), line(1, 160, 0.01, "Độc", "lập"), line(2, 400, 0, "R&D<5>"), line(1, 500, 0, "\x00\"x'"), line(3, 600, 0),
		}, Regions: []record.Region{{Kind: record.SealRegion, Box: record.Box{900, 2000, 1400, 2500}, Confidence: 0.9}}},
		{Width: 1, Height: 1},
	},
}

// An element is any XML element, for reading back.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Content  string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements below e of that name, or of that class.
func (e element) all(name string) []element {
	var out []element
	for _, c := range e.Children {
		if c.XMLName.Local == name || c.attr("class") == name {
			out = append(out, c)
		}
		out = append(out, c.all(name)...)
	}
	return out
}

func written(t *testing.T, write func(io.Writer, layout.Document) error) element {
	t.Helper()
	var b, again bytes.Buffer
	if err := errors.Join(write(&b, document), write(&again, document)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("other bytes the second time")
	}
	var root element
	if err := xml.Unmarshal(b.Bytes(), &root); err != nil {
		t.Fatalf("%v in %s", err, &b)
	}
	seen := map[string]bool{}
	for _, name := range []string{"Page", "TextBlock", "TextLine", "ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"} {
		for _, e := range root.all(name) {
			id := e.attr("ID") + e.attr("id")
			if id == "" || seen[id] {
				t.Errorf("%s has the identifier %q, empty or taken", name, id)
			}
			seen[id] = true
		}
	}
	return root
}

func TestALTO(t *testing.T) {
	root := written(t, layout.ALTO)
	if got := root.all("MeasurementUnit"); len(got) != 1 || got[0].Content != "pixel" || root.XMLName.Space != "http://www.loc.gov/standards/alto/ns-v4#" {
		t.Errorf("unit %v, namespace %s", got, root.XMLName.Space)
	}
	pages := root.all("Page")
	if len(pages) != 2 || pages[0].attr("WIDTH") != "2480" || pages[1].attr("PHYSICAL_IMG_NR") != "2" || pages[0].attr("PC") != "0.9" || pages[1].attr("PC") != "" {
		t.Fatalf("pages %v", pages)
	}
	var got []string
	for _, b := range pages[0].all("TextBlock") {
		var words []string
		for _, s := range b.all("String") {
			words = append(words, s.attr("CONTENT"))
		}
		got = append(got, strings.Join(words, " "))
	}
	want := []string{"CỘNG HÒA Độc lập", "R&D<5>", "\uFFFD\"x'"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("blocks %q; want %q", got, want)
	}
	if r := pages[0].all("Illustration"); len(r) != 1 || r[0].attr("TYPE") != "seal" || r[0].attr("WIDTH") != "500" {
		t.Errorf("regions %v; want the seal", r)
	}
	second := pages[0].all("TextLine")[1]
	if b := second.attr("BASELINE"); b != "100,191 450,194.5" {
		t.Errorf("baseline %s; want 100,191 450,194.5", b)
	}
	word := second.all("String")[1]
	if word.attr("HPOS") != "300" || word.attr("VPOS") != "160" || word.attr("WIDTH") != "150" || word.attr("HEIGHT") != "40" || word.attr("WC") != "0.9" {
		t.Errorf("word %v", word.Attrs)
	}
	if spaces := second.all("SP"); len(spaces) != 1 {
		t.Errorf("%d spaces between two words", len(spaces))
	}
}

func TestHOCR(t *testing.T) {
	root := written(t, layout.HOCR)
	pages := root.all("ocr_page")
	if len(pages) != 2 || pages[0].attr("title") != `image "Công văn_ _bản 2_.tif"; bbox 0 0 2480 3508; ppageno 0; scan_res 300 300` {
		t.Fatalf("pages %v", pages)
	}
	if n := len(pages[0].all("ocr_carea")); n != 3 || len(pages[0].all("ocr_par")) != n {
		t.Errorf("%d areas; want 3", n)
	}
	lines := pages[0].all("ocr_line")
	if len(lines) != 4 || lines[1].attr("title") != "bbox 100 160 450 200; baseline 0.01 -9; x_size 40" {
		t.Errorf("lines %v", lines)
	}
	words := lines[1].all("ocrx_word")
	if len(words) != 2 || words[0].Content != "Độc" || words[0].attr("title") != "bbox 100 160 250 200; x_wconf 90" {
		t.Errorf("words %v", words)
	}
}

func TestWhatWasRejectedAndSuggested(t *testing.T) {
	l := line(1, 100, 0, "thấm", "Ấ", "quyền")
	l.Words[0].Suggestion = &record.Suggestion{Text: "thẩm", Rule: "phrase", Score: 0.9}
	l.Words[1].Rejected = true
	d := layout.Document{Pages: []record.Page{{Width: 1000, Height: 1000, Lines: []record.Line{l}}}}
	read := func(write func(io.Writer, layout.Document) error) element {
		var b bytes.Buffer
		var root element
		if err := errors.Join(write(&b, d), xml.Unmarshal(b.Bytes(), &root)); err != nil {
			t.Fatal(err)
		}
		return root
	}
	alto := read(layout.ALTO)
	words := alto.all("String")
	if len(words) != 3 || words[0].attr("CONTENT") != "thấm" || words[1].attr("TAGREFS") != "rejected" || words[2].attr("TAGREFS") != "" {
		t.Errorf("words %v; want all three, the second rejected", words)
	}
	if a := alto.all("ALTERNATIVE"); len(a) != 1 || a[0].Content != "thẩm" || a[0].attr("PURPOSE") != "suggested by phrase" {
		t.Errorf("alternatives %v", a)
	}
	if tags := alto.all("OtherTag"); len(tags) != 1 || tags[0].attr("ID") != "rejected" {
		t.Errorf("tags %v", tags)
	}
	if words := read(layout.HOCR).all("ocrx_word"); len(words) != 2 || words[0].Content != "thấm" || words[1].Content != "quyền" {
		t.Errorf("hOCR has %v; want it without what was rejected", words)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestFullDiskIsAnError(t *testing.T) {
	for name, write := range map[string]func(io.Writer, layout.Document) error{"ALTO": layout.ALTO, "hOCR": layout.HOCR} {
		if err := write(full{}, document); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s on a full disk = %v; want the disk's error", name, err)
		}
	}
}
