package page

// #include <leptonica/allheaders.h>
import "C"

// Invert turns black into white and back, in place.
func (x *Pix) Invert() { C.pixInvert(x.p, x.p) }

// Turned returns the picture turned clockwise by 0, 90, 180 or 270 degrees.
func (x *Pix) Turned(clockwise int) (*Pix, error) {
	return own(C.pixRotateOrth(x.p, C.l_int32(clockwise/90)), "turn a picture")
}
