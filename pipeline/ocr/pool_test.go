package ocr

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{Child: serveOrFail})
	os.Exit(m.Run())
}

// serveOrFail is ServePage, but the name of the scan may ask it to go wrong in
// the ways in which libraries do.
func serveOrFail(c *sandbox.Conn) error {
	e := open("vie")
	defer e.close()
	for {
		var r request
		if err := c.Next(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch r.Scan.File {
		case "crash":
			panic("as a library would")
		case "hang":
			time.Sleep(time.Hour)
		case "swell":
			var all [][]byte
			for {
				//lint:ignore SA4010 the child is to swell
				all = append(all, bytes.Repeat([]byte{1}, 64<<20))
			}
		}
		a, err := e.page(r)
		if err := c.Reply(a, err); err != nil {
			return err
		}
	}
}

// scanOf writes a picture into a work folder as a JPEG scan.
func scanOf(t *testing.T, work string, img image.Image, dpi int) record.Scan {
	t.Helper()
	var b bytes.Buffer
	if err := paper.WriteJPEG(&b, img, dpi, 85); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "scan"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return record.Scan{File: "scan", Filter: "DCTDecode", Width: img.Bounds().Dx(), Height: img.Bounds().Dy(),
		Bits: 8, Space: "DeviceRGB", Colors: 3, DPIX: float64(dpi), DPIY: float64(dpi), Source: "image"}
}

// turned returns img turned a quarter clockwise.
func turned(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dy()-1-y, x, img.At(x, y))
		}
	}
	return out
}

func sheet(t *testing.T) paper.Page {
	t.Helper()
	doc, err := paper.Make(paper.Spec{Name: "t", Kind: "quyet-dinh", Seed: 3, DPI: 200, Colour: paper.InColour,
		Marks: paper.Marks{Seal: true, Signature: true}, Wear: paper.Wear{Skew: 1.2, Noise: 2}})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Pages[0]
}

// found returns how many words of the truth were recognised with a box around
// the place where they stand.
func found(truth, got []record.Line) (n, all int) {
	for _, l := range truth {
		for _, w := range l.Words {
			all++
			if standsIn(w, got) {
				n++
			}
		}
	}
	return n, all
}

func standsIn(w record.Word, lines []record.Line) bool {
	x, y := (w.Box[0]+w.Box[2])/2, (w.Box[1]+w.Box[3])/2
	for _, l := range lines {
		for _, g := range l.Words {
			if g.Text == w.Text && g.Box[0] <= x && x < g.Box[2] && g.Box[1] <= y && y < g.Box[3] {
				return true
			}
		}
	}
	return false
}

func TestRecognise(t *testing.T) {
	p := NewPool(1, Options{Recycle: 1})
	defer p.Close()
	page := sheet(t)
	upright := page.Image
	for _, c := range []struct {
		name string
		img  image.Image
		turn int
	}{
		{"a skewed page with a seal", upright, 0},
		{"the same, scanned sideways", turned(upright), 270},
	} {
		work := t.TempDir()
		scan := scanOf(t, work, c.img, 200)
		got, err := p.Recognise(t.Context(), work, record.Page{Number: 7, Scan: scan})
		if err != nil {
			t.Fatalf("%s: Recognise = %v", c.name, err)
		}
		if n, all := found(page.Lines, got.Lines); n*100 < all*93 {
			t.Errorf("%s: Recognise found %d of %d words in their places; want 93 in 100", c.name, n, all)
		}
		if got.Number != 7 || got.Rotate != c.turn || got.Width != upright.Bounds().Dx() || got.Skew < 0.9 || got.Skew > 1.5 {
			t.Errorf("%s: Recognise = number %d, rotate %d, width %d, skew %v; want 7, %d, %d, 1.2", c.name, got.Number, got.Rotate, got.Width, got.Skew, c.turn, upright.Bounds().Dx())
		}
		f, err := os.Open(filepath.Join(work, got.Preview))
		if err != nil {
			t.Fatal(err)
		}
		small, _, err := image.DecodeConfig(f)
		f.Close()
		if err != nil || small.Width >= small.Height || small.Height > 1600 {
			t.Errorf("%s: preview of %d x %d pixels, %v; want upright, 1600 at most", c.name, small.Width, small.Height, err)
		}
	}
}

func TestRecogniseKeepsThePagesOwnText(t *testing.T) {
	p := NewPool(1, Options{})
	defer p.Close()
	work := t.TempDir()
	blank := image.NewRGBA(image.Rect(0, 0, 800, 1100))
	draw.Draw(blank, blank.Bounds(), image.White, image.Point{}, draw.Src)
	scan := scanOf(t, work, blank, 0)
	got, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: scan})
	if err != nil || !got.Blank || len(got.Lines) > 0 {
		t.Errorf("Recognise(empty sheet) = blank %v, %d lines, %v; want blank", got.Blank, len(got.Lines), err)
	}
	scan.Source, scan.Text = "text", []record.Line{lineAt(100, 100, "chữ của tệp")}
	got, err = p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: scan})
	if err != nil || text(got.Lines) != "chữ của tệp" || got.Preview == "" {
		t.Errorf("Recognise(page with text) = %q, preview %q, %v; want its own text and a preview", text(got.Lines), got.Preview, err)
	}
}

func TestRecogniseOutlivesItsChildren(t *testing.T) {
	p := NewPool(1, Options{Memory: 512 << 20})
	defer p.Close()
	work := t.TempDir()
	img := image.NewRGBA(image.Rect(0, 0, 600, 800))
	good := scanOf(t, work, img, 200)
	for _, c := range []struct {
		name string
		want record.Reason
	}{
		{"crash", record.ChildCrashed},
		{"swell", record.TooMuchMemory},
		{"missing", record.Internal},
	} {
		bad := good
		bad.File = c.name
		_, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: bad})
		if got := record.ReasonOf(err); got != c.want {
			t.Errorf("Recognise(%s) = %v, reason %q; want %q", c.name, err, got, c.want)
		}
		if _, err := p.Recognise(t.Context(), work, record.Page{Number: 2, Scan: good}); err != nil {
			t.Errorf("Recognise after %s = %v; want a new child to do it", c.name, err)
		}
	}
	short := good
	short.Height++
	if _, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: short}); record.ReasonOf(err) != record.Damaged || !errors.Is(err, record.ErrMalformed) {
		t.Errorf("Recognise(wrong size) = %v; want it refused as damaged", err)
	}
}

func TestRecogniseTakesTooLong(t *testing.T) {
	p := NewPool(1, Options{Timeout: 300 * time.Millisecond})
	defer p.Close()
	work := t.TempDir()
	hang := scanOf(t, work, image.NewRGBA(image.Rect(0, 0, 600, 800)), 200)
	hang.File = "hang"
	_, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: hang})
	if got := record.ReasonOf(err); got != record.TooMuchTime {
		t.Errorf("Recognise(hang) = %v, reason %q; want %q", err, got, record.TooMuchTime)
	}
	s, err := p.slots.take(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer p.slots.give(s)
	if s.child != nil {
		t.Error("the child that hung is still in its place")
	}
}

func TestRecogniseCancelled(t *testing.T) {
	p := NewPool(1, Options{})
	defer p.Close()
	work := t.TempDir()
	hang := scanOf(t, work, image.NewRGBA(image.Rect(0, 0, 600, 800)), 200)
	hang.File = "hang"
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := p.Recognise(ctx, work, record.Page{Number: 1, Scan: hang})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), string(record.TooMuchTime)) {
		t.Errorf("Recognise(cancelled) = %v; want the context's error", err)
	}
}
