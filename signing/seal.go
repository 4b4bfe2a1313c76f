package signing

import (
	"context"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/stamp"
)

// A Request says what to seal a file with.
type Request struct {
	Agency   string            // in the mark; empty: the organisation in the certificate, else its common name
	CopyForm string            // first line of the mark ("Sao y"), empty for none
	Person   string            // a name makes it a person's mark, at the top left: the name and the time
	Note     string            // before the time, such as [FromPaper]; empty for none
	Verify   string            // address where the document can be verified, shown as a QR code where there is room; empty for none
	Time     time.Time         // of signing; it stands in the mark and in the signature
	Fields   record.Fields     // written into the XMP that the signature covers
	Metadata map[string]string // elements of TT 05/2025/TT-BNV: those that no field has go into the XMP too
	Reviewed bool              // whether a person approved the fields
	Page     *record.Page      // page 1 as it was recognised, so that the mark leaves its words free; nil: unknown
	PSS      bool              // RSASSA-PSS in place of PKCS#1 v1.5, where the key is RSA
}

// FromPaper is the sign in letters of a data message that was converted from paper;
// who converted it and when stand beside it (Law on e-transactions 20/2023/QH15,
// article 12; Decree 137/2024/NĐ-CP, article 4).
const FromPaper = "Được chuyển đổi từ văn bản giấy"

// Seal returns in with two revisions after it: the fields in its XMP, and a PAdES
// B-B signature by k that shows the agency's mark. in must be a PDF/A of ours; if it
// was sealed before, its XMP stays as it is, because the earlier seal vouches for
// it, and only the signature is added.
//
// The same input, key and request give the same bytes to sign. Reasons: not-ours,
// too-large-to-sign, those of [key.Key.Check], mark-unprintable, seal-unsound.
func Seal(ctx context.Context, in Source, k *key.Key, r Request) (Source, error) {
	if err := k.Check(r.Time); err != nil {
		return nil, err
	}
	before, err := Prepare(in, r)
	if err != nil {
		return nil, err
	}
	return Sign(ctx, before, k, r)
}

// Sign returns before, which [Prepare] made or which is sealed already, with the
// signature alone after it. Reasons: those of [Seal].
func Sign(ctx context.Context, before Source, k *key.Key, r Request) (Source, error) {
	if err := k.Check(r.Time); err != nil {
		return nil, err
	}
	r.Time = r.Time.Truncate(time.Second)
	f, err := open(before)
	if err != nil {
		return nil, err
	}
	if err := earlierSealsHold(f, before); err != nil {
		return nil, record.Refuse(record.NotOurs, err, "check the seals that are there")
	}
	mark, err := layOut(f, k, r)
	if err != nil {
		return nil, err
	}
	once := &keyOnce{ctx: ctx, signer: k.Signer, chain: k.Chain}
	out, err := sign(ctx, f, before, once, r, mark)
	if err != nil {
		return nil, err
	}
	if err := selfCheck(f, before, out, expected{certificate: k.Certificate(), time: r.Time, rect: mark.Rect}); err != nil {
		return nil, record.Refuse(record.SealUnsound, err, "check our own seal")
	}
	return out, nil
}

// prepare returns in with its fields in the XMP, or as it is if it is sealed.
func prepare(in Source, r Request) (Source, error) {
	f, err := open(in)
	if err != nil {
		return nil, err
	}
	catalog, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	if catalog["AcroForm"] != nil {
		if err := earlierSealsHold(f, in); err != nil {
			return nil, record.Refuse(record.NotOurs, err, "check the seals that are there")
		}
		return in, nil
	}
	return describeFields(f, in, r)
}

// MarkCoversText reports whether the mark of such a seal would stand on words of
// page 1, because there is no free place for it. It needs Request.Page.
func MarkCoversText(in Source, k *key.Key, r Request) (bool, error) {
	f, err := open(in)
	if err != nil {
		return false, err
	}
	mark, err := layOut(f, k, r)
	if err != nil {
		return false, err
	}
	return mark.Covers, nil
}

// layOut makes the mark for the first page.
func layOut(f *pdf.File, k *key.Key, r Request) (*stamp.Mark, error) {
	p, err := firstPage(f, r.Page)
	if err != nil {
		return nil, err
	}
	when := stamp.Time(r.Time)
	if r.Note != "" {
		when = r.Note + ", " + when
	}
	corner, texts := stamp.TopRight, []string{r.CopyForm, agencyOf(k, r), when}
	if r.Person != "" {
		corner, texts = stamp.TopLeft, []string{r.Person, when}
	}
	var mark *stamp.Mark
	if r.Verify != "" {
		mark, err = stamp.NewWithCode(p, corner, r.Verify, texts...)
	} else {
		mark, err = stamp.New(p, corner, texts...)
	}
	if err != nil {
		return nil, record.Refuse(record.MarkUnprintable, err, "draw the mark of %s", k.Certificate().Subject.CommonName)
	}
	return mark, nil
}

func agencyOf(k *key.Key, r Request) string {
	subject := k.Certificate().Subject
	switch {
	case r.Agency != "":
		return r.Agency
	case len(subject.Organization) > 0:
		return subject.Organization[0]
	}
	return subject.CommonName
}

// firstPage is page 1 with what stands on it already.
func firstPage(f *pdf.File, known *record.Page) (stamp.Page, error) {
	pages, err := f.Pages()
	if err != nil {
		return stamp.Page{}, err
	}
	p := stamp.Page{Box: pages[0].CropBox, Rotate: pages[0].Rotate, Unit: pages[0].UserUnit}
	for _, a := range f.Array(pages[0].Dict["Annots"]) {
		if rect, ok := f.Rect(f.Dict(a)["Rect"]); ok && rect[0] < rect[2] {
			p.Marks = append(p.Marks, rect)
		}
	}
	if known == nil || known.Width <= 0 || known.Height <= 0 {
		return p, nil
	}
	w, h := p.Shown()
	x, y := w/float64(known.Width), h/float64(known.Height)
	taken := func(b record.Box) {
		p.Text = append(p.Text, [4]float64{float64(b[0]) * x, h - float64(b[3])*y, float64(b[2]) * x, h - float64(b[1])*y})
	}
	for _, line := range known.Lines {
		for _, word := range line.Words {
			taken(word.Box)
		}
	}
	for _, b := range known.Occupied {
		taken(b)
	}
	return p, nil
}
