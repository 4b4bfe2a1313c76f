package page

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg"
	"math"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// inkBox returns the box around all black pixels of a 1-bit picture.
func inkBox(x *Pix) record.Box {
	words, wpl := x.words()
	var b record.Box
	for y := range x.Height() {
		for i := range x.Width() {
			if words[y*wpl+i/32]>>(31-i%32)&1 == 1 {
				b = b.Union(record.Box{i, y, i + 1, y + 1})
			}
		}
	}
	return b
}

// cleanInk is the cleaned page in black and white, half way between both.
func cleanInk(t *testing.T, p *Picture, skew float64) (*Pix, Mapping) {
	t.Helper()
	clean, m, err := p.Clean(skew)
	if err != nil {
		t.Fatalf("Clean = %v", err)
	}
	if clean.Depth() == 8 {
		defer clean.Free()
		if clean, err = clean.darkerThan(128); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(clean.Free)
	return clean, m
}

func TestMappingLeadsBackToTheScan(t *testing.T) {
	mark := image.Rect(1400, 300, 1460, 340)
	sheet := white(1654, 2339)
	draw.Draw(sheet, mark, image.Black, image.Point{}, draw.Src)
	for _, c := range []struct {
		name    string
		dpi     int
		turn    int
		skew    float64
		upright record.Box // where the mark is for a reader
	}{
		{"as it is", 200, 0, 0, record.Box{1400, 300, 1460, 340}},
		{"scaled down", 400, 0, 0, record.Box{1400, 300, 1460, 340}},
		{"turned", 200, 90, 0, record.Box{2339 - 340, 1400, 2339 - 300, 1460}},
		{"straightened", 200, 0, 2, record.Box{1400, 300, 1460, 340}},
		{"turned, scaled and straightened", 400, 270, -1.5, record.Box{300, 1654 - 1460, 340, 1654 - 1400}},
	} {
		p := openedJPEG(t, sheet, c.dpi, 0)
		p.Turn(c.turn)
		clean, m := cleanInk(t, p, c.skew)
		got := m.Box(inkBox(clean))
		for i := range got { // a straightened box is a little larger
			if d := math.Abs(float64(got[i] - c.upright[i])); d > 3+60*math.Abs(math.Sin(c.skew*math.Pi/180))*2 {
				t.Errorf("%s: box on the scan = %v; want %v", c.name, got, c.upright)
				break
			}
		}
	}
}

func TestCleanDropsRedSealsAndDots(t *testing.T) {
	sheet := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	text, seal, dots := image.Rect(200, 300, 900, 330), image.Rect(1000, 1500, 1300, 1800), image.Rect(300, 800, 1200, 803)
	draw.Draw(sheet, text, image.Black, image.Point{}, draw.Src)
	draw.Draw(sheet, seal, image.NewUniform(color.RGBA{215, 40, 45, 255}), image.Point{}, draw.Src)
	for x := dots.Min.X; x < dots.Max.X; x += 9 {
		draw.Draw(sheet, image.Rect(x, dots.Min.Y, x+3, dots.Max.Y), image.Black, image.Point{}, draw.Src)
	}
	clean, _ := cleanInk(t, openedJPEG(t, sheet, 200, 0), 0)
	for _, c := range []struct {
		name string
		at   image.Rectangle
		ink  bool
	}{{"text", text, true}, {"seal", seal, false}, {"dots", dots, false}} {
		part, err := clean.Clipped(c.at.Min.X, c.at.Min.Y, c.at.Dx(), c.at.Dy())
		if err != nil {
			t.Fatal(err)
		}
		if got := part.count()*2 > c.at.Dx()*c.at.Dy() || !c.ink && part.count() > 20; got != c.ink {
			t.Errorf("%s: %d black pixels of %d; want ink %v", c.name, part.count(), c.at.Dx()*c.at.Dy(), c.ink)
		}
		part.Free()
	}
}

func TestCleanFindsInkOnNearlyEmptyAndShadedPages(t *testing.T) {
	for _, wear := range []made.Wear{{Skew: 2}, {Shade: 0.35, Yellow: 1}, {Fade: 0.4, Noise: 4}} {
		p := openedJPEG(t, sheet(t, wear, made.InGrey), 200, 0)
		if share := float64(p.ink.count()) / float64(p.ink.Width()*p.ink.Height()); share < 0.005 || share > 0.12 {
			t.Errorf("%+v: share of ink %.3f; want that of a page of text", wear, share)
		}
	}
}

// Shades at the edges of letters are what tells ố from ổ on a blurred page; far from
// ink there are none.
func TestCleanKeepsTheShadesOfEdges(t *testing.T) {
	p := openedJPEG(t, sheet(t, made.Wear{Blur: 1, Noise: 4, Through: .8}, made.InGrey), 200, 0)
	clean, _, err := p.Clean(0)
	if err != nil {
		t.Fatal(err)
	}
	defer clean.Free()
	if clean.Depth() != 8 {
		t.Fatalf("Clean of a grey scan has %d bits; want 8", clean.Depth())
	}
	counts := clean.histogram(1)
	shades, all := 0, clean.Width()*clean.Height()
	for _, n := range counts[40:215] {
		shades += n
	}
	if white := float64(counts[255]) / float64(all); white < 0.7 || shades < all/100 {
		t.Errorf("white: %.3f of the page, shades: %.4f; want most of it white and the edges of letters shaded", white, float64(shades)/float64(all))
	}
}

// A threshold that lost the thin strokes left splinters, which are made whole; whole
// letters stay as they are.
func TestSplintersAreThickened(t *testing.T) {
	for _, c := range []struct {
		name  string
		thick int // of the strokes, at 300 dpi
		want  int // of them in the ink
	}{{"splinters", 2, 3}, {"whole strokes", 5, 5}} {
		const w, h = 1240, 1754
		packed := make([]byte, w/8*h)
		for y := 100; y < h-100; y += 40 {
			for row := y; row < y+c.thick; row++ {
				for x := 100; x < w-100; x++ {
					packed[row*(w/8)+x/8] |= 0x80 >> (x % 8)
				}
			}
		}
		x, err := FromSamples(packed, w, h, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		before := x.count()
		p := &Picture{scan: record.Scan{Width: w, Height: h}, pixels: x, dpi: 300, letters: Letters}
		t.Cleanup(p.Free)
		if err := p.separate(); err != nil {
			t.Fatal(err)
		}
		black, got := p.ink.blackness(), 0
		for y := 90; y < 130; y++ {
			if black(600, y) {
				got++
			}
		}
		if got != c.want || x.count() != before {
			t.Errorf("%s: strokes of %d pixels come to %d; want %d, and the scan unaltered", c.name, c.thick, got, c.want)
		}
	}
}

// A bilevel scan is given rims: what its threshold broke hangs together again, in grey,
// and its letters come to the height that was asked for.
func TestBilevelScansGetRims(t *testing.T) {
	const w, h = 1240, 1754
	packed := make([]byte, w/8*h)
	for y := 100; y < h-100; y += 60 {
		for x := 100; x < w-100; x += 40 { // letters of 26 pixels that a gap parts
			for i := range 20 * 26 {
				if at := i % 20; at != 10 {
					packed[(y+i/20)*(w/8)+(x+at)/8] |= 0x80 >> ((x + at) % 8)
				}
			}
		}
	}
	pixels, err := FromSamples(packed, w, h, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := &Picture{scan: record.Scan{Width: w, Height: h}, pixels: pixels, dpi: 300, letters: 20}
	t.Cleanup(p.Free)
	if err := p.separate(); err != nil {
		t.Fatal(err)
	}
	clean, m, err := p.Clean(0)
	if err != nil {
		t.Fatal(err)
	}
	defer clean.Free()
	if want := 20. / 26; math.Abs(m.scale-want) > 0.02 {
		t.Errorf("scale = %.2f; want %.2f", m.scale, want)
	}
	grey, _, bits := clean.Samples()
	if bits != 8 {
		t.Fatalf("%d bits; want 8", bits)
	}
	for _, c := range []struct {
		what        string
		x           float64
		least, most byte
	}{{"a letter", 104, 0, 20}, {"its gap", 110, 30, 190}, {"between letters", 130, 255, 255}} {
		x, y := m.back(c.x+0.5, 113)
		at := int(y)*clean.Width() + int(x)
		if v := max(grey[at-1], grey[at], grey[at+1]); v < c.least || v > c.most {
			t.Errorf("%s is %d at its lightest; want %d to %d", c.what, v, c.least, c.most)
		}
	}
}

func TestPreviewIsUprightAndSmall(t *testing.T) {
	p := openedJPEG(t, white(1654, 2339), 200, 90)
	var b bytes.Buffer
	if err := p.Preview(&b); err != nil {
		t.Fatal(err)
	}
	c, format, err := image.DecodeConfig(&b)
	if err != nil || format != "jpeg" || c.Width != 1600 || c.Height >= c.Width {
		t.Errorf("preview = %s of %d x %d, %v; want a lying JPEG 1600 wide", format, c.Width, c.Height, err)
	}
}

func TestCleanKeepsRedText(t *testing.T) {
	for _, dpi := range []int{200, 150} { // 1-bit, and grey at twice the size
		sheet := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
		draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
		red := image.NewUniform(color.RGBA{200, 30, 40, 255})
		for i := range 30 { // letters of a heading
			draw.Draw(sheet, image.Rect(400+24*i, 500, 416+24*i, 530), red, image.Point{}, draw.Src)
		}
		p := openedJPEG(t, sheet, dpi, 0)
		clean, m, err := p.Clean(0)
		if err != nil {
			t.Fatal(err)
		}
		x0, y0 := int(410*m.scale), int(515*m.scale)
		part, err := clean.Clipped(x0, y0, 2, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := part.Samples(); clean.Depth() == 1 && got[0]&0xc0 != 0xc0 || clean.Depth() == 8 && got[0] > 120 {
			t.Errorf("at %d dpi: a letter of red text is %v at depth %d; want it dark", dpi, got, clean.Depth())
		}
		part.Free()
		clean.Free()
	}
}

func TestCleanLiftsGreySealsOffText(t *testing.T) {
	seal, text := image.Rect(800, 1500, 1070, 1770), image.Rect(700, 1650, 1100, 1670)
	for _, c := range []struct {
		name  string
		level uint8
		kept  bool
	}{{"a seal lighter than the text", 120, false}, {"a figure as dark as the text", 20, true}} {
		sheet := white(1654, 2339)
		draw.Draw(sheet, seal, image.NewUniform(color.Gray{c.level}), image.Point{}, draw.Src)
		draw.Draw(sheet, seal.Inset(8), image.NewUniform(color.Gray{240}), image.Point{}, draw.Src)
		draw.Draw(sheet, text, image.NewUniform(color.Gray{15}), image.Point{}, draw.Src)
		clean, _ := cleanInk(t, openedJPEG(t, sheet, 200, 0), 0)
		for _, at := range []struct {
			name string
			x, y int
			ink  bool
		}{{"text below it", 900, 1660, true}, {"its edge", 803, 1600, c.kept}} {
			part, err := clean.Clipped(at.x, at.y, 2, 2)
			if err != nil {
				t.Fatal(err)
			}
			if got := part.count() > 0; got != at.ink {
				t.Errorf("%s, %s: ink %v; want %v", c.name, at.name, got, at.ink)
			}
			part.Free()
		}
	}
}
