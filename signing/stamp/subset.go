package stamp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

var errFont = errors.New("not a TrueType face that can be cut down")

// splitTables returns the tables of a TrueType file by name.
func splitTables(file []byte) (map[string][]byte, error) {
	if len(file) < 12 {
		return nil, errFont
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		at := 12 + 16*i
		if at+16 > len(file) {
			return nil, errFont
		}
		start, n := int(binary.BigEndian.Uint32(file[at+8:])), int(binary.BigEndian.Uint32(file[at+12:]))
		if start > len(file) || n > len(file)-start {
			return nil, errFont
		}
		tables[string(file[at:at+4])] = file[start : start+n]
	}
	for _, name := range []string{"head", "hhea", "hmtx", "maxp", "loca", "glyf"} {
		if len(tables[name]) == 0 {
			return nil, fmt.Errorf("table %s is missing: %w", name, errFont)
		}
	}
	return tables, nil
}

// subset returns the face with the outlines of glyphs alone, and of what they are
// composed of. Glyph numbers and widths stay as they are.
func (f *font) subset(glyphs []uint16) ([]byte, error) {
	keep := map[uint16]bool{}
	for _, g := range glyphs {
		if err := f.reach(g, keep, 0); err != nil {
			return nil, err
		}
	}
	count := int(binary.BigEndian.Uint16(f.tables["maxp"][4:]))
	loca := make([]byte, 0, 4*(count+1))
	var glyf []byte
	for g := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[uint16(g)] {
			outline, err := f.outline(uint16(g))
			if err != nil {
				return nil, err
			}
			glyf = append(glyf, outline...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint16(head[50:], 1) // loca has 32-bit offsets
	return joinTables(map[string][]byte{
		"glyf": glyf, "head": head, "hhea": f.tables["hhea"], "hmtx": f.tables["hmtx"], "loca": loca, "maxp": f.tables["maxp"],
	}), nil
}

// outline returns the description of one glyph, empty for a blank one.
func (f *font) outline(g uint16) ([]byte, error) {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	long := binary.BigEndian.Uint16(f.tables["head"][50:]) == 1
	offset := func(i int) int {
		if long && 4*i+4 <= len(loca) {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		if !long && 2*i+2 <= len(loca) {
			return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
		}
		return -1
	}
	start, end := offset(int(g)), offset(int(g)+1)
	if start < 0 || end < start || end > len(glyf) {
		return nil, fmt.Errorf("outline of glyph %d: %w", g, errFont)
	}
	return glyf[start:end], nil
}

// reach adds g and the glyphs that it is composed of to keep.
func (f *font) reach(g uint16, keep map[uint16]bool, depth int) error {
	const (
		deepest     = 8
		wordArgs    = 1 << 0
		hasScale    = 1 << 3
		more        = 1 << 5
		hasXYScale  = 1 << 6
		hasTwoByTwo = 1 << 7
	)
	keep[g] = true
	b, err := f.outline(g)
	if err != nil || len(b) < 10 || int16(binary.BigEndian.Uint16(b)) >= 0 {
		return err
	}
	for at := 10; ; {
		if at+4 > len(b) || depth > deepest {
			return fmt.Errorf("parts of glyph %d: %w", g, errFont)
		}
		flags, part := binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
		if err := f.reach(part, keep, depth+1); err != nil {
			return err
		}
		at += 6
		for bit, n := range map[uint16]int{wordArgs: 2, hasScale: 2, hasXYScale: 4, hasTwoByTwo: 8} {
			if flags&bit != 0 {
				at += n
			}
		}
		if flags&more == 0 {
			return nil
		}
	}
}

// joinTables makes a TrueType file of tables, in the order of their names.
func joinTables(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	n := len(names)
	power, exponent := 1, 0
	for power*2 <= n {
		power, exponent = power*2, exponent+1
	}
	file := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, power * 16, exponent, n*16 - power*16} {
		file = binary.BigEndian.AppendUint16(file, uint16(v))
	}
	at := 12 + 16*n
	for _, name := range names {
		file = append(file, name...)
		for _, v := range []uint32{checksum(tables[name]), uint32(at), uint32(len(tables[name]))} {
			file = binary.BigEndian.AppendUint32(file, v)
		}
		at += len(tables[name]) + -len(tables[name])&3
	}
	for _, name := range names {
		file = append(file, tables[name]...)
		file = append(file, make([]byte, -len(tables[name])&3)...)
	}
	return file
}

func checksum(b []byte) uint32 {
	var sum uint32
	for i := 0; i < len(b); i += 4 {
		var word [4]byte
		copy(word[:], b[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
