package pdfa

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/sohoa/sohoa/internal/pdf"
)

// ErrNoPages says that a document without pages cannot be written.
var ErrNoPages = errors.New("document has no pages")

// Write writes d as PDF/A-2u, or as PDF/A-3u if it has attachments. An error means
// that what was written is no PDF.
func Write(w io.Writer, d Document) error {
	if len(d.Pages) == 0 {
		return ErrNoPages
	}
	if d.Language == "" {
		d.Language = "vi"
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	f := newFile(buffered, d)
	if err := f.write(); err != nil {
		return fmt.Errorf("write PDF/A: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write PDF/A: %w", err)
	}
	return nil
}

// A file is one PDF/A being written.
type file struct {
	*pdf.Writer
	doc      Document
	tree     tree
	font     font
	profiles map[string]pdf.Ref // ICC streams by their content's digest
	attached []pdf.Ref          // file specifications, in the order of the attachments
}

func newFile(w io.Writer, d Document) *file {
	f := &file{Writer: pdf.NewWriter(w, "1.7"), doc: d, profiles: map[string]pdf.Ref{}}
	f.font = newFont()
	return f
}

func (f *file) write() error {
	root, info, fontRef := f.Alloc(), f.Alloc(), f.Alloc()
	f.tree = newTree(f.Writer, len(f.doc.Pages))
	if err := checkNames(f.doc.Attachments); err != nil {
		return err
	}
	if err := f.catalog(root, info); err != nil {
		return err
	}
	for i, p := range f.doc.Pages {
		if err := f.page(i, p, fontRef); err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	if err := f.tree.write(f.Writer); err != nil {
		return err
	}
	if err := f.attachments(); err != nil {
		return err
	}
	if err := f.font.write(f.Writer, fontRef); err != nil {
		return err
	}
	return f.Close(root, info, [2][]byte{})
}

// catalog writes the catalog and what it names but the pages. Its values are
// references and plain names and strings: signing writes it anew by value.
func (f *file) catalog(root, info pdf.Ref) error {
	metadata, intent, labels, view := f.Alloc(), f.Alloc(), f.Alloc(), f.Alloc()
	profile := f.Alloc()
	packet := f.xmp().Packet()
	srgb := srgbProfile()
	catalog := pdf.Dict{
		"Type": pdf.Name("Catalog"), "Pages": f.tree.root, "Metadata": metadata,
		"OutputIntents": pdf.Array{intent}, "Lang": pdf.TextString(f.doc.Language),
		"PageLabels": labels, "ViewerPreferences": view,
	}
	return errors.Join(
		f.nameAttachments(catalog),
		f.WriteObject(root, catalog),
		f.WriteObject(info, f.info()),
		f.WriteStream(metadata, pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")},
			bytes.NewReader(packet), int64(len(packet))),
		f.WriteObject(intent, pdf.Dict{
			"Type": pdf.Name("OutputIntent"), "S": pdf.Name("GTS_PDFA1"), "DestOutputProfile": profile,
			"OutputConditionIdentifier": pdf.String(srgbName), "Info": pdf.String(srgbName),
		}),
		f.flate(profile, pdf.Dict{"N": 3}, srgb),
		f.WriteObject(labels, pdf.Dict{"Nums": pdf.Array{0, pdf.Dict{"S": pdf.Name("D")}}}),
		f.WriteObject(view, pdf.Dict{"DisplayDocTitle": true}),
	)
}

// info says what the XMP says, for readers that look only here.
func (f *file) info() pdf.Dict {
	d := pdf.Dict{}
	if f.doc.Title != "" {
		d["Title"] = pdf.TextString(f.doc.Title)
	}
	if f.doc.Producer != "" {
		d["Producer"], d["Creator"] = pdf.TextString(f.doc.Producer), pdf.TextString(f.doc.Producer)
	}
	return d
}

func (f *file) xmp() pdf.XMP {
	x := pdf.XMP{
		Part: 2, Conformance: "U", Title: f.doc.Title, Language: f.doc.Language,
		Producer: f.doc.Producer, CreatorTool: f.doc.Producer,
	}
	if len(f.doc.Attachments) > 0 {
		x.Part = 3
	}
	if f.doc.Source != "" {
		x.Properties = []pdf.Property{{
			Name: "sourceDigest", Value: string(f.doc.Source),
			Description: "SHA-256 of the file from which this document was made, in hexadecimal",
		}}
	}
	return x
}

// flate writes data as a compressed stream.
func (f *file) flate(r pdf.Ref, d pdf.Dict, data []byte) error {
	return writeFlate(f.Writer, r, d, data)
}

func writeFlate(w *pdf.Writer, r pdf.Ref, d pdf.Dict, data []byte) error {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	d["Filter"] = pdf.Name("FlateDecode")
	return w.WriteStream(r, d, &b, int64(b.Len()))
}
