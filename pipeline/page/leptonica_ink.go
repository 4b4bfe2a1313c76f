package page

// #include "pixels.h"
import "C"

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// What is done with pictures of 1 bit, in which black is ink.

// count returns the number of black pixels of a 1-bit picture.
func (x *Pix) count() int {
	var n C.l_int32
	C.pixCountPixels(x.p, &n, nil)
	return int(n)
}

// opened returns of a 1-bit picture what a brick of so many pixels across and down fits into.
func (x *Pix) opened(across, down int) (*Pix, error) {
	y, err := x.like(1)
	if err != nil {
		return nil, err
	}
	return y.filled(C.pixels_open(y.p, x.p, C.int(across), C.int(down)))
}

// closed returns a 1-bit picture with all that black that no such brick fits into.
func (x *Pix) closed(across, down int) (*Pix, error) {
	y, err := x.like(1)
	if err != nil {
		return nil, err
	}
	return y.filled(C.pixels_close(y.p, x.p, C.int(across), C.int(down)))
}

// thickened returns a 1-bit picture with every stroke a pixel thicker.
func (x *Pix) thickened() (*Pix, error) {
	return own(C.pixDilateBrick(nil, x.p, 2, 2), "thicken a picture")
}

// rim is how dark what lies beside the ink of a bilevel scan is taken to be. Its threshold
// has made strokes thinner than they were printed, and broken the thinnest.
const rim = 95

// rimmed returns a 1-bit picture with 8 bits, every stroke thicker by a pixel of grey.
func (x *Pix) rimmed() (*Pix, error) {
	wide, err := x.thickened()
	if err != nil {
		return nil, err
	}
	defer wide.Free()
	grey, err := own(C.pixConvert1To8(nil, wide.p, 255, rim), "take 8 bits")
	if err != nil {
		return nil, err
	}
	C.pixSetMasked(grey.p, x.p, 0)
	return grey, nil
}

// halved returns a 1-bit picture at half its size: a pixel is black if at least
// level of the four are, 1 to 4.
func (x *Pix) halved(level int) (*Pix, error) {
	return own(C.pixReduceRankBinary2(x.p, C.l_int32(level), nil), "halve a picture")
}

// dots returns the connected parts of a 1-bit picture without a straight run of
// size pixels across or down.
func (x *Pix) dots(size int) (*Pix, error) {
	seed, err := x.opened(size, 1)
	if err != nil {
		return nil, err
	}
	defer seed.Free()
	down, err := x.opened(1, size)
	if err != nil {
		return nil, err
	}
	defer down.Free()
	C.pixOr(seed.p, seed.p, down.p)
	whole, err := own(C.pixSeedfillBinary(nil, seed.p, x.p, 8), "grow runs")
	if err != nil {
		return nil, err
	}
	defer whole.Free()
	return own(C.pixSubtract(nil, x.p, whole.p), "keep dots")
}

// orientation returns by how much a 1-bit page must be turned clockwise to stand
// upright, and whether that is sure. It wants 150 to 300 dpi.
func (x *Pix) orientation() (clockwise int, sure bool) {
	turned, err := x.Turned(90)
	if err != nil {
		return 0, false
	}
	defer turned.Free()
	up, left := x.rising(), turned.rising()
	if left == 0 { // no more for the one side than for the other; the decision takes it for no answer
		left = 0.001
	}
	var found C.l_int32
	C.makeOrientDecision(C.l_float32(up), C.l_float32(left), 8, 2.5, &found, 0)
	switch found {
	case C.L_TEXT_ORIENT_UP:
		return 0, true
	case C.L_TEXT_ORIENT_LEFT:
		return 90, true
	case C.L_TEXT_ORIENT_DOWN:
		return 180, true
	case C.L_TEXT_ORIENT_RIGHT:
		return 270, true
	}
	return 0, false
}

// leastCorners is how many strokes must leave their rows, up or down, to tell anything.
const leastCorners = 70

// rising says how sure it is that a 1-bit page stands upright and not on its head, in standard deviations: more
// strokes rise above rows of Latin letters than descend below (D. Bloomberg and others, "Measuring document image
// skew and orientation", 1995). 0 if there is too little to tell.
func (x *Pix) rising() float64 {
	var up, down C.int64_t
	if C.pixels_rising(x.p, &up, &down) == 0 || max(up, down) <= leastCorners {
		return 0
	}
	return 2 * float64(up-down) / math.Sqrt(float64(up+down))
}

// skew returns by how many degrees clockwise the lines of an upright 1-bit page
// run off the horizontal, up to 12 either way, 0 if it cannot be told.
func (x *Pix) skew() float64 {
	var angle, confidence C.l_float32
	if C.pixFindSkewSweepAndSearch(x.p, &angle, &confidence, 4, 2, 12, 1, 0.01) != 0 || confidence < 3 {
		return 0
	}
	return -float64(angle)
}

// joinedAcross returns a 1-bit picture with horizontal gaps up to gap filled and
// only what is then at least length long.
func (x *Pix) joinedAcross(gap, length int) (*Pix, error) {
	closed, err := x.closed(gap, 1)
	if err != nil {
		return nil, err
	}
	defer closed.Free()
	return closed.opened(length, 1)
}

// mend gives a 1-bit picture those of the pixels back that it had in whole and that
// close a gap across or down, in place.
func (x *Pix) mend(whole *Pix, gap int) error {
	lost, err := own(C.pixSubtract(nil, whole.p, x.p), "find what was taken off")
	if err != nil {
		return err
	}
	defer lost.Free()
	thick, err := x.opened(2, 2)
	if err != nil {
		return err
	}
	defer thick.Free()
	across, err := thick.closed(gap, 1)
	if err != nil {
		return err
	}
	defer across.Free()
	down, err := thick.closed(1, gap)
	if err != nil {
		return err
	}
	defer down.Free()
	C.pixOr(across.p, across.p, down.p)
	C.pixAnd(across.p, across.p, lost.p)
	C.pixOr(x.p, x.p, across.p)
	return nil
}

// remove takes the pixels of y that lie within reach of z out of x, in place.
func (x *Pix) remove(y, z *Pix, reach int) error {
	around, err := own(C.pixDilateBrick(nil, z.p, C.l_int32(2*reach+1), C.l_int32(2*reach+1)), "widen a picture")
	if err != nil {
		return err
	}
	defer around.Free()
	C.pixAnd(around.p, around.p, y.p)
	C.pixSubtract(x.p, x.p, around.p)
	return nil
}

// touching counts the connected parts of a 1-bit picture that touch its edge and
// are between least and most pixels wide and high: the size of letters.
func (x *Pix) touching(least, most int) (int, error) {
	sized := func(size int, keep C.l_int32) step {
		return func(y *Pix) (*Pix, error) {
			n := C.l_int32(size)
			return own(C.pixSelectBySize(y.p, n, n, 8, C.L_SELECT_IF_BOTH, keep, nil), "select parts by size")
		}
	}
	edge := func(y *Pix) (*Pix, error) {
		return own(C.pixExtractBorderConnComps(y.p, 8), "find what touches the edge")
	}
	parts, err := x.through(edge, sized(least, C.L_SELECT_IF_GTE), sized(most, C.L_SELECT_IF_LTE))
	if err != nil {
		return 0, err
	}
	defer parts.Free()
	var n C.l_int32
	C.pixCountConnComp(parts.p, 8, &n)
	return int(n), nil
}

// parts returns the boxes of the connected parts of a 1-bit picture.
func (x *Pix) parts() []record.Box {
	found := C.pixConnCompBB(x.p, 8)
	if found == nil {
		return nil
	}
	defer C.boxaDestroy(&found)
	out := make([]record.Box, found.n)
	for i := range out {
		var l, t, w, h C.l_int32
		C.boxaGetBoxGeometry(found, C.l_int32(i), &l, &t, &w, &h)
		out[i] = record.Box{int(l), int(t), int(l + w), int(t + h)}
	}
	return out
}

// darken adds the black pixels of a 1-bit picture at x0, y0, in place.
func (x *Pix) darken(y *Pix, x0, y0 int) {
	C.pixRasterop(x.p, C.l_int32(x0), C.l_int32(y0), C.l_int32(y.Width()), C.l_int32(y.Height()), C.PIX_SRC|C.PIX_DST, y.p, 0, 0)
}
