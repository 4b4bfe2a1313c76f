package page

// #include <leptonica/allheaders.h>
import "C"

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Invert turns black into white and back, in place.
func (x *Pix) Invert() { C.pixInvert(x.p, x.p) }

// mirror changes left and right, in place.
func (x *Pix) mirror() { C.pixFlipLR(x.p, x.p) }

// Turned returns the picture turned clockwise by 0, 90, 180 or 270 degrees; by 0 it shares its pixels.
func (x *Pix) Turned(clockwise int) (*Pix, error) {
	if clockwise == 0 {
		return own(C.pixClone(x.p), "turn a picture")
	}
	return own(C.pixRotateOrth(x.p, C.l_int32(clockwise/90)), "turn a picture")
}

// Clipped returns a copy of the part from x0, y0 on.
func (x *Pix) Clipped(x0, y0, width, height int) (*Pix, error) {
	box := C.boxCreate(C.l_int32(x0), C.l_int32(y0), C.l_int32(width), C.l_int32(height))
	defer C.boxDestroy(&box)
	return own(C.pixClipRectangle(x.p, box, nil), "clip a picture")
}

// darkest returns a colour picture with 8 bits: of three colours the darkest.
func (x *Pix) darkest() (*Pix, error) {
	return own(C.pixConvertRGBToGrayMinMax(x.p, C.L_CHOOSE_MIN), "take the darkest colour")
}

// eightBits returns a picture of 1 or 8 bits with 8.
func (x *Pix) eightBits() (*Pix, error) { return own(C.pixConvertTo8(x.p, 0), "take 8 bits") }

// scaled returns the picture at another size; smaller 1-bit pictures become grey.
func (x *Pix) scaled(factor float64) (*Pix, error) {
	f := C.l_float32(factor)
	switch {
	case factor == 1:
		return own(C.pixClone(x.p), "scale a picture")
	case factor < 1 && x.Depth() == 1:
		return own(C.pixScaleToGray(x.p, f), "scale a picture down to grey")
	case factor < 1:
		return x.smaller(factor)
	}
	return own(C.pixScaleGeneral(x.p, f, f, 0, 0), "scale a picture")
}

// Narrowed returns a grey picture with its width alone made smaller.
func (x *Pix) Narrowed(width float64) (*Pix, error) {
	return own(C.pixScaleGeneral(x.p, C.l_float32(width), 1, 0, 0), "narrow a picture")
}

// stretched returns the picture wider and higher, each by its factor.
func (x *Pix) stretched(wide, high float64) (*Pix, error) {
	return own(C.pixScaleGeneral(x.p, C.l_float32(wide), C.l_float32(high), 0, 0), "stretch a picture")
}

// straightened returns the picture turned clockwise about its centre by a small
// angle, white moving in, on a sheet large enough that nothing is lost. A 1-bit
// picture is sheared, which costs a tenth of turning it and reads as well.
func (x *Pix) straightened(degrees float64) (*Pix, error) {
	how := C.l_int32(C.L_ROTATE_AREA_MAP)
	if x.Depth() == 1 {
		how = C.L_ROTATE_SHEAR
	}
	w, h := C.l_int32(x.Width()), C.l_int32(x.Height())
	return own(C.pixRotate(x.p, C.l_float32(degrees*math.Pi/180), how, C.L_BRING_IN_WHITE, w, h), "straighten a picture")
}

// whitened returns a levelled picture with its paper white.
func (x *Pix) whitened() (*Pix, error) {
	return own(C.pixGammaTRC(nil, x.p, 1, 0, background), "whiten a picture")
}

// sharpened returns a grey picture with its edges made steeper.
func (x *Pix) sharpened() (*Pix, error) {
	return own(C.pixUnsharpMaskingGray(x.p, 3, 1), "sharpen a picture")
}

// copied returns a picture that can be altered.
func (x *Pix) copied() (*Pix, error) { return own(C.pixCopy(nil, x.p), "copy a picture") }

// blank makes a box white, in place.
func (x *Pix) blank(b record.Box) {
	op := C.l_int32(C.PIX_SET)
	if x.Depth() == 1 {
		op = C.PIX_CLR
	}
	C.pixRasterop(x.p, C.l_int32(b[0]), C.l_int32(b[1]), C.l_int32(b.Width()), C.l_int32(b.Height()), op, nil, 0, 0)
}

// darken8 takes the darker of two grey pictures at x0, y0, in place.
func (x *Pix) darken8(y *Pix, x0, y0 int) error {
	part, err := x.Clipped(x0, y0, y.Width(), y.Height())
	if err != nil {
		return err
	}
	defer part.Free()
	C.pixMinOrMax(part.p, part.p, y.p, C.L_CHOOSE_MIN)
	x.paste(part, x0, y0)
	return nil
}

// paste puts another picture of the same depth at x0, y0, in place.
func (x *Pix) paste(y *Pix, x0, y0 int) {
	C.pixRasterop(x.p, C.l_int32(x0), C.l_int32(y0), C.l_int32(y.Width()), C.l_int32(y.Height()), C.PIX_SRC, y.p, 0, 0)
}
