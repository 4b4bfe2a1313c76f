package page

// #include "pixels.h"
import "C"

import (
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

// predictor gives each row the filter of PNG (ISO/IEC 15948, 9.2) whose differences have the smallest
// sum; None to indexes and to less than a byte, or if nothing is to be predicted.
type predictor struct {
	bpp        int // bytes to the pixel on the left; 0: no prediction
	row, above []byte
	out        []byte
}

// margin is what lies before a row: a pixel of zeros, the largest of which has eight bytes.
const margin = 8

func newPredictor(r raw, predicted bool) *predictor {
	n := r.stride()
	p := &predictor{row: make([]byte, margin+n), above: make([]byte, margin+n), out: make([]byte, 5*(n+1))}
	if predicted && r.palette == nil && r.bits >= 8 {
		p.bpp = r.colors * r.bits / 8
	}
	return p
}

// next returns the row behind its filter's number; it is valid until the next call.
func (p *predictor) next(row []byte) []byte {
	n := len(p.row) - margin
	if p.bpp == 0 {
		copy(p.out[1:n+1], row)
		return p.out[:n+1]
	}
	copy(p.row[margin:], row)
	best := int(C.pixels_predict(bytesOf(p.out), bytesOf(p.row[margin:]), bytesOf(p.above[margin:]), C.int(n), C.int(p.bpp)))
	p.row, p.above = p.above, p.row
	return p.out[best*(n+1):][:n+1]
}

// unpredictPNG undoes the row filters of PNG; depth is the bits of a pixel.
func unpredictPNG(raw []byte, stride, height, depth int) ([]byte, error) {
	row := int(C.pixels_unpredict((*C.uint8_t)(unsafe.SliceData(raw)), C.int(stride), C.int(height), C.int((depth+7)/8)))
	switch {
	case row < 0:
		return nil, record.Fail(record.Internal, nil, "decode page: no memory for a row")
	case row < height:
		return nil, record.Refuse(record.Damaged, nil, "decode page: PNG filter %d", raw[row*(stride+1)])
	}
	return raw[:stride*height], nil
}
