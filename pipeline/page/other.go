package page

import (
	"bytes"
	"image/gif"

	"github.com/sohoa/sohoa/record"
)

// gif decodes the first picture of a GIF and stores it without loss.
func (d *opened) gif(b []byte, name string) (record.Scan, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	if err := d.checkPixels(config.Width, config.Height); err != nil {
		return record.Scan{}, err
	}
	m, err := gif.Decode(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	return d.storeImage(m, nil, name)
}

// byLeptonica decodes what the Go decoders cannot, and stores it without loss.
// It is every WebP: the Go decoder takes its colours, which leave out the ends of
// the scale, for those of a JPEG.
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
