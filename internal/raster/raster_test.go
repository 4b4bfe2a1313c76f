package raster

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"strings"
	"testing"
)

// paper is a PDF of one page, 100 by 50 points: a black square at its top left, a
// red annotation at its bottom right, and a word.
func paper(page, content string) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 50]/Contents 4 0 R/Annots[5 0 R]/Resources<</Font<</F1 6 0 R>>>>" + page + ">>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/Annot/Subtype/Square/Rect[80 0 100 20]/C[1 0 0]/IC[1 0 0]/AP<</N 7 0 R>>>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/XObject/Subtype/Form/BBox[0 0 20 20]/Length 22>>stream\n1 0 0 rg 0 0 20 20 re f\nendstream",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func openPaper(t *testing.T, b []byte) *Page {
	t.Helper()
	d, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if d.Pages() != 1 {
		t.Fatalf("Pages() = %d, want 1", d.Pages())
	}
	p, err := d.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

const drawn = "0 g 0 40 10 10 re f"

func TestDraw(t *testing.T) {
	for _, tt := range []struct {
		name          string
		page          string
		width, height int
		black, white  image.Point
	}{
		{"upright", "", 200, 100, image.Pt(5, 5), image.Pt(190, 90)},
		{"turned by a quarter", "/Rotate 90", 100, 200, image.Pt(95, 5), image.Pt(10, 190)},
	} {
		p := openPaper(t, paper(tt.page, drawn))
		if p.Width*2 != float64(tt.width) || p.Height*2 != float64(tt.height) {
			t.Errorf("%s: page of %v x %v points, want %d x %d", tt.name, p.Width, p.Height, tt.width/2, tt.height/2)
		}
		err := p.Draw(tt.width, tt.height, true, func(m *image.RGBA) error {
			if r, _, _, _ := m.At(tt.black.X, tt.black.Y).RGBA(); r != 0 {
				t.Errorf("%s: the square is not at %v", tt.name, tt.black)
			}
			for i := range tt.width * tt.height {
				if q := m.Pix[4*i:]; q[0] != q[1] || q[1] != q[2] {
					t.Fatalf("%s: the annotation was drawn", tt.name)
				}
			}
			if r, _, _, _ := m.At(tt.white.X, tt.white.Y).RGBA(); r != 0xffff {
				t.Errorf("%s: no white paper at %v", tt.name, tt.white)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: Draw: %v", tt.name, err)
		}
	}
}

func TestText(t *testing.T) {
	p := openPaper(t, paper("", "BT /F1 10 Tf 20 30 Td (So 12) Tj 3 Tr (x) Tj ET"))
	chars, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	var seen, hidden strings.Builder
	for _, c := range chars {
		switch {
		case c.Generated:
		case c.Hidden:
			hidden.WriteRune(c.Rune)
		default:
			seen.WriteRune(c.Rune)
		}
	}
	if seen.String() != "So 12" || hidden.String() != "x" {
		t.Fatalf("Text = %q and hidden %q, want %q and %q", seen.String(), hidden.String(), "So 12", "x")
	}
	first := chars[0]
	if math.Abs(first.X-20) > 0.1 || math.Abs(first.Y-20) > 0.1 || first.Box[1] < 10 || first.Box[3] > 21 || first.Size < 8 || first.Size > 14 {
		t.Errorf("first character %+v, want it on its baseline at 20, 20, about 10 points high", first)
	}
}

func TestOpenRefuses(t *testing.T) {
	whole := paper("", drawn)
	locked := bytes.Replace(whole, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<"+strings.Repeat("00", 32)+">/U<"+strings.Repeat("00", 32)+">>>/ID[<00><00>]"), 1)
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"no PDF", []byte("Kính gửi"), ErrDamaged},
		{"encrypted", locked, ErrEncrypted},
	} {
		if _, err := Open(bytes.NewReader(tt.file), int64(len(tt.file))); !errors.Is(err, tt.want) {
			t.Errorf("%s: Open = %v, want %v", tt.name, err, tt.want)
		}
	}
	d, err := Open(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Page(7); !errors.Is(err, ErrDamaged) {
		t.Errorf("Page(7) of one page = %v, want %v", err, ErrDamaged)
	}
}

func TestCacheFolderIsOursAlone(t *testing.T) {
	dir := t.TempDir() + "/cache"
	t.Setenv(CacheVariable, dir)
	if got := cacheFolder(); got != dir {
		t.Errorf("cacheFolder() = %q, want %q", got, dir)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := cacheFolder(); got != "" {
		t.Errorf("cacheFolder() = %q, which anybody can write to", got)
	}
}
