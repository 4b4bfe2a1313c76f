package page

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"io"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// orientedEXIF is an EXIF block that states an orientation.
func orientedEXIF(orientation byte) []byte {
	return append([]byte("MM\x00*\x00\x00\x00\x08\x00\x01"), 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0)
}

// extendedWebP puts chunks behind the picture of a simple WebP.
func extendedWebP(simple []byte, chunks ...[]byte) []byte {
	size := binary.LittleEndian.Uint32(simple[21:])
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00"), 0, 0, 0, 0, byte(size), byte(size>>8&63), 0, byte(size>>14), byte(size>>22), 0)
	body = append(body, simple[12:]...)
	for _, c := range chunks {
		body = append(body, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func webpChunk(kind string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	return append(out, make([]byte, len(body)%2)...)
}

// withEXIF puts an eXIf chunk behind the header of a PNG.
func withEXIF(png []byte, exif []byte) []byte {
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(exif))), append([]byte("eXIf"), exif...)...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(png[:33]), chunk...), png[33:]...)
}

func TestOrientationOfEveryFormat(t *testing.T) {
	simple := webpOf(40, 20)
	copy(simple[25:], []byte{0x88, 0x88, 0x08}) // five codes of one symbol, 0: every pixel is black
	for _, tt := range []struct {
		name     string
		file     []byte
		rotate   int
		mirrored bool
	}{
		{"WebP without any", extendedWebP(simple), 0, false},
		{"WebP on its side", extendedWebP(simple, webpChunk("EXIF", orientedEXIF(6))), 90, false},
		{"WebP mirrored, with the prefix of a JPEG", extendedWebP(simple, webpChunk("EXIF", append([]byte("Exif\x00\x00"), orientedEXIF(5)...))), 270, true},
		{"PNG on its side", withEXIF(asPNG(t, painted(40, 20)), orientedEXIF(8)), 270, false},
		{"PNG mirrored", withEXIF(asPNG(t, painted(40, 20)), orientedEXIF(2)), 0, true},
	} {
		s, _, _ := onlyScan(t, tt.file)
		if s.Rotate != tt.rotate || s.Mirrored != tt.mirrored {
			t.Errorf("%s: turned %d, mirrored %v; want %d, %v", tt.name, s.Rotate, s.Mirrored, tt.rotate, tt.mirrored)
		}
	}
}

// A picture that moves, or of a kind that is known and not read, is no damaged one.
func TestKindsThatAreNamed(t *testing.T) {
	dicom := append([]byte("II*\x00\x08\x00\x00\x00"), make([]byte, 200)...)
	copy(dicom[128:], "DICM")
	for name, file := range map[string][]byte{
		"moving picture in WebP":  extendedWebP(webpOf(40, 20), webpChunk("ANIM", make([]byte, 6))),
		"DICOM":                   dicom,
		"JPEG 2000 of 4 channels": flatCodestream(24, 16, 4, 8, 1),
		"PNM":                     []byte("P6\n# by a scanner\n3 2\n255\n" + strings.Repeat("x", 18)),
		"PostScript":              []byte("%!PS-Adobe-3.0\nshowpage\n"),
		"compression 5":           bmpOf(8, 4, 8, 5, nil, nil, make([]byte, 32)),
	} {
		if _, _, err := splitBytes(t, file, Limits{}); record.ReasonOf(err) != record.FormatNotRead || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: Split = %v; want %q", name, err, record.FormatNotRead)
		}
	}
}

// flatCodestream is a JPEG 2000 picture whose every sample is half of the most:
// packets without data. The components behind the first have a sample for each
// sampled pixels across and down.
func flatCodestream(width, height, components, bits, sampled int) []byte {
	be := binary.BigEndian
	b := codestream(width, height, components)
	b = b[:len(b)-2]
	for i := range components {
		step := byte(1)
		if i > 0 {
			step = byte(sampled)
		}
		copy(b[42+3*i:], []byte{byte(bits - 1), step, step})
	}
	b = append(b, 0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 0, 4, 4, 0, 1) // COD: one layer, no level, blocks of 64, reversible
	b = append(b, 0xff, 0x5c, 0, 4, 0x40, byte(bits)<<3)           // QCD: not quantised
	b = append(b, 0xff, 0x90, 0, 10, 0, 0)
	b = be.AppendUint32(b, uint32(14+components))
	b = append(b, 0, 1, 0xff, 0x93)
	b = append(b, make([]byte, components)...) // a packet each: nothing in it
	return append(b, 0xff, 0xd9)
}

func TestJPEG2000ThatHasToBeDrawn(t *testing.T) {
	boxed := func(b []byte, space byte) []byte {
		h, err := readJP2(b)
		if err != nil {
			t.Fatal(err)
		}
		h.bits = int(b[42]) + 1
		head := jp2Wrapping(h)
		head[bytes.Index(head, []byte("colr"))+10] = space
		return append(head, b...)
	}
	grey := image.NewGray(image.Rect(0, 0, 24, 16))
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	const sycc = 18
	for _, tt := range []struct {
		name   string
		file   []byte
		filter string
	}{
		{"8 bits", boxed(flatCodestream(24, 16, 1, 8, 1), jp2Grey), "JPXDecode"},
		{"12 bits", boxed(flatCodestream(24, 16, 1, 12, 1), jp2Grey), "FlateDecode"},
		{"16 bits of colour", flatCodestream(24, 16, 3, 16, 1), "FlateDecode"},
		{"luminance and colour", boxed(flatCodestream(24, 16, 3, 8, 1), sycc), "FlateDecode"},
		{"luminance and half the colour", boxed(flatCodestream(24, 16, 3, 8, 2), sycc), "FlateDecode"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, _ := onlyScan(t, tt.file)
			if s.Filter != tt.filter {
				t.Errorf("Split = %s, want %s", s.Filter, tt.filter)
			}
			samePixels(t, x, grey, 1)
		})
	}
}

// bmpOf is a BMP with a header of 40 bytes; with masks, of 108.
func bmpOf(width, height, bits, packed int, masks []uint32, palette color.Palette, data []byte) []byte {
	le := binary.LittleEndian
	head := 40
	if masks != nil {
		head = 108
	}
	b := append([]byte("BM"), make([]byte, 12)...)
	for _, v := range []int{head, width, height, 1 | bits<<16, packed, 0, 11811, 11811, len(palette), 0} {
		b = le.AppendUint32(b, uint32(v))
	}
	for _, m := range masks {
		b = le.AppendUint32(b, m)
	}
	b = append(b, make([]byte, 14+head-len(b))...)
	for _, c := range palette {
		r, g, bl, _ := c.RGBA()
		b = append(b, byte(bl>>8), byte(g>>8), byte(r>>8), 0)
	}
	le.PutUint32(b[10:], uint32(len(b)))
	return append(b, data...)
}

func TestBitmapsOfEveryKind(t *testing.T) {
	const w, h = 6, 3
	four := color.Palette{color.White, color.RGBA{200, 0, 0, 255}, color.RGBA{0, 90, 200, 255}, color.Black}
	m := image.NewPaletted(image.Rect(0, 0, w, h), four)
	copy(m.Pix, []byte{
		0, 1, 2, 3, 0, 1,
		2, 2, 2, 2, 3, 3,
		1, 0, 0, 0, 0, 2,
	})
	rows := func(each func(i uint8) []byte, pad int) (out []byte) {
		for y := h - 1; y >= 0; y-- {
			for x := range w {
				out = append(out, each(m.ColorIndexAt(x, y))...)
			}
			out = append(out, make([]byte, pad)...)
		}
		return out
	}
	rgb := func(i uint8) (r, g, b uint32) { r, g, b, _ = four[i].RGBA(); return r >> 8, g >> 8, b >> 8 }
	in := func(bytes int, red, green, blue, rest uint32) func(uint8) []byte {
		return func(i uint8) []byte {
			r, g, b := rgb(i)
			return binary.LittleEndian.AppendUint32(nil, r*red+g*green+b*blue+rest)[:bytes]
		}
	}
	five := func(i uint8) []byte {
		r, g, b := rgb(i)
		return binary.LittleEndian.AppendUint16(nil, uint16(r>>3<<10|g>>3<<5|b>>3))
	}
	core := append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x26\x00\x00\x00\x0c\x00\x00\x00"), w, 0, h, 0, 1, 0, 8, 0)
	core = append(core, 255, 255, 255, 0, 0, 200, 200, 90, 0, 0, 0, 0)
	core = append(core, rows(func(i uint8) []byte { return []byte{i} }, 2)...)
	runs := []byte{1, 1, 4, 0, 1, 2, 0, 0, 4, 2, 2, 3, 0, 0, 0, 6, 0, 1, 2, 3, 0, 1, 0, 1}
	skips := []byte{1, 1, 0, 2, 4, 0, 1, 2, 0, 0, 0, 4, 2, 2, 2, 2, 2, 3, 0, 0, 0, 6, 0, 1, 2, 3, 0, 1}
	nibbles := []byte{1, 0x10, 4, 0, 1, 0x20, 0, 0, 4, 0x22, 2, 0x33, 0, 0, 0, 6, 0x01, 0x23, 0x01, 0, 0, 1}
	for _, tt := range []struct {
		name      string
		file      []byte
		tolerance int
	}{
		{"OS/2 with a short header", core, 0},
		{"8 bits", bmpOf(w, h, 8, bmpPlain, nil, four, rows(func(i uint8) []byte { return []byte{i} }, 2)), 0},
		{"the last row's padding left out", bmpOf(w, h, 8, bmpPlain, nil, four, rows(func(i uint8) []byte { return []byte{i} }, 2)[:22]), 0},
		{"runs of 8 bits", bmpOf(w, h, 8, bmpRLE8, nil, four, runs), 0},
		{"runs that skip and have no end", bmpOf(w, h, 8, bmpRLE8, nil, four, skips), 0},
		{"runs of 4 bits", bmpOf(w, h, 4, bmpRLE4, nil, four, nibbles), 0},
		{"16 bits", bmpOf(w, h, 16, bmpPlain, nil, nil, rows(five, 0)), 7},
		{"24 bits", bmpOf(w, h, 24, bmpPlain, nil, nil, rows(in(3, 1<<16, 1<<8, 1, 0), 2)), 0},
		{"32 bits", bmpOf(w, h, 32, bmpPlain, nil, nil, rows(in(4, 1<<16, 1<<8, 1, 0), 0)), 0},
		{"32 bits under masks", bmpOf(w, h, 32, bmpFields, []uint32{0xff, 0xff00, 0xff0000, 0xff000000}, nil, rows(in(4, 1, 1<<8, 1<<16, 0xff000000), 0)), 0},
		{"opacity that nobody filled in", bmpOf(w, h, 32, bmpFields, []uint32{0xff, 0xff00, 0xff0000, 0xff000000}, nil, rows(in(4, 1, 1<<8, 1<<16, 0), 0)), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, _ := onlyScan(t, tt.file)
			if s.DPIX != 300 && !strings.HasPrefix(tt.name, "OS/2") {
				t.Errorf("%v dpi, want 300", s.DPIX)
			}
			samePixels(t, x, m, tt.tolerance)
		})
	}
	if _, _, err := splitBytes(t, bmpOf(w, h, 8, bmpRLE8, nil, four, runs[:6]), Limits{}); record.ReasonOf(err) != record.Truncated {
		t.Errorf("runs that end in the first row: Split = %v; want %q", err, record.Truncated)
	}
}

// A page smaller than a letter is a page, whatever its resolution.
func TestTinyPagesOpen(t *testing.T) {
	for _, side := range []image.Point{{1, 1}, {1, 40}, {40, 1}, {3, 2}, {2, 1187}, {1187, 2}, {1, 5000}, {5000, 1}} {
		s, _, work := onlyScan(t, asPNG(t, ramp(side.X, side.Y)))
		for _, dpi := range []float64{0, 300} {
			s.DPIX, s.DPIY = dpi, dpi
			p, err := Open(work, s, Letters)
			if err != nil {
				t.Errorf("Open of %v pixels at %v dpi: %v", side, dpi, err)
				continue
			}
			p.Facts(1)
			if err := p.Preview(io.Discard); err != nil {
				t.Errorf("Preview of %v pixels at %v dpi: %v", side, dpi, err)
			}
			p.Free()
		}
	}
}

// Of a film its first picture is the page, and the others are lost, not forgotten.
func TestPicturesOfAGIF(t *testing.T) {
	one := bilevelPainted(61, 47)
	for _, n := range []int{1, 2, 3} {
		var film gif.GIF
		for range n {
			film.Image, film.Delay = append(film.Image, one), append(film.Delay, 10)
		}
		d, _, err := splitBytes(t, encoded(t, func(b *bytes.Buffer) error { return gif.EncodeAll(b, &film) }), Limits{})
		stated := len(d.Warnings) == 1 && strings.Contains(d.Warnings[0], fmt.Sprintf("%d pictures", n))
		if err != nil || len(d.Pages) != 1 || stated != (n > 1) {
			t.Errorf("GIF of %d pictures = %d pages, warnings %q, %v; want 1 page and the loss stated", n, len(d.Pages), d.Warnings, err)
		}
	}
}
