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
	Agency   string        // in the mark; empty: the organisation in the certificate, else its common name
	CopyForm string        // first line of the mark ("Sao y"), empty for none
	Time     time.Time     // of signing; it stands in the mark and in the signature
	Fields   record.Fields // written into the XMP that the signature covers
	Reviewed bool          // whether a person approved the fields
}

// Seal returns in with two revisions after it: the fields in its XMP, and a PAdES
// B-B signature by k that shows the agency's mark. in must be a PDF/A of ours; if it
// was sealed before, its XMP stays as it is, because the earlier seal vouches for
// it, and only the signature is added.
//
// The same input, key and request give the same bytes to sign. Reasons: not-ours,
// too-large-to-sign, those of [key.Key.Check], mark-unprintable, seal-unsound.
func Seal(ctx context.Context, in []byte, k *key.Key, r Request) ([]byte, error) {
	if err := k.Check(r.Time); err != nil {
		return nil, err
	}
	r.Time = r.Time.Truncate(time.Second)
	before, err := prepare(in, r)
	if err != nil {
		return nil, err
	}
	f, err := open(before)
	if err != nil {
		return nil, err
	}
	mark, err := layOut(f, k, r)
	if err != nil {
		return nil, err
	}
	once := &keyOnce{ctx: ctx, signer: k.Signer, chain: k.Chain}
	out, err := engineSign(ctx, before, once, r, mark)
	if err != nil {
		return nil, err
	}
	if err := selfCheck(f, before, out, expected{certificate: k.Certificate(), time: r.Time, rect: mark.Rect}); err != nil {
		return nil, record.Refuse(record.SealUnsound, err, "check our own seal")
	}
	return out, nil
}

// prepare returns in with its fields in the XMP, or as it is if it is sealed.
func prepare(in []byte, r Request) ([]byte, error) {
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

// layOut makes the mark for the first page.
func layOut(f *pdf.File, k *key.Key, r Request) (*stamp.Mark, error) {
	pages, err := f.Pages()
	if err != nil {
		return nil, err
	}
	agency := r.Agency
	if subject := k.Certificate().Subject; agency == "" && len(subject.Organization) > 0 {
		agency = subject.Organization[0]
	} else if agency == "" {
		agency = subject.CommonName
	}
	p := pages[0]
	mark, err := stamp.New(stamp.Page{Box: p.CropBox, Rotate: p.Rotate, Unit: p.UserUnit}, r.CopyForm, agency, stamp.Time(r.Time))
	if err != nil {
		return nil, record.Refuse(record.MarkUnprintable, err, "draw the mark of %s", k.Certificate().Subject.CommonName)
	}
	return mark, nil
}
