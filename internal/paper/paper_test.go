package paper

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"github.com/sohoa/sohoa/record"
)

const quick = 100 // dpi: the text is the same at any

func mustMake(t *testing.T, s Spec) *Document {
	t.Helper()
	if s.DPI == 0 {
		s.DPI = quick
	}
	if s.Colour == "" {
		s.Colour = InColour
	}
	doc, err := Make(s)
	if err != nil {
		t.Fatalf("Make(%+v) = %v; want a document", s, err)
	}
	return doc
}

func TestEveryKindSaysOnPaperWhatItsTruthSays(t *testing.T) {
	for i, kind := range Kinds() {
		doc := mustMake(t, Spec{Kind: kind, Seed: int64(i), Layout: Layout(i % 3)})
		text := strings.Join(strings.Fields(doc.Text()), " ")
		for name, want := range doc.wanted() {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the text lacks %s %q", kind, name, want)
			}
		}
		if doc.Truth.Pages != len(doc.Pages) || len(doc.Pages) == 0 {
			t.Errorf("%s: Truth.Pages = %d; want %d, at least 1", kind, doc.Truth.Pages, len(doc.Pages))
		}
	}
}

// wanted is every value of the truth that must stand in the text as one piece.
func (d *Document) wanted() map[string]string {
	all := map[string]string{}
	if h := d.Truth.Header; h != nil {
		all["organ"], all["date"] = h.OrganName, h.Place+", "+h.DatePrinted
		for name, value := range map[string]*string{"superior": h.SuperiorOrgan, "subject": h.Subject, "urgency": h.Urgency, "secrecy": h.Secrecy} {
			if value != nil {
				all[name] = *value
			}
		}
		if h.Number != nil {
			all["number"] = "Số: " + *h.Number + "/" + *h.Notation
		}
		if *h.TypeName != "CÔNG VĂN" {
			all["type"] = *h.TypeName
		}
	}
	if s := d.Truth.Signer; s != nil {
		all["name"] = s.Name
		all["title"] = strings.ReplaceAll(s.Title, " / ", " ")
	}
	for label, value := range d.Truth.Entries {
		if d.Spec.Kind == BirthCertificate || d.Spec.Kind == Application {
			all[label] = value
		}
	}
	return all
}

func TestSameSpecSamePixels(t *testing.T) {
	s := Spec{Kind: "quyet-dinh", Seed: 5, DPI: quick, Colour: InColour, Marks: Marks{Seal: true, Signature: true, Received: true, Number: true, Day: true},
		Wear: Wear{Skew: 1, Noise: 3, Blur: .3, Yellow: .5, Shade: .2, Fade: .1, Through: .5, Specks: 2, Edges: true}}
	a, b := mustMake(t, s), mustMake(t, s)
	for i := range a.Pages {
		if !bytes.Equal(a.Pages[i].Image.(*image.RGBA).Pix, b.Pages[i].Image.(*image.RGBA).Pix) {
			t.Errorf("page %d differs between two runs of one spec", i+1)
		}
	}
	s.Seed++
	if c := mustMake(t, s); a.Text() == c.Text() {
		t.Errorf("seeds %d and %d give one text; want two", s.Seed-1, s.Seed)
	}
}

func TestTextDoesNotDependOnCondition(t *testing.T) {
	clean := mustMake(t, Spec{Kind: "bao-cao", Seed: 9})
	worn := mustMake(t, Spec{Kind: "bao-cao", Seed: 9, Colour: Bilevel, Marks: Marks{Seal: true, Signature: true, Received: true}, Wear: Wear{Skew: 2, Specks: 3}})
	if clean.Text() != worn.Text() {
		t.Errorf("a worn paper says something else than a clean one")
	}
}

// A number written by hand is no printed word, and its slot is known.
func TestHandwritingIsNotText(t *testing.T) {
	printed := mustMake(t, Spec{Kind: "quyet-dinh", Seed: 4})
	byHand := mustMake(t, Spec{Kind: "quyet-dinh", Seed: 4, Marks: Marks{Number: true, Day: true}})
	number, notation := *printed.Truth.Number, *printed.Truth.Notation
	for _, c := range []struct {
		doc   *Document
		text  string
		slots int
	}{{printed, "Số: " + number + "/" + notation, 0}, {byHand, "Số: /" + notation, 2}} {
		if !strings.Contains(c.doc.Text(), c.text) {
			t.Errorf("Text() lacks %q", c.text)
		}
		if got := len(c.doc.Pages[0].Hand); got != c.slots {
			t.Errorf("%q: %d slots by hand; want %d", c.text, got, c.slots)
		}
	}
	if h := byHand.Truth.Header; !h.NumberByHand || !h.DayByHand || *h.Number != number {
		t.Errorf("truth by hand = %+v; want number %s, by hand", h, number)
	}
}

func dark(img *image.RGBA, b record.Box) (share float64) {
	n := 0
	for y := b[1]; y < b[3]; y++ {
		for x := b[0]; x < b[2]; x++ {
			if img.Pix[img.PixOffset(x, y)] < 128 {
				n++
			}
		}
	}
	return float64(n) / float64(b.Width()*b.Height())
}

// Boxes hold their words' ink on a skewed page, and nothing dark is left outside words and rules.
func TestBoxesLieAroundTheInk(t *testing.T) {
	doc := mustMake(t, Spec{Kind: "thong-bao", Seed: 2, Wear: Wear{Skew: 1.5}})
	img := doc.Pages[0].Image.(*image.RGBA)
	total, inside := dark(img, record.Box{0, 0, img.Rect.Dx(), img.Rect.Dy()})*float64(img.Rect.Dx()*img.Rect.Dy()), 0.0
	for _, l := range doc.Pages[0].Lines {
		for _, w := range l.Words {
			share := dark(img, w.Box)
			if share < .05 {
				t.Errorf("box %v of %q is %.2f dark; want ink in it", w.Box, w.Text, share)
			}
			inside += share * float64(w.Box.Width()*w.Box.Height())
		}
	}
	if inside < .97*total {
		t.Errorf("boxes hold %.3f of the page's ink; want nearly all", inside/total)
	}
}

func TestBaselineTurnsWithThePage(t *testing.T) {
	doc := mustMake(t, Spec{Kind: "ke-hoach", Seed: 2, Wear: Wear{Skew: 1}})
	line := doc.Pages[0].Lines[len(doc.Pages[0].Lines)-3]
	if want := math.Tan(math.Pi / 180); math.Abs(line.Baseline.Slope-want) > 1e-6 {
		t.Errorf("slope = %.5f; want %.5f", line.Baseline.Slope, want)
	}
	if at := line.Baseline.Offset; at > 0 || at < -20 {
		t.Errorf("baseline lies %.1f below the line's box of height %d; want a little above its lower edge", at, line.Box.Height())
	}
}

func TestSealIsRedAndLiesOverTheSigner(t *testing.T) {
	bare := mustMake(t, Spec{Kind: "cong-van", Seed: 1})
	sealed := mustMake(t, Spec{Kind: "cong-van", Seed: 1, Marks: Marks{Seal: true}})
	n := len(bare.Pages) - 1
	a, b := bare.Pages[n].Image.(*image.RGBA), sealed.Pages[n].Image.(*image.RGBA)
	red := 0
	for i := 0; i < len(b.Pix); i += 4 {
		if a.Pix[i] > 200 && b.Pix[i] > b.Pix[i+1]+60 {
			red++
		}
	}
	if red < 1000 {
		t.Errorf("the seal has %d red pixels; want a seal", red)
	}
}

func TestWritersStateSizeAndResolution(t *testing.T) {
	colour := mustMake(t, Spec{Kind: "giay-moi", Seed: 3}).Pages[0].Image
	two := mustMake(t, Spec{Kind: "giay-moi", Seed: 3, Colour: Bilevel}).Pages[0].Image
	grey := mustMake(t, Spec{Kind: "giay-moi", Seed: 3, Colour: InGrey}).Pages[0].Image
	for _, c := range []struct {
		name   string
		write  func(*bytes.Buffer) error
		decode func(*bytes.Buffer) (image.Image, error)
		holds  string
	}{
		{"jpeg", func(b *bytes.Buffer) error { return WriteJPEG(b, colour, 300, 80) }, func(b *bytes.Buffer) (image.Image, error) { return jpeg.Decode(b) }, "JFIF\x00\x01\x01\x01\x01\x2c\x01\x2c"},
		{"png", func(b *bytes.Buffer) error { return WritePNG(b, two, 300) }, func(b *bytes.Buffer) (image.Image, error) { return png.Decode(b) }, "pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01"},
		{"tiff, Group 4", func(b *bytes.Buffer) error { return WriteTIFF(b, []image.Image{two}, 300, 0) }, func(b *bytes.Buffer) (image.Image, error) { return tiff.Decode(b) }, "\x2c\x01\x00\x00\x01\x00\x00\x00"},
		{"tiff, deflate", func(b *bytes.Buffer) error { return WriteTIFF(b, []image.Image{colour, grey}, 300, Deflate) }, func(b *bytes.Buffer) (image.Image, error) { return tiff.Decode(b) }, "\x2c\x01\x00\x00\x01\x00\x00\x00"},
		{"tiff, uncompressed", func(b *bytes.Buffer) error { return WriteTIFF(b, []image.Image{grey}, 300, Uncompressed) }, func(b *bytes.Buffer) (image.Image, error) { return tiff.Decode(b) }, "\x2c\x01\x00\x00\x01\x00\x00\x00"},
	} {
		var b bytes.Buffer
		if err := c.write(&b); err != nil {
			t.Fatalf("%s: write = %v", c.name, err)
		}
		if !bytes.Contains(b.Bytes(), []byte(c.holds)) {
			t.Errorf("%s: no resolution %q in the file", c.name, c.holds)
		}
		if got, err := c.decode(&b); err != nil || got.Bounds() != colour.Bounds() {
			t.Errorf("%s: decode = %v; want a picture of %v", c.name, err, colour.Bounds())
		}
	}
}

func TestPDFHasAPageForEveryPicture(t *testing.T) {
	doc := mustMake(t, Spec{Kind: "bao-cao", Seed: 6, Colour: Bilevel})
	var b bytes.Buffer
	var images []image.Image
	for _, p := range doc.Pages {
		images = append(images, p.Image)
	}
	if err := WritePDF(&b, images, quick, 80); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(b.Bytes(), []byte("/Filter /CCITTFaxDecode")); got != len(images) || got < 2 {
		t.Errorf("WritePDF put %d Group 4 pictures for %d pages; want as many, at least 2", got, len(images))
	}
}

func TestLongerCorpusBeginsWithTheShorter(t *testing.T) {
	long, short := Corpus(2*len(Kinds()), 1), Corpus(5, 1)
	kinds := map[Kind]bool{}
	for i, s := range long {
		kinds[s.Kind] = true
		if i < len(short) && s != short[i] {
			t.Errorf("spec %d of the longer corpus = %+v; want %+v", i, s, short[i])
		}
	}
	if len(kinds) != len(Kinds()) {
		t.Errorf("the corpus has %d kinds; want %d", len(kinds), len(Kinds()))
	}
}

func TestDaysInTheTextAreNotAfterTheDocument(t *testing.T) {
	d := dice{stream(1, forText)}
	on := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	for range 50 {
		day, err := time.Parse("02/01/2006", d.fill("{ngay}", agency{}, on))
		if err != nil || !day.Before(on) {
			t.Errorf("fill(ngay) = %v, %v; want a day before %v", day, err, on)
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	for _, s := range []Spec{{Kind: "thu-tinh", DPI: 100, Colour: InColour}, {Kind: "cong-van", DPI: 9, Colour: InColour}, {Kind: "cong-van", DPI: 100, Colour: "sepia"}} {
		if _, err := Make(s); err == nil {
			t.Errorf("Make(%+v) = nil; want an error", s)
		}
	}
}

func TestTurnedPagesAreTheUprightOnesTurned(t *testing.T) {
	upright := mustMake(t, Spec{Kind: "giay-moi", Seed: 1, Colour: InGrey}).Pages[0].Image.(*image.Gray)
	for turn := range 4 {
		page := mustMake(t, Spec{Kind: "giay-moi", Seed: 1, Colour: InGrey, Wear: Wear{Turn: turn}}).Pages[0]
		back := page.Image
		for range page.Turn {
			back = quarterTurned(back)
		}
		if !bytes.Equal(back.(*image.Gray).Pix, upright.Pix) || (turn+page.Turn)%4 != 0 {
			t.Errorf("turned by %d and back by %d quarters is not the upright page", turn, page.Turn)
		}
	}
	corner := upright.GrayAt(3, 5)
	if got := turnedBy(upright, 1).(*image.Gray).GrayAt(upright.Rect.Dy()-1-5, 3); got != corner {
		t.Errorf("a quarter turn clockwise takes (3, 5) elsewhere: %v; want %v", got, corner)
	}
}

func TestDuplexHasEmptyBacks(t *testing.T) {
	single, both := mustMake(t, Spec{Kind: "to-trinh", Seed: 1}), mustMake(t, Spec{Kind: "to-trinh", Seed: 1, Duplex: true})
	if len(both.Pages) != 2*len(single.Pages) || both.Truth.Pages != len(both.Pages) {
		t.Fatalf("%d pages for %d; want twice as many", len(both.Pages), len(single.Pages))
	}
	for i := 1; i < len(both.Pages); i += 2 {
		if n := len(both.Pages[i].Lines); n != 0 {
			t.Errorf("the back of sheet %d has %d lines; want none", i/2+1, n)
		}
	}
	if single.Text() != both.Text() {
		t.Errorf("empty backs change the text")
	}
}

func TestAnnexHasASignerOfItsOwn(t *testing.T) {
	plain, long := mustMake(t, Spec{Kind: "quyet-dinh", Seed: 8}), mustMake(t, Spec{Kind: "quyet-dinh", Seed: 8, Annex: true})
	if !strings.HasPrefix(long.Text(), plain.Text()) || !strings.Contains(long.Text(), "PHỤ LỤC") || !strings.Contains(long.Text(), "NGƯỜI LẬP BIỂU") {
		t.Errorf("a document with an annex is not the document and an annex")
	}
	if *long.Truth.Signer != *plain.Truth.Signer {
		t.Errorf("signer = %+v; want %+v", *long.Truth.Signer, *plain.Truth.Signer)
	}
}

func TestQRCodeIsPrintedAtTheTopLeft(t *testing.T) {
	s := Spec{Kind: "giay-moi", Seed: 1, Marks: Marks{QR: "H40.16-240101-0007"}}
	img := mustMake(t, s).Pages[0].Image.(*image.RGBA)
	if share := dark(img, record.Box{34, 31, 118, 115}); share < .3 || share > .7 {
		t.Errorf("where the code should be %.2f is dark; want about half", share)
	}
	s.Marks.QR = strings.Repeat("x", 5000)
	s.DPI, s.Colour = quick, InColour
	if _, err := Make(s); err == nil {
		t.Errorf("Make with a QR code of 5000 bytes = nil; want an error")
	}
}

func TestAFaxedPageHasTheSendersLineAndCoarseRows(t *testing.T) {
	s := Spec{Kind: "thong-bao", Seed: 3, DPI: 200, Colour: Bilevel, Marks: Marks{Received: true, Across: true, Notes: 2}, Wear: Wear{Fax: true}}
	doc := mustMake(t, s)
	img := doc.Pages[0].Image.(*image.Paletted)
	ink := 0
	for _, v := range img.Pix[:36*img.Stride] {
		ink += int(v)
	}
	if ink < 500 {
		t.Errorf("the sender's line has %d dark pixels; want ink", ink)
	}
	for y := 0; y+1 < img.Rect.Dy(); y += 2 {
		if !bytes.Equal(img.Pix[y*img.Stride:(y+1)*img.Stride], img.Pix[(y+1)*img.Stride:(y+2)*img.Stride]) {
			t.Fatalf("rows %d and %d differ; want 98 lines an inch", y, y+1)
		}
	}
	if again := mustMake(t, s); !bytes.Equal(img.Pix, again.Pages[0].Image.(*image.Paletted).Pix) {
		t.Error("the same seed gives other pixels")
	}
}

func TestAnAttachmentSaysWhatItsTruthSays(t *testing.T) {
	for seed := range int64(6) {
		doc := mustMake(t, Spec{Kind: "ke-hoach", Seed: seed, Annex: true, Layout: TTLT55})
		a := doc.Truth.Attachments[0]
		text := strings.Join(strings.Fields((&Document{Pages: doc.Pages[a.From-1 : a.To]}).Text()), " ")
		for _, want := range []string{a.TypeName, a.Subject, a.Title, a.Signer, "Kèm theo"} {
			if !strings.Contains(text, want) {
				t.Errorf("the attachment's pages lack %q", want)
			}
		}
	}
}
