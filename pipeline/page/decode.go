package page

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// Decode returns the pixels of a scan whose stream lies in work, as stored: not
// turned. What the stream's own header says must agree with s, whose size was
// checked when the document was split.
//
// A JPEG that ends early is refused as Truncated. ICC profiles are left alone:
// they do not matter to recognition.
func Decode(work string, s record.Scan) (*Pix, error) {
	if err := checkSize(s.Width, s.Height); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(filepath.Join(work, filepath.Base(s.File)))
	if err != nil {
		return nil, fmt.Errorf("decode page: %w", err)
	}
	var x *Pix
	switch s.Filter {
	case "DCTDecode":
		x, err = decodeDCT(b, s)
	case "JPXDecode":
		x, err = decodeJPX(b, s)
	case "CCITTFaxDecode":
		x, err = decodeFax(b, s)
	case "FlateDecode":
		x, err = decodeFlate(b, s)
	default:
		return nil, record.Refuse(record.Damaged, nil, "decode page: filter %q is none of ours", s.Filter)
	}
	if err != nil {
		return nil, err
	}
	if x.Width() != s.Width || x.Height() != s.Height {
		defer x.Free()
		return nil, record.Refuse(record.Damaged, nil, "decode page: %d x %d pixels, want %d x %d", x.Width(), x.Height(), s.Width, s.Height)
	}
	return x, nil
}

// headerAgrees refuses a picture whose header promises another size before it is decoded.
func headerAgrees(b []byte, s record.Scan) error {
	width, height, err := header(b)
	if err != nil {
		return err
	}
	if width != s.Width || height != s.Height {
		return record.Refuse(record.Damaged, nil, "decode page: header says %d x %d pixels, want %d x %d", width, height, s.Width, s.Height)
	}
	return nil
}

func decodeDCT(b []byte, s record.Scan) (*Pix, error) {
	if err := headerAgrees(b, s); err != nil {
		return nil, err
	}
	x, warnings, err := decodeJPEG(b, inverted(s.Decode))
	if warnings > 0 && !endsWithEOI(b) {
		x.Free()
		return nil, record.Refuse(record.Truncated, err, "decode page: JPEG of %d bytes has no end", len(b))
	}
	if err != nil {
		return nil, err
	}
	x.faults = warnings
	if inverted(s.Decode) && s.Space != "DeviceCMYK" { // the decoder has turned inks into colours
		x.Invert()
	}
	return x, nil
}

// endsWithEOI looks for the end-of-image marker; scanners pad behind it.
func endsWithEOI(b []byte) bool {
	return bytes.Contains(b[max(0, len(b)-4096):], []byte{0xff, 0xd9})
}

// decodeJPX decodes the codestream in a file of the simplest form: leptonica knows
// only one order of the boxes.
func decodeJPX(b []byte, s record.Scan) (*Pix, error) {
	h, err := readJP2(b)
	if err != nil {
		return nil, err
	}
	if h.width != s.Width || h.height != s.Height {
		return nil, record.Refuse(record.Damaged, nil, "decode page: header says %d x %d pixels, want %d x %d", h.width, h.height, s.Width, s.Height)
	}
	if h.plain() {
		b = slices.Concat(jp2Wrapping(h), h.stream)
	}
	return DecodeImage(b)
}

// decodeFax decodes a bare fax stream. A Group 3 fax that lost lines is taken if
// most are there.
func decodeFax(b []byte, s record.Scan) (*Pix, error) {
	if s.K < 0 && s.ByteAlign {
		return nil, record.Refuse(record.Damaged, nil, "decode page: Group 4 with byte-aligned lines")
	}
	if err := checkSize(s.Width, s.Height); err != nil {
		return nil, err
	}
	x, err := readFax(b, s, s.Height)
	if err != nil && s.K >= 0 {
		x, err = readShortFax(b, s)
	}
	if err != nil {
		return nil, err
	}
	if whiteIsBlack(s) {
		x.Invert()
	}
	return x, nil
}

// whiteIsBlack reports whether what a fax stream calls white is black on the page.
func whiteIsBlack(s record.Scan) bool { return s.BlackIs1 != lightFirst(s) }

// decodeFlate unpacks a stream of samples.
func decodeFlate(b []byte, s record.Scan) (*Pix, error) {
	colors := components(s)
	if !slices.Contains([]int{1, 2, 4, 8, 16}, s.Bits) || colors == 0 {
		return nil, record.Refuse(record.Damaged, nil, "decode page: %d bits of %s", s.Bits, s.Space)
	}
	stride := (s.Width*colors*s.Bits + 7) / 8
	size := stride * s.Height
	if s.Predictor >= 10 {
		size += s.Height
	}
	raw, err := inflated(b, size)
	if err != nil {
		return nil, fmt.Errorf("decode page: %w", err)
	}
	raw, err = unpredict(raw, stride, colors, s)
	if err != nil {
		return nil, err
	}
	return fromSamples(raw, colors, s)
}
