package pages_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/signing/verify/pages"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{pages.Child: pages.Serve})
	os.Exit(m.Run())
}

// A file is a PDF that is written revision by revision.
type file struct {
	bytes.Buffer
	start int // of the last cross-reference
}

// revision appends objects by number.
func (f *file) revision(objects map[int]string) {
	if f.Len() == 0 {
		f.WriteString("%PDF-1.7\n")
	}
	entries := ""
	for num := range 20 {
		if o, ok := objects[num]; ok {
			entries += fmt.Sprintf("%d 1\n%010d 00000 n \n", num, f.Len())
			fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", num, o)
		}
	}
	prev := ""
	if f.start > 0 {
		prev = fmt.Sprintf("/Prev %d", f.start)
	}
	f.start = f.Len()
	fmt.Fprintf(f, "xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size 20/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", entries, prev, f.start)
}

func stream(content string) string {
	return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content)
}

func page(content, annots string) string {
	return "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents " + content + annots + ">>"
}

func twoPages() *file {
	f := &file{}
	f.revision(map[int]string{
		1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
		3: page("5 0 R", ""), 4: page("6 0 R", ""), 5: stream("0 g 10 10 20 20 re f"), 6: stream("0 g 50 50 20 20 re f"),
	})
	return f
}

func TestCompare(t *testing.T) {
	const scale = 100 / 72.0
	for _, test := range []struct {
		name   string
		change func(*file)
		want   []int       // pages that differ
		at     [4]float64  // of the only box, in points from the top left; zero: not looked at
		sides  map[int]int // pictures of a page
	}{
		{"nothing shows", func(f *file) { f.revision(map[int]string{7: "(nothing)"}) }, nil, [4]float64{}, nil},
		{"content of the second page", func(f *file) { f.revision(map[int]string{6: stream("0 g 50 50 20 20 re f 100 60 10 10 re f")}) }, []int{2}, [4]float64{100, 30, 110, 40}, map[int]int{2: 2}},
		{"an annotation", func(f *file) {
			f.revision(map[int]string{3: page("5 0 R", "/Annots[8 0 R]"),
				8: "<</Type/Annot/Subtype/Stamp/F 4/Rect[100 20 120 40]/AP<</N 9 0 R>>>>",
				9: "<</Type/XObject/Subtype/Form/BBox[0 0 20 20]/Length 22>>stream\n1 0 0 rg 0 0 20 20 re f\nendstream"})
		}, []int{1}, [4]float64{100, 60, 120, 80}, map[int]int{1: 2}},
		{"a form field", func(f *file) {
			f.revision(map[int]string{1: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[8 0 R]>>>>", 3: page("5 0 R", "/Annots[8 0 R]"),
				8: "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/F 132/Rect[100 20 120 40]/P 3 0 R/AP<</N 9 0 R>>>>",
				9: "<</Type/XObject/Subtype/Form/BBox[0 0 20 20]/Length 22>>stream\n1 0 0 rg 0 0 20 20 re f\nendstream"})
		}, []int{1}, [4]float64{100, 60, 120, 80}, map[int]int{1: 2}},
		{"a page removed", func(f *file) { f.revision(map[int]string{2: "<</Type/Pages/Kids[3 0 R]/Count 1>>"}) }, []int{2}, [4]float64{}, map[int]int{2: 1}},
		{"a page larger", func(f *file) {
			f.revision(map[int]string{3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R>>"})
		}, []int{1}, [4]float64{}, map[int]int{1: 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := twoPages()
			signed := f.Len()
			test.change(f)
			dir := t.TempDir()
			path := filepath.Join(dir, "a.pdf")
			if err := os.WriteFile(path, f.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := pages.Compare(t.Context(), path, dir, int64(signed), pages.Limits{})
			if err != nil || len(got.Pages) != len(test.want) || got.Left != 0 {
				t.Fatalf("Compare = %+v, %v; want pages %v", got, err, test.want)
			}
			for i, p := range got.Pages {
				if p.Number != test.want[i] {
					t.Errorf("page %d differs; want %d", p.Number, test.want[i])
				}
				if n := pictures(t, p); n != test.sides[p.Number] {
					t.Errorf("page %d has %d pictures; want %d", p.Number, n, test.sides[p.Number])
				}
				if test.at == [4]float64{} {
					continue
				}
				if len(p.Boxes) != 1 {
					t.Fatalf("boxes %v; want one", p.Boxes)
				}
				for j, v := range p.Boxes[0] {
					if d := float64(v) - test.at[j]*scale; d > 2 || d < -2 {
						t.Errorf("box %v; want %v points", p.Boxes[0], test.at)
					}
				}
			}
		})
	}
}

func pictures(t *testing.T, p pages.Page) int {
	t.Helper()
	n := 0
	for _, path := range []string{p.Before, p.After} {
		if path == "" {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := jpeg.Decode(f); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		n++
	}
	return n
}

func TestCompareStopsAtItsLimits(t *testing.T) {
	f := twoPages()
	signed := f.Len()
	f.revision(map[int]string{5: stream(""), 6: stream("")})
	dir := t.TempDir()
	path := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(path, f.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]pages.Limits{"pages": {Pages: 1}, "differing pages": {Differ: 1}} {
		if got, err := pages.Compare(t.Context(), path, dir, int64(signed), l); err != nil || len(got.Pages) != 1 || got.Left != 1 {
			t.Errorf("limit on %s: Compare = %+v, %v; want one page, one left", name, got, err)
		}
	}
	for _, n := range []int64{0, int64(f.Len()) + 1, 7} {
		if got, err := pages.Compare(t.Context(), path, dir, n, pages.Limits{}); err == nil {
			t.Errorf("Compare after %d bytes = %+v; want an error", n, got)
		}
	}
}
