package signing

import (
	"context"
	"crypto"
	"crypto/x509"
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
	File       Source      // with an empty value
	Attributes []byte      // DER of the signed attributes: what the key signs
	Hash       crypto.Hash // with which it does so: [HashFor] its key
}

// DraftMark appends to before, which [Prepare] made, a person's mark without its
// signature value. chain begins with the person's certificate. Reasons: those of
// [Seal] without the key's own.
func DraftMark(before Source, chain []*x509.Certificate, r Request) (Draft, error) {
	if err := checkCertificate(chain, r.Time); err != nil {
		return Draft{}, err
	}
	r.Time = r.Time.Truncate(time.Second)
	f, err := open(before)
	if err != nil {
		return Draft{}, err
	}
	mark, err := layOut(f, &key.Key{Signer: noKey{chain[0].PublicKey}, Chain: chain}, r)
	if err != nil {
		return Draft{}, err
	}
	out, err := emptySeal(context.Background(), f, before, chain, r, mark)
	if err != nil {
		return Draft{}, err
	}
	_, draft, err := draftOf(out, chain, r)
	if err != nil {
		return Draft{}, err
	}
	attributes, err := cms.SignedAttributes(draft)
	return Draft{File: out, Attributes: attributes, Hash: draft.Hash}, err
}

// CompleteMark puts the signature that came back into a draft: value is what the
// key made of the attributes, or whole a CMS of its own. The result is held
// against before like a seal of ours. Reasons: mark-unsound.
func CompleteMark(before, draft Source, chain []*x509.Certificate, r Request, value, whole []byte) (Source, error) {
	r.Time = r.Time.Truncate(time.Second)
	s, signed, err := draftOf(draft, chain, r)
	if err != nil {
		return nil, err
	}
	der := whole
	if der == nil {
		if der, err = cms.Assemble(signed, value); err != nil {
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

// checkCertificate is [key.Key.Check] for a key that is elsewhere.
func checkCertificate(chain []*x509.Certificate, at time.Time) error {
	if len(chain) == 0 {
		return record.Refuse(record.KeyMismatch, nil, "check the certificate of a person: there is none")
	}
	return (&key.Key{Signer: noKey{chain[0].PublicKey}, Chain: chain}).Check(at)
}

// draftOf returns the signature of the last revision, and what its CMS is made of.
func draftOf(file Source, chain []*x509.Certificate, r Request) (signature, cms.Draft, error) {
	s, err := lastSignature(file)
	if err != nil {
		return s, cms.Draft{}, err
	}
	h := HashFor(chain[0].PublicKey)
	digest, err := s.digest(file, h)
	return s, cms.Draft{Signer: noKey{chain[0].PublicKey}, Certificate: chain[0], Certificates: chain[1:], Hash: h, PSS: r.PSS, Digest: digest}, err
}

// lastSignature reads the signature of the last revision of a file that we made.
func lastSignature(file Source) (signature, error) {
	f, err := pdf.Open(file, file.Size(), pdf.DefaultLimits())
	if err != nil {
		return signature{}, fmt.Errorf("read the signature that was added: %w", err)
	}
	all, err := signatures(f)
	if err != nil || len(all) == 0 {
		return signature{}, fmt.Errorf("read the signature that was added: %d, %w", len(all), err)
	}
	return all[len(all)-1], nil
}
