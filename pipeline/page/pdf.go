package page

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/raster"
	"github.com/sohoa/sohoa/record"
)

// A pdfSource is an open PDF: our own reader finds pages that are one picture;
// the others are drawn.
type pdfSource struct {
	*opened
	file  *os.File
	size  int64
	doc   *pdf.File     // nil if only pdfium can read the file
	pages []pdf.PageRef // of doc
	drawn *raster.Document
}

// openPDF reads the structure. A file that our reader must repair, or that only
// pdfium can read, is taken with a warning; one that ends early is refused, for
// nobody knows what is missing.
func (d *opened) openPDF(file *os.File, size int64) error {
	p := &pdfSource{opened: d, file: file, size: size}
	limits := pdf.DefaultLimits()
	limits.Pages = d.limits.Pages
	if err := p.read(limits); err != nil {
		return err
	}
	d.page = p.scan
	if p.doc != nil {
		d.signed = isSigned(p.doc)
		d.count = len(p.pages)
	} else {
		if err := p.openDrawn(); err != nil {
			return err
		}
		d.count = p.drawn.Pages()
	}
	switch {
	case d.count == 0:
		return record.Refuse(record.NoPages, nil, "PDF of %d bytes without pages", size)
	case d.count > d.limits.Pages:
		return record.Refuse(record.TooManyPages, nil, "PDF with %d pages, limit %d", d.count, d.limits.Pages)
	}
	return nil
}

// read opens the file with our reader, strictly, then with repairs.
func (p *pdfSource) read(limits pdf.Limits) error {
	f, err := pdf.Open(p.file, p.size, limits)
	if err == nil && f.Encrypted() {
		return p.readLocked(f)
	}
	if err == nil {
		if p.pages, err = f.Pages(); err == nil {
			p.doc = f
			p.warnCut(f)
			return nil
		}
	}
	if errors.Is(err, pdf.ErrLimit) {
		return record.Refuse(p.overLimit(f), err, "read PDF of %d bytes", p.size)
	}
	if !p.ends() {
		return record.Refuse(record.Truncated, err, "PDF of %d bytes without its end", p.size)
	}
	p.warn("the PDF is damaged and was repaired for reading: %v", err)
	return p.repair(limits)
}

var objectHeader = regexp.MustCompile(`\b\d+ \d+ obj\b`)

// warnCut says that behind the end of the file another revision begins whose own
// end is missing: what it changed is not known. Padding and the like say nothing.
func (p *pdfSource) warnCut(f *pdf.File) {
	revisions := f.Revisions()
	end := revisions[len(revisions)-1].End
	rest := io.NewSectionReader(p.file, end, min(p.size-end, 1<<20))
	if objectHeader.MatchReader(bufio.NewReader(rest)) {
		p.warn("behind the end of the PDF, at byte %d, a change begins that is cut off: it was not read", end)
	}
}

// readLocked takes an encrypted file that opens without a password, as one whose
// password only guards changing it: our reader reads it decrypted.
func (p *pdfSource) readLocked(f *pdf.File) error {
	if f.Unlock() != nil {
		return p.drawLocked(f)
	}
	pages, err := f.Pages()
	if err != nil {
		return p.drawLocked(f)
	}
	p.doc, p.pages = f, pages
	p.warn("the PDF is encrypted and opens without a password")
	return nil
}

// drawLocked leaves an encrypted file to pdfium, which knows more than our reader.
func (p *pdfSource) drawLocked(f *pdf.File) error {
	if err := p.openDrawn(); err != nil {
		return err
	}
	p.signed = isSigned(f)
	p.warn("the PDF is encrypted and opens without a password: its pages were drawn")
	return nil
}

// overLimit says which limit a file went over: it has too many pages, or it is
// built to cost too much.
func (p *pdfSource) overLimit(f *pdf.File) record.Reason {
	if f == nil {
		return record.Damaged
	}
	root, _ := f.Catalog()
	if n, ok := f.Int(f.Dict(root["Pages"])["Count"]); ok && n > int64(p.limits.Pages) {
		return record.TooManyPages
	}
	return record.Damaged
}

// repair takes what the repairing reader finds if pdfium sees as many pages.
func (p *pdfSource) repair(limits pdf.Limits) error {
	f, err := pdf.OpenRepaired(p.file, p.size, limits)
	if err != nil {
		return nil
	}
	if f.Encrypted() {
		return p.drawLocked(f)
	}
	pages, err := f.Pages()
	if err != nil {
		return nil
	}
	if err := p.openDrawn(); err != nil {
		return err
	}
	if p.drawn.Pages() == len(pages) {
		p.doc, p.pages = f, pages
	}
	return nil
}

// ends reports whether the last bytes hold the end-of-file marker.
func (p *pdfSource) ends() bool {
	tail := make([]byte, min(p.size, 2048))
	_, err := p.file.ReadAt(tail, p.size-int64(len(tail)))
	return err == nil && bytes.Contains(tail, []byte("%%EOF"))
}

// openDrawn opens the file with pdfium.
func (p *pdfSource) openDrawn() error {
	if p.drawn != nil {
		return nil
	}
	r, err := raster.Open(p.file, p.size)
	switch {
	case errors.Is(err, raster.ErrEncrypted):
		return record.Refuse(record.Encrypted, err, "PDF of %d bytes", p.size)
	case errors.Is(err, raster.ErrDamaged):
		return record.Refuse(record.Damaged, err, "PDF of %d bytes", p.size)
	case err != nil:
		return err
	}
	p.drawn, p.parts = r, append(p.parts, r)
	return nil
}

// scan makes page n: its one picture as it is, or the page drawn.
func (p *pdfSource) scan(n int) (record.Scan, error) {
	name := fmt.Sprintf("%04d", n+1)
	if p.doc == nil {
		return p.draw(n, name, marks{odd: true})
	}
	m := look(p.doc, p.pages[n])
	m.notes, m.filled = annotations(p.doc, p.pages[n])
	if p.text == record.ForceText || !m.isOnePicture() {
		return p.draw(n, name, m)
	}
	s, err := p.picture(m.images[0], p.pages[n], name)
	if errors.Is(err, errNotPlain) {
		return p.draw(n, name, m)
	}
	p.warnOver(name, m)
	return s, err
}

// warnOver names what lies over a page and is not drawn.
func (p *pdfSource) warnOver(name string, m marks) {
	if m.notes > 0 {
		p.warn("page %s: %d annotations are not part of the picture", name, m.notes)
	}
	if m.filled > 0 {
		p.warn("page %s: %d filled-in form fields are not part of the picture", name, m.filled)
	}
}

// isOnePicture reports whether the page shows a picture, whole or nearly so, that
// takes up most of it, and nothing else.
func (m marks) isOnePicture() bool {
	if m.odd || m.paths > 0 || m.text > 0 || len(m.images) != 1 || !m.images[0].plain {
		return false
	}
	const whole, most = 0.97, 0.5 // scanners place pictures a little over the edge, or leave a margin
	p := m.images[0]
	_, _, upright := p.matrix.turned()
	shown := p.shown.area()
	return upright && shown >= whole*p.matrix.bounds(rect{0, 0, 1, 1}).area() && shown >= most*m.page.area()
}

// annotations counts what lies over the page and would be seen: notes, stamps and
// drawings, and form fields that are filled in. Links, pop-ups and the marks of
// signatures do not count.
func annotations(f *pdf.File, p pdf.PageRef) (notes, filled int) {
	for _, v := range f.Array(p.Dict["Annots"]) {
		d := f.Dict(v)
		const unseen = 2 | 32 // hidden, not shown (ISO 32000-1, table 165)
		if flags, _ := f.Int(d["F"]); flags&unseen != 0 {
			continue
		}
		switch f.Name(d["Subtype"]) {
		case "", "Link", "Popup":
		case "Widget":
			if isFilledIn(f, d) {
				filled++
			}
		default:
			notes++
		}
	}
	return notes, filled
}

// isFilledIn reports whether a form field, no signature, shows a value.
func isFilledIn(f *pdf.File, d pdf.Dict) bool {
	if len(f.Dict(d["AP"])) == 0 {
		return false
	}
	kind, value := f.Name(d["FT"]), f.Resolve(d["V"])
	for range maxNesting {
		d = f.Dict(d["Parent"])
		if kind == "" {
			kind = f.Name(d["FT"])
		}
		if value == nil {
			value = f.Resolve(d["V"])
		}
	}
	switch kind {
	case "Btn":
		return value != nil && value != pdf.Name("Off")
	case "Tx", "Ch":
		return len(f.String(value)) > 0 || len(f.Array(value)) > 0
	}
	return false
}

// isSigned reports whether a signature field has a value, or the catalog grants
// permissions by a signature.
func isSigned(f *pdf.File) bool {
	root, err := f.Catalog()
	if err != nil {
		return false
	}
	if len(f.Dict(root["Perms"])) > 0 {
		return true
	}
	left := 10_000
	return anySigned(f, f.Array(f.Dict(root["AcroForm"])["Fields"]), "", &left, 0)
}

// anySigned looks at fields and their kids, at most left of them.
func anySigned(f *pdf.File, fields pdf.Array, kind pdf.Name, left *int, depth int) bool {
	for _, v := range fields {
		if *left--; *left < 0 || depth > maxNesting {
			return false
		}
		d, own := f.Dict(v), kind
		if t := f.Name(d["FT"]); t != "" {
			own = t
		}
		if own == "Sig" && f.String(f.Dict(d["V"])["Contents"]) != nil {
			return true
		}
		if anySigned(f, f.Array(d["Kids"]), own, left, depth+1) {
			return true
		}
	}
	return false
}
