package page

import (
	"bytes"
	"encoding/binary"

	"github.com/sohoa/sohoa/record"
)

// webp decodes a WebP and stores it without loss, with the turn, the resolution
// and the colour profile that stand beside its picture (RFC 9649, 2.7.1). One
// that moves is no page.
func (d *opened) webp(b []byte, name string) (record.Scan, error) {
	var meta jpegHead
	for rest := b[min(12, len(b)):]; len(rest) >= 8; {
		n := min(int64(binary.LittleEndian.Uint32(rest[4:])), int64(len(rest)-8))
		kind, body := string(rest[:4]), rest[8:8+n]
		switch kind {
		case "ANIM", "ANMF":
			return record.Scan{}, record.Refuse(record.FormatNotRead, nil, "moving picture in WebP")
		case "EXIF":
			meta.readEXIF(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		case "ICCP":
			meta.icc = body
		}
		rest = rest[min(8+n+n%2, int64(len(rest))):]
	}
	s, err := d.byLeptonica(b, name)
	if err != nil {
		return s, err
	}
	s.Rotate, s.Mirrored = turn(meta.orientation)
	s.DPIX, s.DPIY = meta.dpiX, meta.dpiY
	if s.Colors == 3 { // grey and black and white were found to be so
		s.ICC, err = d.profile(meta.icc, 3, name)
	}
	return s, err
}
