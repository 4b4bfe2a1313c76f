package page

import "encoding/binary"

// EncodeBMP returns a picture of 1 or 8 bits as a Windows bitmap, the envelope
// that costs least to make and to open: leptonica writes and reads PNM a byte at
// a time.
func (x *Pix) EncodeBMP() []byte {
	const header = 14 + 40
	depth, width, height := x.Depth(), x.Width(), x.Height()
	words, wpl := x.words()
	stride, levels := (width*depth+31)/32*4, 1<<depth
	b := make([]byte, header+4*levels, header+4*levels+stride*height)
	le := binary.LittleEndian
	copy(b, "BM")
	le.PutUint32(b[2:], uint32(cap(b)))
	le.PutUint32(b[10:], uint32(len(b)))
	le.PutUint32(b[14:], 40)
	le.PutUint32(b[18:], uint32(width))
	le.PutUint32(b[22:], uint32(height))
	le.PutUint16(b[26:], 1)
	le.PutUint16(b[28:], uint16(depth))
	le.PutUint32(b[34:], uint32(stride*height))
	le.PutUint32(b[46:], uint32(levels))
	for i := range levels {
		grey := byte(i)
		if depth == 1 {
			grey = byte(255 * (1 - i)) // 1 is black
		}
		copy(b[header+4*i:], []byte{grey, grey, grey, 0})
	}
	for y := height - 1; y >= 0; y-- {
		for _, w := range words[y*wpl : y*wpl+stride/4] {
			b = binary.BigEndian.AppendUint32(b, w)
		}
	}
	return b
}
