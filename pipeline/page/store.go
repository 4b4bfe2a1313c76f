package page

import (
	"bufio"
	"fmt"
	"image"
	"image/color"

	"github.com/sohoa/sohoa/record"
)

// A raw is a decoded picture as rows of samples, packed as in PDF and PNG.
type raw struct {
	width, height int
	bits, colors  int
	palette       []byte             // one index a pixel: RGB triples
	row           func(y int) []byte // valid until the next call
}

func (r raw) stride() int { return (r.width*r.colors*r.bits + 7) / 8 }

// storeRaw writes the rows without loss, as FlateDecode with PNG predictors.
func (d *opened) storeRaw(r raw, name string) (record.Scan, error) {
	s := record.Scan{
		File: name + ".flate", Filter: "FlateDecode", Width: r.width, Height: r.height, Bits: r.bits,
		Space: deviceSpace[r.colors], Colors: r.colors, Predictor: 15,
	}
	if r.palette != nil {
		s.Space, s.Palette = "Indexed", r.palette
	}
	f, err := d.out.create(s.File)
	if err != nil {
		return s, err
	}
	defer f.Close()
	buffered := bufio.NewWriterSize(f, 1<<16)
	best, err := bestPacking(r)
	if err == nil {
		err = best.pack(buffered, r, 1)
	}
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return s, fmt.Errorf("write %s: %w", s.File, err)
	}
	return s, f.Close()
}

// storeImage writes a picture that a Go decoder has made, and its colour profile,
// without loss. Transparent places become white; black and white only becomes
// Group 4; RGB without colour becomes grey, unless a profile describes it.
func (d *opened) storeImage(m image.Image, icc []byte, name string) (record.Scan, error) {
	if isBilevel(m) {
		return d.storeBilevel(m, name)
	}
	r := rawOf(m)
	if r.colors == 3 && !profileFits(icc, 3) && greyRows(r) {
		r = greyOf(r)
	}
	s, err := d.storeRaw(r, name)
	if err == nil && r.palette == nil {
		s.ICC, err = d.profile(icc, r.colors, name)
	}
	return s, err
}

// storePix writes a picture that leptonica has decoded, without loss.
func (d *opened) storePix(x *Pix, name string) (record.Scan, error) {
	if x.Depth() == 1 {
		return d.storeG4(x, name)
	}
	data, colors, bits := x.Samples()
	r := raw{width: x.Width(), height: x.Height(), bits: bits, colors: colors}
	stride := r.stride()
	r.row = func(y int) []byte { return data[y*stride:][:stride] }
	if colors == 3 && greyRows(r) {
		r = greyOf(r)
	}
	return d.storeRaw(r, name)
}

func (d *opened) storeG4(x *Pix, name string) (record.Scan, error) {
	b, err := x.EncodeG4()
	if err != nil {
		return record.Scan{}, err
	}
	s, err := d.writeG4(b, x.Width(), x.Height(), name)
	s.Spoiled = x.faults > 0
	return s, err
}

func (d *opened) writeG4(b []byte, width, height int, name string) (record.Scan, error) {
	s := record.Scan{
		File: name + ".g4", Filter: "CCITTFaxDecode", Width: width, Height: height, Bits: 1,
		Space: "DeviceGray", Colors: 1, K: -1,
	}
	return s, d.out.write(s.File, b)
}

func (d *opened) storeBilevel(m image.Image, name string) (record.Scan, error) {
	b := m.Bounds()
	stride := (b.Dx() + 7) / 8
	packed := make([]byte, stride*b.Dy())
	for y := range b.Dy() {
		row := packed[y*stride:]
		for x := range b.Dx() {
			if r, _, _, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA(); r == 0 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	x, err := FromSamples(packed, b.Dx(), b.Dy(), 1, 1)
	if err != nil {
		return record.Scan{}, err
	}
	defer x.Free()
	return d.storeG4(x, name)
}

// isBilevel reports whether every pixel is opaque and either black or white.
func isBilevel(m image.Image) bool {
	switch m := m.(type) {
	case *image.Gray:
		for y := range m.Rect.Dy() {
			for _, v := range m.Pix[y*m.Stride:][:m.Rect.Dx()] {
				if v != 0 && v != 255 {
					return false
				}
			}
		}
		return true
	case *image.RGBA: // of pdfium: the fourth byte means nothing
		for y := range m.Rect.Dy() {
			if !blackOrWhite(m.Pix[y*m.Stride:][:4*m.Rect.Dx()], 4) {
				return false
			}
		}
		return true
	case *rgbImage:
		return blackOrWhite(m.pix, 3)
	case *image.Paletted:
		for _, c := range m.Palette {
			if r, g, b, a := c.RGBA(); a != 0xffff || r != g || r != b || r != 0 && r != 0xffff {
				return false
			}
		}
		return len(m.Palette) > 0
	}
	return false
}

// blackOrWhite reports whether the first three of every n bytes are all 0 or all 255.
func blackOrWhite(row []byte, n int) bool {
	for i := 0; i < len(row); i += n {
		if v := row[i]; v != 0 && v != 255 || row[i+1] != v || row[i+2] != v {
			return false
		}
	}
	return true
}

// An rgbImage has three bytes a pixel, row after row.
type rgbImage struct {
	pix  []byte
	size image.Rectangle
}

func (m *rgbImage) ColorModel() color.Model { return color.RGBAModel }
func (m *rgbImage) Bounds() image.Rectangle { return m.size }
func (m *rgbImage) At(x, y int) color.Color {
	c := m.pix[3*(y*m.size.Dx()+x):]
	return color.RGBA{R: c[0], G: c[1], B: c[2], A: 0xff}
}

// rawOf describes the rows of a picture in the form that loses nothing.
func rawOf(m image.Image) raw {
	b := m.Bounds()
	r := raw{width: b.Dx(), height: b.Dy(), bits: 8, colors: 3}
	switch m := m.(type) {
	case *image.Gray:
		r.colors = 1
		r.row = func(y int) []byte { return m.Pix[y*m.Stride:][:r.width] }
		return r
	case *image.Gray16:
		r.colors, r.bits = 1, 16
		r.row = func(y int) []byte { return m.Pix[y*m.Stride:][:2*r.width] }
		return r
	case *rgbImage:
		r.row = func(y int) []byte { return m.pix[3*y*r.width:][:3*r.width] }
		return r
	case *image.CMYK:
		r.colors = 4
		r.row = func(y int) []byte { return m.Pix[y*m.Stride:][:4*r.width] }
		return r
	case *image.Paletted:
		if opaquePalette(m.Palette) {
			r.colors, r.palette = 1, triples(m.Palette)
			r.row = func(y int) []byte { return m.Pix[y*m.Stride:][:r.width] }
			return r
		}
	case *image.RGBA64, *image.NRGBA64:
		r.bits = 16
		r.row = deepRows(m)
		return r
	}
	r.row = rgbRows(m)
	return r
}

func opaquePalette(p color.Palette) bool {
	for _, c := range p {
		if _, _, _, a := c.RGBA(); a != 0xffff {
			return false
		}
	}
	return true
}

func triples(p color.Palette) []byte {
	var out []byte
	for _, c := range p {
		r, g, b, _ := c.RGBA()
		out = append(out, byte(r>>8), byte(g>>8), byte(b>>8))
	}
	return out
}

// rgbRows gives 8-bit RGB, on white.
func rgbRows(m image.Image) func(int) []byte {
	b := m.Bounds()
	out := make([]byte, 3*b.Dx())
	switch m := m.(type) {
	case *image.RGBA:
		return func(y int) []byte { return joinedOnWhite(out, m.Pix[y*m.Stride:][:4*b.Dx()]) }
	case *image.NRGBA:
		return func(y int) []byte { return onWhite(out, m.Pix[y*m.Stride:][:4*b.Dx()]) }
	}
	return func(y int) []byte {
		for x := range b.Dx() {
			r, g, bl, a := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
			white := 0xffff - a
			out[3*x], out[3*x+1], out[3*x+2] = byte((r+white)>>8), byte((g+white)>>8), byte((bl+white)>>8)
		}
		return out
	}
}

// joinedOnWhite lays colours that are multiplied by their opacity on white.
func joinedOnWhite(out, row []byte) []byte {
	for i := range len(out) / 3 {
		c, rgb := row[4*i:4*i+4], out[3*i:3*i+3]
		white := 255 - c[3]
		rgb[0], rgb[1], rgb[2] = c[0]+white, c[1]+white, c[2]+white
	}
	return out
}

// onWhite lays colours that are not multiplied by their opacity on white.
func onWhite(out, row []byte) []byte {
	for i := range len(out) / 3 {
		c, rgb := row[4*i:4*i+4], out[3*i:3*i+3]
		if c[3] == 255 {
			rgb[0], rgb[1], rgb[2] = c[0], c[1], c[2]
			continue
		}
		white := 0xffff - 0x101*uint32(c[3])
		for k := range rgb {
			rgb[k] = byte((0x101*uint32(c[k])*uint32(c[3])/255 + white) >> 8)
		}
	}
	return out
}

// deepRows gives 16-bit RGB, on white.
func deepRows(m image.Image) func(int) []byte {
	b := m.Bounds()
	out := make([]byte, 6*b.Dx())
	return func(y int) []byte {
		for x := range b.Dx() {
			r, g, bl, a := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
			for i, v := range [3]uint32{r, g, bl} {
				v += 0xffff - a
				out[6*x+2*i], out[6*x+2*i+1] = byte(v>>8), byte(v)
			}
		}
		return out
	}
}

// greyRows reports whether the three components of every pixel are equal.
func greyRows(r raw) bool {
	n := r.bits / 8
	for y := range r.height {
		for row := r.row(y); len(row) >= 3*n; row = row[3*n:] {
			if row[0] != row[n] || row[0] != row[2*n] || n == 2 && (row[1] != row[3] || row[1] != row[5]) {
				return false
			}
		}
	}
	return true
}

// greyOf keeps the first component.
func greyOf(r raw) raw {
	n := r.bits / 8
	g := r
	g.colors = 1
	out := make([]byte, r.width*n)
	g.row = func(y int) []byte {
		row := r.row(y)
		for x := range r.width {
			copy(out[x*n:], row[3*x*n:][:n])
		}
		return out
	}
	return g
}
