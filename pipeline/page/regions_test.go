package page

import (
	"image"
	"image/color"
	"testing"

	made "github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// last is the last page of a paper, where it is signed, at 200 dpi.
func last(t testing.TB, kind made.Kind, seed int64, colour made.Colour, marks made.Marks, turn int) *Picture {
	t.Helper()
	doc, err := made.Make(made.Spec{Name: "t", Kind: kind, Seed: seed, DPI: 200, Colour: colour, Marks: marks, Wear: made.Wear{Skew: .5, Noise: 2, Blur: .3, Turn: turn}})
	if err != nil {
		t.Fatal(err)
	}
	p := openedJPEG(t, plainImage(doc.Pages[len(doc.Pages)-1].Image), 200, 0)
	p.Turn(90 * doc.Pages[len(doc.Pages)-1].Turn)
	return p
}

func kinds(all []record.Region) map[string]int {
	n := map[string]int{}
	for _, r := range all {
		n[r.Kind]++
	}
	return n
}

func TestSealsAndSignatures(t *testing.T) {
	both := made.Marks{Seal: true, Signature: true}
	for _, tt := range []struct {
		name        string
		kind        made.Kind
		colour      made.Colour
		marks       made.Marks
		turn        int
		seals, sign int // -1: not looked at
	}{
		{"a sealed and signed letter", "cong-van", made.InColour, both, 0, 1, 1},
		{"the same, on its side", "cong-van", made.InColour, both, 1, 1, 1},
		{"upside down", "cong-van", made.InColour, both, 2, 1, 1},
		{"sealed alone", "bao-cao", made.InColour, made.Marks{Seal: true}, 0, 1, 0},
		{"signed alone", "quyet-dinh", made.InColour, made.Marks{Signature: true}, 0, 0, 1},
		{"neither", "to-trinh", made.InColour, made.Marks{}, 0, 0, 0},
		{"sealed, black and white", "cong-van", made.Bilevel, made.Marks{Seal: true}, 0, 1, -1},
		{"sealed, in grey", "cong-van", made.InGrey, made.Marks{Seal: true}, 0, 1, -1},
		{"text, black and white", "cong-van", made.Bilevel, made.Marks{}, 0, 0, 0},
	} {
		p := last(t, tt.kind, 6, tt.colour, tt.marks, tt.turn)
		all := p.Facts(1).Regions
		got := kinds(all)
		if got[record.SealRegion] != tt.seals || tt.sign >= 0 && got[record.SignatureRegion] != tt.sign {
			t.Errorf("%s: regions %v; want %d seals, %d signatures", tt.name, all, tt.seals, tt.sign)
		}
		for _, r := range all {
			w, h := p.pixels.Width(), p.pixels.Height()
			if tt.turn == 1 {
				w, h = h, w
			}
			if mm := float64(r.Box.Width()) / 200 * 25.4; r.Kind == record.SealRegion && (mm < 27 || mm > 45 || r.Box[0] < w/3) || r.Box[2] > w || r.Box[3] > h {
				t.Errorf("%s: %v on %d x %d pixels; want a seal right of the middle", tt.name, r, w, h)
			}
		}
	}
}

func TestWritingInBlue(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for x := range 90 { // a word of zigzags, 12 mm long and 4 mm high at 200 dpi
		for y := range 4 {
			up := x % 20
			img.Set(300+x, 400+max(up, 20-up)*2+y, color.RGBA{30, 40, 150, 255})
		}
	}
	got := openedJPEG(t, img, 200, 0).Facts(1).Regions
	if len(got) != 1 || got[0].Kind != record.HandRegion || got[0].Box[0] > 304 || got[0].Box[2] < 386 {
		t.Errorf("regions %v; want handwriting", got)
	}
}

// What is printed on the head of the first page is known, whichever way it lies in the file,
// whether or not it can be read.
func TestOccupied(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	fill := func(x0, y0, x1, y1 int, c color.RGBA) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				img.Set(x, y, c)
			}
		}
	}
	fill(800, 40, 1000, 200, color.RGBA{210, 30, 30, 255})
	fill(1300, 60, 1500, 62, color.RGBA{40, 40, 200, 255})
	fill(100, 1000, 900, 1200, color.RGBA{0, 0, 0, 255}) // below the head
	img.Set(500, 100, color.RGBA{0, 0, 0, 255})          // a speck
	p := openedJPEG(t, img, 200, 0)
	near := func(a, b record.Box) bool {
		for i := range a {
			if d := a[i] - b[i]; d < -20 || d > 20 {
				return false
			}
		}
		return true
	}
	for turn, want := range map[int][]record.Box{0: {{1300, 48, 1500, 64}, {800, 32, 1000, 208}}, 180: {}} {
		p.Turn(turn)
		got := p.Facts(1).Occupied
		if len(got) != len(want) {
			t.Errorf("turned by %d: %v; want %v", turn, got, want)
			continue
		}
		for i := range want {
			if !near(got[i], want[i]) {
				t.Errorf("turned by %d: %v; want %v", turn, got, want)
			}
		}
	}
	if later := p.Facts(2).Occupied; later != nil {
		t.Errorf("page 2: %v; want none, marks stand on the first", later)
	}
}

// BenchmarkRegions is what looking for regions costs on a page in colour at 300 dpi.
func BenchmarkRegions(b *testing.B) {
	doc, err := made.Make(made.Spec{Name: "t", Kind: "quyet-dinh", Seed: 9, DPI: 300, Colour: made.InColour, Marks: made.Marks{Seal: true, Signature: true}})
	if err != nil {
		b.Fatal(err)
	}
	p := openedJPEG(b, doc.Pages[0].Image, 300, 0)
	for b.Loop() {
		p.regions(p.inks())
	}
}
