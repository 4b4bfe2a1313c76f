package page

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/png"
	"io"
	"math"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// pngHead is what the chunks of a PNG say (ISO/IEC 15948).
type pngHead struct {
	width, height int
	bits          int
	kind          byte // colour type
	interlaced    bool
	transparent   bool // alpha channel or tRNS
	palette       []byte
	data          [][]byte // content of the IDAT chunks
	dpiX, dpiY    float64
	orientation   int
	icc           []byte
}

var pngChannels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

func readPNG(b []byte) (pngHead, error) {
	var h pngHead
	for at := 8; ; {
		if at+12 > len(b) {
			return h, record.Refuse(record.Truncated, nil, "PNG of %d bytes without its last chunk", len(b))
		}
		n := int64(binary.BigEndian.Uint32(b[at:]))
		if n > int64(len(b)-at-12) {
			return h, record.Refuse(record.Truncated, nil, "PNG of %d bytes: a chunk of %d bytes at %d", len(b), n, at)
		}
		kind, body := string(b[at+4:at+8]), b[at+8:at+8+int(n)]
		if sum := b[at+8+int(n):]; crc32.ChecksumIEEE(b[at+4:at+8+int(n)]) != binary.BigEndian.Uint32(sum) {
			return h, record.Refuse(record.Damaged, nil, "PNG: wrong check sum of chunk %q at %d", kind, at)
		}
		if kind == "IEND" {
			return h, h.check()
		}
		if err := h.take(kind, body); err != nil {
			return h, err
		}
		at += 12 + int(n)
	}
}

// take reads one chunk.
func (h *pngHead) take(kind string, body []byte) error {
	switch {
	case kind == "IHDR" && len(body) == 13:
		width, height := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
		if width > math.MaxInt32 || height > math.MaxInt32 {
			return record.Refuse(record.Damaged, nil, "PNG of %d x %d pixels", width, height)
		}
		h.width, h.height, h.bits, h.kind, h.interlaced = int(width), int(height), int(body[8]), body[9], body[12] != 0
		h.transparent = h.kind == 4 || h.kind == 6
	case kind == "PLTE":
		h.palette = body
	case kind == "tRNS":
		h.transparent = true
	case kind == "IDAT":
		h.data = append(h.data, body)
	case kind == "pHYs" && len(body) == 9 && body[8] == 1: // per metre
		h.dpiX = math.Round(float64(binary.BigEndian.Uint32(body))*0.254) / 10
		h.dpiY = math.Round(float64(binary.BigEndian.Uint32(body[4:]))*0.254) / 10
	case kind == "eXIf":
		var j jpegHead
		j.readEXIF(body)
		h.orientation = j.orientation
	case kind == "iCCP":
		h.icc = unpackProfile(body)
	}
	return nil
}

// unpackProfile returns the profile of an iCCP chunk: a name, a zero, a method, zlib data.
func unpackProfile(body []byte) []byte {
	_, packed, ok := bytes.Cut(body, []byte{0})
	if !ok || len(packed) < 2 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	icc, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil {
		return nil
	}
	return icc
}

func (h *pngHead) check() error {
	deep := slices.Contains([]int{8, 16}, h.bits)
	switch {
	case len(h.data) == 0 || h.width == 0 || h.height == 0:
		return record.Refuse(record.Damaged, nil, "PNG without a picture")
	case pngChannels[h.kind] == 0, !deep && h.kind != 0 && h.kind != 3, !slices.Contains([]int{1, 2, 4, 8, 16}, h.bits):
		return record.Refuse(record.Damaged, nil, "PNG of colour type %d with %d bits", h.kind, h.bits)
	case h.kind == 3 && (len(h.palette) == 0 || len(h.palette)%3 != 0 || len(h.palette) > 768 || h.bits == 16):
		return record.Refuse(record.Damaged, nil, "PNG with a palette of %d bytes", len(h.palette))
	}
	return nil
}

// png passes the data of a PNG through where a PDF can carry it: rows with a
// filter byte each are FlateDecode with predictor 15. Interlaced and transparent
// pictures are decoded, laid on white, and encoded again without loss.
func (d *opened) png(b []byte, name string) (record.Scan, error) {
	h, err := readPNG(b)
	if err != nil {
		return record.Scan{}, err
	}
	if err := d.checkPixels(h.width, h.height); err != nil {
		return record.Scan{}, err
	}
	var s record.Scan
	if h.interlaced || h.transparent {
		s, err = d.redoPNG(b, h, name)
	} else {
		s, err = d.passPNG(h, name)
	}
	if err != nil {
		return record.Scan{}, err
	}
	s.DPIX, s.DPIY = h.dpiX, h.dpiY
	s.Rotate, s.Mirrored = turn(h.orientation)
	return s, nil
}

func (d *opened) redoPNG(b []byte, h pngHead, name string) (record.Scan, error) {
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return record.Scan{}, damaged(err, "decode PNG")
	}
	return d.storeImage(m, h.icc, name)
}

func (d *opened) passPNG(h pngHead, name string) (record.Scan, error) {
	channels := pngChannels[h.kind]
	s := record.Scan{
		File: name + ".flate", Filter: "FlateDecode", Width: h.width, Height: h.height, Bits: h.bits,
		Space: deviceSpace[channels], Predictor: 15, Colors: channels,
	}
	if h.kind == 3 {
		s.Space, s.Palette = "Indexed", h.palette
	}
	packed := slices.Concat(h.data...)
	if err := inflates(packed, h.height*(1+(h.width*channels*h.bits+7)/8)); err != nil {
		return s, err
	}
	if h.bits == 1 && (h.kind == 0 && len(h.icc) == 0 || isBlackAndWhite(h.palette)) {
		return d.smallerG4(s, packed, name)
	}
	if h.kind != 3 {
		var err error
		if s.ICC, err = d.profile(h.icc, channels, name); err != nil {
			return s, err
		}
	}
	return s, d.out.write(s.File, packed)
}

func isBlackAndWhite(rgb []byte) bool {
	return string(rgb) == "\xff\xff\xff\x00\x00\x00" || string(rgb) == "\x00\x00\x00\xff\xff\xff"
}

// smallerG4 stores black and white as Group 4 unless the PNG's own data is smaller,
// as that of halftones is.
func (d *opened) smallerG4(s record.Scan, packed []byte, name string) (record.Scan, error) {
	x, err := decodeFlate(packed, s)
	if err != nil {
		return s, err
	}
	defer x.Free()
	g4, err := x.EncodeG4()
	if err != nil {
		return s, err
	}
	if len(g4) >= len(packed) {
		return s, d.out.write(s.File, packed)
	}
	return d.writeG4(g4, s.Width, s.Height, name)
}

// damaged refuses with Truncated if the data ended too early, else with Damaged.
func damaged(err error, format string, args ...any) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return record.Refuse(record.Truncated, err, format, args...)
	}
	return record.Refuse(record.Damaged, err, format, args...)
}
