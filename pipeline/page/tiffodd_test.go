package page

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// packed puts samples of some bits into rows of width samples, each a whole number
// of bytes.
func packed(samples []int, width, bits int) []byte {
	var out []byte
	for ; len(samples) > 0; samples = samples[width:] {
		var row uint64
		held := 0
		for _, v := range samples[:width] {
			row, held = row<<bits|uint64(v), held+bits
			for ; held >= 8; held -= 8 {
				out = append(out, byte(row>>(held-8)))
			}
		}
		if held > 0 {
			out = append(out, byte(row<<(8-held)))
		}
	}
	return out
}

// interleaved is the samples of a picture, scaled from 8 bits, with more behind
// those of each pixel.
func interleaved(rgb []byte, colours, bits int, more ...int) (out []int) {
	top := 1<<bits - 1
	for i := 0; i < len(rgb); i += 3 {
		for c := range colours {
			out = append(out, (int(rgb[i+c])*top+127)/255)
		}
		out = append(out, more...)
	}
	return out
}

// With tags of a page, page(4…) makes TIFFs of whole numbers that libtiff's simpler
// readers do not know.
func TestTIFFSamplesOfEveryKind(t *testing.T) {
	const w, h = 61, 48
	colour, grey := painted(w, h), greyPainted(w, h)
	rgb, levels := rgbBytes(colour), rgbBytes(grey)
	with := func(p tiffPaper, tags map[uint16][]uint32) tiffPaper {
		for k, v := range tags {
			p.tags[k] = v
		}
		return p
	}
	var planes [][]byte
	for c := range 3 {
		var plane []int
		for i := c; i < len(rgb); i += 3 {
			plane = append(plane, int(rgb[i])*257)
		}
		planes = append(planes, packed(plane, w, 16))
	}
	var tiles [][]byte
	for c := range 3 {
		for y := 0; y < h; y += 32 {
			for x := 0; x < w; x += 32 {
				tile := make([]byte, 32*32)
				for i := range tile {
					if tx, ty := x+i%32, y+i/32; tx < w && ty < h {
						tile[i] = rgb[3*(ty*w+tx)+c]
					}
				}
				tiles = append(tiles, tile)
			}
		}
	}
	inTiles := with(paper(w, h, tiffPlain, 2, 8, 3, tiles...), map[uint16][]uint32{tagPlanar: {2}, tagTileWidth: {32}, tagTileLength: {32}})
	inTiles.tiled = true
	delete(inTiles.tags, tagRowsPerStrip)
	var palette []uint32
	for c := range 3 {
		for i := range 16 {
			palette = append(palette, uint32([]int{i * 17, 255 - i*17, 90}[c]*257))
		}
	}
	var indexes []int
	striped := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		indexes = append(indexes, i%16, 15)
		copy(striped.Pix[4*i:], []byte{byte(i % 16 * 17), byte(255 - i%16*17), 90, 255})
	}
	var inverse []int
	for i := 0; i < len(levels); i += 3 {
		inverse = append(inverse, (255-int(levels[i]))*257, 9)
	}
	opaque := map[uint16][]uint32{tagExtraSamples: {2}}
	for _, tt := range []struct {
		name  string
		page  tiffPaper
		order binary.AppendByteOrder
		want  image.Image
	}{
		{"grey of 12 bits", paper(w, h, tiffPlain, 1, 12, 1, packed(interleaved(levels, 1, 12), w, 12)), binary.LittleEndian, grey},
		{"colours of 10 bits", paper(w, h, tiffPlain, 2, 10, 3, packed(interleaved(rgb, 3, 10), 3*w, 10)), binary.LittleEndian, colour},
		{"colours of 14 bits", paper(w, h, tiffPlain, 2, 14, 3, packed(interleaved(rgb, 3, 14), 3*w, 14)), binary.BigEndian, colour},
		{"planes of 16 bits", with(paper(w, h, tiffPlain, 2, 16, 3, planes...), map[uint16][]uint32{tagPlanar: {2}}), binary.BigEndian, colour},
		{"planes in tiles", inTiles, binary.LittleEndian, colour},
		{"grey with opacity", with(paper(w, h, tiffPlain, 1, 8, 2, packed(interleaved(levels, 1, 8, 255), 2*w, 8)), opaque), binary.LittleEndian, grey},
		{"grey with a sample that nobody explains", paper(w, h, tiffPlain, 1, 16, 2, packed(inverse, 2*w, 16)), binary.BigEndian, inverted8(grey)},
		{"white is zero", with(paper(w, h, tiffPlain, 0, 16, 2, packed(inverse, 2*w, 16)), map[uint16][]uint32{tagExtraSamples: {0}}), binary.BigEndian, grey},
		{"palette with opacity", with(paper(w, h, tiffPlain, 3, 4, 2, packed(indexes, 2*w, 4)), map[uint16][]uint32{tagExtraSamples: {2}, tagColorMap: palette}), binary.LittleEndian, striped},
		{"bits the other way round", with(paper(w, h, tiffPlain, 2, 8, 3, turnedBits(rgb)), map[uint16][]uint32{tagFillOrder: {2}}), binary.LittleEndian, colour},
		{"colours in PackBits with a fifth sample", paper(w, h, tiffPackBits, 2, 8, 5, asPackBits(packed(interleaved(rgb, 3, 8, 1, 2), 5*w, 8))), binary.LittleEndian, colour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, x, _ := onlyScan(t, writeTIFF(tt.order, false, false, tt.page))
			samePixels(t, x, tt.want, 1)
		})
	}
}

func inverted8(m *image.Gray) *image.Gray {
	out := image.NewGray(m.Rect)
	for i, v := range m.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}

// asPackBits packs bytes as runs of one and as what stands for itself.
func asPackBits(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		run := 1
		for run < min(len(b), 128) && b[run] == b[0] {
			run++
		}
		if run > 1 {
			out, b = append(out, byte(257-run), b[0]), b[run:]
			continue
		}
		out, b = append(out, 0, b[0]), b[1:]
	}
	return out
}

func TestOpacityLiesOnWhite(t *testing.T) {
	half := paper(2, 1, tiffPlain, 2, 16, 4, packed([]int{0, 0x8080, 0xffff, 0x8080, 0xffff, 0xffff, 0xffff, 0}, 8, 16))
	for kind, want := range map[uint32][3]byte{1: {0x7f, 0xff, 0xff}, 2: {0x7f, 0xbf, 0xff}} {
		half.tags[tagExtraSamples] = []uint32{kind}
		half.tags[tagPlanar] = []uint32{1}
		tf, err := newTIFF(bytes.NewReader(writeTIFF(binary.BigEndian, false, false, half)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		dir, err := tf.directory(tf.first)
		if err != nil {
			t.Fatal(err)
		}
		m, err := tf.samples(dir, tiffPicture{width: 2, height: 1, bits: 16, samples: 4, compression: tiffPlain, photometric: 2})
		if m == nil {
			t.Fatalf("samples gave no picture: %v", err)
		}
		var got [3]byte
		r, g, b, _ := m.At(0, 0).RGBA()
		got = [3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}
		if got != want {
			t.Errorf("opacity of kind %d: %v, want %v", kind, got, want)
		}
		if r, g, b, _ = m.At(1, 0).RGBA(); kind == 2 && (r != 0xffff || g != 0xffff || b != 0xffff) {
			t.Errorf("what is not there shows %d, %d, %d; want white", r, g, b)
		}
	}
}

// jpegParts takes the JPEG of Go's encoder apart, as a page in the JPEG of TIFF 6.0
// holds it.
type jpegParts struct{ q, dc, ac, head, data []byte }

func takenApart(whole []byte) (p jpegParts) {
	for at := 2; ; {
		marker, body, next := nextMarker(whole, at)
		switch marker {
		case 0xdb:
			for ; len(body) >= 65; body = body[65:] {
				p.q = append(p.q, body[1:65]...)
			}
		case 0xc4:
			for len(body) > 17 {
				n := 17
				for _, v := range body[1:17] {
					n += int(v)
				}
				if body[0]>>4 == 0 {
					p.dc = append(p.dc, body[1:n]...)
				} else {
					p.ac = append(p.ac, body[1:n]...)
				}
				body = body[n:]
			}
		case 0xda:
			p.head, p.data = whole[:at], bytes.TrimSuffix(whole[next:], []byte{0xff, 0xd9})
			return p
		}
		at = next
	}
}

func TestOldTIFFJPEG(t *testing.T) {
	const w, h = 100, 56
	colour, grey := ramp(w, h), greyPainted(w, h)
	whole := asJPEG(t, colour)
	p := takenApart(whole)
	scan := scanHeader(tiffPicture{samples: 3})
	at := func(parts ...[]byte) uint32 { return uint32(8 + len(slices.Concat(parts...))) }
	tables := tiffPaper{strips: [][]byte{slices.Concat(p.q, p.dc, p.ac, p.data)}, tags: map[uint16][]uint32{
		tagOldJPEGQ:     {at(), at(p.q[:64]), at(p.q[:64])},
		tagOldJPEGDC:    {at(p.q), at(p.q, p.dc[:28]), at(p.q, p.dc[:28])},
		tagOldJPEGAC:    {at(p.q, p.dc), at(p.q, p.dc, p.ac[:178]), at(p.q, p.dc, p.ac[:178])},
		tagStripOffsets: {at(p.q, p.dc, p.ac)}, tagStripByteCounts: {uint32(len(p.data))},
	}}
	upper, lower := asJPEG(t, colour.SubImage(image.Rect(0, 0, w, 32))), asJPEG(t, colour.SubImage(image.Rect(0, 32, w, h)))
	first := slices.Concat(scan, takenApart(upper).data)
	strips := tiffPaper{strips: [][]byte{slices.Concat(p.head, []byte{0xff, 0xd9}), first, takenApart(lower).data}, tags: map[uint16][]uint32{
		tagOldJPEG: {8}, tagOldJPEGLength: {uint32(len(p.head) + 2)}, tagRowsPerStrip: {32},
		tagStripOffsets:    {at(p.head) + 2, at(p.head, first) + 2},
		tagStripByteCounts: {uint32(len(first)), uint32(len(takenApart(lower).data))},
	}}
	for _, tt := range []struct {
		name        string
		page        tiffPaper
		photometric uint32
		samples     uint32
		want        image.Image
	}{
		{"a whole JPEG", tiffPaper{strips: [][]byte{whole}, tags: map[uint16][]uint32{tagOldJPEG: {8}, tagOldJPEGLength: {uint32(len(whole))}}}, 6, 3, colour},
		{"a whole JPEG that only the strip names, without its end", tiffPaper{strips: [][]byte{asJPEG(t, grey)[:len(asJPEG(t, grey))-2]}}, 1, 1, grey},
		{"tables in tags", tables, 6, 3, colour},
		{"tables in a JPEG of their own, data in strips", strips, 6, 3, colour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := paper(w, h, tiffOldJPEG, tt.photometric, 8, tt.samples, tt.page.strips...)
			for k, v := range tt.page.tags {
				page.tags[k] = v
			}
			s, x, _ := onlyScan(t, writeTIFF(binary.LittleEndian, false, false, page))
			if s.Filter != "DCTDecode" {
				t.Errorf("Split = %s, want DCTDecode", s.Filter)
			}
			samePixels(t, x, tt.want, 12)
		})
	}
}

// A page that is whole, but of a kind that is not read, is not called damaged.
func TestTIFFOfAKindThatIsNotRead(t *testing.T) {
	floats := paper(4, 4, tiffPlain, 1, 32, 1, make([]byte, 64))
	floats.tags[tagSampleFormat] = []uint32{3}
	for name, tt := range map[string]struct {
		page tiffPaper
		want record.Reason
	}{
		"WebP inside":             {paper(4, 4, 50001, 2, 8, 3, make([]byte, 48)), record.FormatNotRead},
		"floating-point samples":  {floats, record.FormatNotRead},
		"JPEG of TIFF 6.0, empty": {paper(16, 16, tiffOldJPEG, 6, 8, 3, make([]byte, 48)), record.FormatNotRead},
		"samples that end early":  {paper(4, 4, tiffPlain, 2, 8, 3, make([]byte, 40)), record.Truncated},
		"zlib that is none":       {paper(4, 4, tiffDeflate, 2, 8, 3, bytes.Repeat([]byte{0xff}, 48)), record.Damaged},
	} {
		if _, _, err := splitBytes(t, writeTIFF(binary.LittleEndian, false, false, tt.page), Limits{}); record.ReasonOf(err) != tt.want {
			t.Errorf("%s: Split = %v; want %q", name, err, tt.want)
		}
	}
}

// inkTile is a JPEG of 16 x 16 pixels of four inks, all pixels alike: each of its
// blocks has nothing but a mean.
func inkTile(inks [4]byte) []byte {
	marker := func(code byte, content ...byte) []byte {
		return append([]byte{0xff, code, 0, byte(len(content) + 2)}, content...)
	}
	frame, scan := []byte{8, 0, 16, 0, 16, 4}, []byte{4}
	for c := range byte(4) {
		frame, scan = append(frame, c+1, 0x11, 0), append(scan, c+1, 0)
	}
	var bits []byte // of the scan, one a byte: codes of four bits for 0 to 8 more, of one bit for no more
	put := func(v, n int) {
		for n--; n >= 0; n-- {
			bits = append(bits, byte(v>>n&1))
		}
	}
	for block := range 4 {
		for _, v := range inks {
			mean := int(v) - 128
			if block > 0 {
				mean = 0 // no other than before
			}
			n := 0
			for max(mean, -mean)>>n > 0 {
				n++
			}
			put(n, 4)
			if mean < 0 {
				mean += 1<<n - 1
			}
			put(mean, n)
			put(0, 1)
		}
	}
	for len(bits)%8 != 0 {
		bits = append(bits, 1)
	}
	var data []byte
	for ; len(bits) > 0; bits = bits[8:] {
		var b byte
		for _, v := range bits[:8] {
			b = b<<1 | v
		}
		if data = append(data, b); b == 0xff {
			data = append(data, 0)
		}
	}
	lengths := func(n int, at int) []byte { b := make([]byte, 16); b[at-1] = byte(n); return b }
	return slices.Concat([]byte{0xff, 0xd8}, marker(0xdb, append([]byte{0}, bytes.Repeat([]byte{8}, 64)...)...), marker(0xc0, frame...),
		marker(0xc4, slices.Concat([]byte{0}, lengths(9, 4), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8})...),
		marker(0xc4, slices.Concat([]byte{0x10}, lengths(1, 1), []byte{0})...),
		marker(0xda, append(scan, 0, 63, 0)...), data, []byte{0xff, 0xd9})
}

// Inks in JPEG tiles stay inks, as they are: not inverted, as they are in a JPEG by itself.
func TestTIFFInksInJPEGTiles(t *testing.T) {
	colours := [][4]byte{{0, 0, 0, 0}, {255, 0, 0, 0}, {0, 200, 100, 0}, {10, 20, 30, 250}}
	page := paper(20, 32, tiffJPEG, 5, 8, 4)
	for _, c := range colours {
		page.strips = append(page.strips, inkTile(c))
	}
	page.tiled = true
	page.tags[tagTileWidth], page.tags[tagTileLength] = []uint32{16}, []uint32{16}
	delete(page.tags, tagRowsPerStrip)
	want := image.NewCMYK(image.Rect(0, 0, 20, 32))
	for y := range 32 {
		for x := range 20 {
			c := colours[y/16*2+x/16]
			want.SetCMYK(x, y, color.CMYK{C: c[0], M: c[1], Y: c[2], K: c[3]})
		}
	}
	s, x, _ := onlyScan(t, writeTIFF(binary.LittleEndian, false, false, page))
	if s.Space != "DeviceCMYK" {
		t.Errorf("Split = %s, want DeviceCMYK", s.Space)
	}
	samePixels(t, x, want, 3)
}
