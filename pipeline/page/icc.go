package page

import (
	"bytes"
	"slices"
)

// iccChunks are the parts of an ICC profile in the APP2 segments of a JPEG
// (ICC.1, annex B.4).
type iccChunks struct {
	parts map[byte][]byte
	total byte
}

func (c *iccChunks) add(b []byte) {
	if len(b) < 2 || b[0] == 0 {
		return
	}
	if c.parts == nil {
		c.parts = map[byte][]byte{}
	}
	c.parts[b[0]], c.total = b[2:], b[1]
}

// join returns the profile, or nil if a part is missing.
func (c *iccChunks) join() []byte {
	if len(c.parts) == 0 || len(c.parts) != int(c.total) {
		return nil
	}
	var all [][]byte
	for i := range c.total {
		part, ok := c.parts[i+1]
		if !ok {
			return nil
		}
		all = append(all, part)
	}
	return slices.Concat(all...)
}

// maxProfile bounds an ICC profile; real ones of CMYK presses reach 4 MiB.
const maxProfile = 8 << 20

// profile writes an ICC profile that fits the number of components and returns
// its name; without one, or if it does not fit, "".
func (d *opened) profile(icc []byte, components int, name string) (string, error) {
	if len(icc) == 0 {
		return "", nil
	}
	if !profileFits(icc, components) {
		d.warn("page %s: its colour profile does not fit the picture and is left out", name)
		return "", nil
	}
	file := name + ".icc"
	return file, d.out.write(file, icc)
}

// profileFits looks at the header of a profile (ICC.1, 7.2): version 2 or 4, a
// device class that a picture may have, and the right colour space.
func profileFits(icc []byte, components int) bool {
	if len(icc) < 132 || len(icc) > maxProfile || !bytes.Equal(icc[36:40], []byte("acsp")) || icc[8] < 2 || icc[8] > 4 {
		return false
	}
	class, space := string(icc[12:16]), string(icc[16:20])
	return slices.Contains([]string{"scnr", "mntr", "prtr", "spac"}, class) &&
		space == map[int]string{1: "GRAY", 3: "RGB ", 4: "CMYK"}[components]
}
