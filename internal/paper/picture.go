package paper

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// WriteJPEG writes one page as JFIF that states its resolution. Bilevel pages become grey.
func WriteJPEG(w io.Writer, img image.Image, dpi, quality int) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, grown(img), &jpeg.Options{Quality: quality}); err != nil {
		return err
	}
	jfif := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, byte(dpi >> 8), byte(dpi), byte(dpi >> 8), byte(dpi), 0, 0}
	return inserted(w, b.Bytes(), 2, jfif)
}

// grown turns a bilevel picture into a grey one; others stay.
func grown(img image.Image) image.Image {
	p, ok := img.(*image.Paletted)
	if !ok {
		return img
	}
	out := image.NewGray(p.Rect)
	for i, v := range p.Pix {
		out.Pix[i] = 255 * (1 - v)
	}
	return out
}

// WritePNG writes one page as PNG that states its resolution.
func WritePNG(w io.Writer, img image.Image, dpi int) error {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	perMetre := uint32(float64(dpi)/0.0254 + .5)
	chunk := append([]byte("pHYs"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMetre), perMetre)...)
	chunk = append(chunk, 1)
	whole := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	whole = binary.BigEndian.AppendUint32(append(whole, chunk...), crc32.ChecksumIEEE(chunk))
	const afterIHDR = 8 + 25
	return inserted(w, b.Bytes(), afterIHDR, whole)
}

// inserted writes b with more put in at an offset.
func inserted(w io.Writer, b []byte, at int, more []byte) error {
	for _, part := range [][]byte{b[:at], more, b[at:]} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
