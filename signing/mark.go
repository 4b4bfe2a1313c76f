package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
)

// A Draft is a revision whose signature value is still to come from a key that
// lies elsewhere, such as the token at a person's desk.
type Draft struct {
	File       []byte // with an empty value
	Attributes []byte // DER of the signed attributes: what the key signs, with SHA-256
}

// DraftMark appends to before, which [Prepare] made, a person's mark without its
// signature value. chain begins with the person's certificate. Reasons: those of
// [Seal] without the key's own.
func DraftMark(before []byte, chain []*x509.Certificate, r Request) (Draft, error) {
	if err := checkCertificate(chain, r.Time); err != nil {
		return Draft{}, err
	}
	r.Time = r.Time.Truncate(time.Second)
	f, err := open(before)
	if err != nil {
		return Draft{}, err
	}
	empty := noKey{chain[0].PublicKey}
	mark, err := layOut(f, &key.Key{Signer: empty, Chain: chain}, r)
	if err != nil {
		return Draft{}, err
	}
	out, err := engineSign(context.Background(), before, empty, chain, r, mark)
	if err != nil {
		return Draft{}, err
	}
	s, err := lastSignature(out)
	if err != nil {
		return Draft{}, err
	}
	attributes, err := cms.SignedAttributes(draftOf(s, out, chain, r))
	return Draft{File: out, Attributes: attributes}, err
}

// CompleteMark puts the signature that came back into a draft: value is what the
// key made of the attributes, or whole a CMS of its own. The result is held
// against before like a seal of ours. Reasons: mark-unsound.
func CompleteMark(before, draft []byte, chain []*x509.Certificate, r Request, value, whole []byte) ([]byte, error) {
	r.Time = r.Time.Truncate(time.Second)
	s, err := lastSignature(draft)
	if err != nil {
		return nil, err
	}
	der := whole
	if der == nil {
		if der, err = cms.Assemble(draftOf(s, draft, chain, r), value); err != nil {
			return nil, record.Refuse(record.MarkUnsound, err, "put the person's signature into the document")
		}
	}
	out, err := replaceValue(draft, s, der)
	if err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, "put the person's signature into the document")
	}
	f, err := open(before)
	if err != nil {
		return nil, err
	}
	mark, err := layOut(f, &key.Key{Signer: noKey{chain[0].PublicKey}, Chain: chain}, r)
	if err != nil {
		return nil, err
	}
	if err := selfCheck(f, before, out, expected{certificate: chain[0], time: r.Time, rect: mark.Rect}); err != nil {
		return nil, record.Refuse(record.MarkUnsound, err, "check the person's signature")
	}
	return out, nil
}

// AcceptMark looks whether returned is before with one signature after it and
// nothing else, as another program may have made it, and returns the signer's
// certificate. Reasons: mark-unsound, and those of [key.Key.Check].
func AcceptMark(before, returned []byte, now time.Time) (*x509.Certificate, error) {
	refuse := func(err error) (*x509.Certificate, error) {
		return nil, record.Refuse(record.MarkUnsound, err, "check the document that came back with a person's signature")
	}
	if len(returned) > maxBytes || !bytes.HasPrefix(returned, before) {
		return refuse(errors.New("it does not begin with the bytes that were given out"))
	}
	f, err := open(before)
	if err != nil {
		return nil, err
	}
	g, err := open(returned)
	if err != nil {
		return refuse(err)
	}
	if was, is := len(f.Revisions()), len(g.Revisions()); is != was+1 {
		return refuse(fmt.Errorf("%d revisions became %d", was, is))
	}
	all, err := signatures(g)
	if err != nil {
		return refuse(err)
	}
	earlier, err := signatures(f)
	if err != nil || len(all) != len(earlier)+1 {
		return refuse(fmt.Errorf("%d signatures became %d, %v", len(earlier), len(all), err))
	}
	s := all[len(all)-1]
	if s.isTimestamp(g) || s.covered != int64(len(returned)) {
		return refuse(errors.New("its last revision is no signature over the whole file"))
	}
	sd, err := s.check(returned)
	if err != nil {
		return refuse(err)
	}
	if err := checkGrowth(f, g, s.field); err != nil {
		return refuse(err)
	}
	by, err := sd.Check(&sd.Signers[0], s.digest(returned))
	if err != nil {
		return refuse(err)
	}
	return by, checkCertificate([]*x509.Certificate{by}, now)
}

// checkCertificate is [key.Key.Check] for a key that is elsewhere.
func checkCertificate(chain []*x509.Certificate, at time.Time) error {
	if len(chain) == 0 {
		return record.Refuse(record.KeyMismatch, nil, "check the certificate of a person: there is none")
	}
	return (&key.Key{Signer: noKey{chain[0].PublicKey}, Chain: chain}).Check(at)
}

func draftOf(s signature, file []byte, chain []*x509.Certificate, r Request) cms.Draft {
	return cms.Draft{Signer: noKey{chain[0].PublicKey}, Certificate: chain[0], Certificates: chain[1:], Hash: digestAlgorithm, PSS: r.PSS, Digest: s.digest(file)}
}

// lastSignature reads the signature of the last revision of a file that we made.
func lastSignature(file []byte) (signature, error) {
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), pdf.DefaultLimits())
	if err != nil {
		return signature{}, fmt.Errorf("read the signature that was added: %w", err)
	}
	all, err := signatures(f)
	if err != nil || len(all) == 0 {
		return signature{}, fmt.Errorf("read the signature that was added: %d, %w", len(all), err)
	}
	return all[len(all)-1], nil
}
