package stamp_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/sohoa/sohoa/signing/stamp"
)

var a4 = [4]float64{0, 0, 595, 842}

func TestMarkStandsAtTheTopRight(t *testing.T) {
	for _, c := range []struct {
		what   string
		page   stamp.Page
		inside func(r [4]float64) bool // the corner as the page has it
	}{
		{"upright", stamp.Page{Box: a4}, func(r [4]float64) bool { return r[2] == 583 && r[3] == 830 }},
		{"box not at the origin", stamp.Page{Box: [4]float64{100, 200, 695, 1042}}, func(r [4]float64) bool { return r[2] == 683 && r[3] == 1030 }},
		{"turned right", stamp.Page{Box: a4, Rotate: 90}, func(r [4]float64) bool { return r[0] == 12 && r[3] == 830 }},
		{"upside down", stamp.Page{Box: a4, Rotate: 180}, func(r [4]float64) bool { return r[0] == 12 && r[1] == 12 }},
		{"turned left", stamp.Page{Box: a4, Rotate: 270}, func(r [4]float64) bool { return r[2] == 583 && r[1] == 12 }},
		{"large unit", stamp.Page{Box: [4]float64{0, 0, 300, 400}, Unit: 10}, func(r [4]float64) bool { return math.Abs(r[2]-298.8) < 1e-9 && r[2]-r[0] < 20 }},
	} {
		m, err := stamp.New(c.page, stamp.TopRight, "Sao y", "Sở Tư pháp", "2026-03-05T10:20:30+07:00")
		if err != nil {
			t.Errorf("%s: New = %v", c.what, err)
			continue
		}
		if !c.inside(m.Rect) {
			t.Errorf("%s: mark at %v; want it 12 points from the top right corner", c.what, m.Rect)
		}
		if w, h := m.Rect[2]-m.Rect[0], m.Rect[3]-m.Rect[1]; (c.page.Rotate%180 != 0) != (h > w) {
			t.Errorf("%s: mark is %.0f by %.0f; want it to lie as the page does", c.what, w, h)
		}
	}
}

// drawn returns the operators of a mark's appearance and its face.
func drawn(t *testing.T, m *stamp.Mark) (form, content string, face []byte) {
	t.Helper()
	var objects [][]byte
	b, err := m.Appearance(func(o []byte) (uint32, error) { objects = append(objects, o); return uint32(len(objects)), nil })
	if err != nil {
		t.Fatal(err)
	}
	return string(b), string(inflate(t, b)), inflate(t, objects[0])
}

func inflate(t *testing.T, stream []byte) []byte {
	t.Helper()
	_, data, _ := bytes.Cut(stream, []byte("stream\n"))
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAppearance(t *testing.T) {
	m, err := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, "", "Ủy ban nhân dân xã Vĩnh Nghĩa", stamp.Time(time.Date(2026, 3, 5, 3, 20, 30, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	form, content, face := drawn(t, m)
	if n := strings.Count(content, "Tj"); n != 2 {
		t.Errorf("%d lines drawn; want 2, the empty one left out", n)
	}
	if !strings.Contains(content, "0 g\n") || !strings.Contains(content, "/F1 10 Tf") {
		t.Errorf("content %q; want black at 10 points", content)
	}
	for _, forbidden := range []string{"/Image", "/SMask", "/Group", "/ca"} {
		if strings.Contains(form, forbidden) {
			t.Errorf("appearance has %s", forbidden)
		}
	}
	if len(face) > 16<<10 {
		t.Errorf("face of the mark has %d bytes; want a subset", len(face))
	}
	drawnGlyphs, blank := 0, 0
	offsets := table(face, "loca")
	for i := 4; i < len(offsets); i += 4 {
		if bytes.Equal(offsets[i-4:i], offsets[i:i+4]) {
			blank++
		} else {
			drawnGlyphs++
		}
	}
	if drawnGlyphs < 20 || blank < drawnGlyphs {
		t.Errorf("subset draws %d glyphs and leaves %d blank; want those of the text", drawnGlyphs, blank)
	}
}

// table returns a table of a TrueType file.
func table(file []byte, name string) []byte {
	for at := 12; at+16 <= len(file); at += 16 {
		if string(file[at:at+4]) == name {
			start, n := binary.BigEndian.Uint32(file[at+8:]), binary.BigEndian.Uint32(file[at+12:])
			return file[start : start+n]
		}
	}
	return nil
}

func TestTime(t *testing.T) {
	if got, want := stamp.Time(time.Date(2026, 3, 5, 20, 0, 0, 9, time.UTC)), "2026-03-06T03:00:00+07:00"; got != want {
		t.Errorf("Time = %q; want %q", got, want)
	}
}

func TestLongNamesBreak(t *testing.T) {
	long := "Trung tâm Phục vụ hành chính công thành phố Hải Phòng, chi nhánh huyện đảo Bạch Long Vĩ"
	m, err := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, long, "2026-03-05T10:20:30+07:00")
	if err != nil {
		t.Fatal(err)
	}
	_, content, _ := drawn(t, m)
	if n := strings.Count(content, "Tj"); n != 3 {
		t.Errorf("%d lines; want 3", n)
	}
	if w := m.Rect[2] - m.Rect[0]; w > 595/2 {
		t.Errorf("mark is %.0f points wide; want no more than half the page", w)
	}
}

func TestSmallPages(t *testing.T) {
	m, err := stamp.New(stamp.Page{Box: [4]float64{0, 0, 110, 150}}, stamp.TopRight, "Sở Tư pháp", "2026-03-05T10:20:30+07:00")
	if err != nil || m.Rect[0] < 0 || m.Rect[1] < 0 {
		t.Errorf("small page: mark at %v, %v; want it inside", m, err)
	}
	if _, err := stamp.New(stamp.Page{Box: [4]float64{0, 0, 20, 20}}, stamp.TopRight, "Sở Tư pháp"); err == nil {
		t.Error("page of 20 points: New = nil; want an error")
	}
}

func TestDecomposedTextIsComposed(t *testing.T) {
	one, err1 := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, "Nghĩa")
	two, err2 := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, "Nghi\u0303a")
	if err1 != nil || err2 != nil || one.Rect != two.Rect {
		t.Errorf("composed %v, %v and decomposed %v, %v differ", one, err1, two, err2)
	}
	if _, err := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, "日本"); err == nil {
		t.Error("letters that the face lacks: New = nil; want an error")
	}
}

func TestToUnicodeLeadsBack(t *testing.T) {
	m, err := stamp.New(stamp.Page{Box: a4}, stamp.TopRight, "Đặng Vĩ")
	if err != nil {
		t.Fatal(err)
	}
	var cmap []byte
	_, err = m.Appearance(func(o []byte) (uint32, error) {
		if bytes.HasPrefix(o, []byte("<<")) && bytes.Contains(o, []byte("stream\n")) {
			cmap = inflate(t, o)
		}
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "Đặng Vĩ" {
		if !bytes.Contains(cmap, fmt.Appendf(nil, "> <%04X>", r)) {
			t.Errorf("ToUnicode has no way back to %q", r)
		}
	}
}

func TestMarkLeavesTextFree(t *testing.T) {
	const w, h = 595, 842
	for _, c := range []struct {
		what   string
		text   [][4]float64
		marks  [][4]float64
		covers bool
		size   func(h float64) bool // of the mark
		top    float64
	}{
		{"nothing there", nil, nil, false, func(h float64) bool { return h > 38 }, 830},
		{"a heading below", [][4]float64{{300, 700, 560, 785}}, nil, false, func(h float64) bool { return h > 38 }, 830},
		{"a heading close to the edge", [][4]float64{{300, 700, 560, 795}}, nil, false, func(h float64) bool { return h > 38 }, 834},
		{"a heading closer still", [][4]float64{{300, 700, 560, 801}}, nil, false, func(h float64) bool { return h < 38 && h > 25 }, 834},
		{"text up to the edge", [][4]float64{{200, 0, 595, 842}}, nil, true, func(h float64) bool { return h > 38 }, 830},
		{"a stamp at the middle of the edge", [][4]float64{{300, 700, 460, 842}}, nil, false, func(h float64) bool { return h > 38 }, 830},
		{"a stamp in the corner", [][4]float64{{450, 700, 595, 842}}, nil, false, func(h float64) bool { return h > 38 }, 834},
		{"an earlier mark", nil, [][4]float64{{400, 790, 583, 830}}, false, func(h float64) bool { return h > 38 }, 790},
	} {
		p := stamp.Page{Box: [4]float64{0, 0, w, h}, Text: c.text, Marks: c.marks}
		m, err := stamp.New(p, stamp.TopRight, "Sao y", "Sở Tư pháp", "2026-03-05T10:20:30+07:00")
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if m.Covers != c.covers || !c.size(m.Rect[3]-m.Rect[1]) || m.Rect[3] != c.top {
			t.Errorf("%s: mark at %v, covers %v; want its top at %v, covers %v", c.what, m.Rect, m.Covers, c.top, c.covers)
		}
	}
}

func TestLeftMarkMirrorsTheRight(t *testing.T) {
	for _, rotate := range []int{0, 90, 180, 270} {
		p := stamp.Page{Box: a4, Rotate: rotate}
		right, err1 := stamp.New(p, stamp.TopRight, "Sở Tư pháp")
		left, err2 := stamp.New(p, stamp.TopLeft, "Sở Tư pháp")
		if err1 != nil || err2 != nil || left.Rect == right.Rect {
			t.Errorf("turned by %d: right %v, left %v", rotate, right, left)
			continue
		}
		p.Marks = [][4]float64{right.Rect}
		below, err := stamp.New(p, stamp.TopRight, "Sở Tư pháp")
		if err != nil || below.Rect == right.Rect || below.Covers {
			t.Errorf("turned by %d: second mark at %v, %v; want it below %v", rotate, below, err, right.Rect)
		}
	}
}

func TestCodeStandsBesideTheText(t *testing.T) {
	const address = "https://sohoa.example.gov.vn/verify/xbtxba5vau26vq2re7y6xrmwmn"
	for _, c := range []struct {
		what     string
		textTo   float64 // of the page's right half, from its lower edge
		at, upTo float64 // height of the mark
		want     string
	}{
		{"room", 0, 40, 50, address},
		{"little room", 800, 30, 32, address},
		{"no room", 812, 20, 30, ""},
	} {
		p := stamp.Page{Box: a4, Text: [][4]float64{{200, 0, 595, c.textTo}}}
		m, err := stamp.NewWithCode(p, stamp.TopRight, address, "Sở Tư pháp", "2026-03-05T10:20:30+07:00")
		if err != nil {
			t.Fatal(err)
		}
		form, content, _ := drawn(t, m)
		if h := m.Rect[3] - m.Rect[1]; strings.Contains(form, "/Image") || h < c.at || h > c.upTo || m.Covers {
			t.Errorf("%s: mark at %v, covers %v; want it %.0f to %.0f points high, its code made of squares", c.what, m.Rect, m.Covers, c.at, c.upTo)
		}
		if c.want == "" {
			if strings.Contains(content, " re\n") {
				t.Errorf("%s: there are squares; want none", c.what)
			}
		} else if got := scan(t, content, m.Rect[3]-m.Rect[1]); got != c.want {
			t.Errorf("%s: the code says %q; want %q", c.what, got, c.want)
		}
	}
}

// scan reads the code that the rectangles of a mark draw, as a camera would.
func scan(t *testing.T, content string, h float64) string {
	t.Helper()
	const scale = 4
	picture := image.NewGray(image.Rect(0, 0, int(60*scale), int(h*scale)+1))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for line := range strings.Lines(content) {
		var x, y, w, d float64
		if n, _ := fmt.Sscanf(line, "%f %f %f %f re", &x, &y, &w, &d); n != 4 {
			continue
		}
		r := image.Rect(int(math.Round(x*scale)), int(math.Round((h-y-d)*scale)), int(math.Round((x+w)*scale)), int(math.Round((h-y)*scale)))
		draw.Draw(picture, r, image.Black, image.Point{}, draw.Src)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatalf("no code can be read: %v", err)
	}
	return found.GetText()
}
