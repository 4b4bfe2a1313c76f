package page

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// deflatedZeros is so many zeros, compressed.
func deflatedZeros(t *testing.T, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for range size >> 20 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngChunk is one chunk of a PNG.
func pngChunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// directories is a TIFF of n empty directories in a chain.
func directories(n int) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i := range n {
		next := uint32(8 + 6*(i+1))
		if i == n-1 {
			next = 0
		}
		b = le.AppendUint32(append(b, 0, 0), next)
	}
	return b
}

// jp2Of is the head of a JPEG 2000 file with a picture of so many pixels.
func jp2Of(width, height uint32) []byte {
	be := binary.BigEndian
	size := be.AppendUint32(be.AppendUint32([]byte{0, 0}, width), height)
	size = append(size, make([]byte, 8)...) // offset
	size = be.AppendUint32(be.AppendUint32(size, width), height)
	size = append(size, make([]byte, 8)...)
	size = append(size, 0, 1, 7, 1, 1)
	return slices.Concat([]byte{0xff, 0x4f, 0xff, 0x51}, be.AppendUint16(nil, uint16(len(size)+2)), size, []byte{0xff, 0xd9})
}

// webpOf is a WebP of one empty lossless picture of so many pixels, at most 16384.
func webpOf(width, height uint32) []byte {
	le := binary.LittleEndian
	body := le.AppendUint32([]byte{0x2f}, (width-1)|(height-1)<<14)
	body = append(body, make([]byte, 11)...)
	chunk := append(le.AppendUint32([]byte("WEBPVP8L"), uint32(len(body))), body...)
	return append(le.AppendUint32([]byte("RIFF"), uint32(len(chunk))), chunk...)
}

func TestBombsEndWithAReason(t *testing.T) {
	bmp := append([]byte("BM"), make([]byte, 60)...)
	bmp[10], bmp[14], bmp[26], bmp[28] = 54, 40, 1, 24
	binary.LittleEndian.PutUint32(bmp[18:], 60000)
	binary.LittleEndian.PutUint32(bmp[22:], 60000)
	var animation bytes.Buffer
	if err := gif.Encode(&animation, image.NewPaletted(image.Rect(0, 0, 8, 8), bilevelPainted(8, 8).Palette), nil); err != nil {
		t.Fatal(err)
	}
	wide := animation.Bytes()
	binary.LittleEndian.PutUint16(wide[6:], 65535)
	binary.LittleEndian.PutUint16(wide[8:], 65535)
	png := asPNG(t, painted(8, 8))
	profile := slices.Concat(png[:33], pngChunk("iCCP", append([]byte("x\x00\x00"), deflatedZeros(t, 256<<20)...)), png[33:])
	plain := scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil))
	flate := func(data []byte, width, height int) *stream {
		return &stream{pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"), "Width": width, "Height": height, "BitsPerComponent": 8,
			"ColorSpace": pdf.Name("DeviceGray"), "Filter": pdf.Name("FlateDecode")}, data}
	}
	twice := flate(deflatedZeros(t, 64<<20), 8, 4)
	var again bytes.Buffer
	z := zlib.NewWriter(&again)
	if _, err := z.Write(twice.data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	twice.data, twice.dict["Filter"] = again.Bytes(), pdf.Array{pdf.Name("FlateDecode"), pdf.Name("FlateDecode")}
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	nested := writePDF(t, pdf.Dict{"X": pdf.Raw(deep)}, plain)
	forms := plain
	forms.content = strings.Repeat("q ", 2_000_000) + "/Im Do"
	for _, tt := range []struct {
		name string
		file []byte
		want []record.Reason // any of these; "" if pages may come
	}{
		{"TIFF of a million pages", directories(1_000_000), []record.Reason{record.TooManyPages}},
		{"TIFF of pages without pixels", directories(3), []record.Reason{record.Damaged}},
		{"JPEG 2000 of 2^31 x 2^31 pixels", jp2Of(1<<31-1, 1<<31-1), []record.Reason{record.TooManyPixels, record.Damaged}},
		{"JPEG 2000 of 60000 x 60000 pixels", jp2Of(60000, 60000), []record.Reason{record.TooManyPixels}},
		{"WebP of 16384 x 16384 pixels", webpOf(16384, 16384), []record.Reason{record.TooManyPixels}},
		{"BMP of 60000 x 60000 pixels", bmp, []record.Reason{record.TooManyPixels}},
		{"GIF of 65535 x 65535 pixels", wide, []record.Reason{record.TooManyPixels}},
		{"PNG whose profile is 256 MiB of zeros", profile, []record.Reason{"", record.Damaged}},
		{"PDF picture of 64 MiB of zeros for 32 pixels", writePDF(t, nil, scanned(twice)), []record.Reason{"", record.Damaged}},
		{"PDF picture of 60000 x 60000 pixels", writePDF(t, nil, scanned(flate(deflatedZeros(t, 1<<20), 60000, 60000))), []record.Reason{record.TooManyPixels}},
		{"PDF with 200000 arrays in each other", nested, []record.Reason{"", record.Damaged}},
		{"PDF that saves its state two million times", writePDF(t, nil, forms), []record.Reason{"", record.Damaged, record.TooMuchTime, record.TooMuchMemory}},
		{"HEIC", append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 40)...), []record.Reason{record.FormatNotRead}},
		{"Word", append([]byte("PK\x03\x04"), make([]byte, 40)...), []record.Reason{record.FormatNotRead}},
	} {
		d, _, err := splitBytes(t, tt.file, Limits{Memory: 1 << 30})
		if got := record.ReasonOf(err); !slices.Contains(tt.want, got) || err == nil && len(d.Pages) == 0 {
			t.Errorf("%s: Split = %d pages, %v, reason %q; want one of %q", tt.name, len(d.Pages), err, got, tt.want)
		}
	}
}

// Whatever half of a good file is left: a reason, or all its pages.
func TestHalvesOfGoodFiles(t *testing.T) {
	jpeg, png := asJPEG(t, painted(64, 64)), asPNG(t, painted(64, 64))
	grey := greyPainted(61, 48)
	le := binary.LittleEndian
	scan := scanned(picture(300, 150, 8, gray, "", bytes.Repeat([]byte{200, 10, 120}, 15000), nil))
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 64, 64), bilevelPainted(64, 64).Palette), nil); err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string][]byte{
		"JPEG": jpeg, "PNG": png, "GIF": moving.Bytes(), "PDF": writePDF(t, nil, scan, scan),
		"TIFF":    writeTIFF(le, false, false, paper(61, 48, tiffPlain, 1, 8, 1, grey.Pix), paper(61, 48, tiffPlain, 1, 8, 1, grey.Pix)),
		"BigTIFF": writeTIFF(le, true, false, paper(61, 48, tiffPlain, 1, 8, 1, grey.Pix)),
	} {
		whole, _, err := splitBytes(t, good, Limits{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, part := range []int{1, 2, 4, 5, 6, 7} { // eighths that are left
			d, work, err := splitBytes(t, good[:len(good)*part/8], Limits{})
			if err == nil && len(d.Pages) == len(whole.Pages) && len(d.Warnings) > 0 {
				continue // the loss is stated
			}
			lost := err
			for _, p := range d.Pages {
				x, err := Decode(work, p.Scan)
				if err == nil {
					x.Free()
				} else {
					lost = err
				}
			}
			if reason := record.ReasonOf(lost); reason == "" || reason == record.Internal {
				t.Errorf("%s, %d eighths: Split = %d pages, %v; want a reason", name, part, len(d.Pages), err)
			}
		}
	}
}

// counted counts how often a file is read.
type counted struct {
	bytes.Reader
	reads int
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	c.reads++
	return c.Reader.ReadAt(b, at)
}

func TestPagesOfATIFFCostTheSameEach(t *testing.T) {
	reads := func(n int) int {
		c := &counted{Reader: *bytes.NewReader(directories(n))}
		f, err := newTIFF(c, c.Size())
		if err != nil {
			t.Fatal(err)
		}
		offsets, rest, err := f.pages(n)
		if err != nil || rest != nil || len(offsets) != n {
			t.Fatalf("%d pages of %d, %v, %v", len(offsets), n, rest, err)
		}
		before := c.reads
		if _, err := f.directory(offsets[n-1]); err != nil || c.reads-before > 4 {
			t.Errorf("the last page of %d takes %d reads, %v", n, c.reads-before, err)
		}
		return c.reads
	}
	if few, many := reads(100), reads(1000); many > 11*few {
		t.Errorf("100 pages take %d reads, 1000 take %d", few, many)
	}
}

func TestMirroredPagesAreReadAsTheyAreShown(t *testing.T) {
	picture := greyPainted(64, 48)
	at := func(x, y int) image.Point { return image.Pt(x, y) }
	for orientation, shown := range map[int]func(x, y int) image.Point{ // where the upright pixel x, y is stored
		1: at,
		2: func(x, y int) image.Point { return at(63-x, y) },
		3: func(x, y int) image.Point { return at(63-x, 47-y) },
		4: func(x, y int) image.Point { return at(x, 47-y) },
		5: func(x, y int) image.Point { return at(y, x) },
		6: func(x, y int) image.Point { return at(y, 47-x) },
		7: func(x, y int) image.Point { return at(63-y, 47-x) },
		8: func(x, y int) image.Point { return at(63-y, x) },
	} {
		p := paper(64, 48, tiffPlain, 1, 8, 1, picture.Pix)
		p.tags[tagOrientation] = []uint32{uint32(orientation)}
		d, work, err := splitBytes(t, writeTIFF(binary.LittleEndian, false, false, p), Limits{})
		if err != nil || len(d.Warnings) > 0 {
			t.Fatalf("orientation %d: %v, warnings %q", orientation, err, d.Warnings)
		}
		open, err := Open(work, d.Pages[0].Scan, Letters)
		if err != nil {
			t.Fatal(err)
		}
		up, err := open.pixels.Turned(open.turn)
		if err != nil {
			t.Fatal(err)
		}
		data, _, _ := up.Samples()
		for y := range up.Height() {
			for x := range up.Width() {
				from := shown(x, y)
				if got, want := data[y*up.Width()+x], picture.GrayAt(from.X, from.Y).Y; got != want {
					t.Fatalf("orientation %d: pixel %d, %d is %d; want %d", orientation, x, y, got, want)
				}
			}
		}
		up.Free()
		open.Free()
	}
}

func TestOddTIFFs(t *testing.T) {
	colour := painted(61, 48)
	rgb := rgbBytes(colour)
	var planes [3][]byte
	var rgba []byte
	for i := 0; i < len(rgb); i += 3 {
		for c := range 3 {
			planes[c] = append(planes[c], rgb[i+c])
		}
		rgba = append(rgba, rgb[i], rgb[i+1], rgb[i+2], 0xff)
	}
	apart := paper(61, 48, tiffPlain, 2, 8, 3, planes[:]...)
	apart.tags[tagPlanar] = []uint32{2}
	split := paper(61, 48, tiffPlain, 2, 8, 3)
	for _, p := range planes {
		split.strips = append(split.strips, p[:61*32], p[61*32:])
	}
	split.tags[tagPlanar], split.tags[tagRowsPerStrip] = []uint32{2}, []uint32{32}
	opaque := paper(61, 48, tiffPlain, 2, 8, 4, rgba)
	opaque.tags[tagExtraSamples] = []uint32{2}
	for name, p := range map[string]tiffPaper{"planes": apart, "planes in strips": split, "with opacity": opaque} {
		_, x, _ := onlyScan(t, writeTIFF(binary.LittleEndian, false, false, p))
		samePixels(t, x, colour, 0)
		if t.Failed() {
			t.Fatal(fmt.Sprint("TIFF ", name))
		}
	}
	wide := greyPainted(64, 48)
	tiles := paper(64, 48, tiffJPEG, 1, 8, 1)
	for y := 0; y < 48; y += 16 {
		for x := 0; x < 64; x += 16 {
			tiles.strips = append(tiles.strips, asJPEG(t, wide.SubImage(image.Rect(x, y, x+16, y+16))))
		}
	}
	tiles.tiled = true
	tiles.tags[tagTileWidth], tiles.tags[tagTileLength] = []uint32{16}, []uint32{16}
	delete(tiles.tags, tagRowsPerStrip)
	_, x, _ := onlyScan(t, writeTIFF(binary.LittleEndian, false, false, tiles))
	samePixels(t, x, wide, 12)
}
