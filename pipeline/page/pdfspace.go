package page

import (
	"math"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A space is a colour space that a scan can have.
type space struct {
	name    string // as in record.Scan
	colors  int
	palette []byte // of Indexed: RGB triples
	icc     []byte
}

// spaceOf reads a colour space (ISO 32000-1, 8.6); ok is false for one that a
// scan cannot have: Separation, DeviceN, Lab, Pattern, an odd Indexed. CalGray
// and CalRGB count as the device spaces, which they were made to describe.
func spaceOf(f *pdf.File, v any, resources pdf.Dict) (s space, ok bool) {
	v = f.Resolve(v)
	if n, isName := v.(pdf.Name); isName {
		s, ok = deviceOf(n)
		replaced := f.Dict(resources["ColorSpace"])["Default"+pdf.Name(s.name[min(len(s.name), len("Device")):])]
		return s, ok && replaced == nil
	}
	a := f.Array(v)
	if len(a) == 0 {
		return s, false
	}
	switch kind := f.Name(a[0]); {
	case kind == "CalGray":
		return space{name: "DeviceGray", colors: 1}, true
	case kind == "CalRGB":
		return space{name: "DeviceRGB", colors: 3}, true
	case kind == "ICCBased" && len(a) > 1:
		return profiled(f, f.Stream(a[1]))
	case kind == "Indexed" && len(a) == 4:
		return indexed(f, a, resources)
	case len(a) == 1:
		return deviceOf(kind)
	}
	return s, false
}

func deviceOf(n pdf.Name) (space, bool) {
	for colors, name := range deviceSpace {
		if string(n) == name {
			return space{name: name, colors: colors}, true
		}
	}
	return space{}, false
}

// profiled reads the profile of an ICCBased space. One that does not fit is left
// out: viewers then take the device space of as many components.
func profiled(f *pdf.File, s *pdf.Stream) (space, bool) {
	if s == nil {
		return space{}, false
	}
	n, _ := f.Int(s.Dict["N"])
	name, ok := deviceSpace[int(min(max(n, 0), math.MaxInt8))]
	if !ok {
		return space{}, false
	}
	b, err := f.Decoded(s)
	if err != nil || len(b) > maxProfile {
		b = nil
	}
	return space{name: name, colors: int(n), icc: b}, true
}

// indexed reads a palette over grey or RGB.
func indexed(f *pdf.File, a pdf.Array, resources pdf.Dict) (space, bool) {
	if under := f.Array(a[1]); len(under) > 0 && f.Name(under[0]) == "Indexed" {
		return space{}, false // not allowed, and it might be itself
	}
	base, ok := spaceOf(f, a[1], resources)
	last, isInt := f.Int(a[2])
	if !ok || base.palette != nil || base.colors == 4 || !isInt || last < 0 || last > 255 {
		return space{}, false
	}
	table := []byte(f.String(a[3]))
	if s := f.Stream(a[3]); s != nil {
		var err error
		if table, err = f.Decoded(s); err != nil {
			return space{}, false
		}
	}
	n := int(last) + 1
	if len(table) < n*base.colors {
		return space{}, false
	}
	out := space{name: "Indexed", colors: 1}
	for i := range n {
		if base.colors == 3 {
			out.palette = append(out.palette, table[3*i:3*i+3]...)
		} else {
			out.palette = append(out.palette, table[i], table[i], table[i])
		}
	}
	return out, true
}
