package page

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"

	xtiff "golang.org/x/image/tiff"

	"github.com/sohoa/sohoa/record"
)

// planes decodes a page whose red, green and blue lie apart, each as a page of
// grey; nil if that cannot be done.
func (t *tiff) planes(dir tiffDir, p tiffPicture, strips []strip) image.Image {
	if p.bits != 8 || len(strips)%3 != 0 || p.photometric != 2 {
		return nil
	}
	page := image.NewRGBA(image.Rect(0, 0, p.width, p.height))
	for i := 3; i < len(page.Pix); i += 4 {
		page.Pix[i] = 0xff
	}
	each := len(strips) / 3
	for c := range 3 {
		plane, err := t.plane(dir, p, strips[c*each:(c+1)*each])
		if err != nil {
			return nil
		}
		for y := range p.height {
			to, from := page.Pix[y*page.Stride+c:], plane.Pix[y*plane.Stride:]
			for x := range p.width {
				to[4*x] = from[x]
			}
		}
	}
	return page
}

// plane decodes strips as a TIFF of one sample.
func (t *tiff) plane(dir tiffDir, p tiffPicture, strips []strip) (*image.Gray, error) {
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	var offsets, lengths []uint32
	for _, s := range strips {
		b, err := t.read(int64(s.at), s.length)
		if err != nil {
			return nil, err
		}
		offsets, lengths = append(offsets, uint32(len(out))), append(lengths, uint32(len(b)))
		out = append(out, b...)
	}
	list := func(values []uint32) uint32 { // where they stand, or the only one itself
		if len(values) == 1 {
			return values[0]
		}
		at := len(out)
		for _, v := range values {
			out = le.AppendUint32(out, v)
		}
		return uint32(at)
	}
	n := uint32(len(strips))
	rows := min(t.value(dir, tagRowsPerStrip, uint64(p.height)), math.MaxUint32)
	entries := [][3]uint32{
		{tagWidth, 1, uint32(p.width)}, {tagHeight, 1, uint32(p.height)}, {tagBitsPerSample, 1, 8},
		{tagCompression, 1, uint32(p.compression)}, {tagPhotometric, 1, 1}, {tagStripOffsets, n, list(offsets)},
		{tagSamplesPerPixel, 1, 1}, {tagRowsPerStrip, 1, uint32(rows)}, {tagStripByteCounts, n, list(lengths)},
		{tagPredictor, 1, uint32(t.value(dir, tagPredictor, 1))},
	}
	le.PutUint32(out[4:], uint32(len(out)))
	out = le.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = le.AppendUint16(le.AppendUint16(out, uint16(e[0])), typeLong)
		out = le.AppendUint32(le.AppendUint32(out, e[1]), e[2])
	}
	m, err := xtiff.Decode(bytes.NewReader(le.AppendUint32(out, 0)))
	if err != nil {
		return nil, err
	}
	grey, ok := m.(*image.Gray)
	if !ok || grey.Rect.Dx() != p.width || grey.Rect.Dy() != p.height {
		return nil, record.Refuse(record.Damaged, nil, "a plane of a TIFF page is no picture of its size")
	}
	return grey, nil
}
