package paper

import (
	"bytes"
	"fmt"
	"image"
	"io"
)

// WritePDF writes pages as scanners do: a PDF of pictures alone, JPEG for colour
// and grey, Group 4 for bilevel.
func WritePDF(w io.Writer, pages []image.Image, dpi, quality int) error {
	var file bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&file, format, args...)
		file.WriteString("\nendobj\n")
	}
	file.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids bytes.Buffer
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 3+3*i)
	}
	object("<< /Type /Pages /Count %d /Kids [ %s] >>", len(pages), kids.Bytes())
	for i, img := range pages {
		stream, dict, err := pdfPicture(img, dpi, quality)
		if err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
		r := img.Bounds()
		width, height := float64(r.Dx())*72/float64(dpi), float64(r.Dy())*72/float64(dpi)
		content := fmt.Sprintf("q %.3f 0 0 %.3f 0 0 cm /Scan Do Q", width, height)
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.3f %.3f] /Resources << /XObject << /Scan %d 0 R >> >> /Contents %d 0 R >>", width, height, 5+3*i, 4+3*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
		object("<< /Type /XObject /Subtype /Image /Width %d /Height %d %s /Length %d >>\nstream\n%s\nendstream", r.Dx(), r.Dy(), dict, len(stream), stream)
	}
	start := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&file, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	_, err := file.WriteTo(w)
	return err
}

func pdfPicture(img image.Image, dpi, quality int) (stream []byte, dict string, err error) {
	if p, ok := img.(*image.Paletted); ok {
		parameters := fmt.Sprintf("/DecodeParms << /K -1 /Columns %d /Rows %d >>", p.Rect.Dx(), p.Rect.Dy())
		return encodeG4(p), "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode " + parameters, nil
	}
	var b bytes.Buffer
	err = WriteJPEG(&b, img, dpi, quality)
	space := "/DeviceRGB"
	if _, ok := img.(*image.Gray); ok {
		space = "/DeviceGray"
	}
	return b.Bytes(), "/ColorSpace " + space + " /BitsPerComponent 8 /Filter /DCTDecode", err
}
