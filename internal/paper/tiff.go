package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// Compressions of TIFF pages that are not bilevel; bilevel ones are Group 4.
const (
	Uncompressed = 1
	Deflate      = 8
	group4       = 4
)

// An entry of a TIFF directory: type 3 SHORT, 4 LONG, 5 RATIONAL (value is its offset).
type entry struct {
	tag, kind uint16
	count     uint32
	value     uint32
}

// WriteTIFF writes pages into one little-endian TIFF 6.0 file, one strip a page.
func WriteTIFF(w io.Writer, pages []image.Image, dpi int, compression uint16) error {
	le := binary.LittleEndian
	file := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the offset of the next directory goes
	for n, img := range pages {
		strip, entries, err := tiffPage(img, compression)
		if err != nil {
			return fmt.Errorf("page %d: %w", n+1, err)
		}
		at := uint32(len(file))
		file = append(file, strip...)
		resolution := uint32(len(file))
		file = le.AppendUint32(le.AppendUint32(file, uint32(dpi)), 1)
		file = le.AppendUint16(le.AppendUint16(le.AppendUint16(file, 8), 8), 8)
		if len(file)%2 == 1 {
			file = append(file, 0)
		}
		le.PutUint32(file[link:], uint32(len(file)))
		entries = located(entries, at, uint32(len(strip)), resolution, n, len(pages))
		file = le.AppendUint16(file, uint16(len(entries)))
		for _, e := range entries {
			file = le.AppendUint32(le.AppendUint16(le.AppendUint16(file, e.tag), e.kind), e.count)
			file = le.AppendUint32(file, e.value)
		}
		link = len(file)
		file = le.AppendUint32(file, 0)
	}
	_, err := w.Write(file)
	return err
}

// tiffPage encodes the strip and says what it is: width, height, bits,
// compression, photometric interpretation, samples.
func tiffPage(img image.Image, compression uint16) ([]byte, []entry, error) {
	var samples []byte
	bits, photometric, perPixel := uint32(8), uint32(1), uint32(1)
	switch img := img.(type) {
	case *image.Paletted:
		samples, bits, photometric, compression = encodeG4(img), 1, 0, group4
	case *image.Gray:
		samples = img.Pix
	case *image.RGBA:
		samples, photometric, perPixel = rgb(img), 2, 3
	default:
		return nil, nil, fmt.Errorf("no TIFF of a %T", img)
	}
	if compression == Deflate {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(samples) // a bytes.Buffer takes everything
		z.Close()
		samples = b.Bytes()
	}
	r := img.Bounds()
	return samples, []entry{
		{256, 4, 1, uint32(r.Dx())}, {257, 4, 1, uint32(r.Dy())}, {258, 3, perPixel, bits},
		{259, 3, 1, uint32(compression)}, {262, 3, 1, photometric}, {277, 3, 1, perPixel},
	}, nil
}

// located adds where the strip and the resolution (with the three bit depths
// behind it) lie, in the order of the tags.
func located(e []entry, strip, size, resolution uint32, page, pages int) []entry {
	height := e[1].value
	if e[2].count == 3 {
		e[2].value = resolution + 8
	}
	return []entry{e[0], e[1], e[2], e[3], e[4], {273, 4, 1, strip}, e[5], {278, 4, 1, height}, {279, 4, 1, size},
		{282, 5, 1, resolution}, {283, 5, 1, resolution}, {296, 3, 1, 2}, {297, 3, 2, uint32(page) | uint32(pages)<<16}}
}

func rgb(img *image.RGBA) []byte {
	out := make([]byte, 0, len(img.Pix)/4*3)
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i:i+3]...)
	}
	return out
}
