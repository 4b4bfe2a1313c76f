package pdfa

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// image writes the picture of a page: the stream as it lies in the work folder,
// byte for byte, under a dictionary that says how to read it.
func (f *file) image(s record.Scan) (pdf.Ref, error) {
	d := pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"),
		"Width": s.Width, "Height": s.Height, "BitsPerComponent": s.Bits, "Filter": pdf.Name(s.Filter),
	}
	switch s.Filter {
	case "DCTDecode":
	case "JPXDecode": // says itself how many bits there are
		delete(d, "BitsPerComponent")
	case "CCITTFaxDecode":
		d["DecodeParms"] = pdf.Dict{
			"K": s.K, "Columns": s.Width, "Rows": s.Height, "BlackIs1": s.BlackIs1, "EncodedByteAlign": s.ByteAlign,
		}
	case "FlateDecode":
		if s.Predictor > 1 {
			d["DecodeParms"] = pdf.Dict{
				"Predictor": s.Predictor, "Colors": colours(s), "BitsPerComponent": s.Bits, "Columns": s.Width,
			}
		}
	default:
		return pdf.Ref{}, fmt.Errorf("picture with filter %q", s.Filter)
	}
	space, err := f.space(s)
	if err != nil {
		return pdf.Ref{}, err
	}
	if space != nil {
		d["ColorSpace"] = space
	}
	if len(s.Decode) > 0 {
		d["Decode"] = decodeArray(s.Decode)
	}
	return f.pass(s, d)
}

func decodeArray(bounds []float64) pdf.Array {
	out := pdf.Array{}
	for _, v := range bounds {
		out = append(out, v)
	}
	return out
}

// colours is the number of components of a pixel as stored.
func colours(s record.Scan) int {
	switch {
	case s.Space == "Indexed" || s.Space == "DeviceGray":
		return 1
	case s.Space == "DeviceRGB":
		return 3
	case s.Space == "DeviceCMYK":
		return 4
	}
	return max(s.Colors, 1)
}

// space returns the colour space of a picture; nil for a JPEG 2000 that states
// its own. Grey and RGB without a profile are those of the output intent, inks
// without one get a profile of ours: DeviceCMYK must not occur.
func (f *file) space(s record.Scan) (any, error) {
	n := colours(s)
	if s.Space == "Indexed" {
		n = 3
	}
	base, err := f.profile(s, n)
	if err != nil {
		return nil, err
	}
	if base == nil {
		switch s.Space {
		case "DeviceCMYK":
			if base, err = f.icc(cmykProfile(), 4); err != nil {
				return nil, err
			}
		case "Indexed":
			base = pdf.Name("DeviceRGB")
		case "DeviceGray", "DeviceRGB":
			base = pdf.Name(s.Space)
		case "":
			if s.Filter == "JPXDecode" {
				return nil, nil
			}
			fallthrough
		default:
			return nil, fmt.Errorf("picture with colour space %q", s.Space)
		}
	}
	if s.Space != "Indexed" {
		return base, nil
	}
	if len(s.Palette) < 3 || len(s.Palette) > 3*256 {
		return nil, fmt.Errorf("palette of %d bytes", len(s.Palette))
	}
	return pdf.Array{pdf.Name("Indexed"), base, len(s.Palette)/3 - 1, pdf.String(s.Palette[:len(s.Palette)/3*3])}, nil
}

// maxProfile bounds the profiles that are carried; real ones have some kilobytes.
const maxProfile = 16 << 20

// profile returns the colour space of a scan's own profile; nil if it has none
// or none that PDF/A allows.
func (f *file) profile(s record.Scan, n int) (any, error) {
	if s.ICC == "" {
		return nil, nil
	}
	r, _, err := f.open(s.ICC)
	if err != nil {
		return nil, fmt.Errorf("open colour profile: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil {
		return nil, fmt.Errorf("read colour profile: %w", err)
	}
	if len(data) > maxProfile || !usable(data, n) {
		return nil, nil
	}
	return f.icc(data, n)
}

// icc writes a profile, each one once in a document.
func (f *file) icc(data []byte, n int) (any, error) {
	key := string(record.DigestOf(data))
	r, ok := f.profiles[key]
	if !ok {
		r = f.Alloc()
		if err := f.flate(r, pdf.Dict{"N": n}, data); err != nil {
			return nil, err
		}
		f.profiles[key] = r
	}
	return pdf.Array{pdf.Name("ICCBased"), r}, nil
}

// pass writes a file of the work folder as a stream. A bare JPEG 2000 codestream
// gets the boxes around it that PDF/A asks for.
func (f *file) pass(s record.Scan, d pdf.Dict) (pdf.Ref, error) {
	in, size, err := f.open(s.File)
	if err != nil {
		return pdf.Ref{}, fmt.Errorf("open picture: %w", err)
	}
	defer in.Close()
	var boxes []byte
	if s.Filter == "JPXDecode" {
		if boxes, err = jpxBoxes(in); err != nil {
			return pdf.Ref{}, record.Refuse(record.Damaged, err, "picture in JPEG 2000 that PDF/A does not allow")
		}
	}
	r := f.Alloc()
	return r, f.WriteStream(r, d, io.MultiReader(bytes.NewReader(boxes), in), size+int64(len(boxes)))
}

// open opens a file of the work folder, which a child has filled that read
// hostile bytes: a name or a link that leads out of it is refused.
func (f *file) open(name string) (*os.File, int64, error) {
	in, err := os.OpenInRoot(f.doc.Work, name)
	if err != nil {
		return nil, 0, err
	}
	st, err := in.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%q is no regular file", name)
	}
	if err != nil {
		in.Close()
		return nil, 0, err
	}
	return in, st.Size(), nil
}
