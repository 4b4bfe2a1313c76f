package pdfa_test

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// A picture is a scan in one encoding, made from ink on white.
type picture struct {
	name string
	make func(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan
}

var pictures = []picture{
	{"grey JPEG", greyJPEG}, {"colour JPEG", colourJPEG}, {"Group 4", group4},
	{"PNG rows in colour", pngRows}, {"palette", palette}, {"one bit", oneBit}, {"16 bits", grey16}, {"inks", inks},
}

func put(t *testing.T, work, name string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(work, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func deflate(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func drawn(m draw.Image, ink []image.Rectangle, c color.Color) {
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	for _, r := range ink {
		draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
}

func encodeJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func greyJPEG(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	m := image.NewGray(image.Rect(0, 0, w, h))
	drawn(m, ink, color.Black)
	name := put(t, work, "grey.jpg", encodeJPEG(t, m))
	return record.Scan{File: name, Filter: "DCTDecode", Width: w, Height: h, Bits: 8, Space: "DeviceGray", Colors: 1}
}

func colourJPEG(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	drawn(m, ink, color.RGBA{0xc0, 0x10, 0x10, 0xff})
	name := put(t, work, "colour.jpg", encodeJPEG(t, m))
	return record.Scan{File: name, Filter: "DCTDecode", Width: w, Height: h, Bits: 8, Space: "DeviceRGB", Colors: 3}
}

func pngRows(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	drawn(m, ink, color.NRGBA{0x10, 0x20, 0xc0, 0xff})
	var rows []byte
	for y := range h {
		rows = append(rows, 1) // each byte is the difference to the pixel on its left
		var left [3]byte
		for x := range w {
			c := m.NRGBAAt(x, y)
			rows = append(rows, c.R-left[0], c.G-left[1], c.B-left[2])
			left = [3]byte{c.R, c.G, c.B}
		}
	}
	name := put(t, work, "rows", deflate(t, rows))
	return record.Scan{File: name, Filter: "FlateDecode", Width: w, Height: h, Bits: 8, Space: "DeviceRGB", Colors: 3, Predictor: 15}
}

func isInk(ink []image.Rectangle, x, y int) bool {
	for _, r := range ink {
		if (image.Point{X: x, Y: y}).In(r) {
			return true
		}
	}
	return false
}

// samples encodes a picture uncompressed, one pixel as white or ink.
func samples(ink []image.Rectangle, w, h int, white, black []byte) []byte {
	var out []byte
	for y := range h {
		for x := range w {
			if isInk(ink, x, y) {
				out = append(out, black...)
			} else {
				out = append(out, white...)
			}
		}
	}
	return out
}

func palette(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	name := put(t, work, "palette", deflate(t, samples(ink, w, h, []byte{0}, []byte{1})))
	return record.Scan{File: name, Filter: "FlateDecode", Width: w, Height: h, Bits: 8, Space: "Indexed",
		Palette: []byte{0xff, 0xff, 0xf0, 0x28, 0x5c, 0x29}, Colors: 1}
}

func grey16(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	name := put(t, work, "grey16", deflate(t, samples(ink, w, h, []byte{0xff, 0xff}, []byte{0x30, 0})))
	return record.Scan{File: name, Filter: "FlateDecode", Width: w, Height: h, Bits: 16, Space: "DeviceGray", Colors: 1}
}

func inks(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	name := put(t, work, "inks", deflate(t, samples(ink, w, h, []byte{0, 0, 0, 0}, []byte{0, 0xff, 0xff, 0})))
	return record.Scan{File: name, Filter: "FlateDecode", Width: w, Height: h, Bits: 8, Space: "DeviceCMYK", Colors: 4}
}

func oneBit(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	var rows []byte
	for y := range h {
		row := make([]byte, (w+7)/8)
		for x := range w {
			if isInk(ink, x, y) {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
		rows = append(rows, row...)
	}
	name := put(t, work, "onebit", deflate(t, rows))
	return record.Scan{File: name, Filter: "FlateDecode", Width: w, Height: h, Bits: 1, Space: "DeviceGray", Colors: 1, Decode: []float64{1, 0}}
}

// group4 encodes with ITU-T T.6 as far as bars need it: a line like the one
// above is V0 for each change; any other is written in horizontal mode.
func group4(t *testing.T, work string, ink []image.Rectangle, w, h int) record.Scan {
	var bits strings.Builder
	above := []int{}
	for y := range h {
		line := []int{} // where the colour changes
		for x, was := 0, false; x < w; x++ {
			if now := isInk(ink, x, y); now != was {
				line, was = append(line, x), now
			}
		}
		if slices.Equal(line, above) {
			bits.WriteString(strings.Repeat("1", len(line)+1))
		} else {
			horizontal(&bits, line, above)
		}
		above = line
	}
	bits.WriteString("000000000001000000000001") // end of facsimile block
	name := put(t, work, "group4", pack(bits.String()))
	return record.Scan{File: name, Filter: "CCITTFaxDecode", Width: w, Height: h, Bits: 1, Space: "DeviceGray", Colors: 1, K: -1}
}

// horizontal writes the runs of a line, passes over the bars of the line above
// that lie behind them, and ends with V0 at the right edge.
func horizontal(bits *strings.Builder, line, above []int) {
	at := 0
	for i := 0; i < len(line); i += 2 {
		bits.WriteString("001" + runs(line[i]-at, white64, white1) + runs(line[i+1]-line[i], black64, black1))
		at = line[i+1]
	}
	for i := 0; i < len(above); i += 2 {
		if above[i] > at || len(line) == 0 {
			bits.WriteString("0001")
		}
	}
	bits.WriteString("1")
}

// The fixture uses runs of whole sixteens only, so few codes of the tables do.
var (
	white64 = map[int]string{64: "11011", 128: "10010", 192: "010111", 256: "0110111", 320: "00110110", 384: "00110111", 448: "01100100", 512: "01100101"}
	white1  = map[int]string{0: "00110101", 16: "101010", 32: "00011011", 48: "00001011"}
	black64 = map[int]string{64: "0000001111", 128: "000011001000", 192: "000011001001", 256: "000001011011", 320: "000000110011"}
	black1  = map[int]string{0: "0000110111", 16: "0000010111", 32: "000001101010", 48: "000001100100"}
)

func runs(n int, makeUp, terminating map[int]string) string {
	out := ""
	if n >= 64 {
		out = makeUp[n/64*64]
	}
	if out == "" && n >= 64 || terminating[n%64] == "" {
		panic("the fixture has no code for this run")
	}
	return out + terminating[n%64]
}

func pack(bits string) []byte {
	out := make([]byte, (len(bits)+7)/8)
	for i, b := range bits {
		if b == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

// The page of the fixture, upright: three lines of bars, a word over each.
const (
	pageWidth  = 560
	pageHeight = 400
)

var lines = []record.Line{
	line(64, 32, "CỘNG", 64, 192, "HÒA", 208, 304, "XÃ", 320, 400),
	line(160, 32, "Độc", 32, 96, "lập", 112, 160),
	line(288, 48, "Nghĩa", 64, 256, "vụ", 272, 352),
}

// line makes a line whose letters stand on y from words and their left and right.
func line(y, size int, parts ...any) record.Line {
	l := record.Line{Size: float64(size), Baseline: record.Baseline{Offset: -float64(size) / 4}}
	for i := 0; i < len(parts); i += 3 {
		w := record.Word{Text: parts[i].(string), Box: record.Box{parts[i+1].(int), y, parts[i+2].(int), y + size}, Confidence: 0.9}
		l.Words = append(l.Words, w)
		l.Box = l.Box.Union(w.Box)
	}
	return l
}

// fixture makes a page whose picture has a bar under each word, turned so that it
// stands upright after a clockwise turn.
func fixture(t *testing.T, work string, p picture, rotate int) record.Page {
	var ink []image.Rectangle
	w, h := pageWidth, pageHeight
	if rotate%180 == 90 {
		w, h = h, w
	}
	for _, l := range lines {
		for _, word := range l.Words {
			b := word.Box
			ink = append(ink, stored(image.Rect(b[0], b[1], b[2], b[3]), rotate, w, h))
		}
	}
	sub := filepath.Join(work, p.name)
	if err := os.MkdirAll(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	s := p.make(t, sub, ink, w, h)
	s.File = filepath.Join(p.name, s.File)
	return record.Page{Width: pageWidth, Height: pageHeight, DPI: 100, DPIFrom: "paper", Rotate: rotate, Lines: lines, Scan: s, Source: "image"}
}

// stored returns where a rectangle of the upright page lies in the stored
// picture of w × h pixels.
func stored(r image.Rectangle, rotate, w, h int) image.Rectangle {
	switch rotate {
	case 90:
		return image.Rect(r.Min.Y, h-r.Max.X, r.Max.Y, h-r.Min.X)
	case 180:
		return image.Rect(w-r.Max.X, h-r.Max.Y, w-r.Min.X, h-r.Min.Y)
	case 270:
		return image.Rect(w-r.Max.Y, r.Min.X, w-r.Min.Y, r.Max.X)
	}
	return r
}
