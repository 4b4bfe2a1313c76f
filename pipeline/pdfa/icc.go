package pdfa

import (
	"encoding/binary"
	"math"
)

// srgbName is how IEC 61966-2-1 is called in output intents.
const srgbName = "sRGB IEC61966-2.1"

// The profiles are made here, after ICC.1:2001-04 (version 2.4). Their date is
// fixed: they never change.

// srgbProfile returns a matrix profile of sRGB: the primaries of IEC 61966-2-1
// adapted to D50, and its transfer curve in 1024 steps.
func srgbProfile() []byte {
	curve := be([]byte("curv"), uint32(0), uint32(1024))
	for i := range 1024 {
		curve = be(curve, uint16(math.Round(65535*linear(float64(i)/1023))))
	}
	return profile("mntr", "RGB ", "XYZ ", srgbName, []table{
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	})
}

// linear undoes the transfer curve of sRGB.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// cmykProfile returns an input profile for pictures in inks that state no
// profile of their own: each ink takes away its complement.
func cmykProfile() []byte {
	const grid = 9
	lut := be([]byte("mft1"), uint32(0), uint8(4), uint8(3), uint8(grid), uint8(0))
	for i := range 9 {
		one := uint32(0)
		if i%4 == 0 {
			one = 0x00010000
		}
		lut = be(lut, one)
	}
	identity := make([]byte, 256)
	for i := range identity {
		identity[i] = byte(i)
	}
	for range 4 {
		lut = append(lut, identity...)
	}
	at := func(i int) float64 { return 1 - float64(i)/(grid-1) }
	for i := range grid * grid * grid * grid {
		c, m, y, k := at(i/(grid*grid*grid)), at(i/(grid*grid)%grid), at(i/grid%grid), at(i%grid)
		lut = append(lut, lab(linear(c*k), linear(m*k), linear(y*k))...)
	}
	for range 3 {
		lut = append(lut, identity...)
	}
	return profile("scnr", "CMYK", "Lab ", "Inks as complements of sRGB", []table{{"A2B0", lut}})
}

// lab returns linear sRGB as CIELAB of D50, in the eight bits of an mft1 table.
func lab(r, g, b float64) []byte {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4360747*r + 0.3850649*g + 0.1430804*b) / 0.9642)
	y := f(0.2225045*r + 0.7168786*g + 0.0606169*b)
	z := f((0.0139322*r + 0.0971045*g + 0.7141733*b) / 0.8249)
	byteOf := func(v float64) byte { return byte(math.Round(min(max(v, 0), 255))) }
	return []byte{byteOf((116*y - 16) * 2.55), byteOf(500*(x-y) + 128), byteOf(200*(y-z) + 128)}
}

// profile puts the header and the tags that every profile has around its own.
func profile(class, space, connection, name string, tags []table) []byte {
	tags = append([]table{
		{"desc", description(name)},
		{"cprt", append(be([]byte("text"), uint32(0)), "Free of any right\x00"...)},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
	}, tags...)
	index := be(nil, uint32(len(tags)))
	var body []byte
	start := 128 + 4 + 12*len(tags)
	placed := map[string]int{}
	for _, t := range tags {
		at, shared := placed[string(t.data)]
		if !shared {
			at = start + len(body)
			placed[string(t.data)] = at
			body = append(body, t.data...)
			body = append(body, make([]byte, -len(t.data)&3)...)
		}
		index = append(index, t.tag...)
		index = be(index, uint32(at), uint32(len(t.data)))
	}
	head := be(nil, uint32(start+len(body)), uint32(0), uint32(0x02400000))
	head = append(head, class+space+connection...)
	head = be(head, [6]uint16{2026, 1, 1})
	head = append(head, "acsp"...)
	head = be(head, uint32(0), uint32(0), uint32(0), uint32(0), uint64(0), uint32(0), [3]uint32{0xf6d6, 0x10000, 0xd32d})
	head = append(head, make([]byte, 128-len(head))...)
	return append(append(head, index...), body...)
}

// xyz is a tag with one colour in fixed point.
func xyz(x, y, z float64) []byte {
	fixed := func(v float64) uint32 { return uint32(int32(math.Round(v * 65536))) }
	return be([]byte("XYZ "), uint32(0), fixed(x), fixed(y), fixed(z))
}

// description is a textDescriptionType with its Unicode and Macintosh parts empty.
func description(s string) []byte {
	b := be([]byte("desc"), uint32(0), uint32(len(s)+1))
	b = append(b, s...)
	return append(b, make([]byte, 1+4+4+2+1+67)...)
}

// usable reports whether an ICC profile may stand in a PDF/A-2 for pictures of n
// components (ISO 19005-2, 6.2.4.2; ISO 32000-1, table 66).
func usable(p []byte, n int) bool {
	if len(p) < 132 || string(p[36:40]) != "acsp" || p[8] > 4 || int64(binary.BigEndian.Uint32(p)) > int64(len(p)) {
		return false
	}
	switch string(p[12:16]) {
	case "scnr", "mntr", "prtr", "spac":
	default:
		return false
	}
	return components[string(p[16:20])] == n
}

var components = map[string]int{"GRAY": 1, "RGB ": 3, "Lab ": 3, "CMYK": 4}
