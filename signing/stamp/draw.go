package stamp

import (
	"bytes"
	"compress/zlib"
	"fmt"

	"github.com/sohoa/sohoa/internal/pdf"
)

// turn is the matrix of the form that makes it upright for the reader.
var turn = map[int]pdf.Array{
	0: {1, 0, 0, 1, 0, 0}, 90: {0, 1, -1, 0, 0, 0}, 180: {-1, 0, 0, -1, 0, 0}, 270: {0, -1, 1, 0, 0, 0},
}

// Appearance returns the form XObject of the mark. add gets the objects that it
// needs, serialised, and says under which number each was written.
func (m *Mark) Appearance(add func(object []byte) (uint32, error)) ([]byte, error) {
	font, err := m.font.embed(m.lines, add)
	if err != nil {
		return nil, fmt.Errorf("embed the face of the mark: %w", err)
	}
	w, h := m.extent()
	form := pdf.NewStream(pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "FormType": 1,
		"BBox": pdf.Array{0, 0, round(w), round(h)}, "Matrix": turn[m.page.Rotate],
		"Resources": pdf.Dict{"Font": pdf.Dict{"F1": font}}, "Filter": pdf.Name("FlateDecode"),
	}, deflate(m.content(w, h)))
	return serialise(form), nil
}

// content draws the lines, each centred.
func (m *Mark) content(w, h float64) []byte {
	var b bytes.Buffer
	b.WriteString("q\n0 g\n")
	m.drawCode(&b, h)
	fmt.Fprintf(&b, "BT\n/F1 %.3g Tf\n", m.size)
	step := leading * m.size / fontSize
	left, top := m.codeSide(), (h+m.textHeight())/2
	x, y := 0.0, 0.0
	for i, line := range m.lines {
		nx, ny := left+(w-left-m.widths[i])/2, top-step*float64(i)-m.size*0.9
		fmt.Fprintf(&b, "%.3f %.3f Td\n<", nx-x, ny-y)
		for _, g := range line {
			fmt.Fprintf(&b, "%04X", g)
		}
		b.WriteString("> Tj\n")
		x, y = nx, ny
	}
	b.WriteString("ET\nQ\n")
	return b.Bytes()
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z, _ := zlib.NewWriterLevel(&out, zlib.BestCompression) // the level is a good one
	z.Write(b)                                              // a Buffer takes everything
	z.Close()
	return out.Bytes()
}

func serialise(v any) []byte {
	var b bytes.Buffer
	pdf.WriteObject(&b, v)
	return b.Bytes()
}
