package page

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/raster"
	"github.com/sohoa/sohoa/record"
)

// jp2Head is what the boxes of a JP2 (ISO/IEC 15444-1, annex I) and the head of
// its codestream (annex A.5.1) say.
type jp2Head struct {
	width, height int
	components    int
	bits          int  // 0: components differ
	sampled       bool // components of different resolution
	enumerated    uint32
	icc           []byte // the restricted profile that stands in the file
	special       bool   // palette, opacity: more than colour
	defined       bool   // a box says what each channel is: opacity, or colours in another order
	dpiX, dpiY    float64
	stream        []byte // the codestream
}

// maxBoxes bounds how many boxes are read.
const maxBoxes = 1000

func readJP2(b []byte) (jp2Head, error) {
	var h jp2Head
	if bytes.HasPrefix(b, []byte("\xff\x4f\xff\x51")) {
		h.stream = b
	} else if !bytes.HasPrefix(b, []byte("\x00\x00\x00\x0cjP  ")) {
		return h, record.Refuse(record.Damaged, nil, "%d bytes that are no JPEG 2000", len(b))
	} else if err := h.boxes(b, 0); err != nil {
		return h, err
	}
	if len(h.stream) < 42 {
		return h, record.Refuse(record.Truncated, nil, "JPEG 2000 of %d bytes without a codestream", len(b))
	}
	if !endsWithEOI(h.stream) {
		return h, record.Refuse(record.Truncated, nil, "JPEG 2000 of %d bytes has no end of codestream", len(b))
	}
	return h, h.size(h.stream)
}

// boxes reads the boxes of a file (depth 0) or of its header box (depth 1).
func (h *jp2Head) boxes(b []byte, depth int) error {
	for range maxBoxes {
		if len(b) < 8 {
			return nil
		}
		n, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		if n == 1 && len(b) >= 16 {
			n, head = binary.BigEndian.Uint64(b[8:]), 16
		} else if n == 0 {
			n = uint64(len(b))
		}
		if n < head || n > uint64(len(b)) {
			return record.Refuse(record.Truncated, nil, "JPEG 2000: a box of %d bytes where %d are left", n, len(b))
		}
		if err := h.box(string(b[4:8]), b[head:n], depth); err != nil {
			return err
		}
		b = b[n:]
	}
	return record.Refuse(record.Damaged, nil, "JPEG 2000 with more than %d boxes", maxBoxes)
}

func (h *jp2Head) box(kind string, body []byte, depth int) error {
	switch {
	case kind == "jp2h" && depth == 0, kind == "res " && depth == 1:
		return h.boxes(body, depth+1)
	case kind == "jp2c" && h.stream == nil:
		h.stream = body
	case kind == "pclr", kind == "cmap":
		h.special = true
	case kind == "cdef":
		h.special, h.defined = true, true
	case kind == "colr" && len(body) >= 7 && body[0] == 1:
		h.enumerated = binary.BigEndian.Uint32(body[3:])
	case kind == "colr" && len(body) > 3 && body[0] == 2:
		h.icc = body[3:]
	case (kind == "resc" || kind == "resd") && len(body) >= 10 && h.dpiX == 0:
		h.dpiY, h.dpiX = jp2DPI(body, body[8]), jp2DPI(body[4:], body[9])
	}
	return nil
}

// jp2DPI is a resolution of annex I.5.3.7: numerator, denominator, power of ten, per metre.
func jp2DPI(b []byte, exponent byte) float64 {
	over := float64(binary.BigEndian.Uint16(b[2:]))
	if over == 0 {
		return 0
	}
	dpi := float64(binary.BigEndian.Uint16(b)) / over * math.Pow10(int(int8(exponent))) * 0.0254
	return math.Round(dpi*10) / 10
}

// size reads the SIZ marker segment.
func (h *jp2Head) size(b []byte) error {
	at := func(i int) int64 { return int64(binary.BigEndian.Uint32(b[i:])) }
	if b[2] != 0xff || b[3] != 0x51 {
		return record.Refuse(record.Damaged, nil, "JPEG 2000 codestream without a size")
	}
	width, height := at(8)-at(16), at(12)-at(20)
	h.components = int(binary.BigEndian.Uint16(b[40:]))
	if width <= 0 || height <= 0 || width > math.MaxInt32 || height > math.MaxInt32 || h.components == 0 || len(b) < 42+3*h.components {
		return record.Refuse(record.Damaged, nil, "JPEG 2000 of %d x %d pixels, %d components", width, height, h.components)
	}
	h.width, h.height, h.bits = int(width), int(height), int(b[42]&0x7f)+1
	for i := range h.components {
		c := b[42+3*i:]
		if int(c[0]) != h.bits-1 {
			h.bits = 0 // signed, or of another depth
		}
		if c[1] != 1 || c[2] != 1 {
			h.sampled = true
		}
	}
	return nil
}

// The enumerated colour spaces that a PDF's device spaces stand for.
const (
	jp2SRGB = 16
	jp2Grey = 17
)

// plain reports whether a PDF/A can carry the picture as it is, and the recogniser
// decode it, which knows up to 8 bits.
func (h *jp2Head) plain() bool {
	known := h.enumerated == 0 || h.components == 3 && h.enumerated == jp2SRGB || h.components == 1 && h.enumerated == jp2Grey
	return known && !h.special && !h.sampled && h.bits > 0 && h.bits <= 8 && (h.components == 1 || h.components == 3)
}

// jp2 passes a JP2 through, bytes untouched, and puts a bare codestream into a
// JP2, as PDF/A asks for (ISO 19005-2, 6.2.8.3). What it cannot carry is drawn.
func (d *opened) jp2(b []byte, name string) (record.Scan, error) {
	h, err := readJP2(b)
	if err != nil {
		return record.Scan{}, err
	}
	if err := d.checkPixels(h.width, h.height); err != nil {
		return record.Scan{}, err
	}
	if !h.plain() {
		return d.drawJP2(b, h, name)
	}
	s := record.Scan{
		File: name + ".jp2", Filter: "JPXDecode", Width: h.width, Height: h.height, Bits: h.bits,
		Space: deviceSpace[h.components], Colors: h.components, DPIX: h.dpiX, DPIY: h.dpiY,
	}
	if s.ICC, err = d.profile(h.icc, h.components, name); err != nil {
		return s, err
	}
	if len(h.stream) == len(b) {
		return s, d.out.write(s.File, jp2Wrapping(h), b)
	}
	return s, d.out.write(s.File, b)
}

// drawJP2 stores the picture as pdfium shows it, which knows the colours, depths
// and palettes that leptonica does not, with 8 bits and without loss.
func (d *opened) drawJP2(b []byte, h jp2Head, name string) (s record.Scan, err error) {
	if h.defined || h.components != 1 && h.components != 3 { // pdfium would take opacity for ink, or colours for others
		return s, record.Refuse(record.FormatNotRead, nil, "JPEG 2000 of %d channels with opacity, inks or an order of their own", h.components)
	}
	if h.bits > 8 {
		d.warn("page %s: its picture has %d bits a colour and was stored with 8", name, h.bits)
	}
	if float64(h.width)*float64(h.height) > drawPixels {
		return s, record.Refuse(record.TooManyPixels, nil, "JPEG 2000 of %d x %d pixels that has to be drawn", h.width, h.height)
	}
	file, err := pictureOnPage(b, h)
	if err != nil {
		return s, err
	}
	r, err := raster.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return s, drawError(err)
	}
	defer r.Close()
	page, err := r.Page(0)
	if err != nil {
		return s, drawError(err)
	}
	defer page.Close()
	err = page.Draw(h.width, h.height, true, func(m *image.RGBA) error {
		s, err = d.storeImage(m, nil, name)
		return err
	})
	s.DPIX, s.DPIY = h.dpiX, h.dpiY
	return s, drawError(err)
}

// pictureOnPage is a PDF whose one page is a JPEG 2000 picture, a point a pixel.
func pictureOnPage(b []byte, h jp2Head) ([]byte, error) {
	var out bytes.Buffer
	w := pdf.NewWriter(&out, "1.7")
	root, pages, page, contents, picture := w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc()
	shown := fmt.Sprintf("%d 0 0 %d 0 0 cm /P Do", h.width, h.height)
	err := errors.Join(
		w.WriteObject(root, pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": pages}),
		w.WriteObject(pages, pdf.Dict{"Type": pdf.Name("Pages"), "Count": 1, "Kids": pdf.Array{page}}),
		w.WriteObject(page, pdf.Dict{
			"Type": pdf.Name("Page"), "Parent": pages, "MediaBox": pdf.Array{0, 0, h.width, h.height}, "Contents": contents,
			"Resources": pdf.Dict{"XObject": pdf.Dict{"P": picture}},
		}),
		w.WriteStream(contents, pdf.Dict{}, strings.NewReader(shown), int64(len(shown))),
		w.WriteStream(picture, pdf.Dict{
			"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"), "Width": h.width, "Height": h.height, "Filter": pdf.Name("JPXDecode"),
		}, bytes.NewReader(b), int64(len(b))),
		w.Close(root, pdf.Ref{}, [2][]byte{}),
	)
	return out.Bytes(), err
}

// jp2Wrapping is everything of a JP2 before the codestream, which follows as the
// last box.
func jp2Wrapping(h jp2Head) []byte {
	box := func(kind string, body ...byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
		return append(append(b, kind...), body...)
	}
	space := byte(jp2SRGB)
	if h.components == 1 {
		space = jp2Grey
	}
	var size []byte
	size = binary.BigEndian.AppendUint32(size, uint32(h.height))
	size = binary.BigEndian.AppendUint32(size, uint32(h.width))
	size = binary.BigEndian.AppendUint16(size, uint16(h.components))
	size = append(size, byte(h.bits-1), 7, 0, 0)
	header := append(box("ihdr", size...), box("colr", 1, 0, 0, 0, 0, 0, space)...)
	var out []byte
	out = append(out, box("jP  ", []byte("\r\n\x87\n")...)...)
	out = append(out, box("ftyp", []byte("jp2 \x00\x00\x00\x00jp2 ")...)...)
	out = append(out, box("jp2h", header...)...)
	return append(out, 0, 0, 0, 0, 'j', 'p', '2', 'c') // length 0: to the end of the file
}
