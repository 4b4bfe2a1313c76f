package verify_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// compress moves an object into the object stream 40, in a revision with a
// cross-reference stream, and appends an empty revision with a table.
func (p *paper) compress(num int, object string) *paper {
	prev := bytes.LastIndex(p.b, []byte("\nxref\n")) + 1
	stream := len(p.b)
	head := fmt.Sprintf("%d 0 ", num)
	p.b = fmt.Appendf(p.b, "40 0 obj\n%s\nendobj\n", objectStream(head, object))
	table := len(p.b)
	rows := []byte{2, 0, 0, 0, 40, 0, 1, 0, byte(stream >> 16), byte(stream >> 8), byte(stream), 0, 1, 0, byte(table >> 16), byte(table >> 8), byte(table), 0}
	p.b = fmt.Appendf(p.b, "41 0 obj\n<</Type/XRef/Size 60/Root 1 0 R/Info 9 0 R/Prev %d/W[1 4 1]/Index[%d 1 40 2]/Length 18>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		prev, num, rows, table)
	at := len(p.b)
	p.b = fmt.Appendf(p.b, "xref\n0 0\ntrailer\n<</Size 60/Root 1 0 R/Info 9 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", table, at)
	return p
}

func objectStream(head, object string) string {
	return fmt.Sprintf("<</Type/ObjStm/N 1/First %d/Length %d>>\nstream\n%s%s\nendstream", len(head), len(head)+len(object), head, object)
}

// appendXRef appends a bare cross-reference section that says where objects stand.
func (p *paper) appendXRef(trailer string, entries ...string) *paper {
	at := len(p.b)
	prev := bytes.LastIndex(p.b, []byte("xref\n0 "))
	if i := bytes.LastIndex(p.b, []byte("\nxref\n")); i > prev {
		prev = i + 1
	}
	p.b = fmt.Appendf(p.b, "xref\n%strailer\n<</Size 60/Root 1 0 R/Info 9 0 R/Prev %d%s>>\nstartxref\n%d\n%%%%EOF\n", strings.Join(entries, ""), prev, trailer, at)
	return p
}

func entry(num, offset int) string { return fmt.Sprintf("%d 1\n%010d 00000 n \n", num, offset) }

func freed(num int) string { return fmt.Sprintf("%d 1\n0000000000 00001 f \n", num) }

// The signature wrapping, incremental saving and universal forgery attacks, and the
// shadow attacks that hide in what was signed.
func TestDisguises(t *testing.T) {
	w := newWorld()
	sealed := w.archived()
	// A paper whose signed bytes hold a second version of object 5 inside a stream.
	double := newPaper().set(spare, pdf.NewStream(pdf.Dict{}, []byte("5 0 obj\n<</Length 20>>\nstream\nBT (mot ty) Tj ET   \nendstream\nendobj\n")))
	double = w.clerkSigns(double)
	hidden := bytes.Index(double.b, []byte("5 0 obj\n<</Length 20>>"))
	// A paper that refers to an object which is not there yet.
	dangling := newPaper().edit(page1, func(d pdf.Dict) { d["Contents"] = pdf.Array{content1, pdf.Ref{Num: 40}} })
	dangling = w.clerkSigns(dangling)
	overlaid := newPaper().edit(page1, func(d pdf.Dict) { d["Contents"] = pdf.Array{content1, spare} })
	overlaid = w.clerkSigns(overlaid)
	stream := pdf.NewStream(pdf.Dict{}, text("mot ty dong"))
	// A paper whose font lies in an object stream.
	compressed := newPaper().compress(7, "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>")
	if v := w.evidence(w.clerkSigns(compressed.clone()), later).verify(t, w.policy(later)); v.Outcome != record.Passed {
		t.Fatalf("with an object stream: said %s %q", said(v), v.Warnings)
	}
	compressed = w.clerkSigns(compressed)

	first := bytes.Index(sealed.b, []byte("/ByteRange"))

	for name, a := range map[string]attack{
		"incremental saving with a cross-reference": {paper: sealed.clone().set(content1, stream), after: record.ChangesOther, intact: true},
		"incremental saving without one":            {paper: &paper{append(slices.Clone(sealed.b), "5 0 obj\n<</Length 4>>\nstream\nBT ET\nendstream\nendobj\n"...)}, after: record.ChangesOther, intact: true},
		"incremental saving with a copied signature": {paper: sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			u.Set(content1, stream)
			u.Add(must(f.Get(pdf.Ref{Num: 11})))
		}), after: record.ChangesOther, intact: true},
		"shadow: hide, the overlay freed":       {paper: overlaid.clone().appendXRef("", freed(10)), after: record.ChangesOther, intact: true},
		"shadow: hide, the overlay emptied":     {paper: overlaid.clone().set(spare, pdf.NewStream(pdf.Dict{}, nil)), after: record.ChangesOther, intact: true},
		"shadow: replace, font":                 {paper: sealed.clone().set(fontRef, pdf.Dict{"Type": pdf.Name("Font")}), after: record.ChangesOther, intact: true},
		"shadow: hide and replace, entry moved": {paper: double.clone().appendXRef("", entry(5, hidden)), after: record.ChangesOther, intact: true},
		"object freed":                          {paper: sealed.clone().appendXRef("", freed(5)), after: record.ChangesOther, intact: true},
		"object of another generation":          {paper: generation(sealed.clone()), after: record.ChangesOther, intact: true},
		"dangling reference filled":             {paper: dangling.clone().update(func(_ *pdf.File, u *pdf.Update) { u.Set(pdf.Ref{Num: 40}, stream) }), after: record.ChangesOther, intact: true},
		"object stream replaced":                {paper: compressed.clone().set(pdf.Ref{Num: 40}, pdf.Raw(objectStream("7 0 ", "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"))), after: record.ChangesOther, intact: true},
		"trailer with an entry of its own":      {paper: sealed.clone().appendXRef("/Encryption 5 0 R"), after: record.ChangesOther, intact: true},
		"universal forgery: no /Contents":       {paper: forge(sealed, first, "/Contents", "/Kontents")},
		"universal forgery: no /ByteRange":      {paper: forge(sealed, first, "/ByteRange", "/BiteRange")},
		"universal forgery: empty /Contents":    {paper: forge(sealed, first, "/Contents <30", "/Contents <> ")},
		"universal forgery: null /Contents":     {paper: forge(sealed, first, "/Contents <30", "/Contents null")},
		"signature wrapping":                    {paper: wrap(w)},
		"signature that no field leads to":      {paper: newPaper().sign(signing{cms: by(w.clerk, w.chain), kind: "Sig", also: hideField}), intact: true},
	} {
		t.Run(name, func(t *testing.T) {
			v := a.paper.verify(t, w.policy(later))
			if v.Outcome != record.Failed && v.Outcome != record.Unreadable || len(v.Signatures) == 0 && v.Outcome != record.Unreadable {
				t.Fatalf("said %s", said(v))
			}
			if a.after != "" && (v.Signatures[0].ChangesAfter != a.after || (v.Signatures[0].Integrity == "intact") != a.intact) {
				t.Errorf("said %s\nwant intact %v, then %s", said(v), a.intact, a.after)
			}
		})
	}
}

// forge overwrites bytes of a signature dictionary.
func forge(p *paper, from int, old, now string) *paper {
	p = p.clone()
	at := max(0, from-4000)
	i := bytes.Index(p.b[at:], []byte(old))
	copy(p.b[at+i:], now)
	return p
}

// generation lets the cross-reference say that object 5 has generation 1: the same
// bytes, but the page refers to generation 0.
func generation(p *paper) *paper {
	at := len(p.b)
	old := p.b[bytes.Index(p.b, []byte("5 0 obj")):]
	p.b = append(p.b, "5 1"...)
	p.b = append(p.b, old[3:bytes.Index(old, []byte("endobj\n"))+len("endobj\n")]...)
	return p.appendXRef("", fmt.Sprintf("5 1\n%010d 00001 n \n", at))
}

// wrap moves the second part of the byte range behind forged content: what was
// signed stays the same bytes, the file shows others.
func wrap(w *world) *paper {
	p := newPaper().sign(signing{cms: by(w.clerk, w.chain)})
	at := bytes.LastIndex(p.b, []byte("/ByteRange [")) + len("/ByteRange [")
	end := bytes.Index(p.b, []byte("00>")) + len("00>")
	tail := slices.Clone(p.b[end:])
	forged := p.clone()
	forged.b = append(forged.b, "5 0 obj\n<</Length 5>>\nstream\nBT ET\nendstream\nendobj\n"...)
	moved := len(forged.b)
	forged.b = append(forged.b, tail...)
	copy(forged.b[at+2*11:], fmt.Sprintf("%010d", moved))
	return forged
}

// hideField keeps the signature's field out of the form.
func hideField(f *pdf.File, u *pdf.Update, sig, widget pdf.Dict) {
	widget["FT"] = pdf.Name("Tx")
}
