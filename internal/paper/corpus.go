package paper

import (
	"encoding/json"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// Corpus returns the specs of n documents: all kinds in turn, each in a
// condition of its own. The same seed gives the same corpus; a longer one begins
// with the shorter.
func Corpus(n int, seed int64) []Spec {
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = member(i, seed)
	}
	return specs
}

// member is document i of the corpus.
func member(i int, seed int64) Spec {
	d := dice{rand.New(rand.NewPCG(uint64(seed), uint64(i)))}
	kinds := Kinds()
	kind := kinds[(i*7)%len(kinds)] // 7 and the number of kinds have no common divisor
	s := d.condition(Spec{Kind: kind, Seed: int64(d.Uint64() >> 1)})
	s.Name = fmt.Sprintf("%04d-%s-%s-%d", i+1, kind, s.Colour, s.DPI)
	return s
}

// condition throws for how a paper was scanned, marked and worn.
func (d dice) condition(s Spec) Spec {
	s.DPI = [...]int{200, 200, 200, 300, 300, 300, 300, 300, 300, 400}[d.IntN(10)]
	s.Colour = [...]Colour{InColour, InColour, InColour, InGrey, Bilevel}[d.IntN(5)]
	formats := map[Colour][]string{InColour: {"jpg", "pdf", "pdf"}, InGrey: {"jpg", "pdf", "tif", "png"}, Bilevel: {"tif", "tif", "pdf", "png"}}
	s.Format = d.one(formats[s.Colour]...)
	_, typed := typeOf(s.Kind)
	if typed && d.chance(.15) {
		s.Layout = TT01
	}
	s.Annex, s.Duplex = typed && d.chance(.1), d.chance(.05)
	s.Marks = Marks{Seal: d.chance(.85), Signature: d.chance(.9), Received: d.chance(.25), Number: typed && d.chance(.45), Day: typed && d.chance(.4)}
	w := Wear{Skew: max(-2, min(2, d.NormFloat64()*.7)), Noise: 1 + 5*d.Float64()*d.Float64(), Blur: .2 + .5*d.Float64()*d.Float64(), Quality: d.between(45, 92), Edges: d.chance(.2)}
	if d.chance(.05) {
		w.Turn = d.between(1, 3)
	}
	if d.chance(.08) {
		s.Marks.QR = fmt.Sprintf("H%02d.%d-%s-%04d", d.between(1, 63), d.between(1, 40), d.day(ND30).Format("060102"), d.between(1, 9999))
	}
	if d.chance(.35) {
		w.Yellow, w.Shade = d.Float64(), .35*d.Float64()
	}
	if d.chance(.2) {
		w.Fade = .45 * d.Float64()
	}
	if d.chance(.25) {
		w.Through = .8 * d.Float64()
	}
	if d.chance(.25) {
		w.Specks = 6 * d.Float64()
	}
	if s.Layout == TT01 && d.chance(.4) {
		s.Layout = TTLT55
	}
	s.Marks.Across = s.Marks.Received && d.chance(.25)
	if d.chance(.15) {
		s.Marks.Notes = d.between(1, 3)
	}
	w.Fax = s.Colour == Bilevel && d.chance(.1)
	s.Wear = w
	return s
}

// WriteCorpus writes documents of [Corpus] into dir until they have n pages or
// more. Beside NAME.jpg, .png, .tif or .pdf it writes NAME.txt (the printed
// lines) and NAME.json ([Truth] with the pages' words).
func WriteCorpus(dir string, n int, seed int64) error { return write(dir, n, seed, member) }

// WriteVaried is WriteCorpus for [VariedCorpus].
func WriteVaried(dir string, n int, seed int64) error { return write(dir, n, seed, variedMember) }

// WriteForms is WriteCorpus for [FormCorpus].
func WriteForms(dir string, n int, seed int64) error { return write(dir, n, seed, formMember) }

func write(dir string, n int, seed int64, member func(i int, seed int64) Spec) error {
	pages := 0
	for i := 0; pages < n; i++ {
		doc, err := Make(member(i, seed))
		if err != nil {
			return err
		}
		pages += len(doc.Pages)
		if err := doc.WriteTo(dir); err != nil {
			return err
		}
	}
	return nil
}

// WriteTo writes the document and its truth into dir. A one-page format holds
// one page: a longer document becomes a PDF.
func (d *Document) WriteTo(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("write %s: %w", d.Spec.Name, err)
	}
	format := d.Spec.Format
	if len(d.Pages) > 1 && (format == "jpg" || format == "png") {
		format = "pdf"
	}
	d.Truth.File = d.Spec.Name + "." + format
	for name, write := range map[string]func(io.Writer) error{
		d.Truth.File:          func(w io.Writer) error { return d.encode(w, format) },
		d.Spec.Name + ".txt":  d.writeText,
		d.Spec.Name + ".json": d.writeTruth,
	} {
		if err := create(filepath.Join(dir, name), write); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func create(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (d *Document) encode(w io.Writer, format string) error {
	quality := d.Spec.Wear.Quality
	if quality == 0 {
		quality = 80
	}
	var images []image.Image
	for _, p := range d.Pages {
		images = append(images, p.Image)
	}
	switch format {
	case "jpg":
		return WriteJPEG(w, images[0], d.Spec.DPI, quality)
	case "png":
		return WritePNG(w, images[0], d.Spec.DPI)
	case "tif":
		return WriteTIFF(w, images, d.Spec.DPI, Deflate)
	case "pdf":
		return WritePDF(w, images, d.Spec.DPI, quality)
	}
	return fmt.Errorf("format %q is none of jpg, png, tif, pdf", format)
}

// Text returns the printed lines of all pages; what is written or stamped is not in it.
func (d *Document) Text() string {
	var b strings.Builder
	for _, p := range d.Pages {
		for _, l := range p.Lines {
			for i, w := range l.Words {
				if i > 0 {
					b.WriteByte(' ')
				}
				b.WriteString(w.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (d *Document) writeText(w io.Writer) error {
	_, err := io.WriteString(w, d.Text())
	return err
}

func (d *Document) writeTruth(w io.Writer) error {
	type page struct {
		Width  int          `json:"rong"` // upright
		Height int          `json:"cao"`
		DPI    int          `json:"dpi"`
		Turn   int          `json:"xoay"`     // degrees clockwise that bring the scan upright
		Words  [][]any      `json:"tu"`       // text, x0, y0, x1, y1
		Hand   []record.Box `json:"viet_tay"` // boxes of handwriting
	}
	all := struct {
		Truth
		Leaves []page `json:"trang"`
	}{Truth: d.Truth}
	for _, p := range d.Pages {
		r := p.Image.Bounds()
		if p.Turn%2 == 1 {
			r = image.Rect(0, 0, r.Dy(), r.Dx())
		}
		leaf := page{Width: r.Dx(), Height: r.Dy(), DPI: d.Spec.DPI, Turn: 90 * p.Turn, Words: [][]any{}, Hand: append([]record.Box{}, p.Hand...)}
		for _, l := range p.Lines {
			for _, w := range l.Words {
				leaf.Words = append(leaf.Words, []any{w.Text, w.Box[0], w.Box[1], w.Box[2], w.Box[3]})
			}
		}
		all.Leaves = append(all.Leaves, leaf)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(all)
}
