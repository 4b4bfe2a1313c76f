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
		clean, m, err := p.Clean(c.skew)
		if err != nil {
			t.Errorf("%s: Clean = %v", c.name, err)
			continue
		}
		got := m.Box(inkBox(clean))
		clean.Free()
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
	clean, _, err := openedJPEG(t, sheet, 200, 0).Clean(0)
	if err != nil {
		t.Fatal(err)
	}
	defer clean.Free()
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
		clean, _, err := openedJPEG(t, sheet, 200, 0).Clean(0)
		if err != nil {
			t.Fatal(err)
		}
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
		clean.Free()
	}
}
