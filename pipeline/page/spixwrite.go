package page

import (
	"encoding/binary"
	"unsafe"
)

// EncodeSPIX returns the picture as leptonica keeps it in memory, behind a header: the envelope that
// costs least to make and to open, for nothing is turned or looked at.
//
// The header is of words in the order of this machine: "spix", width, height, depth, words a line,
// entries of a palette (none), bytes of pixels.
func (x *Pix) EncodeSPIX() []byte {
	words, wpl := x.words()
	order := binary.NativeEndian
	b := make([]byte, 0, 28+4*len(words))
	b = append(b, "spix"...)
	for _, v := range []int{x.Width(), x.Height(), x.Depth(), wpl, 0, 4 * len(words)} {
		b = order.AppendUint32(b, uint32(v))
	}
	return append(b, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(words))...)
}
