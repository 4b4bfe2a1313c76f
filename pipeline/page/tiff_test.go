package page

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// tiffPaper is one page for writeTIFF: tags of type LONG, and its strips or tiles.
type tiffPaper struct {
	tags   map[uint16][]uint32
	bytes  map[uint16][]byte // tags of type UNDEFINED
	strips [][]byte
	tiled  bool
}

// writeTIFF writes pages one after the other. circle makes the last one point to
// the first.
func writeTIFF(order binary.AppendByteOrder, big, circle bool, pages ...tiffPaper) []byte {
	word := func(v int) []byte {
		if big {
			return order.AppendUint64(nil, uint64(v))
		}
		return order.AppendUint32(nil, uint32(v))
	}
	mark := "II"
	if order.AppendUint16(nil, 1)[0] == 0 {
		mark = "MM"
	}
	out := []byte(mark)
	if big {
		out = order.AppendUint16(out, 43)
		out = order.AppendUint16(out, 8)
		out = order.AppendUint16(out, 0)
	} else {
		out = order.AppendUint16(out, 42)
	}
	link := len(out) // where the offset of the next directory goes
	out = append(out, word(0)...)
	first := 0
	for _, p := range pages {
		var at, sizes []uint32
		for _, s := range p.strips {
			at, sizes = append(at, uint32(len(out))), append(sizes, uint32(len(s)))
			out = append(out, s...)
		}
		out = append(out, make([]byte, len(out)%2)...)
		tags := map[uint16][]uint32{tagStripOffsets: at, tagStripByteCounts: sizes}
		if p.tiled {
			tags = map[uint16][]uint32{324: at, 325: sizes}
		}
		for k, v := range p.tags {
			tags[k] = v
		}
		var entries [][]byte
		for tag := range 65536 {
			if v := p.bytes[uint16(tag)]; v != nil {
				entries = append(entries, tiffField(&out, order, word, uint16(tag), 7, len(v), v))
			}
			if v := tags[uint16(tag)]; v != nil {
				var b []byte
				for _, n := range v {
					b = order.AppendUint32(b, n)
				}
				entries = append(entries, tiffField(&out, order, word, uint16(tag), 4, len(v), b))
			}
		}
		copy(out[link:], word(len(out)))
		if first == 0 {
			first = len(out)
		}
		if big {
			out = append(out, word(len(entries))...)
		} else {
			out = order.AppendUint16(out, uint16(len(entries)))
		}
		out = append(out, bytes.Join(entries, nil)...)
		link = len(out)
		out = append(out, word(0)...)
	}
	if circle {
		copy(out[link:], word(first))
	}
	return out
}

// tiffField makes one entry; a value that does not fit goes to the end of out.
func tiffField(out *[]byte, order binary.AppendByteOrder, word func(int) []byte, tag, kind uint16, count int, value []byte) []byte {
	e := order.AppendUint16(nil, tag)
	e = order.AppendUint16(e, kind)
	e = append(e, word(count)...)
	room := len(word(0))
	if len(value) <= room {
		return append(e, append(value, make([]byte, room-len(value))...)...)
	}
	e = append(e, word(len(*out))...)
	*out = append(*out, value...)
	*out = append(*out, make([]byte, len(*out)%2)...)
	return e
}

// paper makes a page of one strip.
func paper(width, height, compression, photometric, bits, samples uint32, strips ...[]byte) tiffPaper {
	tags := map[uint16][]uint32{
		tagWidth: {width}, tagHeight: {height}, tagCompression: {compression}, tagPhotometric: {photometric},
		tagSamplesPerPixel: {samples}, tagRowsPerStrip: {height},
	}
	for range samples {
		tags[tagBitsPerSample] = append(tags[tagBitsPerSample], bits)
	}
	return tiffPaper{tags: tags, strips: strips}
}

// asG4 packs rows from…to of a bilevel picture.
func asG4(t *testing.T, m *image.Paletted, from, to int) []byte {
	t.Helper()
	w := m.Rect.Dx()
	packed := make([]byte, (w+7)/8*(to-from))
	for y := from; y < to; y++ {
		for x := range w {
			if m.ColorIndexAt(x, y) == 1 {
				packed[(y-from)*((w+7)/8)+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	p, err := FromSamples(packed, w, to-from, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Free()
	b, err := p.EncodeG4()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bitsOf is the square of a bilevel picture at a corner, packed; beyond the picture
// it is white.
func bitsOf(m *image.Paletted, corner image.Point, side int) []byte {
	out := make([]byte, side/8*side)
	for y := range side {
		for x := range side {
			if at := corner.Add(image.Pt(x, y)); at.In(m.Rect) && m.ColorIndexAt(at.X, at.Y) == 1 {
				out[y*side/8+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}

// faxOf packs the tiles of a bilevel picture.
func faxOf(t *testing.T, m *image.Paletted, side int) (tiles [][]byte) {
	t.Helper()
	for y := 0; y < m.Rect.Dy(); y += side {
		for x := 0; x < m.Rect.Dx(); x += side {
			p, err := FromSamples(bitsOf(m, image.Pt(x, y), side), side, side, 1, 1)
			if err != nil {
				t.Fatal(err)
			}
			b, err := p.EncodeG4()
			p.Free()
			if err != nil {
				t.Fatal(err)
			}
			tiles = append(tiles, b)
		}
	}
	return tiles
}

// tiled makes the strips of a page its tiles.
func tiled(p tiffPaper, side uint32) tiffPaper {
	p.tiled = true
	p.tags[tagTileWidth], p.tags[tagTileLength] = []uint32{side}, []uint32{side}
	delete(p.tags, tagRowsPerStrip)
	return p
}

func turnedBits(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = bits.Reverse8(v)
	}
	return out
}

func rgbBytes(m image.Image) []byte {
	r := raw{width: m.Bounds().Dx(), height: m.Bounds().Dy()}
	var out []byte
	for y := range r.height {
		out = append(out, rgbRows(m)(y)...)
	}
	return out
}

func TestTIFFKeepsItsPixels(t *testing.T) {
	var (
		le       = binary.LittleEndian
		be       = binary.BigEndian
		mono     = bilevelPainted(61, 48)
		grey     = greyPainted(61, 48)
		colour   = painted(61, 48)
		inverted = bilevelPainted(61, 48)
		g4       = asG4(t, mono, 0, 48)
	)
	inverted.Palette[0], inverted.Palette[1] = inverted.Palette[1], inverted.Palette[0]
	reversed := paper(61, 48, tiffG4, 0, 1, 1, turnedBits(g4))
	reversed.tags[tagFillOrder] = []uint32{2}
	halves := paper(61, 48, tiffG4, 0, 1, 1, asG4(t, mono, 0, 24), asG4(t, mono, 24, 48))
	halves.tags[tagRowsPerStrip] = []uint32{24}
	tiles := paper(64, 48, tiffPlain, 1, 8, 1)
	wide := greyPainted(64, 48)
	for y := 0; y < 48; y += 16 {
		for x := 0; x < 64; x += 16 {
			var tile []byte
			for r := range 16 {
				tile = append(tile, wide.Pix[(y+r)*wide.Stride+x:][:16]...)
			}
			tiles.strips = append(tiles.strips, tile)
		}
	}
	tiles.tiled = true
	tiles.tags[tagTileWidth], tiles.tags[323] = []uint32{16}, []uint32{16}
	delete(tiles.tags, tagRowsPerStrip)
	faxTiles := tiled(paper(61, 48, tiffG4, 0, 1, 1, faxOf(t, mono, 32)...), 32)
	faxTilesBlack := tiled(paper(61, 48, tiffG4, 1, 1, 1, faxOf(t, mono, 32)...), 32)
	faxTilesTurned := tiled(paper(61, 48, tiffG4, 0, 1, 1), 32)
	faxTilesTurned.tags[tagFillOrder] = []uint32{2}
	for _, b := range faxTiles.strips {
		faxTilesTurned.strips = append(faxTilesTurned.strips, turnedBits(b))
	}
	bitTiles := tiled(paper(64, 48, tiffPlain, 0, 1, 1), 16)
	for i := range 12 {
		bitTiles.strips = append(bitTiles.strips, bitsOf(bilevelPainted(64, 48), image.Pt(i%4*16, i/4*16), 16))
	}
	for _, tt := range []struct {
		name    string
		file    []byte
		picture image.Image
		filter  string
		as      []byte // the stream, if it must be one of these bytes
	}{
		{"Group 4, white is zero", writeTIFF(le, false, false, paper(61, 48, tiffG4, 0, 1, 1, g4)), mono, "CCITTFaxDecode", g4},
		{"Group 4, black is zero", writeTIFF(be, false, false, paper(61, 48, tiffG4, 1, 1, 1, g4)), inverted, "CCITTFaxDecode", g4},
		{"Group 4, bits turned round", writeTIFF(le, false, false, reversed), mono, "CCITTFaxDecode", g4},
		{"Group 4 in two strips", writeTIFF(le, false, false, halves), mono, "CCITTFaxDecode", nil},
		{"Group 4 in a BigTIFF", writeTIFF(le, true, false, paper(61, 48, tiffG4, 0, 1, 1, g4)), mono, "CCITTFaxDecode", g4},
		{"grey", writeTIFF(be, false, false, paper(61, 48, tiffPlain, 1, 8, 1, grey.Pix)), grey, "FlateDecode", nil},
		{"colour", writeTIFF(le, false, false, paper(61, 48, tiffPlain, 2, 8, 3, rgbBytes(colour))), colour, "FlateDecode", nil},
		{"colour in a BigTIFF", writeTIFF(be, true, false, paper(61, 48, tiffPlain, 2, 8, 3, rgbBytes(colour))), colour, "FlateDecode", nil},
		{"tiles", writeTIFF(le, false, false, tiles), wide, "FlateDecode", nil},
		{"tiles of black and white", writeTIFF(le, false, false, bitTiles), bilevelPainted(64, 48), "CCITTFaxDecode", nil},
		{"tiles in Group 4", writeTIFF(le, false, false, faxTiles), mono, "CCITTFaxDecode", nil},
		{"tiles in Group 4, black is zero", writeTIFF(be, false, false, faxTilesBlack), inverted, "CCITTFaxDecode", nil},
		{"tiles in Group 4 in a BigTIFF, bits turned round", writeTIFF(le, true, false, faxTilesTurned), mono, "CCITTFaxDecode", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, work := onlyScan(t, tt.file)
			if s.Filter != tt.filter {
				t.Errorf("Split = %s, want %s", s.Filter, tt.filter)
			}
			samePixels(t, x, tt.picture, 0)
			if got, _ := os.ReadFile(filepath.Join(work, s.File)); tt.as != nil && !bytes.Equal(got, tt.as) {
				t.Errorf("the strip of %d bytes became %d others", len(tt.as), len(got))
			}
		})
	}
}

func TestTIFFJPEGStripsBecomeOneJPEG(t *testing.T) {
	grey, colour := greyPainted(100, 56), ramp(100, 56)
	cut := func(m image.Image, rows int) (strips [][]byte) {
		for y := 0; y < 56; y += rows {
			part := m.(interface {
				SubImage(image.Rectangle) image.Image
			}).SubImage(image.Rect(0, y, 100, min(y+rows, 56)))
			strips = append(strips, asJPEG(t, part))
		}
		return strips
	}
	for _, tt := range []struct {
		name        string
		picture     image.Image
		photometric uint32
		samples     uint32
		rows        uint32
		filter      string
		tolerance   int
	}{
		{"grey in one strip", grey, 1, 1, 56, "DCTDecode", 12},
		{"grey in seven strips", grey, 1, 1, 8, "DCTDecode", 12},
		{"colour in four strips", colour, 6, 3, 16, "DCTDecode", 12},
		{"strips that end inside a row of units", colour, 6, 3, 24, "FlateDecode", 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := paper(100, 56, tiffJPEG, tt.photometric, 8, tt.samples, cut(tt.picture, int(tt.rows))...)
			p.tags[tagRowsPerStrip] = []uint32{tt.rows}
			s, x, _ := onlyScan(t, writeTIFF(binary.LittleEndian, false, false, p))
			if s.Filter != tt.filter {
				t.Errorf("Split = %s, want %s", s.Filter, tt.filter)
			}
			samePixels(t, x, tt.picture, tt.tolerance)
		})
	}
}

func TestTIFFTablesGoIntoTheJPEG(t *testing.T) {
	whole := asJPEG(t, greyPainted(40, 40))
	frame := bytes.Index(whole, []byte{0xff, 0xc0})
	huffman := bytes.Index(whole, []byte{0xff, 0xc4})
	scan := bytes.Index(whole, []byte{0xff, 0xda})
	tables := append(append(bytes.Clone(whole[:frame]), whole[huffman:scan]...), 0xff, 0xd9)
	strip := append(append([]byte{0xff, 0xd8}, whole[frame:huffman]...), whole[scan:]...)
	p := paper(40, 40, tiffJPEG, 1, 8, 1, strip)
	p.bytes = map[uint16][]byte{tagJPEGTables: tables}
	s, x, _ := onlyScan(t, writeTIFF(binary.BigEndian, false, false, p))
	if s.Filter != "DCTDecode" {
		t.Errorf("Split = %s, want DCTDecode", s.Filter)
	}
	samePixels(t, x, greyPainted(40, 40), 12)
}

func TestTIFFPages(t *testing.T) {
	page := func(height uint32) tiffPaper {
		p := paper(10, height, tiffPlain, 1, 8, 1, make([]byte, 10*height))
		p.tags[tagOrientation] = []uint32{6}
		return p
	}
	thumbnail := page(3)
	thumbnail.tags[tagNewSubfileType] = []uint32{1}
	le := binary.LittleEndian
	cut := writeTIFF(le, false, false, page(20), page(21), page(22))
	for _, tt := range []struct {
		name     string
		file     []byte
		limits   Limits
		heights  []int
		warnings int
		want     record.Reason
	}{
		{"in order", writeTIFF(le, false, false, page(20), page(21), page(22)), Limits{}, []int{20, 21, 22}, 0, ""},
		{"thumbnails are no pages", writeTIFF(le, false, false, thumbnail, page(20), thumbnail, page(21)), Limits{}, []int{20, 21}, 0, ""},
		{"a chain in a circle ends", writeTIFF(le, false, true, page(20), page(21)), Limits{}, []int{20, 21}, 1, ""},
		{"more than allowed", writeTIFF(le, false, false, page(20), page(21), page(22)), Limits{Pages: 2}, nil, 0, record.TooManyPages},
		{"cut inside the last directory", cut[:len(cut)-20], Limits{}, nil, 0, record.Truncated},
		{"promises 100000 x 100000 pixels", writeTIFF(le, false, false, paper(100000, 100000, tiffPlain, 1, 8, 1, []byte{0})), Limits{}, nil, 0, record.TooManyPixels},
		{"strip outside the file", writeTIFF(le, false, false, tiffPaper{tags: map[uint16][]uint32{tagWidth: {8}, tagHeight: {8}, tagStripOffsets: {1 << 20}, tagStripByteCounts: {8}}}), Limits{}, nil, 0, record.Truncated},
	} {
		d, _, err := splitBytes(t, tt.file, tt.limits)
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %v, reason %q; want %q", tt.name, err, got, tt.want)
		}
		if len(d.Pages) != len(tt.heights) || len(d.Warnings) != tt.warnings {
			t.Errorf("%s: Split = %d pages, warnings %q; want %d and %d", tt.name, len(d.Pages), d.Warnings, len(tt.heights), tt.warnings)
			continue
		}
		for i, p := range d.Pages {
			if p.Number != i+1 || p.Scan.Height != tt.heights[i] || p.Rotate != 90 || p.Width != tt.heights[i] {
				t.Errorf("%s: page %d is number %d, %d pixels high, turned %d; want %d high, turned 90", tt.name, i+1, p.Number, p.Scan.Height, p.Rotate, tt.heights[i])
			}
		}
	}
}

// What the data of a page does not give must not become black in silence.
func TestTIFFWithDamagedData(t *testing.T) {
	mono, colour := bilevelPainted(61, 48), rgbBytes(painted(61, 48))
	le := binary.LittleEndian
	var stored bytes.Buffer
	z, _ := zlib.NewWriterLevel(&stored, zlib.NoCompression)
	z.Write(colour)
	z.Close()
	wrong := stored.Bytes()
	wrong[len(wrong)/2] ^= 0x55
	spoilt := func(b []byte) []byte {
		b = bytes.Clone(b)
		for i := len(b) / 3; i < len(b)/2; i++ {
			b[i] ^= 0x5a
		}
		return b
	}
	halves := paper(61, 48, tiffG4, 0, 1, 1, asG4(t, mono, 0, 24), spoilt(asG4(t, mono, 24, 48)))
	halves.tags[tagRowsPerStrip] = []uint32{24}
	tiles := faxOf(t, mono, 32)
	tiles[0] = spoilt(tiles[0])
	for _, tt := range []struct {
		name    string
		page    tiffPaper
		spoiled bool
		want    record.Reason
	}{
		{"Deflate with a wrong byte", paper(61, 48, tiffDeflate, 2, 8, 3, wrong), false, record.Damaged},
		{"Zstandard that is none", paper(61, 48, 50000, 2, 8, 3, colour), false, record.Damaged},
		{"a compression of which libtiff knows the name only", paper(61, 48, 34712, 2, 8, 3, colour), false, record.FormatNotRead},
		{"a compression without a name", paper(61, 48, 60123, 2, 8, 3, colour), false, record.FormatNotRead},
		{"a fax", paper(61, 48, tiffG4, 0, 1, 1, asG4(t, mono, 0, 48)), false, ""},
		{"a damaged fax", paper(61, 48, tiffG4, 0, 1, 1, spoilt(asG4(t, mono, 0, 48))), true, ""},
		{"a damaged fax in two strips", halves, true, ""},
		{"a damaged fax in tiles", tiled(paper(61, 48, tiffG4, 0, 1, 1, tiles...), 32), true, ""},
	} {
		d, work, err := splitBytes(t, writeTIFF(le, false, false, tt.page), Limits{})
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %v; want reason %q", tt.name, err, tt.want)
		}
		if err != nil {
			continue
		}
		p, err := Open(work, d.Pages[0].Scan, Letters)
		if err != nil {
			t.Fatalf("%s: Open = %v", tt.name, err)
		}
		t.Cleanup(p.Free)
		if got := slices.Contains(p.Facts(1).Quality, spoiled); got != tt.spoiled {
			t.Errorf("%s: said to be damaged: %v; want %v", tt.name, got, tt.spoiled)
		}
	}
}
