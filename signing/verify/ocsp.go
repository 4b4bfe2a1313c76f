package verify

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/sohoa/sohoa/signing/cms"
)

// An ocspResponse is a basic OCSP response (RFC 6960, 4.2.1) whose signature was
// not checked yet.
type ocspResponse struct {
	tbs        []byte
	algorithm  pkix.AlgorithmIdentifier
	signature  []byte
	certs      []*x509.Certificate
	name       []byte // DER of the responder's name, or
	keyHash    []byte // SHA-1 of its key
	producedAt time.Time
	singles    []ocspSingle
}

type ocspSingle struct {
	hash       crypto.Hash
	nameHash   []byte
	keyHash    []byte
	serial     *big.Int
	revoked    bool
	unknown    bool
	revokedAt  time.Time
	reason     int
	thisUpdate time.Time
	nextUpdate time.Time // zero: not stated
	cutoff     time.Time // archive cutoff; zero: not stated
}

var (
	oidBasicOCSP     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNoCheck       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	oidArchiveCutoff = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}
)

// The ASN.1 of RFC 6960, 4.2.1.
type (
	responseASN1 struct {
		Status asn1.Enumerated
		Bytes  struct {
			Type     asn1.ObjectIdentifier
			Response []byte
		} `asn1:"explicit,tag:0,optional"`
	}
	basicASN1 struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
		Certs     []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	dataASN1 struct {
		Version    int `asn1:"optional,default:0,explicit,tag:0"`
		Responder  asn1.RawValue
		ProducedAt time.Time `asn1:"generalized"`
		Responses  []singleASN1
		Extensions []pkix.Extension `asn1:"explicit,tag:1,optional"`
	}
	singleASN1 struct {
		ID struct {
			Hash     pkix.AlgorithmIdentifier
			NameHash []byte
			KeyHash  []byte
			Serial   *big.Int
		}
		Good       asn1.Flag        `asn1:"tag:0,optional"`
		Revoked    revokedASN1      `asn1:"tag:1,optional"`
		Unknown    asn1.Flag        `asn1:"tag:2,optional"`
		ThisUpdate time.Time        `asn1:"generalized"`
		NextUpdate time.Time        `asn1:"generalized,explicit,tag:0,optional"`
		Extensions []pkix.Extension `asn1:"explicit,tag:1,optional"`
	}
	revokedASN1 struct {
		At     time.Time       `asn1:"generalized"`
		Reason asn1.Enumerated `asn1:"explicit,tag:0,optional"`
	}
)

var errOCSP = errors.New("no usable OCSP response")

func parseOCSP(der []byte) (*ocspResponse, error) {
	var outer responseASN1
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, fmt.Errorf("%w: %v", errOCSP, err)
	}
	if outer.Status != 0 || !outer.Bytes.Type.Equal(oidBasicOCSP) {
		return nil, fmt.Errorf("%w: status %d", errOCSP, outer.Status)
	}
	var basic basicASN1
	var data dataASN1
	if _, err := asn1.Unmarshal(outer.Bytes.Response, &basic); err != nil {
		return nil, fmt.Errorf("%w: %v", errOCSP, err)
	}
	if _, err := asn1.Unmarshal(basic.TBS.FullBytes, &data); err != nil {
		return nil, fmt.Errorf("%w: %v", errOCSP, err)
	}
	r := &ocspResponse{tbs: basic.TBS.FullBytes, algorithm: basic.Algorithm, signature: basic.Signature.RightAlign(), producedAt: data.ProducedAt}
	for _, raw := range basic.Certs {
		if cert, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			r.certs = append(r.certs, cert)
		}
	}
	switch data.Responder.Tag {
	case 1:
		r.name = data.Responder.Bytes
	case 2:
		if _, err := asn1.Unmarshal(data.Responder.Bytes, &r.keyHash); err != nil {
			return nil, fmt.Errorf("%w: responder: %v", errOCSP, err)
		}
	}
	for _, s := range data.Responses {
		r.singles = append(r.singles, s.read())
	}
	return r, nil
}

func (s singleASN1) read() ocspSingle {
	out := ocspSingle{hash: cms.HashOf(s.ID.Hash.Algorithm), nameHash: s.ID.NameHash, keyHash: s.ID.KeyHash, serial: s.ID.Serial,
		revoked: !s.Revoked.At.IsZero(), revokedAt: s.Revoked.At, reason: int(s.Revoked.Reason),
		thisUpdate: s.ThisUpdate, nextUpdate: s.NextUpdate}
	out.unknown = !out.revoked && !bool(s.Good)
	for _, e := range s.Extensions {
		if e.Id.Equal(oidArchiveCutoff) {
			_, _ = asn1.Unmarshal(e.Value, &out.cutoff) // stays zero if it cannot be read
		}
	}
	return out
}

// about returns what the response says of cert, as issued by issuer.
func (r *ocspResponse) about(cert, issuer *x509.Certificate) *ocspSingle {
	for i := range r.singles {
		s := &r.singles[i]
		if s.serial.Cmp(cert.SerialNumber) == 0 && s.hash != 0 && s.hash.Available() &&
			bytes.Equal(s.nameHash, hashOf(s.hash, cert.RawIssuer)) && bytes.Equal(s.keyHash, hashOf(s.hash, keyBits(issuer))) {
			return s
		}
	}
	return nil
}

// responder finds the certificate that signed the response: the issuer itself, or
// one that the issuer signed and that may sign OCSP answers. Whether it was valid
// and not revoked is for the caller to say.
func (r *ocspResponse) responder(issuer *x509.Certificate, others []*x509.Certificate) (cert *x509.Certificate, delegated bool, err error) {
	algorithm := signatureAlgorithm(r.algorithm)
	if r.names(issuer) && issuer.CheckSignature(algorithm, r.tbs, r.signature) == nil {
		return issuer, false, nil
	}
	for _, list := range [][]*x509.Certificate{r.certs, others} {
		for _, c := range list {
			if !r.names(c) || !mayRespond(c) || !bytes.Equal(c.RawIssuer, issuer.RawSubject) || c.CheckSignatureFrom(issuer) != nil {
				continue
			}
			if c.CheckSignature(algorithm, r.tbs, r.signature) == nil {
				return c, true, nil
			}
		}
	}
	return nil, false, fmt.Errorf("%w: not signed by the issuer or by a responder that it named", errOCSP)
}

func (r *ocspResponse) names(c *x509.Certificate) bool {
	if r.keyHash != nil {
		return bytes.Equal(r.keyHash, hashOf(crypto.SHA1, keyBits(c)))
	}
	return bytes.Equal(r.name, c.RawSubject)
}

// mayRespond reports whether a certificate is meant for OCSP answers (RFC 6960, 4.2.2.2).
func mayRespond(c *x509.Certificate) bool {
	for _, u := range c.ExtKeyUsage {
		if u == x509.ExtKeyUsageOCSPSigning {
			return true
		}
	}
	return false
}

// noCheck reports whether the CA asks not to check the responder's revocation.
func noCheck(c *x509.Certificate) bool {
	for _, e := range c.Extensions {
		if e.Id.Equal(oidNoCheck) {
			return true
		}
	}
	return false
}

func hashOf(h crypto.Hash, b []byte) []byte {
	state := h.New()
	state.Write(b)
	return state.Sum(nil)
}

// keyBits are the bits of the public key without the algorithm, as OCSP hashes them.
func keyBits(c *x509.Certificate) []byte {
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &spki); err != nil {
		return nil
	}
	return spki.Key.RightAlign()
}

var signatureAlgorithms = map[string]x509.SignatureAlgorithm{
	"1.2.840.113549.1.1.11": x509.SHA256WithRSA, "1.2.840.113549.1.1.12": x509.SHA384WithRSA, "1.2.840.113549.1.1.13": x509.SHA512WithRSA,
	"1.2.840.10045.4.3.2": x509.ECDSAWithSHA256, "1.2.840.10045.4.3.3": x509.ECDSAWithSHA384, "1.2.840.10045.4.3.4": x509.ECDSAWithSHA512,
	"1.3.101.112": x509.PureEd25519,
}

var pssAlgorithms = map[crypto.Hash]x509.SignatureAlgorithm{
	crypto.SHA256: x509.SHA256WithRSAPSS, crypto.SHA384: x509.SHA384WithRSAPSS, crypto.SHA512: x509.SHA512WithRSAPSS,
}

// signatureAlgorithm maps an identifier; unknown ones, SHA-1 among them, verify nothing.
func signatureAlgorithm(a pkix.AlgorithmIdentifier) x509.SignatureAlgorithm {
	if a.Algorithm.String() != "1.2.840.113549.1.1.10" {
		return signatureAlgorithms[a.Algorithm.String()]
	}
	var params asn1.RawValue
	var hash pkix.AlgorithmIdentifier
	if _, err := asn1.Unmarshal(a.Parameters.FullBytes, &params); err != nil {
		return 0
	}
	if _, err := asn1.UnmarshalWithParams(params.Bytes, &hash, "explicit,tag:0"); err != nil {
		return 0 // the default is SHA-1
	}
	return pssAlgorithms[cms.HashOf(hash.Algorithm)]
}
