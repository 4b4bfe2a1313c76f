package page

// #include <stdlib.h>
// #include <leptonica/allheaders.h>
import "C"

import (
	"bytes"
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

// DecodeImage decodes the first picture of an image file: PNG, JPEG, TIFF,
// JPEG 2000, WebP, BMP, GIF or PNM. The header is checked before.
func DecodeImage(b []byte) (*Pix, error) {
	if isTIFF(b) {
		return DecodeTIFF(b, 0)
	}
	width, height, err := header(b)
	if err != nil {
		return nil, err
	}
	if err := checkSize(width, height); err != nil {
		return nil, err
	}
	p := C.pixReadMem(bytesOf(b), C.size_t(len(b)))
	return plain(p, b)
}

// DecodeTIFF decodes page n, from 0, of a TIFF or BigTIFF that is not tiled.
func DecodeTIFF(b []byte, n int) (*Pix, error) {
	var w, h C.l_int32
	if len(b) == 0 || C.readHeaderMemTiff(bytesOf(b), C.size_t(len(b)), C.l_int32(n), &w, &h, nil, nil, nil, nil, nil) != 0 {
		return nil, record.Refuse(record.Damaged, nil, "read header of page %d of a TIFF of %d bytes", n+1, len(b))
	}
	if err := checkSize(int(w), int(h)); err != nil {
		return nil, err
	}
	return plain(C.pixReadMemTiff(bytesOf(b), C.size_t(len(b)), C.l_int32(n)), b)
}

func isTIFF(b []byte) bool {
	return bytes.HasPrefix(b, []byte("II*\x00")) || bytes.HasPrefix(b, []byte("MM\x00*")) ||
		bytes.HasPrefix(b, []byte("II+\x00")) || bytes.HasPrefix(b, []byte("MM\x00+"))
}

// header returns the size that an image file states.
func header(b []byte) (width, height int, err error) {
	if Sniff(b) == "image/jp2" { // leptonica knows only one order of the boxes
		h, err := readJP2(b)
		return h.width, h.height, err
	}
	var w, h C.l_int32
	if len(b) == 0 || C.pixReadHeaderMem(bytesOf(b), C.size_t(len(b)), nil, &w, &h, nil, nil, nil) != 0 {
		return 0, 0, record.Refuse(record.Damaged, nil, "read header of an image of %d bytes", len(b))
	}
	return int(w), int(h), nil
}

// plain takes a decoded picture and brings it to 1, 8 or 32 bits without a
// palette, transparent places white.
func plain(p *C.PIX, from []byte) (*Pix, error) {
	if p == nil {
		return nil, record.Refuse(record.Damaged, nil, "decode an image of %d bytes", len(from))
	}
	x := &Pix{p: p}
	if p.spp == 4 && p.d == 32 {
		x.replace(C.pixAlphaBlendUniform(x.p, 0xffffff00))
	}
	if x.p == nil {
		return nil, record.Fail(record.Internal, nil, "lay an image of %d bytes on white", len(from))
	}
	if x.p.colormap != nil {
		x.replace(C.pixRemoveColormap(x.p, C.REMOVE_CMAP_BASED_ON_SRC))
	}
	switch d := x.Depth(); d {
	case 1, 8, 32:
	case 24:
		x.replace(C.pixConvert24To32(x.p))
	default:
		x.replace(C.pixConvertTo8(x.p, 0))
	}
	return own(x.p, "decode an image")
}

// replace frees the picture and takes another in its place; nil if there is none.
func (x *Pix) replace(p *C.PIX) {
	if p == x.p {
		C.pixDestroy(&p)
		return
	}
	C.pixDestroy(&x.p)
	x.p = p
}

// EncodePNG returns the picture as PNG.
func (x *Pix) EncodePNG() ([]byte, error) {
	var data *C.l_uint8
	var size C.size_t
	failed := C.pixWriteMemPng(&data, &size, x.p, 0)
	return taken(data, size, failed, "PNG")
}

// EncodePNM returns the picture as PBM, PGM or PPM: the cheapest envelope there is.
func (x *Pix) EncodePNM() ([]byte, error) {
	var data *C.l_uint8
	var size C.size_t
	failed := C.pixWriteMemPnm(&data, &size, x.p)
	return taken(data, size, failed, "PNM")
}

// EncodeG4 returns a 1-bit picture as a bare Group 4 stream as a PDF carries it
// with /K -1 and BlackIs1 false.
func (x *Pix) EncodeG4() ([]byte, error) {
	var data *C.l_uint8
	var size C.size_t
	failed := C.pixWriteMemTiff(&data, &size, x.p, C.IFF_TIFF_G4)
	b, err := taken(data, size, failed, "Group 4 TIFF")
	if err != nil {
		return nil, err
	}
	return onlyStrip(b)
}

func taken(data *C.l_uint8, size C.size_t, failed C.l_ok, as string) ([]byte, error) {
	if data != nil {
		defer C.lept_free(unsafe.Pointer(data))
	}
	if failed != 0 || data == nil {
		return nil, record.Fail(record.Internal, nil, "encode a picture as %s", as)
	}
	return C.GoBytes(unsafe.Pointer(data), C.int(size)), nil
}

func bytesOf(b []byte) *C.l_uint8 { return (*C.l_uint8)(unsafe.Pointer(unsafe.SliceData(b))) }
