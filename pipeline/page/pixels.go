package page

// #cgo CFLAGS: -O3
// #cgo LDFLAGS: -ljpeg -lm
// #include <stdlib.h>
// #include "pixels.h"
import "C"

import (
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

// What is done with every pixel of a page. Leptonica's own functions take one after the
// other, and took a tenth of the processor time of a page.

// decodeJPEG decodes a JPEG and says how often the decoder met data that cannot be right. Complement says that
// four inks are stored as their complements, as Adobe's are; a picture in a PDF says so by its /Decode, whatever its markers say.
func decodeJPEG(b []byte, complement bool) (x *Pix, warnings int, err error) {
	var n, turned C.int
	if complement {
		turned = 1
	}
	x, err = plain(C.pixels_from_jpeg(bytesOf(b), C.size_t(len(b)), turned, &n), b)
	return x, int(n), err
}

// EncodeJPEG returns the picture as baseline JPEG; quality is 1 to 100.
func (x *Pix) EncodeJPEG(quality int) ([]byte, error) {
	if x.Depth() == 1 {
		grey, err := x.eightBits()
		if err != nil {
			return nil, err
		}
		defer grey.Free()
		return grey.EncodeJPEG(quality)
	}
	var size C.ulong
	data := C.pixels_to_jpeg(x.p, C.int(quality), &size)
	if data == nil {
		return nil, record.Fail(record.Internal, nil, "encode a picture as JPEG")
	}
	defer C.free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(size)), nil
}

// lightest returns the picture with 8 bits: of three colours the lightest.
func (x *Pix) lightest() (*Pix, error) {
	if x.Depth() != 32 {
		return x.eightBits()
	}
	grey, err := x.like(8)
	if err != nil {
		return nil, err
	}
	C.pixels_lightest(grey.p, x.p)
	return grey, nil
}

// smaller returns a picture of 8 or 32 bits at a smaller size, each pixel the mean of what it covers.
func (x *Pix) smaller(factor float64) (*Pix, error) {
	side := func(n int) int { return max(1, int(float64(n)*factor+0.5)) }
	small, err := newPix(side(x.Width()), side(x.Height()), x.Depth())
	if err != nil {
		return nil, err
	}
	return small.filled(C.pixels_shrink(small.p, x.p))
}

// shrunk returns a grey picture at half its size.
func (x *Pix) shrunk() (*Pix, error) {
	half, err := newPix(x.Width()/2, x.Height()/2, 8)
	if err != nil {
		return nil, err
	}
	C.pixels_halve(half.p, x.p)
	return half, nil
}

// darkerThan returns the pixels of a grey picture below level.
func (x *Pix) darkerThan(level int) (*Pix, error) {
	black, err := x.like(1)
	if err != nil {
		return nil, err
	}
	return black.filled(C.pixels_darker(black.p, x.p, C.int(level)))
}

// histogram counts the levels of every step-th pixel of every step-th row of a grey picture.
func (x *Pix) histogram(step int) (counts [256]int) {
	var found [256]C.int64_t
	C.pixels_count(x.p, C.int(step), &found[0])
	for level, n := range found {
		counts[level] = int(n)
	}
	return counts
}

// tiles of a picture, in pixels, have one background each; fewer pixels of it than least tell nothing.
type tiles struct{ wide, high, least int }

// levelled returns a grey picture whose local background is everywhere 200. The background is looked for
// in a picture of half the size; not so if it is coarse, for at half the size thin letters would be pale enough
// to count for background.
func (x *Pix) levelled(coarse bool) (*Pix, error) {
	looked, times, in := (*Pix).shrunk, 2, tiles{5, 8, 10}
	if coarse {
		looked, times, in = (*Pix).copied, 1, tiles{10, 15, 40}
	}
	factors, err := x.through(looked, func(y *Pix) (*Pix, error) { return y.backgrounds(in) })
	if err != nil {
		return nil, err
	}
	defer factors.Free()
	even, err := x.like(8)
	if err != nil {
		return nil, err
	}
	return even.filled(C.pixels_level(even.p, x.p, factors.p, C.int(times*in.wide), C.int(times*in.high)))
}

// backgrounds returns, of each tile of a picture, by how many 256ths its pixels must be multiplied
// so that its background becomes 200.
func (x *Pix) backgrounds(in tiles) (*Pix, error) {
	const darkest = 60 // darker is ink
	var found *C.PIX
	C.pixGetBackgroundGrayMap(x.p, nil, C.l_int32(in.wide), C.l_int32(in.high), darkest, C.l_int32(in.least), &found)
	levels, err := own(found, "find the background")
	if err != nil {
		return nil, err
	}
	defer levels.Free()
	return own(C.pixGetInvBackgroundMap(levels.p, background, 2, 1), "find the background")
}

// background is the grey to which levelled lifts the paper.
const background = 200

// near returns a levelled picture with its paper white, and with it all that lies farther than reach, 1 to 31 pixels,
// from the black pixels of a picture of 1 bit of the same size.
func (x *Pix) near(ink *Pix, reach int) (*Pix, error) {
	if ink.Width() != x.Width() || ink.Height() != x.Height() {
		return nil, record.Fail(record.Internal, nil, "ink of %d x %d pixels on a picture of %d x %d", ink.Width(), ink.Height(), x.Width(), x.Height())
	}
	white, err := x.like(8)
	if err != nil {
		return nil, err
	}
	return white.filled(C.pixels_near(white.p, x.p, ink.p, C.int(reach), background))
}

// like returns a picture of the same size, not yet filled.
func (x *Pix) like(depth int) (*Pix, error) {
	return own(C.pixCreateNoInit(C.l_int32(x.Width()), C.l_int32(x.Height()), C.l_int32(depth)), "new picture")
}

// filled returns the picture if it could be filled, and frees it if not.
func (x *Pix) filled(done C.int) (*Pix, error) {
	if done == 0 {
		defer x.Free()
		return nil, record.Fail(record.Internal, nil, "fill a picture of %d x %d pixels", x.Width(), x.Height())
	}
	return x, nil
}

// marked returns what inks every step-th pixel of every step-th row of a colour picture has, to be read by row; dark
// is the level below which all colours of one must lie that is neither red nor blue.
func (x *Pix) marked(step, dark int) (*Pix, error) {
	marks, err := newPix((x.Width()+step-1)/step, (x.Height()+step-1)/step, 8)
	if err != nil {
		return nil, err
	}
	return marks.filled(C.pixels_marks(marks.p, x.p, C.int(step), C.int(dark)))
}

// row returns row y of marks.
func (x *Pix) row(y int) []byte {
	words, wpl := x.words()
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[y*wpl])), x.Width())
}
