package cms

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// What can be wrong with a CMS. Every error of this package wraps one of them.
var (
	ErrStructure   = errors.New("not a sound CMS")                              // FORMAT_FAILURE
	ErrCertificate = errors.New("the signer's certificate is not there")        // NO_SIGNING_CERTIFICATE_FOUND
	ErrDigest      = errors.New("the message digest is another")                // HASH_FAILURE
	ErrSignature   = errors.New("the signature value does not verify")          // SIG_CRYPTO_FAILURE
	ErrUnsupported = errors.New("an algorithm that this software cannot check") // GENERIC
)

// Content types and attributes that are known here.
var (
	Data          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	TSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	signedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	ContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	MessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	SigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	Protection    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 52} // RFC 6211
	ESS           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	ESSv2         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	Timestamp     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	Policy        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 15}
	adbeArchival  = asn1.ObjectIdentifier{1, 2, 840, 113583, 1, 1, 8}
	ocspInfo      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 16, 2}
)

const (
	maxCertificates = 512
	maxSigners      = 16
	maxAttributes   = 128
)

// SignedData is a CMS SignedData (RFC 5652, 5).
type SignedData struct {
	Raw          []byte // DER, without padding
	Version      int
	ContentType  asn1.ObjectIdentifier
	Content      []byte // encapsulated; nil if detached
	Certificates []*x509.Certificate
	Unparsed     [][]byte // certificates that Go cannot read
	CRLs         [][]byte // DER, from the bag and from Adobe's archival attribute
	OCSPs        [][]byte // DER of OCSPResponse, likewise
	Signers      []SignerInfo
	Trailing     int  // zero bytes behind it
	BER          bool // it was not DER
}

// SignerInfo is one signature (RFC 5652, 5.3). The signer is named by Issuer and
// Serial or by SubjectKeyID.
type SignerInfo struct {
	Version            int
	Issuer             []byte // DER
	Serial             *big.Int
	SubjectKeyID       []byte
	DigestAlgorithm    crypto.Hash // 0 if unknown
	SignatureAlgorithm SignatureAlgorithm
	SignedAttrs        []Attribute
	UnsignedAttrs      []Attribute
	Signature          []byte

	digestRaw []byte // DER of the digest AlgorithmIdentifier
	signed    []byte // the signed attributes as a SET, nil if there are none
}

// An Attribute has its values as DER.
type Attribute struct {
	OID    asn1.ObjectIdentifier
	Values [][]byte
}

func broken(what string) error { return fmt.Errorf("%w: %s", ErrStructure, what) }

// Parse reads a ContentInfo that holds SignedData. Zero bytes may follow it, as
// in the padding of a PDF's /Contents; anything else behind it is an error.
func Parse(b []byte) (*SignedData, error) {
	der, rest, err := toDER(b)
	if err != nil {
		return nil, err
	}
	for _, c := range rest {
		if c != 0 {
			return nil, broken("bytes other than zero follow it")
		}
	}
	sd := &SignedData{Raw: der, Trailing: len(rest)}
	sd.BER = len(b)-len(rest) != len(der) || string(b[:len(der)]) != string(der)
	return sd, sd.read(der)
}

func (sd *SignedData) read(der []byte) error {
	in := cryptobyte.String(der)
	var info, wrapper, body, algorithms, infos cryptobyte.String
	var kind asn1.ObjectIdentifier
	zero := cbasn1.Tag(0).ContextSpecific().Constructed()
	if !in.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(signedData) {
		return broken("no SignedData")
	}
	if !info.ReadASN1(&wrapper, zero) || !info.Empty() || !wrapper.ReadASN1(&body, cbasn1.SEQUENCE) || !wrapper.Empty() {
		return broken("no SignedData")
	}
	if !body.ReadASN1Integer(&sd.Version) || !body.ReadASN1(&algorithms, cbasn1.SET) {
		return broken("bad version or digest algorithms")
	}
	if err := sd.readContent(&body); err != nil {
		return err
	}
	if err := sd.readBags(&body); err != nil {
		return err
	}
	if !body.ReadASN1(&infos, cbasn1.SET) || !body.Empty() {
		return broken("bad signerInfos")
	}
	for !infos.Empty() {
		if len(sd.Signers) == maxSigners {
			return broken("too many signerInfos")
		}
		si, err := readSigner(&infos)
		if err != nil {
			return err
		}
		sd.Signers = append(sd.Signers, si)
		sd.collectArchival(&sd.Signers[len(sd.Signers)-1])
	}
	return nil
}

func (sd *SignedData) readContent(body *cryptobyte.String) error {
	var encap, wrapper, content cryptobyte.String
	var has bool
	if !body.ReadASN1(&encap, cbasn1.SEQUENCE) || !encap.ReadASN1ObjectIdentifier(&sd.ContentType) ||
		!encap.ReadOptionalASN1(&wrapper, &has, cbasn1.Tag(0).ContextSpecific().Constructed()) || !encap.Empty() {
		return broken("bad encapsulated content")
	}
	if has {
		if !wrapper.ReadASN1(&content, cbasn1.OCTET_STRING) || !wrapper.Empty() {
			return broken("bad encapsulated content")
		}
		sd.Content = append([]byte{}, content...)
	}
	return nil
}

// readBags reads the certificates and the revocation data that anybody may have put in.
func (sd *SignedData) readBags(body *cryptobyte.String) error {
	var bag, element cryptobyte.String
	var has bool
	var tag cbasn1.Tag
	if !body.ReadOptionalASN1(&bag, &has, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return broken("bad certificates")
	}
	for n := 0; has && !bag.Empty(); n++ {
		if n == maxCertificates || !bag.ReadAnyASN1Element(&element, &tag) {
			return broken("bad or too many certificates")
		}
		if tag != cbasn1.SEQUENCE {
			continue // attribute and other certificates: of no use here
		}
		if cert, err := x509.ParseCertificate(element); err == nil {
			sd.Certificates = append(sd.Certificates, cert)
		} else {
			sd.Unparsed = append(sd.Unparsed, element)
		}
	}
	if !body.ReadOptionalASN1(&bag, &has, cbasn1.Tag(1).ContextSpecific().Constructed()) {
		return broken("bad revocation data")
	}
	for n := 0; has && !bag.Empty(); n++ {
		if n == maxCertificates || !bag.ReadAnyASN1Element(&element, &tag) {
			return broken("bad or too much revocation data")
		}
		if tag == cbasn1.SEQUENCE {
			sd.CRLs = append(sd.CRLs, element)
			continue
		}
		sd.otherRevocation(element)
	}
	return nil
}

// otherRevocation keeps the OCSP response of an OtherRevocationInfoFormat (RFC 5940).
func (sd *SignedData) otherRevocation(element cryptobyte.String) {
	var in, response cryptobyte.String
	var kind asn1.ObjectIdentifier
	if element.ReadASN1(&in, cbasn1.Tag(1).ContextSpecific().Constructed()) && in.ReadASN1ObjectIdentifier(&kind) &&
		kind.Equal(ocspInfo) && in.ReadASN1Element(&response, cbasn1.SEQUENCE) {
		sd.OCSPs = append(sd.OCSPs, response)
	}
}

func readSigner(s *cryptobyte.String) (SignerInfo, error) {
	var si SignerInfo
	var in, sid, signature, attrs cryptobyte.String
	var has bool
	if !s.ReadASN1(&in, cbasn1.SEQUENCE) || !in.ReadASN1Integer(&si.Version) {
		return si, broken("bad signerInfo")
	}
	if in.PeekASN1Tag(cbasn1.SEQUENCE) {
		var issuer cryptobyte.String
		si.Serial = new(big.Int)
		if !in.ReadASN1(&sid, cbasn1.SEQUENCE) || !sid.ReadASN1Element(&issuer, cbasn1.SEQUENCE) || !sid.ReadASN1Integer(si.Serial) || !sid.Empty() {
			return si, broken("bad signer identifier")
		}
		si.Issuer = issuer
	} else {
		if !in.ReadASN1(&sid, cbasn1.Tag(0).ContextSpecific()) || len(sid) == 0 {
			return si, broken("bad signer identifier")
		}
		si.SubjectKeyID = sid
	}
	var err error
	if si.DigestAlgorithm, si.digestRaw, err = readHash(&in); err != nil {
		return si, err
	}
	if !in.ReadOptionalASN1(&attrs, &has, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return si, broken("bad signed attributes")
	}
	if has {
		si.signed = wrap([]byte{0x31}, attrs)
		if si.SignedAttrs, err = readAttributes(attrs); err != nil {
			return si, err
		}
	}
	if si.SignatureAlgorithm, err = readSignatureAlgorithm(&in); err != nil {
		return si, err
	}
	if !in.ReadASN1(&signature, cbasn1.OCTET_STRING) {
		return si, broken("bad signature value")
	}
	si.Signature = signature
	if !in.ReadOptionalASN1(&attrs, &has, cbasn1.Tag(1).ContextSpecific().Constructed()) || !in.Empty() {
		return si, broken("bad unsigned attributes")
	}
	if has {
		si.UnsignedAttrs, err = readAttributes(attrs)
	}
	return si, err
}
