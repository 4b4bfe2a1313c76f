package page

import (
	"encoding/binary"
	"image"
	"image/color"
)

// tiffSamples are the samples of a page, each as 16 bits, or as an index.
type tiffSamples struct {
	tiffPicture
	order       binary.ByteOrder // of 16 bits
	differences bool             // each sample is stored as what it has more than the one on its left
	values      []uint16
	colours     int      // samples of a pixel that are colours
	palette     []uint64 // red, then green, then blue, each of 16 bits
	opacity     int      // which sample it is, 0: none
	joined      bool     // the colours are multiplied by it already
}

// A tiffRow is where a row of a strip or tile belongs.
type tiffRow struct {
	x, y, width int
	samples     int // of a pixel in the row
	plane       int // of the first of them
}

// describe reads what the samples stand for; false if that is not known here.
func (s *tiffSamples) describe(t *tiff, dir tiffDir) bool {
	switch s.photometric {
	case 0, 1:
		s.colours = 1
	case 2:
		s.colours = 3
	case 3:
		s.colours = 1
		s.palette, _ = t.numbers(dir, tagColorMap)
		if len(s.palette) != 3<<s.bits {
			return false
		}
	case 5:
		s.colours = 4
	default:
		return false
	}
	extra, _ := t.numbers(dir, tagExtraSamples)
	if len(extra) > 0 && (extra[0] == 1 || extra[0] == 2) && int(s.samples) > s.colours && s.colours < 4 {
		s.opacity, s.joined = s.colours, extra[0] == 1
	}
	return s.colours <= int(s.samples)
}

// take puts a row of a strip or tile in its place.
func (s *tiffSamples) take(row []byte, at tiffRow) {
	bits, top := int(s.bits), uint32(1)<<s.bits-1
	row = append(row[:len(row):len(row)], 0, 0)
	out := s.values[(at.y*s.width+at.x)*int(s.samples):]
	var left [maxSamples]uint32
	for i := range at.width * at.samples {
		var v uint32
		if bits == 16 {
			v = uint32(s.order.Uint16(row[2*i:]))
		} else {
			n := i * bits
			v = (uint32(row[n/8])<<16 | uint32(row[n/8+1])<<8 | uint32(row[n/8+2])) >> (24 - n%8 - bits) & top
		}
		pixel, sample := i/at.samples, i%at.samples
		if s.differences {
			v = (v + left[sample]) & top
			left[sample] = v
		}
		if s.palette == nil || sample+at.plane > 0 {
			v = v * 0xffff / top
		}
		out[pixel*int(s.samples)+at.plane+sample] = uint16(v)
	}
}

// picture is the page with its colours on white: of 16 bits if its samples have
// more than 8.
func (s *tiffSamples) picture() image.Image {
	bounds := image.Rect(0, 0, s.width, s.height)
	switch {
	case s.colours == 4:
		m := image.NewCMYK(bounds)
		for i := range s.width * s.height {
			for c, v := range s.values[i*int(s.samples):][:4] {
				m.Pix[4*i+c] = byte(v >> 8)
			}
		}
		return m
	case s.colours == 1 && s.palette == nil && s.bits > 8:
		m := image.NewGray16(bounds)
		s.each(func(i int, c [3]uint16) { m.Pix[2*i], m.Pix[2*i+1] = byte(c[0]>>8), byte(c[0]) })
		return m
	case s.colours == 1 && s.palette == nil:
		m := image.NewGray(bounds)
		s.each(func(i int, c [3]uint16) { m.Pix[i] = byte(c[0] >> 8) })
		return m
	case s.bits > 8 && s.palette == nil:
		m := image.NewRGBA64(bounds)
		s.each(func(i int, c [3]uint16) {
			m.SetRGBA64(i%s.width, i/s.width, color.RGBA64{R: c[0], G: c[1], B: c[2], A: 0xffff})
		})
		return m
	}
	m := image.NewRGBA(bounds)
	s.each(func(i int, c [3]uint16) {
		copy(m.Pix[4*i:], []byte{byte(c[0] >> 8), byte(c[1] >> 8), byte(c[2] >> 8), 0xff})
	})
	return m
}

// each gives the colour of each pixel, on white: grey has three times the same.
func (s *tiffSamples) each(put func(i int, c [3]uint16)) {
	for i := range s.width * s.height {
		v := s.values[i*int(s.samples):][:s.samples]
		c := [3]uint16{v[0], v[0], v[0]}
		switch {
		case s.palette != nil:
			n := len(s.palette) / 3
			c = [3]uint16{uint16(s.palette[v[0]]), uint16(s.palette[n+int(v[0])]), uint16(s.palette[2*n+int(v[0])])}
		case s.colours == 3:
			c = [3]uint16(v[:3])
		case s.photometric == 0:
			c = [3]uint16{^v[0], ^v[0], ^v[0]}
		}
		if s.opacity > 0 {
			c = s.onWhite(c, uint32(v[s.opacity]))
		}
		put(i, c)
	}
}

func (s *tiffSamples) onWhite(c [3]uint16, opacity uint32) [3]uint16 {
	for i, v := range c {
		ink := uint32(v)
		if !s.joined {
			ink = ink * opacity / 0xffff
		}
		c[i] = uint16(min(ink+0xffff-opacity, 0xffff))
	}
	return c
}
