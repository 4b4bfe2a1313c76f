package page

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"math/bits"

	"golang.org/x/image/tiff/lzw"
)

// A tiffGrid is how the samples of a page are laid out: in strips or tiles, plane
// after plane.
type tiffGrid struct {
	width, height int // of a strip or tile
	across, down  int
	planes        int
	samples       int // of a pixel in a plane
	at, length    []uint64
}

// grid reads the layout of a page; ok is false if it does not hold together.
func (t *tiff) grid(dir tiffDir, p tiffPicture) (g tiffGrid, ok bool) {
	offsets, lengths := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	g = tiffGrid{width: p.width, height: int(min(t.value(dir, tagRowsPerStrip, math.MaxInt32), uint64(p.height))), planes: 1, samples: int(p.samples)}
	if _, tiled := dir.entries[tagTileOffsets]; tiled {
		offsets, lengths = tagTileOffsets, tagTileByteCounts
		g.width, g.height = int(min(t.value(dir, tagTileWidth, 0), maxTile+1)), int(min(t.value(dir, tagTileLength, 0), maxTile+1))
		if g.width > maxTile || g.height > maxTile {
			return g, false
		}
	}
	if g.width == 0 || g.height == 0 {
		return g, false
	}
	if t.value(dir, tagPlanar, 1) == 2 {
		g.planes, g.samples = g.samples, 1
	}
	g.across, g.down = (p.width+g.width-1)/g.width, (p.height+g.height-1)/g.height
	var err, err2 error
	g.at, err = t.numbers(dir, offsets)
	g.length, err2 = t.numbers(dir, lengths)
	return g, err == nil && err2 == nil && len(g.at) == g.across*g.down*g.planes && len(g.length) == len(g.at)
}

// maxSamples bounds the samples of a pixel: inks and opacity.
const maxSamples = 8

// samplesRead reports whether a page has whole numbers of up to 16 bits, all of
// one size, packed in a way that is unpacked here.
func (t *tiff) samplesRead(dir tiffDir, p tiffPicture) bool {
	switch p.compression {
	case tiffPlain, tiffLZW, tiffDeflate, tiffOldDeflate, tiffPackBits:
	default:
		return false
	}
	depths, _ := t.numbers(dir, tagBitsPerSample)
	formats, _ := t.numbers(dir, tagSampleFormat)
	for _, b := range depths {
		if b != p.bits {
			return false
		}
	}
	for _, f := range formats {
		if f != 1 {
			return false
		}
	}
	predictor := t.value(dir, tagPredictor, 1)
	return p.bits >= 1 && p.bits <= 16 && p.samples >= 1 && p.samples <= maxSamples &&
		(predictor == 1 || predictor == 2 && (p.bits == 8 || p.bits == 16))
}

// samples decodes a page of samples in strips or tiles, of one plane or several; nil
// if it is none. Data that is not whole is refused: other decoders fill in black.
func (t *tiff) samples(dir tiffDir, p tiffPicture) (image.Image, error) {
	g, ok := t.grid(dir, p)
	if !ok || !t.samplesRead(dir, p) {
		return nil, nil
	}
	s := tiffSamples{tiffPicture: p, order: t.order, differences: t.value(dir, tagPredictor, 1) == 2}
	if !s.describe(t, dir) {
		return nil, nil
	}
	s.values = make([]uint16, p.width*p.height*int(p.samples))
	if ok, err := t.parts(dir, p, g, s.take); !ok || err != nil {
		return nil, err
	}
	return s.picture(), nil
}

// wholeBytes decodes a page of grey or RGB with 8 bits a sample and nothing else, as most are, without a detour; nil if
// it is another one, or not whole.
func (t *tiff) wholeBytes(dir tiffDir, p tiffPicture) image.Image {
	grey := p.photometric <= 1 && p.samples == 1
	g, ok := t.grid(dir, p)
	if !ok || !t.samplesRead(dir, p) || p.bits != 8 || g.planes > 1 || !grey && (p.photometric != 2 || p.samples != 3) {
		return nil
	}
	b := tiffBytes{tiffPicture: p, n: int(p.samples), differences: t.value(dir, tagPredictor, 1) == 2}
	b.values = make([]byte, p.width*p.height*b.n)
	if ok, err := t.parts(dir, p, g, b.take); !ok || err != nil {
		return nil
	}
	return b.picture()
}

// tiffBytes are the samples of a page, a byte each.
type tiffBytes struct {
	tiffPicture
	n           int  // samples of a pixel
	differences bool // each sample is stored as what it has more than the one on its left
	values      []byte
}

// take puts a row of a strip or tile in its place.
func (b *tiffBytes) take(row []byte, at tiffRow) {
	out := b.values[(at.y*b.width+at.x)*b.n:][:at.width*b.n]
	copy(out, row)
	if b.differences {
		for i := b.n; i < len(out); i++ {
			out[i] += out[i-b.n]
		}
	}
	if b.photometric == 0 {
		for i, v := range out {
			out[i] = ^v
		}
	}
}

func (b *tiffBytes) picture() image.Image {
	bounds := image.Rect(0, 0, b.width, b.height)
	if b.n == 1 {
		return &image.Gray{Pix: b.values, Stride: b.width, Rect: bounds}
	}
	return &rgbImage{pix: b.values, size: bounds}
}

// parts gives the rows of each strip or tile; ok is false if they are packed in a way that is not unpacked here.
func (t *tiff) parts(dir tiffDir, p tiffPicture, g tiffGrid, take func([]byte, tiffRow)) (ok bool, err error) {
	_, tiled := dir.entries[tagTileOffsets]
	for i := range g.at {
		plane, cell := i/(g.across*g.down), i%(g.across*g.down)
		x, y := cell%g.across*g.width, cell/g.across*g.height
		rows, stride := g.height, (g.width*g.samples*int(p.bits)+7)/8
		if !tiled {
			rows = min(rows, p.height-y)
		}
		b, err := t.read(int64(min(g.at[i], math.MaxInt64)), g.length[i])
		if t.value(dir, tagFillOrder, 1) == 2 {
			turnBits(b)
		}
		if err == nil && p.compression == tiffLZW && isOldLZW(b) {
			return false, nil
		}
		if err == nil {
			b, err = unpackSamples(b, p.compression, stride*rows)
		}
		if err != nil {
			return true, fmt.Errorf("part %d of %d: %w", i+1, len(g.at), err)
		}
		for r := range min(rows, p.height-y) {
			take(b[r*stride:][:stride], tiffRow{x: x, y: y + r, width: min(g.width, p.width-x), samples: g.samples, plane: plane})
		}
	}
	return true, nil
}

// turnBits turns the bits in each byte round.
func turnBits(b []byte) {
	for i, v := range b {
		b[i] = bits.Reverse8(v)
	}
}

// isOldLZW knows the LZW of writers before TIFF 5.0, whose bits go the other way.
func isOldLZW(b []byte) bool { return len(b) >= 2 && b[0] == 0 && b[1]&1 == 1 }

// unpackSamples undoes the compression of a strip or tile and returns size bytes.
func unpackSamples(b []byte, compression uint64, size int) ([]byte, error) {
	var r io.Reader = bytes.NewReader(b)
	switch compression {
	case tiffLZW:
		r = lzw.NewReader(r, lzw.MSB, 8)
	case tiffDeflate, tiffOldDeflate:
		if out := make([]byte, size); inflatedWhole(b, out) {
			return out, nil
		}
		z, err := zlib.NewReader(r)
		if err != nil {
			return nil, damaged(err, "unpack samples")
		}
		r = z
	case tiffPackBits:
		r = bytes.NewReader(unpackBits(b, size))
	}
	out := make([]byte, size)
	if n, err := io.ReadFull(r, out); err != nil {
		return nil, damaged(err, "unpack samples: %d bytes, want %d", n, size)
	}
	if _, err := io.CopyN(io.Discard, r, int64(size)); err != nil && !errors.Is(err, io.EOF) { // a checksum stands at the end
		return nil, damaged(err, "unpack samples: %d bytes, some of them wrong", size)
	}
	return out, nil
}

// unpackBits undoes PackBits (TIFF 6.0, section 9), at most size bytes.
func unpackBits(b []byte, size int) []byte {
	out := make([]byte, 0, size)
	for len(b) > 1 && len(out) < size {
		n := int(int8(b[0]))
		switch {
		case n >= 0:
			n = min(n+1, len(b)-1)
			out, b = append(out, b[1:1+n]...), b[1+n:]
		case n > -128:
			out, b = append(out, bytes.Repeat(b[1:2], 1-n)...), b[2:]
		default:
			b = b[1:]
		}
	}
	return out[:min(len(out), size)]
}
