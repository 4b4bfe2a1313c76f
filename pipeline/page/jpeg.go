package page

import (
	"bytes"
	"encoding/binary"

	"github.com/sohoa/sohoa/record"
)

// jpegHead is what the markers of a JPEG say (ITU-T T.81, annex B).
type jpegHead struct {
	width, height int
	components    int
	bits          int
	frame         byte // SOF marker
	adobe         int  // transform of the Adobe marker, -1 without one
	dpiX, dpiY    float64
	orientation   int // EXIF, 0: not stated
	icc           []byte
	ended         bool // an end-of-image marker follows the last scan
}

// readJPEG walks the markers of a JPEG from its start to its end of image.
func readJPEG(b []byte) (jpegHead, error) {
	h := jpegHead{adobe: -1}
	var profile iccChunks
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return h, record.Refuse(record.Damaged, nil, "JPEG without a start of image")
	}
	for at := 2; ; {
		marker, body, next := nextMarker(b, at)
		if marker == 0 {
			break
		}
		at = next
		switch {
		case marker == 0xd9:
			h.ended = true
		case isFrame(marker) && h.frame == 0:
			if len(body) < 6 {
				return h, record.Refuse(record.Damaged, nil, "JPEG with a frame header of %d bytes", len(body))
			}
			h.frame, h.bits, h.components = marker, int(body[0]), int(body[5])
			h.height, h.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
		case marker == 0xe0:
			h.readJFIF(body)
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			h.readEXIF(body[6:])
		case marker == 0xe2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
			profile.add(body[12:])
		case marker == 0xee && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
			h.adobe = int(body[11])
		case marker == 0xda:
			at = endOfScan(b, at)
		}
		if h.ended {
			break
		}
	}
	h.icc = profile.join()
	return h, h.check(len(b))
}

func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// nextMarker returns the next marker from at on, its segment's content, and where
// to go on; marker 0 at the end of the data.
func nextMarker(b []byte, at int) (marker byte, body []byte, next int) {
	for at+1 < len(b) && (b[at] != 0xff || b[at+1] == 0xff || b[at+1] == 0) {
		at++
	}
	if at+1 >= len(b) {
		return 0, nil, len(b)
	}
	marker, at = b[at+1], at+2
	if marker == 0xd9 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
		return marker, nil, at
	}
	if at+2 > len(b) {
		return 0, nil, len(b)
	}
	n := int(binary.BigEndian.Uint16(b[at:]))
	if n < 2 || at+n > len(b) {
		return 0, nil, len(b)
	}
	return marker, b[at+2 : at+n], at + n
}

// endOfScan skips entropy-coded data: it ends at the first marker that is neither
// a stuffed byte nor a restart.
func endOfScan(b []byte, at int) int {
	for {
		i := bytes.IndexByte(b[at:], 0xff)
		if i < 0 || at+i+1 >= len(b) {
			return len(b)
		}
		at += i
		if m := b[at+1]; m != 0 && m != 0xff && (m < 0xd0 || m > 0xd7) {
			return at
		}
		at++
	}
}

func (h *jpegHead) check(size int) error {
	switch {
	case h.frame == 0 && !h.ended:
		return record.Refuse(record.Truncated, nil, "JPEG of %d bytes ends before its frame header", size)
	case h.frame == 0:
		return record.Refuse(record.Damaged, nil, "JPEG of %d bytes without a picture", size)
	case h.frame > 0xc2 || h.bits != 8:
		return record.Refuse(record.FormatNotRead, nil, "JPEG of %d bits with process %x: neither baseline nor progressive", h.bits, h.frame)
	case h.components != 1 && h.components != 3 && h.components != 4:
		return record.Refuse(record.Damaged, nil, "JPEG with %d components", h.components)
	case !h.ended:
		return record.Refuse(record.Truncated, nil, "JPEG of %d bytes has no end of image", size)
	}
	return nil
}

// readJFIF takes the density. A unit of 0 gives only a ratio.
func (h *jpegHead) readJFIF(body []byte) {
	if len(body) < 12 || !bytes.HasPrefix(body, []byte("JFIF\x00")) {
		return
	}
	scale := map[byte]float64{1: 1, 2: 2.54}[body[7]]
	h.setDPI(scale*float64(binary.BigEndian.Uint16(body[8:])), scale*float64(binary.BigEndian.Uint16(body[10:])))
}

// setDPI keeps what is a scanner's resolution; many programs write 1 or 72 for "unknown".
func (h *jpegHead) setDPI(x, y float64) {
	if x > h.dpiX && x >= 10 && y >= 10 && x < 20000 && y < 20000 {
		h.dpiX, h.dpiY = x, y
	}
}

// readEXIF takes orientation and resolution from the first directory.
func (h *jpegHead) readEXIF(b []byte) {
	t, err := newTIFF(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	dir, err := t.directory(t.first)
	if err != nil {
		return
	}
	h.orientation = int(t.value(dir, tagOrientation, 0))
	h.setDPI(t.resolution(dir))
}

// turn is the clockwise turn for an EXIF or TIFF orientation, and whether left and
// right change places before it.
func turn(orientation int) (clockwise int, mirrored bool) {
	switch orientation {
	case 2:
		return 0, true
	case 3:
		return 180, false
	case 4:
		return 180, true
	case 5:
		return 270, true
	case 6:
		return 90, false
	case 7:
		return 90, true
	case 8:
		return 270, false
	}
	return 0, false
}

var deviceSpace = map[int]string{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}

// jpeg passes a JPEG through, bytes untouched.
func (d *opened) jpeg(b []byte, name string) (record.Scan, error) {
	h, err := readJPEG(b)
	if err != nil {
		return record.Scan{}, err
	}
	return d.passJPEG(b, h, name)
}

func (d *opened) passJPEG(b []byte, h jpegHead, name string) (record.Scan, error) {
	if err := d.checkPixels(h.width, h.height); err != nil {
		return record.Scan{}, err
	}
	var err error
	s := record.Scan{
		File: name + ".jpg", Filter: "DCTDecode", Width: h.width, Height: h.height, Bits: 8,
		Space: deviceSpace[h.components], Colors: h.components, DPIX: h.dpiX, DPIY: h.dpiY,
	}
	if h.components == 4 && h.adobe >= 0 { // Adobe stores ink as its complement
		s.Decode = []float64{1, 0, 1, 0, 1, 0, 1, 0}
	}
	s.Rotate, s.Mirrored = turn(h.orientation)
	if s.ICC, err = d.profile(h.icc, h.components, name); err != nil {
		return record.Scan{}, err
	}
	return s, d.out.write(s.File, b)
}
