package page

// #cgo LDFLAGS: -lleptonica
// #include <stdlib.h>
// #include <leptonica/allheaders.h>
// #ifdef __GLIBC__
// #include <malloc.h>
// static void give_back(void) { malloc_trim(0); }
// #else
// static void give_back(void) {}
// #endif
import "C"

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

// MaxPixels is the largest picture that is ever decoded, whatever the limits of
// the caller: an A0 sheet at 600 dpi. A header that promises more is refused
// before anything is allocated.
const MaxPixels = 560e6

// A Pix is a picture in leptonica's memory: 1 bit (1 is black), 8 bits grey or
// 32 bits (red, green, blue, unused). The owner calls Free.
type Pix struct {
	p      *C.PIX
	faults int // how often its decoder met data that cannot be right, and went on
}

func init() { C.setMsgSeverity(C.L_SEVERITY_NONE) }

// own takes what a leptonica function returned; nil is its way to say that it failed.
func own(p *C.PIX, doing string) (*Pix, error) {
	if p == nil {
		return nil, fmt.Errorf("%s: leptonica gave no picture", doing)
	}
	return &Pix{p: p}, nil
}

// Free gives the memory back. It may be called on nil and twice.
func (x *Pix) Free() {
	if x != nil && x.p != nil {
		C.pixDestroy(&x.p)
	}
}

// GiveBack gives the memory of pictures that were freed back to the kernel, where the C library
// would keep it for the next ones.
func GiveBack() { C.give_back() }

// Width is in pixels.
func (x *Pix) Width() int { return int(x.p.w) }

// Height is in pixels.
func (x *Pix) Height() int { return int(x.p.h) }

// Depth is in bits per pixel: 1, 8 or 32.
func (x *Pix) Depth() int { return int(x.p.d) }

// words are the pixels, wpl words a line, the leftmost pixel in the highest bits.
func (x *Pix) words() (data []uint32, wpl int) {
	wpl = int(x.p.wpl)
	return unsafe.Slice((*uint32)(unsafe.Pointer(x.p.data)), wpl*x.Height()), wpl
}

// newPix returns a white-or-zero picture after checking its size.
func newPix(width, height, depth int) (*Pix, error) {
	if err := checkSize(width, height); err != nil {
		return nil, err
	}
	return own(C.pixCreate(C.l_int32(width), C.l_int32(height), C.l_int32(depth)), "new picture")
}

func checkSize(width, height int) error {
	if width <= 0 || height <= 0 {
		return record.Refuse(record.Damaged, nil, "picture of %d x %d pixels", width, height)
	}
	if int64(width)*int64(height) > MaxPixels {
		return record.Refuse(record.TooManyPixels, nil, "picture of %d x %d pixels", width, height)
	}
	return nil
}

// FromSamples makes a Pix from rows of samples packed as in PDF and PNG, each
// row padded to a whole byte: bits is 1 (1 is black) or 8, colors 1, or 3 with 8 bits.
func FromSamples(data []byte, width, height, colors, bits int) (*Pix, error) {
	stride := (width*colors*bits + 7) / 8
	if err := checkSize(width, height); err != nil {
		return nil, err
	}
	if len(data) < stride*height {
		return nil, record.Refuse(record.Truncated, nil, "%d bytes of samples for %d x %d pixels, want %d", len(data), width, height, stride*height)
	}
	depth := bits
	if colors == 3 {
		depth = 32
	}
	x, err := newPix(width, height, depth)
	if err != nil {
		return nil, err
	}
	words, wpl := x.words()
	for y := range height {
		row, line := data[y*stride:(y+1)*stride], words[y*wpl:(y+1)*wpl]
		if colors == 3 {
			fillRGB(line, row)
		} else {
			fillPacked(line, row)
		}
	}
	return x, nil
}

func fillRGB(line []uint32, row []byte) {
	for i := 0; i+2 < len(row); i += 3 {
		line[i/3] = uint32(row[i])<<24 | uint32(row[i+1])<<16 | uint32(row[i+2])<<8
	}
}

func fillPacked(line []uint32, row []byte) {
	whole := len(row) / 4
	for i := range whole {
		line[i] = binary.BigEndian.Uint32(row[4*i:])
	}
	if rest := row[4*whole:]; len(rest) > 0 {
		var last [4]byte
		copy(last[:], rest)
		line[whole] = binary.BigEndian.Uint32(last[:])
	}
}

// Samples returns the pixels packed as FromSamples takes them, with the number
// of components and the bits of each.
func (x *Pix) Samples() (data []byte, colors, bits int) {
	words, wpl := x.words()
	width, height := x.Width(), x.Height()
	if x.Depth() == 32 {
		data = make([]byte, 0, 3*width*height)
		for y := range height {
			for _, w := range words[y*wpl : y*wpl+width] {
				data = append(data, byte(w>>24), byte(w>>16), byte(w>>8))
			}
		}
		return data, 3, 8
	}
	stride := (width*x.Depth() + 7) / 8
	line := make([]byte, 4*wpl)
	data = make([]byte, 0, stride*height)
	for y := range height {
		for i, w := range words[y*wpl : (y+1)*wpl] {
			binary.BigEndian.PutUint32(line[4*i:], w)
		}
		data = append(data, line[:stride]...)
	}
	return data, 1, x.Depth()
}
