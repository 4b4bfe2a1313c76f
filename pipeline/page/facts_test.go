package page

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// opened writes a picture as a JPEG scan and opens it.
func openedJPEG(t testing.TB, img image.Image, dpi, rotate int) *Picture {
	t.Helper()
	var b bytes.Buffer
	if err := made.WriteJPEG(&b, img, max(dpi, 72), 85); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "scan"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	s := record.Scan{File: "scan", Filter: "DCTDecode", Width: img.Bounds().Dx(), Height: img.Bounds().Dy(), Bits: 8,
		Space: "DeviceRGB", Colors: 3, DPIX: float64(dpi), DPIY: float64(dpi), Rotate: rotate, Source: "image"}
	if _, grey := img.(*image.Gray); grey {
		s.Space, s.Colors = "DeviceGray", 1
	}
	p, err := Open(work, s, Letters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Free)
	return p
}

func TestDamagedDataIsSaid(t *testing.T) {
	var b bytes.Buffer
	if err := made.WriteJPEG(&b, sheet(t, made.Wear{}, made.InGrey), 150, 85); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	middle, garbled := len(whole)/2, bytes.Clone(whole)
	for i := range 500 {
		garbled[middle+i] ^= 0x55
	}
	for _, c := range []struct {
		name string
		jpeg []byte
		want bool
	}{
		{"whole", whole, false},
		{"bytes between markers", slices.Concat(whole[:2], []byte{0, 0, 0}, whole[2:]), false},
		{"garbled in the middle", garbled, true},
	} {
		work, name := inWork(t, c.jpeg)
		p, err := Open(work, record.Scan{File: name, Filter: "DCTDecode", Width: 1240, Height: 1754, DPIX: 150, DPIY: 150}, Letters)
		if err != nil {
			t.Fatalf("%s: Open = %v", c.name, err)
		}
		t.Cleanup(p.Free)
		if got := slices.Contains(p.Facts(1).Quality, spoiled); got != c.want {
			t.Errorf("%s: said to be damaged: %v; want %v", c.name, got, c.want)
		}
	}
}

// inkJPEG is a JPEG of 8 by 8 pixels of one colour in four inks.
func inkJPEG(inks [4]byte, segments ...[]byte) []byte {
	segment := func(marker byte, body ...byte) []byte {
		return append([]byte{0xff, marker, 0, byte(len(body) + 2)}, body...)
	}
	codes := append([]byte{0, 0, 0, 0, 12}, make([]byte, 12)...)    // twelve codes of four bits
	codes = append(codes, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)     // sizes of the means
	ends := append(append([]byte{0x10, 1}, make([]byte, 15)...), 0) // one code of one bit: the block ends
	frame, scan := []byte{8, 0, 8, 0, 8, 4}, []byte{4}              // 8 bits, 8 by 8, four components
	for i := range byte(4) {
		frame, scan = append(frame, i+1, 0x11, 0), append(scan, i+1, 0)
	}
	bits := ""
	for _, v := range inks {
		mean := 8 * (int(v) - 128)
		size := len(strconv.FormatInt(int64(max(mean, -mean)), 2))
		if mean < 0 {
			mean += 1<<size - 1
		}
		bits += fmt.Sprintf("%04b%0*b0", size, size, mean)
	}
	data := ofBits(bits + strings.Repeat("1", (8-len(bits)%8)%8))
	out := append([]byte{0xff, 0xd8}, slices.Concat(segments...)...)
	return slices.Concat(out, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...), segment(0xc0, frame...),
		segment(0xc4, codes...), segment(0xc4, ends...), segment(0xda, append(scan, 0, 63, 0)...),
		bytes.ReplaceAll(data, []byte{0xff}, []byte{0xff, 0}), []byte{0xff, 0xd9})
}

// Four inks are as sound as their data is, whatever the markers around it.
func TestFourInksAreDecoded(t *testing.T) {
	jfif := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 2, 1, 1, 1, 44, 1, 44, 0, 0} // version 2.1, 300 dpi
	adobe := []byte{0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}
	sound := inkJPEG([4]byte{200, 100, 50, 30})
	cut := slices.Clone(sound[:bytes.LastIndex(sound, []byte{0xff, 0xda})+16]) // the head of the scan, and two bytes of its data
	for _, tt := range []struct {
		name    string
		jpeg    []byte
		decode  []float64
		spoiled bool
		want    [3]uint32
	}{
		{"plain", sound, nil, false, [3]uint32{48, 136, 180}}, // (255 - ink) (255 - black) / 255
		{"Adobe's, complements", inkJPEG([4]byte{200, 100, 50, 30}, adobe), []float64{1, 0, 1, 0, 1, 0, 1, 0}, false, [3]uint32{23, 11, 5}},
		{"JFIF of another version", inkJPEG([4]byte{200, 100, 50, 30}, jfif), nil, false, [3]uint32{48, 136, 180}},
		{"bytes between markers", inkJPEG([4]byte{200, 100, 50, 30}, []byte{0, 0, 0}), nil, false, [3]uint32{48, 136, 180}},
		{"data missing", append(cut, 0xff, 0xd9), nil, true, [3]uint32{}},
	} {
		work, name := inWork(t, tt.jpeg)
		x, err := Decode(work, record.Scan{File: name, Filter: "DCTDecode", Width: 8, Height: 8, Space: "DeviceCMYK", Colors: 4, Bits: 8, Decode: tt.decode})
		if err != nil {
			t.Errorf("%s: Decode = %v", tt.name, err)
			continue
		}
		t.Cleanup(x.Free)
		if got := x.faults > 0; got != tt.spoiled {
			t.Errorf("%s: damaged: %v; want %v", tt.name, got, tt.spoiled)
		}
		words, _ := x.words()
		if got := [3]uint32{words[0] >> 24, words[0] >> 16 & 0xff, words[0] >> 8 & 0xff}; !tt.spoiled && got != tt.want {
			t.Errorf("%s: colours %v; want %v", tt.name, got, tt.want)
		}
	}
}

func sheet(t *testing.T, wear made.Wear, colour made.Colour) image.Image {
	t.Helper()
	doc, err := made.Make(made.Spec{Name: "t", Kind: "cong-van", Seed: 5, DPI: 150, Colour: colour, Marks: made.Marks{Seal: true}, Wear: wear})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Pages[0].Image
}

func white(width, height int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{240}), image.Point{}, draw.Src)
	return img
}

// darkened multiplies all levels by share.
func darkened(img image.Image, share float64) image.Image {
	out := image.NewRGBA(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			r, g, b, _ := img.At(x, y).RGBA()
			at := func(v uint32) uint8 { return uint8(float64(v>>8) * share) }
			out.SetRGBA(x, y, color.RGBA{at(r), at(g), at(b), 255})
		}
	}
	return out
}

func TestFacts(t *testing.T) {
	straight := sheet(t, made.Wear{}, made.InColour)
	for _, c := range []struct {
		name   string
		img    image.Image
		dpi    int
		rotate int
		want   record.Page
	}{
		{"colour", straight, 150, 0, record.Page{Width: 1240, Height: 1754, DPI: 150, DPIFrom: "file", Colour: "colour", Bits: 24, Quality: []string{tooFewDots}}},
		{"no resolution stated", straight, 0, 0, record.Page{Width: 1240, Height: 1754, DPI: 150, DPIFrom: "paper", Colour: "colour", Bits: 24, Quality: []string{tooFewDots}}},
		{"turned by the file", straight, 150, 90, record.Page{Width: 1754, Height: 1240, DPI: 150, DPIFrom: "file", Rotate: 90, Colour: "colour", Bits: 24, Quality: []string{tooFewDots}}},
		{"grey", sheet(t, made.Wear{}, made.InGrey), 150, 0, record.Page{Width: 1240, Height: 1754, DPI: 150, DPIFrom: "file", Colour: "grey", Bits: 8, Quality: []string{tooFewDots, notColour}}},
		{"dark", darkened(straight, 0.35), 150, 0, record.Page{Width: 1240, Height: 1754, DPI: 150, DPIFrom: "file", Colour: "colour", Bits: 24, Quality: []string{tooFewDots, tooDark}}},
		{"empty", white(1654, 2339), 200, 0, record.Page{Width: 1654, Height: 2339, DPI: 200, DPIFrom: "file", Colour: "grey", Bits: 8, Blank: true, Quality: []string{notColour}}},
	} {
		got := openedJPEG(t, c.img, c.dpi, c.rotate).Facts(1)
		if got.Width != c.want.Width || got.Height != c.want.Height || got.DPI != c.want.DPI || got.DPIFrom != c.want.DPIFrom || got.Rotate != c.want.Rotate ||
			got.Colour != c.want.Colour || got.Bits != c.want.Bits || got.Blank != c.want.Blank || !slices.Equal(got.Quality, c.want.Quality) {
			t.Errorf("%s: Facts = %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

// A page with one faint line is a page; what shows through from the other side is not on it.
func TestBlank(t *testing.T) {
	for _, c := range []struct {
		name  string
		level uint8
		want  bool
	}{{"faint print", 150, false}, {"the other side", 200, true}} {
		sheet := white(1654, 2339)
		for i := range 60 { // strokes
			draw.Draw(sheet, image.Rect(400+10*i, 500, 403+10*i, 530), image.NewUniform(color.Gray{c.level}), image.Point{}, draw.Src)
		}
		if got := openedJPEG(t, sheet, 200, 0).Blank(); got != c.want {
			t.Errorf("%s: Blank = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestSkewIsClockwise(t *testing.T) {
	for _, want := range []float64{-3, -1, 1.5} {
		got := openedJPEG(t, sheet(t, made.Wear{Skew: want}, made.InGrey), 150, 0).Facts(1).Skew
		if math.Abs(got-want) > 0.2 {
			t.Errorf("skew of a page turned by %v = %v", want, got)
		}
	}
}

func TestCutOff(t *testing.T) {
	whole := white(1654, 2339)
	for i := range 40 { // letters in the margin, none at the edge
		draw.Draw(whole, image.Rect(40+40*i, 100, 60+40*i, 130), image.Black, image.Point{}, draw.Src)
	}
	cut := whole.SubImage(image.Rect(0, 115, 1654, 2339)).(*image.Gray)
	moved := white(1654, 2339)
	draw.Draw(moved, moved.Bounds(), cut, cut.Bounds().Min, draw.Src)
	for _, c := range []struct {
		name string
		img  image.Image
		want bool
	}{{"letters within", whole, false}, {"letters over the edge", moved, true}} {
		if got := slices.Contains(openedJPEG(t, c.img, 200, 0).Facts(1).Quality, cutOff); got != c.want {
			t.Errorf("%s: cut off = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestBlurred(t *testing.T) {
	sharp := white(1654, 2339)
	for i := range 60 {
		draw.Draw(sharp, image.Rect(100+20*i, 300, 106+20*i, 2000), image.Black, image.Point{}, draw.Src)
	}
	soft := image.NewGray(sharp.Rect)
	for y := range sharp.Rect.Dy() {
		for x := range sharp.Rect.Dx() {
			sum, n := 0, 0
			for dx := -5; dx <= 5; dx++ {
				if x+dx >= 0 && x+dx < sharp.Rect.Dx() {
					sum, n = sum+int(sharp.GrayAt(x+dx, y).Y), n+1
				}
			}
			soft.SetGray(x, y, color.Gray{uint8(sum / n)})
		}
	}
	for _, c := range []struct {
		name string
		img  image.Image
		want bool
	}{{"sharp", sharp, false}, {"soft", soft, true}} {
		if got := slices.Contains(openedJPEG(t, c.img, 200, 0).Facts(1).Quality, blurred); got != c.want {
			t.Errorf("%s: blurred = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestResolution(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		stated, want  float64
		from          string
	}{
		{"stated", 100, 100, 300, 300, "file"},
		{"A4", 2480, 3508, 0, 300, "paper"},
		{"A4 lying", 3508, 2480, 0, 300, "paper"},
		{"A4, a web picture", 680, 960, 0, 82, "paper"},
		{"A4, fine", 4961, 7016, 0, 600, "paper"},
		{"A3, too fine for A4", 7016, 9921, 0, 600, "paper"},
		{"Letter", 2550, 3300, 0, 300, "paper"},
		{"nonsense stated", 2480, 3508, 1, 300, "paper"},
		{"a dot", 1, 1, 0, 1, "paper"},
	} {
		got, from := resolution(record.Scan{Width: c.width, Height: c.height, DPIX: c.stated})
		if got != c.want || from != c.from {
			t.Errorf("%s: resolution = %v from %q; want %v from %q", c.name, got, from, c.want, c.from)
		}
	}
}
