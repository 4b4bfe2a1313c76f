package pdfa

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// jpxHead is how much of a JPEG 2000 file is read to find its header boxes: more
// than a palette of 1024 colours and a large profile take.
const jpxHead = 4 << 20

// jpxBoxes looks at a JPEG 2000 picture from its beginning and returns what must
// stand in front of it: nothing, or for a bare codestream the boxes up to it. It
// fails if PDF/A does not allow the picture. The file is then at its beginning.
func jpxBoxes(in io.ReadSeeker) ([]byte, error) {
	head, err := io.ReadAll(io.LimitReader(in, jpxHead))
	if err != nil {
		return nil, err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(head, []byte{0xff, 0x4f, 0xff, 0x51}) {
		return nil, jpxAllowed(head)
	}
	boxes, err := codestreamBoxes(head)
	if err != nil {
		return nil, err
	}
	return boxes, jpxAllowed(boxes)
}

// codestreamBoxes makes the boxes from the size marker of a codestream (A.5.1).
func codestreamBoxes(head []byte) ([]byte, error) {
	if len(head) < 45 {
		return nil, errors.New("a codestream that is cut off")
	}
	at := func(i int) uint32 { return binary.BigEndian.Uint32(head[i:]) }
	width, height := at(8)-at(16), at(12)-at(20)
	channels := binary.BigEndian.Uint16(head[40:])
	bits := head[42]
	for i := 1; i < int(channels) && 42+3*i < len(head); i++ {
		if head[42+3*i] != bits {
			return nil, errors.New("channels of differing bits")
		}
	}
	space := map[uint16]uint32{1: 17, 3: 16, 4: 12}[channels] // grey, sRGB, CMYK (annex M of part 2)
	image := be(be(nil, uint32(22)), []byte("ihdr"), height, width, channels, bits, uint8(7), uint8(0), uint8(0))
	colour := be(be(nil, uint32(15)), []byte("colr"), uint8(1), uint8(0), uint8(0), space)
	out := be(nil, uint32(12), []byte("jP  "), uint32(0x0d0a870a))
	out = be(out, uint32(20), []byte("ftypjp2 "), uint32(0), []byte("jp2 "))
	out = be(out, uint32(8+len(image)+len(colour)), []byte("jp2h"), image, colour)
	return be(out, uint32(0), []byte("jp2c")), nil // a length of 0: to the end
}

// jpxAllowed looks at the boxes of a JPEG 2000 file (ISO/IEC 15444-1, annex I)
// and says what PDF/A-2 does not allow in it (ISO 19005-2, 6.2.8.3).
func jpxAllowed(head []byte) error {
	if len(head) < 12 || string(head[4:8]) != "jP  " {
		return errors.New("a bare codestream, or no JPEG 2000 at all")
	}
	for len(head) > 0 {
		kind, body, rest, err := box(head)
		if err != nil {
			return err
		}
		if kind == "jp2h" {
			return jpxHeader(body)
		}
		head = rest
	}
	return errors.New("no header box")
}

// box splits off the first box.
func box(b []byte) (kind string, body, rest []byte, err error) {
	if len(b) < 8 {
		return "", nil, nil, errors.New("a box is cut off")
	}
	n, skip := uint64(binary.BigEndian.Uint32(b)), 8
	kind = string(b[4:8])
	switch {
	case n == 1 && len(b) >= 16:
		n, skip = binary.BigEndian.Uint64(b[8:]), 16
	case n == 0:
		n = uint64(len(b))
	}
	if n < uint64(skip) || n > uint64(len(b)) {
		return "", nil, nil, fmt.Errorf("box %q is cut off", kind)
	}
	return kind, b[skip:n], b[n:], nil
}

func jpxHeader(b []byte) error {
	var spaces, approx int
	for len(b) > 0 {
		kind, body, rest, err := box(b)
		if err != nil {
			return err
		}
		b = rest
		switch kind {
		case "ihdr":
			if err := jpxSize(body); err != nil {
				return err
			}
		case "colr":
			if len(body) < 3 || body[0] < 1 || body[0] > 3 {
				return errors.New("a colour box of an unknown method")
			}
			if body[0] == 1 && len(body) >= 7 && binary.BigEndian.Uint32(body[3:]) == 19 {
				return errors.New("colours in CIEJab")
			}
			spaces++
			if body[2] == 1 {
				approx++
			}
		}
	}
	if spaces == 0 {
		return errors.New("no colour box")
	}
	if spaces > 1 && approx != 1 {
		return fmt.Errorf("%d colour boxes, %d of them exact", spaces, approx)
	}
	return nil
}

// jpxSize looks at the image header: number of channels and bits.
func jpxSize(b []byte) error {
	if len(b) < 14 {
		return errors.New("an image header that is cut off")
	}
	if n := binary.BigEndian.Uint16(b[8:]); n != 1 && n != 3 && n != 4 {
		return fmt.Errorf("%d colour channels", n)
	}
	if bits := int(b[10]&0x7f) + 1; b[10] == 0xff {
		return errors.New("channels of differing bits")
	} else if bits > 38 {
		return fmt.Errorf("%d bits", bits)
	}
	return nil
}
