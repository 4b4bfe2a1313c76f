package pdfa

import (
	"bytes"
	"fmt"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// page writes one page: its picture, its content and its dictionary.
func (f *file) page(i int, p record.Page, font pdf.Ref) error {
	s, err := newSheet(p)
	if err != nil {
		return err
	}
	image, err := f.image(p.Scan)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if p.Scan.Mirrored {
		fmt.Fprintf(&content, "q -%s 0 0 %s %[1]s 0 cm /Im Do Q\n", number(s.width), number(s.height))
	} else {
		fmt.Fprintf(&content, "q %s 0 0 %s 0 0 cm /Im Do Q\n", number(s.width), number(s.height))
	}
	resources := pdf.Dict{"XObject": pdf.Dict{"Im": image}}
	if f.font.text(&content, s, p.Lines) {
		resources["Font"] = pdf.Dict{"F": font}
	}
	contents, page := f.Alloc(), f.Alloc()
	if err := f.flate(contents, pdf.Dict{}, content.Bytes()); err != nil {
		return err
	}
	d := pdf.Dict{
		"Type": pdf.Name("Page"), "Parent": f.tree.add(i, page), "Contents": contents, "Resources": resources,
		"MediaBox": pdf.Array{0, 0, s.width, s.height},
	}
	if p.Rotate != 0 {
		d["Rotate"] = p.Rotate
	}
	if s.unit != 1 {
		d["UserUnit"] = s.unit
	}
	return f.WriteObject(page, d)
}
