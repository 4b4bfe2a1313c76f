package pdfa

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// trueType makes the font program: our glyphs, and the tables that ISO 32000-1,
// 9.9 asks of a TrueType font embedded for a CIDFont (OpenType 1.9 describes them).
func trueType() []byte {
	n := uint16(len(widths))
	var hmtx, glyf []byte
	loca := be(nil, uint16(0))
	for _, width := range widths {
		hmtx = be(hmtx, uint16(width), uint16(0))
		glyf = append(glyf, outline(width)...)
		loca = be(loca, uint16(len(glyf)/2))
	}
	tables := []table{
		{"glyf", glyf},
		{"head", be(nil,
			uint32(0x00010000), uint32(0x00010000), uint32(0), uint32(0x5f0f3cf5), // versions, checksum to come, magic
			uint16(0x0003), uint16(1000), // baseline at 0, sidebearing at 0; units of an em
			uint64(0), uint64(0), // created, modified: never, the same bytes each time
			int16(0), int16(descent), int16(slices.Max(widths)), int16(ascent),
			uint16(0), uint16(8), int16(2), int16(0), int16(0))}, // style, smallest size, direction, short offsets, format
		{"hhea", be(nil,
			uint32(0x00010000), int16(ascent), int16(descent), int16(0), uint16(slices.Max(widths)),
			int16(0), int16(0), int16(slices.Max(widths)), int16(1), int16(0), int16(0),
			uint64(0), int16(0), n)},
		{"hmtx", hmtx},
		{"loca", loca},
		{"maxp", be(nil, uint32(0x00010000), n,
			uint16(3), uint16(1), uint16(0), uint16(0), uint16(1), uint16(0), uint16(0), // points, contours
			uint16(0), uint16(0), uint16(0), uint16(0), uint16(0), uint16(0))},
		{"post", be(nil, uint32(0x00030000), uint32(0), int16(-100), int16(50), uint32(0), uint64(0), uint64(0))},
	}
	return sfnt(tables)
}

// outline is a glyph of one contour that goes from its lower left to its upper
// right corner and back: it covers nothing, but viewers that take the box of a
// letter from its outline (pdfium) find one, and show what is selected.
func outline(width int) []byte {
	w, h := int16(width), int16(ascent-descent)
	const onCurve = 1
	b := be(nil, int16(1), int16(0), int16(descent), w, int16(ascent), // one contour, its box
		uint16(2), uint16(0), uint8(onCurve), uint8(onCurve), uint8(onCurve), // last point, no instructions
		int16(0), w, -w, int16(descent), h, -h)
	return append(b, make([]byte, -len(b)&3)...)
}

type table struct {
	tag  string
	data []byte
}

// sfnt joins tables, which are sorted by tag, and sets the checksum of the whole.
func sfnt(tables []table) []byte {
	n := len(tables)
	selector := 0
	for 2<<selector <= n {
		selector++
	}
	search := 16 << selector
	out := be(nil, uint32(0x00010000), uint16(n), uint16(search), uint16(selector), uint16(16*n-search))
	at, head := len(out)+16*n, 0
	var body []byte
	for _, t := range tables {
		if t.tag == "head" {
			head = at + len(body)
		}
		out = append(out, t.tag...)
		out = be(out, checksum(t.data), uint32(at+len(body)), uint32(len(t.data)))
		body = append(body, t.data...)
		body = append(body, make([]byte, -len(t.data)&3)...)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	return out
}

// checksum adds up big-endian words.
func checksum(b []byte) (sum uint32) {
	padded := append(bytes.Clone(b), make([]byte, -len(b)&3)...)
	for i := 0; i < len(padded); i += 4 {
		sum += binary.BigEndian.Uint32(padded[i:])
	}
	return sum
}

// be appends values of fixed size in big-endian order.
func be(b []byte, values ...any) []byte {
	for _, v := range values {
		b, _ = binary.Append(b, binary.BigEndian, v) // cannot fail: all have a fixed size
	}
	return b
}
