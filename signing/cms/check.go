package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Check looks whether si signs content of this type whose digest, made with
// si.DigestAlgorithm, is digest, and returns the certificate that verifies it:
// one of sd.Certificates or extra that is named by the signer's identifier and,
// if there is one, by the ESS attribute. When the digest or the value is wrong,
// the certificate that was named is returned beside the error.
func (sd *SignedData) Check(si *SignerInfo, digest []byte, extra ...*x509.Certificate) (*x509.Certificate, error) {
	named, err := sd.Certificate(si, extra...)
	if err != nil {
		return nil, err
	}
	if err := si.checkAttributes(sd.ContentType, digest); err != nil {
		return named[0], err
	}
	for _, cert := range named {
		if err = si.checkValue(cert, digest); err == nil {
			return cert, nil
		}
	}
	return named[0], err
}

// checkAttributes checks what the signed attributes say of the content.
func (si *SignerInfo) checkAttributes(contentType asn1.ObjectIdentifier, digest []byte) error {
	if si.DigestAlgorithm == 0 || si.SignatureAlgorithm.Scheme == "" {
		return fmt.Errorf("%w: digest %x, signature %v", ErrUnsupported, si.digestRaw, si.SignatureAlgorithm.OID)
	}
	if h := si.SignatureAlgorithm.Hash; h != 0 && h != si.DigestAlgorithm {
		return broken(fmt.Sprintf("digest with %v, signature with %v", si.DigestAlgorithm, h))
	}
	if si.signed == nil {
		if !contentType.Equal(Data) {
			return broken("no signed attributes over content that is not plain data")
		}
		return nil
	}
	kind, one := si.single(ContentType)
	var oid asn1.ObjectIdentifier
	in := cryptobyte.String(kind)
	if !one || !in.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(contentType) {
		return broken("the content-type attribute is absent, doubled or names another type")
	}
	stated, one := si.single(MessageDigest)
	var sum cryptobyte.String
	in = stated
	if !one || !in.ReadASN1(&sum, cbasn1.OCTET_STRING) || !in.Empty() {
		return broken("the message-digest attribute is absent or doubled")
	}
	if !bytes.Equal(sum, digest) {
		return ErrDigest
	}
	return si.checkProtection()
}

// checkProtection checks the algorithm protection attribute (RFC 6211), if it is there.
func (si *SignerInfo) checkProtection() error {
	value, one := si.single(Protection)
	if !one {
		return broken("the algorithm protection attribute is doubled")
	}
	if value == nil {
		return nil
	}
	in := cryptobyte.String(value)
	var body, digest, signature cryptobyte.String
	if !in.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1Element(&digest, cbasn1.SEQUENCE) ||
		!body.ReadASN1(&signature, cbasn1.Tag(1).ContextSpecific().Constructed()) {
		return broken("bad algorithm protection attribute")
	}
	algorithm := wrap([]byte{0x30}, signature)
	if !sameAlgorithm(digest, si.digestRaw) || !sameAlgorithm(algorithm, si.SignatureAlgorithm.Raw) {
		return broken("the algorithms are not those that the signer protected")
	}
	return nil
}

// sameAlgorithm compares identifiers; absent parameters and NULL are the same.
func sameAlgorithm(a, b []byte) bool {
	null := []byte{5, 0}
	parts := func(raw []byte) (string, []byte) {
		in := cryptobyte.String(raw)
		oid, params, _, _ := identifier(&in)
		if bytes.Equal(params, null) {
			params = nil
		}
		return oid.String(), params
	}
	oidA, paramsA := parts(a)
	oidB, paramsB := parts(b)
	return oidA == oidB && bytes.Equal(paramsA, paramsB)
}

// checkValue checks the signature value with the certificate's key: over the
// signed attributes, as they stand or in DER's order, or over the content itself.
func (si *SignerInfo) checkValue(cert *x509.Certificate, digest []byte) error {
	if si.signed == nil {
		if si.SignatureAlgorithm.Scheme == Ed25519 {
			return fmt.Errorf("%w: Ed25519 without signed attributes", ErrUnsupported)
		}
		return si.verify(cert, digest, nil)
	}
	err := si.verify(cert, sum(si.DigestAlgorithm, si.signed), si.signed)
	if err == nil {
		return nil
	}
	if sorted := sortedSet(si.signed); !bytes.Equal(sorted, si.signed) && si.verify(cert, sum(si.DigestAlgorithm, sorted), sorted) == nil {
		return nil
	}
	return err
}

func sum(h crypto.Hash, b []byte) []byte {
	state := h.New()
	state.Write(b)
	return state.Sum(nil)
}

// sortedSet returns a SET OF in DER's order.
func sortedSet(set []byte) []byte {
	in := cryptobyte.String(set)
	var body, element cryptobyte.String
	var all [][]byte
	if !in.ReadASN1(&body, cbasn1.SET) {
		return set
	}
	for body.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		all = append(all, element)
	}
	slices.SortFunc(all, slices.Compare[[]byte])
	return wrap([]byte{0x31}, slices.Concat(all...))
}

func (si *SignerInfo) verify(cert *x509.Certificate, digest, message []byte) error {
	a := si.SignatureAlgorithm
	ok, known := false, true
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		switch {
		case a.Scheme == PKCS1v15:
			ok = rsa.VerifyPKCS1v15(key, si.DigestAlgorithm, digest, si.Signature) == nil
		case a.Scheme == PSS && a.MGF == a.Hash: // crypto/rsa takes a stated salt of 0 bytes as any length
			ok = rsa.VerifyPSS(key, a.Hash, digest, si.Signature, &rsa.PSSOptions{SaltLength: a.Salt, Hash: a.Hash}) == nil
		default:
			known = a.Scheme != PSS
		}
	case *ecdsa.PublicKey:
		ok = a.Scheme == ECDSA && ecdsa.VerifyASN1(key, digest, si.Signature)
	case ed25519.PublicKey:
		ok = a.Scheme == Ed25519 && ed25519.Verify(key, message, si.Signature)
	default:
		known = false
	}
	switch {
	case !known:
		return fmt.Errorf("%w: %s with a key of type %T", ErrUnsupported, a.Scheme, cert.PublicKey)
	case !ok:
		return ErrSignature
	}
	return nil
}
