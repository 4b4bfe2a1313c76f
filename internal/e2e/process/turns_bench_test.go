//go:build crash && bench

package process

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
)

// longPages is what a dossier in a file of its own may have.
const longPages = 2000

// TestShortBesideLong prints how long a document of one page takes from upload to
// review: alone; beside a dossier of 2,000 pages like its own, from when that has
// been sent; beside one of 2,000 empty sheets on its whole way, which is mostly
// splitting, storing and writing. It takes about five minutes.
func TestShortBesideLong(t *testing.T) {
	h := embedded(t)
	h.work.Jobs = 2
	h.config.UploadBytes = 1 << 30
	p := h.all()
	p.Timing = queue.DefaultTiming()
	start(t, p)
	h.awake()
	seed := time.Now().UnixNano() % 1e9
	short := func() time.Duration {
		seed++
		body := scan(t, seed)
		start := time.Now()
		h.reaches(h.upload("don.jpg", body).Document, record.InReview, "")
		return time.Since(start)
	}
	short() // warm
	fmt.Println("| a document of one page, from upload to review | documents | median | longest | times alone |\n|---|--:|--:|--:|--:|")
	alone := tell("alone", times(9, short), 0)
	long := h.upload("giay.pdf", sheets(t, blank(t), longPages)).Document
	var beside []time.Duration
	for h.waits(map[string]string{"": long}) == nil {
		beside = append(beside, short())
	}
	h.reaches(long, record.InReview, "")
	tell("beside 2,000 empty sheets, from their receipt to review", beside, alone)
	long = h.upload("dai.pdf", sheets(t, scan(t, seed), longPages)).Document
	tell("beside 2,000 pages like its own", times(27, short), alone)
	if err := h.running(long); err != nil {
		t.Errorf("the long one is not being read any more: %v", err)
	}
}

func times(n int, f func() time.Duration) []time.Duration {
	var all []time.Duration
	for range n {
		all = append(all, f())
	}
	return all
}

// tell prints a row and returns its median.
func tell(how string, all []time.Duration, alone time.Duration) time.Duration {
	slices.Sort(all)
	median, ratio := all[len(all)/2], ""
	if alone > 0 {
		ratio = fmt.Sprintf("%.1f", median.Seconds()/alone.Seconds())
	}
	fmt.Printf("| %s | %d | %.1f s | %.1f s | %s |\n", how, len(all), median.Seconds(), all[len(all)-1].Seconds(), ratio)
	return median
}

// blank is a small sheet on which nothing stands.
func blank(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	sheet := image.NewGray(image.Rect(0, 0, 413, 585))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	if err := jpeg.Encode(&b, sheet, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheets is a PDF that has one JPEG n times, each time as a picture of its own.
func sheets(t *testing.T, jpeg []byte, n int) []byte {
	t.Helper()
	size, _, err := image.DecodeConfig(bytes.NewReader(jpeg))
	if err != nil {
		t.Fatal(err)
	}
	space := "/DeviceRGB"
	if size.ColorModel == color.GrayModel {
		space = "/DeviceGray"
	}
	var kids bytes.Buffer
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 3*i+3)
		content := "q 595 0 0 842 0 0 cm /Scan Do Q"
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</Scan %d 0 R>>>>/Contents %d 0 R>>", 3*i+5, 3*i+4),
			fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
			fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", size.Width, size.Height, space, len(jpeg), jpeg))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, kids.Bytes())
	return pdfOf(objects...)
}
