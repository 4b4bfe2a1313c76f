package page

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"math/bits"

	"github.com/sohoa/sohoa/record"
)

// What a Windows or OS/2 bitmap says of the way its samples are packed.
const (
	bmpPlain  = 0
	bmpRLE8   = 1
	bmpRLE4   = 2
	bmpFields = 3
	bmpAlpha  = 6
)

// A bmpFile is an open BMP of any of its header's versions.
type bmpFile struct {
	width, height int
	topDown       bool
	bits          int
	packed        uint32
	masks         [4]uint32 // red, green, blue, opacity
	palette       color.Palette
	dpiX, dpiY    float64
	data          []byte
}

// readBMP reads the headers and the palette.
func readBMP(b []byte) (bmpFile, error) {
	var m bmpFile
	le := binary.LittleEndian
	if len(b) < 26 {
		return m, record.Refuse(record.Truncated, nil, "BMP of %d bytes", len(b))
	}
	head := int64(le.Uint32(b[14:]))
	if head > int64(len(b)-14) {
		return m, record.Refuse(record.Truncated, nil, "BMP of %d bytes with a header of %d", len(b), head)
	}
	switch {
	case head == 12: // OS/2 1
		m.width, m.height, m.bits = int(le.Uint16(b[18:])), int(int16(le.Uint16(b[20:]))), int(le.Uint16(b[24:]))
	case head < 40:
		return m, record.Refuse(record.FormatNotRead, nil, "BMP with a header of %d bytes", head)
	default:
		m.width, m.height, m.bits = int(int32(le.Uint32(b[18:]))), int(int32(le.Uint32(b[22:]))), int(le.Uint16(b[28:]))
		m.packed = le.Uint32(b[30:])
		m.dpiX, m.dpiY = bmpDPI(b)
	}
	m.topDown = m.height < 0
	m.height = max(m.height, -m.height)
	colours := 14 + head
	if m.packed == bmpFields || m.packed == bmpAlpha {
		m.readMasks(b, head)
		if head == 40 {
			colours += map[uint32]int64{bmpFields: 12, bmpAlpha: 16}[m.packed]
		}
	}
	m.readPalette(b[min(colours, int64(len(b))):], head, le.Uint32(b[10:]), colours)
	from := max(int64(le.Uint32(b[10:])), min(colours, int64(len(b))))
	if from > int64(len(b)) {
		return m, record.Refuse(record.Truncated, nil, "BMP of %d bytes whose samples begin at %d", len(b), from)
	}
	m.data = b[from:]
	return m, m.check(head)
}

func (m *bmpFile) check(head int64) error {
	os2 := head == 64 // there 3 and 4 are other things
	switch m.bits {
	case 1, 2, 4, 8, 16, 24, 32:
	default:
		return record.Refuse(record.Damaged, nil, "BMP with %d bits", m.bits)
	}
	known := m.packed == bmpPlain || m.packed == bmpRLE8 && m.bits == 8 || m.packed == bmpRLE4 && m.bits == 4 ||
		!os2 && m.bits >= 16 && (m.packed == bmpFields || m.packed == bmpAlpha)
	if !known {
		return record.Refuse(record.FormatNotRead, nil, "BMP of %d bits with compression %d", m.bits, m.packed)
	}
	if m.masks == [4]uint32{} {
		m.masks = [4]uint32{0xff0000, 0xff00, 0xff}
		if m.bits == 16 {
			m.masks = [4]uint32{0x7c00, 0x3e0, 0x1f}
		}
	}
	return nil
}

func (m *bmpFile) readMasks(b []byte, head int64) {
	for i := range 4 {
		if i == 3 && head < 56 && m.packed != bmpAlpha {
			break
		}
		if at := 14 + 40 + 4*i; at+4 <= len(b) {
			m.masks[i] = binary.LittleEndian.Uint32(b[at:])
		}
	}
}

// readPalette reads the colours that lie before the samples, as many as there are.
func (m *bmpFile) readPalette(b []byte, head int64, samples uint32, at int64) {
	if m.bits > 8 {
		return
	}
	size := 4
	if head == 12 {
		size = 3
	}
	n := 1 << m.bits
	if between := int64(samples) - at; between >= int64(size) {
		n = min(n, int(between/int64(size)))
	}
	for ; n > 0 && len(b) >= size; n-- {
		m.palette = append(m.palette, color.RGBA{R: b[2], G: b[1], B: b[0], A: 0xff})
		b = b[size:]
	}
}

// bmpDPI reads the resolution of a BITMAPINFOHEADER, pixels per metre.
func bmpDPI(b []byte) (x, y float64) {
	if len(b) < 46 {
		return 0, 0
	}
	const metre = 0.0254
	x = math.Round(float64(int32(binary.LittleEndian.Uint32(b[38:]))) * metre)
	y = math.Round(float64(int32(binary.LittleEndian.Uint32(b[42:]))) * metre)
	if x < 10 || y < 10 {
		return 0, 0
	}
	return x, y
}

// bmp decodes a bitmap and stores it without loss.
func (d *opened) bmp(b []byte, name string) (record.Scan, error) {
	m, err := readBMP(b)
	if err != nil {
		return record.Scan{}, err
	}
	if err := d.checkPixels(m.width, m.height); err != nil {
		return record.Scan{}, err
	}
	picture, err := m.picture()
	if err != nil {
		return record.Scan{}, err
	}
	s, err := d.storeImage(picture, nil, name)
	s.DPIX, s.DPIY = m.dpiX, m.dpiY
	return s, err
}

func (m *bmpFile) picture() (image.Image, error) {
	if m.packed == bmpRLE8 || m.packed == bmpRLE4 {
		indexes, err := m.unpackRuns()
		return m.indexed(indexes), err
	}
	stride := (m.width*m.bits + 31) / 32 * 4
	if need := stride*m.height - (stride - (m.width*m.bits+7)/8); len(m.data) < need { // the last row's padding may lack
		return nil, record.Refuse(record.Truncated, nil, "BMP with %d bytes of samples, want %d", len(m.data), need)
	}
	if m.bits > 8 {
		return m.coloured(stride), nil
	}
	indexes := make([]byte, m.width*m.height)
	for y := range m.height {
		row := m.data[y*stride:]
		for x := range m.width {
			indexes[y*m.width+x] = byte(sampleAt(row, x, m.bits))
		}
	}
	return m.indexed(indexes), nil
}

// line is where row y of the data is shown.
func (m *bmpFile) line(y int) int {
	if m.topDown {
		return y
	}
	return m.height - 1 - y
}

// indexed shows indexes in the order of the data; those without a colour are black.
func (m *bmpFile) indexed(indexes []byte) *image.Paletted {
	palette := m.palette
	for _, v := range indexes {
		for int(v) >= len(palette) {
			palette = append(palette, color.RGBA{A: 0xff})
		}
	}
	p := image.NewPaletted(image.Rect(0, 0, m.width, m.height), palette)
	for y := range m.height {
		copy(p.Pix[m.line(y)*p.Stride:], indexes[y*m.width:][:m.width])
	}
	return p
}

// coloured shows samples of 16, 24 or 32 bits. Opacity that is zero everywhere is
// none: many writers leave it out so.
func (m *bmpFile) coloured(stride int) image.Image {
	if m.bits == 24 && m.packed == bmpPlain {
		return m.unswapped(stride)
	}
	p := image.NewNRGBA(image.Rect(0, 0, m.width, m.height))
	seen := byte(0)
	for y := range m.height {
		row, out := m.data[y*stride:], p.Pix[m.line(y)*p.Stride:]
		for x := range m.width {
			var v uint32
			for i := range m.bits / 8 {
				v |= uint32(row[x*m.bits/8+i]) << (8 * i)
			}
			for i, mask := range m.masks {
				out[4*x+i] = field(v, mask)
			}
			seen |= out[4*x+3]
		}
	}
	if seen == 0 {
		for i := 3; i < len(p.Pix); i += 4 {
			p.Pix[i] = 0xff
		}
	}
	return p
}

// unswapped shows samples in the order blue, green, red.
func (m *bmpFile) unswapped(stride int) image.Image {
	p := &rgbImage{pix: make([]byte, 3*m.width*m.height), size: image.Rect(0, 0, m.width, m.height)}
	for y := range m.height {
		row, out := m.data[y*stride:], p.pix[3*m.width*m.line(y):]
		for i := range m.width {
			v, c := row[3*i:3*i+3], out[3*i:3*i+3]
			c[0], c[1], c[2] = v[2], v[1], v[0]
		}
	}
	return p
}

// field is the part of v under a mask, as 8 bits.
func field(v, mask uint32) byte {
	if mask == 0 {
		return 0
	}
	low := bits.TrailingZeros32(mask)
	return byte(uint64((v&mask)>>low) * 255 / uint64(mask>>low))
}

// runs is where the unpacking of RLE8 and RLE4 stands.
type runs struct {
	*bmpFile
	out  []byte
	x, y int
}

func (r *runs) put(v byte) {
	if r.x < r.width && r.y < r.height {
		r.out[r.y*r.width+r.x] = v
	}
	r.x++
}

// index is index i of bytes that hold one or two each.
func (r *runs) index(b []byte, i int) byte { return byte(sampleAt(b, i, r.bits)) }

// unpackRuns undoes RLE8 and RLE4. What no run reaches has index 0.
func (m *bmpFile) unpackRuns() ([]byte, error) {
	r := runs{bmpFile: m, out: make([]byte, m.width*m.height)}
	for b := m.data; len(b) >= 2; {
		n, what := int(b[0]), int(b[1])
		b = b[2:]
		switch {
		case n > 0:
			for i := range n {
				r.put(r.index([]byte{byte(what), byte(what)}, i%2))
			}
		case what == 0:
			r.x, r.y = 0, r.y+1
		case what == 1:
			return r.out, nil
		case what == 2 && len(b) >= 2:
			r.x, r.y, b = r.x+int(b[0]), r.y+int(b[1]), b[2:]
		default:
			size := (what*m.bits + 7) / 8
			for i := range min(what, len(b)*8/m.bits) {
				r.put(r.index(b, i))
			}
			b = b[min(size+size%2, len(b)):]
		}
	}
	if r.y < m.height-1 {
		return r.out, record.Refuse(record.Truncated, nil, "BMP whose runs end in row %d of %d", r.y+1, m.height)
	}
	return r.out, nil
}
