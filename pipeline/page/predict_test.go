package page

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// chunk is a chunk of a PNG.
func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// What is stored is the data of a PNG that the standard library reads as the same picture, and so do we: grey and
// colour, of 8 and 16 bits, of a form that every filter fits somewhere.
func TestPredictorByAnotherReader(t *testing.T) {
	const width, height = 301, 257
	for kind, of := range map[byte]struct{ colors, bits int }{0: {1, 8}, 2: {3, 8}, 100: {1, 16}, 102: {3, 16}} {
		random := rand.New(rand.NewPCG(3, uint64(kind)))
		n := of.colors * of.bits / 8
		samples := make([]byte, width*height*n)
		for i := range samples {
			x, y := i/n%width, i/n/width
			slope := []int{x, y, (x + y) / 2, x + 2*y, random.IntN(256)}[y/16%5]
			samples[i] = byte(slope + i%n*40 + random.IntN(3))
		}
		r := raw{width: width, height: height, bits: of.bits, colors: of.colors, row: func(y int) []byte { return samples[y*width*n:][:width*n] }}
		used := map[byte]bool{}
		p := newPredictor(r, true)
		for y := range height {
			used[p.next(r.row(y))[0]] = true
		}
		if len(used) != 4 {
			t.Errorf("%d x %d bits: filters %v are used, want four", of.colors, of.bits, used)
		}
		var packed bytes.Buffer
		if err := (packing{search: true, predicted: true}).pack(&packed, r, 1); err != nil {
			t.Fatal(err)
		}
		head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
		head = append(head, byte(of.bits), kind%100, 0, 0, 0)
		file := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
		file = append(append(file, chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
		m, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got := allRows(rawOf(m)); !bytes.Equal(got, samples) {
			t.Errorf("%d x %d bits: another reader sees other pixels", of.colors, of.bits)
		}
		work := t.TempDir()
		scan, err := (&opened{out: folder(work)}).storeRaw(r, "0001")
		if err != nil {
			t.Fatal(err)
		}
		stored, err := os.ReadFile(filepath.Join(work, scan.File))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := inflated(stored, (r.stride()+1)*height)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unpredictPNG(rows, r.stride(), height, of.colors*of.bits); err != nil || !bytes.Equal(got, samples) {
			t.Errorf("%d x %d bits: comes back otherwise: %v", of.colors, of.bits, err)
		}
	}
}

func allRows(r raw) []byte {
	var all []byte
	for y := range r.height {
		all = append(all, r.row(y)...)
	}
	return all
}

// Rows of colours are on white, whatever kind of picture they come from.
func TestRowsOnWhite(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	bounds := image.Rect(3, 2, 40, 22)
	straight, joined := image.NewNRGBA(bounds), image.NewRGBA(bounds)
	for i := range straight.Pix {
		straight.Pix[i] = byte(random.IntN(256))
	}
	for i := range joined.Pix {
		joined.Pix[i] = byte(random.IntN(int(straight.Pix[i|3]) + 1))
		if i%4 == 3 {
			joined.Pix[i] = straight.Pix[i]
		}
	}
	for _, m := range []image.Image{straight, joined} {
		got := allRows(rawOf(m))
		for i := range bounds.Dx() * bounds.Dy() {
			r, g, b, a := m.At(bounds.Min.X+i%bounds.Dx(), bounds.Min.Y+i/bounds.Dx()).RGBA()
			white := 0xffff - a
			if want := []byte{byte((r + white) >> 8), byte((g + white) >> 8), byte((b + white) >> 8)}; !bytes.Equal(got[3*i:3*i+3], want) {
				t.Fatalf("%T: pixel %d is %v, want %v", m, i, got[3*i:3*i+3], want)
			}
		}
	}
}
