package signing

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// The kinds of signature that a person's program may make.
const (
	pades pdf.Name = "ETSI.CAdES.detached"
	pkcs7 pdf.Name = "adbe.pkcs7.detached" // ISO 32000-1, 12.8.3.3, before there was PAdES
)

// AcceptMark looks whether returned is before with a person's signature after it
// and nothing else, as another program may have made it, and returns the signer's
// certificate. What a program writes with a signature is allowed: faces for the
// form, a date in the metadata, object streams, and behind it evidence and
// document time-stamps. A signature of another kind than PAdES is refused even
// where it is sound: no level can be told of it (EN 319 142-1), however often the
// file is time-stamped, and nothing need bind its certificate. With older set one of
// the kind before it, adbe.pkcs7.detached, is taken all the same. Reasons:
// mark-other, mark-more, mark-unsound, mark-not-pades, and those of [key.Key.Check].
func AcceptMark(before, returned Source, now time.Time, older bool) (*x509.Certificate, error) {
	const doing = "check the document that came back with a person's signature"
	f, err := open(before)
	if err != nil {
		return nil, err
	}
	if returned.Size() > MaxBytes || continues(before, returned) != nil {
		return nil, record.Refuse(record.MarkOther, nil, doing+": it does not begin with the bytes that were given out")
	}
	g, err := pdf.Open(returned, returned.Size(), pdf.DefaultLimits())
	if err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, doing)
	}
	s, err := personSignature(f, g)
	if err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, doing)
	}
	if s.kind != pades && !(older && s.kind == pkcs7) {
		return nil, record.Refuse(record.MarkNotPAdES, nil, doing+": a signature of kind %.40q, not PAdES (ETSI.CAdES.detached)", s.kind)
	}
	if err := additions(f, g, s); err != nil {
		return nil, record.Refuse(record.MarkMore, err, doing)
	}
	if _, err := open(returned); err != nil {
		return nil, record.Refuse(record.MarkMore, err, doing)
	}
	if err := earlierSealsHold(g, returned); err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, doing)
	}
	_, by, err := s.check(returned)
	if err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, doing)
	}
	return by, checkCertificate([]*x509.Certificate{by}, now)
}

// personSignature finds the one signature of g that f does not have. Document
// time-stamps may follow it.
func personSignature(f, g *pdf.File) (signature, error) {
	earlier, err := signatures(f)
	if err != nil {
		return signature{}, err
	}
	all, err := signatures(g)
	if err != nil {
		return signature{}, err
	}
	if len(all) <= len(earlier) {
		return signature{}, errors.New("no signature was added")
	}
	added := all[len(earlier):]
	for i, s := range added {
		if s.isTimestamp(g) != (i > 0) {
			return signature{}, fmt.Errorf("signature %d that was added is none of one person, or a time-stamp before it", i+1)
		}
	}
	if added[0].claimed.IsZero() {
		return signature{}, errors.New("the signature does not say when it was made")
	}
	return added[0], nil
}

// additions looks at the revisions that were added: the first is the signature's.
func additions(f, g *pdf.File, s signature) error {
	revisions := g.Revisions()
	n := len(f.Revisions())
	if len(revisions) <= n || !s.endsWith(revisions[n]) {
		return errors.New("the first revision that was added is not the one that was signed")
	}
	after, err := g.AsOf(n)
	if err != nil {
		return err
	}
	return checkAddition(f, after, s.field)
}
