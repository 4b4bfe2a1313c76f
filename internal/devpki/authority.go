package devpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

// An Entity is a certificate and its key.
type Entity struct {
	Key         crypto.Signer
	Certificate *x509.Certificate
}

// A KeyKind says what keys to make.
type KeyKind string

// The kinds of key.
const (
	RSA3072   KeyKind = "RSA 3072"
	RSA2048   KeyKind = "RSA 2048"
	ECDSAP256 KeyKind = "ECDSA P-256"
	ECDSAP384 KeyKind = "ECDSA P-384"
)

func (k KeyKind) generate() (crypto.Signer, error) {
	switch k {
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case ECDSAP256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case ECDSAP384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		return rsa.GenerateKey(rand.Reader, 3072)
	}
}

var (
	oidExtKeyUsage     = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidTimeStamping    = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	oidDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
	oidOCSPNoCheck     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
)

const organisation = "Sở Thử nghiệm (phát triển)"

func name(common string) pkix.Name {
	return pkix.Name{Country: []string{"VN"}, Organization: []string{organisation}, CommonName: common}
}

func caTemplate(common string, years int) *x509.Certificate {
	return &x509.Certificate{
		Subject: name(common), NotAfter: time.Time{}.AddDate(years, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

func signerTemplate(common string) *x509.Certificate {
	return &x509.Certificate{
		Subject: name(common), NotAfter: time.Time{}.AddDate(5, 0, 0),
		KeyUsage:           x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:        []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, // poppler asks for it
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{oidDocumentSigning},
	}
}

// tsaTemplate has timeStamping as its sole extended key usage, critical (RFC 3161, 2.3).
func tsaTemplate() (*x509.Certificate, error) {
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{oidTimeStamping})
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		Subject: name("TSA for development"), NotAfter: time.Time{}.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: oidExtKeyUsage, Critical: true, Value: usage}},
	}, nil
}

// responderTemplate is of an OCSP responder that need not be checked itself (RFC 6960, 4.2.2.2).
func responderTemplate() *x509.Certificate {
	return &x509.Certificate{
		Subject: name("OCSP responder for development"), NotAfter: time.Time{}.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
		ExtraExtensions: []pkix.Extension{{Id: oidOCSPNoCheck, Value: asn1.NullBytes}},
	}
}

// issue makes a key and a certificate of t for it. t.NotAfter is a duration from
// the zero time; the certificate starts a day before now, because a CRL or OCSP
// answer must not be older than the certificate that it speaks of.
func issue(issuer *Entity, t *x509.Certificate, kind KeyKind, now time.Time) (*Entity, error) {
	key, err := kind.generate()
	if err != nil {
		return nil, fmt.Errorf("make a key for %s: %w", t.Subject.CommonName, err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	t.SerialNumber = serial.SetBit(serial, 126, 1)
	t.NotBefore = now.AddDate(0, 0, -1).UTC().Truncate(time.Second)
	t.NotAfter = t.NotBefore.Add(t.NotAfter.Sub(time.Time{}))
	parent, by := t, key
	if issuer != nil {
		parent, by = issuer.Certificate, issuer.Key
	}
	raw, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), by)
	if err != nil {
		return nil, fmt.Errorf("make the certificate of %s: %w", t.Subject.CommonName, err)
	}
	certificate, err := x509.ParseCertificate(raw)
	return &Entity{key, certificate}, err
}
