package page

import (
	"bytes"
	"encoding/binary"

	"github.com/sohoa/sohoa/record"
)

// TIFF 6.0 tags and the types of their values.
const (
	tagWidth           = 256
	tagHeight          = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagT4Options       = 292

	typeShort = 3
	typeLong  = 4
)

// wrapFax returns a one-strip TIFF around a bare CCITT stream, white is zero.
func wrapFax(b []byte, s record.Scan) []byte {
	compression, options := uint32(4), uint32(0) // Group 4
	switch {
	case s.K > 0:
		compression, options = 3, 1 // Group 3, two-dimensional
	case s.K == 0 && s.ByteAlign:
		compression = 2 // modified Huffman: lines begin on a byte, no end-of-line codes
	case s.K == 0:
		compression = 3
	}
	if compression == 3 && s.ByteAlign {
		options |= 4
	}
	tags := [][2]uint32{
		{tagWidth, uint32(s.Width)}, {tagHeight, uint32(s.Height)}, {tagBitsPerSample, 1},
		{tagCompression, compression}, {tagPhotometric, 0}, {tagFillOrder, 1},
		{tagStripOffsets, 0}, {tagSamplesPerPixel, 1}, {tagRowsPerStrip, uint32(s.Height)},
		{tagStripByteCounts, uint32(len(b))}, {tagT4Options, options},
	}
	start := uint32(8 + 2 + 12*len(tags) + 4)
	out := bytes.NewBuffer(make([]byte, 0, int(start)+len(b)))
	out.WriteString("II*\x00")
	le := binary.LittleEndian
	put := func(v any) { binary.Write(out, le, v) }
	put(uint32(8))
	put(uint16(len(tags)))
	for _, t := range tags {
		if t[0] == tagStripOffsets {
			t[1] = start
		}
		put(uint16(t[0]))
		put(uint16(typeLong))
		put(uint32(1))
		put(t[1])
	}
	put(uint32(0))
	out.Write(b)
	return out.Bytes()
}

// onlyStrip returns the bytes of the one strip of a little- or big-endian TIFF
// that leptonica has written.
func onlyStrip(b []byte) ([]byte, error) {
	var offset, count uint32
	bo := binary.ByteOrder(binary.LittleEndian)
	if bytes.HasPrefix(b, []byte("MM")) {
		bo = binary.BigEndian
	}
	if len(b) >= 8 {
		for _, e := range entries(b, bo) {
			value, n := bo.Uint32(e[8:]), bo.Uint32(e[4:])
			if bo.Uint16(e[2:]) == typeShort {
				value = uint32(bo.Uint16(e[8:]))
			}
			switch tag := bo.Uint16(e); {
			case tag == tagStripOffsets && n == 1:
				offset = value
			case tag == tagStripByteCounts && n == 1:
				count = value
			}
		}
	}
	if offset == 0 || count == 0 || uint64(offset)+uint64(count) > uint64(len(b)) {
		// leptonica says nothing of a strip for which there was no memory
		return nil, record.Refuse(record.TooMuchMemory, nil, "encode a picture as Group 4: no strip in %d bytes", len(b))
	}
	return b[offset : offset+count], nil
}

// entries are the 12-byte entries of the first directory of a TIFF.
func entries(b []byte, bo binary.ByteOrder) [][]byte {
	at := uint64(bo.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return nil
	}
	var all [][]byte
	for i := range uint64(bo.Uint16(b[at:])) {
		from := at + 2 + 12*i
		if from+12 > uint64(len(b)) {
			break
		}
		all = append(all, b[from:from+12])
	}
	return all
}
