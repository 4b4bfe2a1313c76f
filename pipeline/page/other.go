package page

import (
	"bytes"
	"image/gif"

	"github.com/sohoa/sohoa/record"
)

// gif decodes the first picture of a GIF and stores it without loss. Others, of
// which a film is made, are counted as lost.
func (d *opened) gif(b []byte, name string) (record.Scan, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	if err := d.checkPixels(config.Width, config.Height); err != nil {
		return record.Scan{}, err
	}
	if n := gifPictures(b); n > 1 {
		d.warn("page %s: of the %d pictures of the file it is the first; the others are left out", name, n)
	}
	m, err := gif.Decode(bytes.NewReader(b))
	if err != nil {
		return d.byLeptonica(b, name)
	}
	return d.storeImage(m, nil, name)
}

// gifPictures counts the pictures of a GIF (GIF89a, 20 to 27), as far as its blocks
// can be followed.
func gifPictures(b []byte) int {
	n, at := 0, 13
	colours := func(flags byte) int { // bytes of a table
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	if len(b) > 10 {
		at += colours(b[10])
	}
	for at+10 < len(b) {
		switch b[at] {
		case 0x21: // an extension: its label
			at += 2
		case 0x2c: // a picture: place, table, code size
			n++
			at += 11 + colours(b[at+9])
		default:
			return n
		}
		for at < len(b) && b[at] != 0 { // blocks of data
			at += 1 + int(b[at])
		}
		at++
	}
	return n
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
