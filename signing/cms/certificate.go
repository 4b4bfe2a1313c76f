package cms

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Certificate returns the certificates that the signer's identifier names, those
// alone that the ESS attribute accepts if there is one. There is more than one
// only when somebody put a second certificate with the same identifier into the
// bag: [SignedData.Check] takes the one whose key verifies.
func (sd *SignedData) Certificate(si *SignerInfo, extra ...*x509.Certificate) ([]*x509.Certificate, error) {
	var named []*x509.Certificate
	for _, cert := range slices.Concat(sd.Certificates, extra) {
		same := func(c *x509.Certificate) bool { return c.Equal(cert) }
		if si.names(cert) && !slices.ContainsFunc(named, same) {
			named = append(named, cert)
		}
	}
	if len(named) == 0 {
		return nil, fmt.Errorf("%w: none of %d has its identifier", ErrCertificate, len(sd.Certificates)+len(extra))
	}
	id, err := si.essCertID()
	if err != nil {
		return nil, err
	}
	if id == nil {
		return named, nil
	}
	named = slices.DeleteFunc(named, func(c *x509.Certificate) bool { return !id.matches(c) })
	if len(named) == 0 {
		return nil, fmt.Errorf("%w: it is not the one whose digest the signer signed", ErrCertificate)
	}
	return named, nil
}

func (si *SignerInfo) names(cert *x509.Certificate) bool {
	if si.Serial != nil {
		return bytes.Equal(cert.RawIssuer, si.Issuer) && cert.SerialNumber.Cmp(si.Serial) == 0
	}
	return len(si.SubjectKeyID) > 0 && bytes.Equal(cert.SubjectKeyId, si.SubjectKeyID)
}

// HasESS reports whether the signer signed a digest of his certificate, as every
// PAdES signature and every time-stamp token does.
func (si *SignerInfo) HasESS() bool {
	return len(si.Signed(ESS))+len(si.Signed(ESSv2)) > 0
}

// An essCertID is the first ESSCertID or ESSCertIDv2 of the attribute: the
// signer's own certificate (RFC 5035, 3).
type essCertID struct {
	hash   crypto.Hash
	digest []byte
	issuer []byte // DER of the directory name, nil if not stated
	serial *big.Int
}

func (id *essCertID) matches(cert *x509.Certificate) bool {
	if !bytes.Equal(sum(id.hash, cert.Raw), id.digest) {
		return false
	}
	if id.serial != nil && cert.SerialNumber.Cmp(id.serial) != 0 {
		return false
	}
	return id.issuer == nil || bytes.Equal(id.issuer, cert.RawIssuer)
}

// essCertID reads signing-certificate-v2, or the older attribute if that is
// absent; nil if there is neither.
func (si *SignerInfo) essCertID() (*essCertID, error) {
	for _, kind := range []asn1.ObjectIdentifier{ESSv2, ESS} {
		value, one := si.single(kind)
		if !one {
			return nil, broken("the signing-certificate attribute is doubled or empty")
		}
		if value == nil {
			continue
		}
		id, ok := readESS(value, kind.Equal(ESSv2))
		if !ok {
			return nil, broken("bad signing-certificate attribute")
		}
		return id, nil
	}
	return nil, nil
}

func readESS(value []byte, v2 bool) (*essCertID, bool) {
	in := cryptobyte.String(value)
	var body, list, first, digest, serials, names, name, issuer cryptobyte.String
	if !in.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&list, cbasn1.SEQUENCE) || !list.ReadASN1(&first, cbasn1.SEQUENCE) {
		return nil, false
	}
	id := &essCertID{hash: crypto.SHA1}
	if v2 {
		id.hash = crypto.SHA256
		if first.PeekASN1Tag(cbasn1.SEQUENCE) {
			h, _, err := readHash(&first)
			if err != nil || h == 0 {
				return nil, false
			}
			id.hash = h
		}
	}
	if !first.ReadASN1(&digest, cbasn1.OCTET_STRING) {
		return nil, false
	}
	id.digest = digest
	if first.Empty() {
		return id, true
	}
	id.serial = new(big.Int)
	if !first.ReadASN1(&serials, cbasn1.SEQUENCE) || !serials.ReadASN1(&names, cbasn1.SEQUENCE) || !serials.ReadASN1Integer(id.serial) {
		return nil, false
	}
	// GeneralNames: one directoryName, [4] EXPLICIT.
	if names.ReadASN1(&name, cbasn1.Tag(4).ContextSpecific().Constructed()) && name.ReadASN1Element(&issuer, cbasn1.SEQUENCE) {
		id.issuer = issuer
	}
	return id, true
}
