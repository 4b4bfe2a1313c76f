package page

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"io"
	"math"

	"golang.org/x/image/bmp"

	"github.com/sohoa/sohoa/record"
)

var goDecoders = map[string]struct {
	size   func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	"image/bmp": {bmp.DecodeConfig, bmp.Decode},
	"image/gif": {gif.DecodeConfig, gif.Decode},
}

// other decodes a WebP, BMP or GIF and stores it without loss. What the Go
// decoders do not know goes to leptonica, and every WebP: the Go decoder takes its
// colours, which leave out the ends of the scale, for those of a JPEG.
func (d *opened) other(b []byte, name string) (record.Scan, error) {
	c, ok := goDecoders[d.media]
	if !ok {
		return d.byLeptonica(b, name)
	}
	config, err := c.size(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	if err := d.checkPixels(config.Width, config.Height); err != nil {
		return record.Scan{}, err
	}
	m, err := c.decode(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	s, err := d.storeImage(m, nil, name)
	if d.media == "image/bmp" {
		s.DPIX, s.DPIY = bmpDPI(b)
	}
	return s, err
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

// byLeptonica decodes what the Go decoders cannot, and stores it without loss.
func (d *opened) byLeptonica(b []byte, name string) (record.Scan, error) {
	width, height, err := header(b)
	if err != nil {
		return record.Scan{}, err
	}
	if err := d.checkPixels(width, height); err != nil {
		return record.Scan{}, err
	}
	x, err := DecodeImage(b)
	if err != nil {
		return record.Scan{}, err
	}
	defer x.Free()
	return d.storePix(x, name)
}
