package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/record"
)

const maxFileBytes = 16 << 20

// PublicOf is where the public key of a trust list lies if nothing else is said:
// beside the list.
func PublicOf(list string) string { return list + ".pub" }

// Load reads the anchors of files: certificate files as [LoadPEM] reads them, or
// trust lists. A list has to be signed with the key in the file publicKey; "" is
// the one beside it, which protects from damage, not from whoever can write both.
// Faults are refused with trust-unreadable.
func Load(publicKey string, files ...string) ([]Anchor, error) {
	var all []Anchor
	for _, file := range files {
		b, err := readFile(file)
		if err != nil {
			return nil, record.Refuse(record.TrustUnreadable, err, "read trust anchors from %s", file)
		}
		if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
			list, err := openList(b, or(publicKey, PublicOf(file)))
			if err != nil {
				return nil, record.Refuse(record.TrustUnreadable, err, "read the trust list %s", file)
			}
			all = append(all, list...)
			continue
		}
		certs, err := ParsePEM(b)
		if err != nil {
			return nil, record.Refuse(record.TrustUnreadable, err, "read trust anchors from %s", file)
		}
		for _, c := range certs {
			all = append(all, Anchor{Certificate: c})
		}
	}
	return all, nil
}

func openList(b []byte, publicKey string) ([]Anchor, error) {
	pub, err := readFile(publicKey)
	if err != nil {
		return nil, err
	}
	key, err := ParsePublic(pub)
	if err != nil {
		return nil, err
	}
	l, err := Open(b, key)
	if err != nil {
		return nil, err
	}
	return l.Anchors()
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// LoadPEM reads the certificates of files, each in PEM with any number of
// certificates, one in DER, or a bag of them (PKCS#7, .p7b, in PEM or DER). A file
// without a certificate is refused with reason trust-unreadable.
func LoadPEM(files ...string) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for _, file := range files {
		b, err := readFile(file)
		var certs []*x509.Certificate
		if err == nil {
			certs, err = ParsePEM(b)
		}
		if err != nil {
			return nil, record.Refuse(record.TrustUnreadable, err, "read trust anchors from %s", file)
		}
		all = append(all, certs...)
	}
	return all, nil
}

func readFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("no regular file of up to %d bytes", maxFileBytes)
	}
	return os.ReadFile(file)
}

// ParsePEM returns the certificates in b: PEM, one in DER, or a PKCS#7 bag. Other
// PEM blocks are skipped; no certificate at all is an error.
func ParsePEM(b []byte) ([]*x509.Certificate, error) {
	if cert, err := x509.ParseCertificate(b); err == nil {
		return []*x509.Certificate{cert}, nil
	}
	if all, err := parseBag(b); err == nil {
		return all, nil
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("certificate %d: %w", len(all)+1, err)
			}
			all = append(all, cert)
		case "PKCS7", "CMS":
			bag, err := parseBag(block.Bytes)
			if err != nil {
				return nil, err
			}
			all = append(all, bag...)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no certificate in it")
	}
	return all, nil
}

// parseBag reads the certificates of a SignedData (RFC 5652, 5.1). Nothing is
// believed of a signature in it: a bag is a way to carry certificates.
func parseBag(der []byte) ([]*x509.Certificate, error) {
	var outer struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}
	var inner struct {
		Version      int
		Digests      asn1.RawValue
		Content      asn1.RawValue
		Certificates asn1.RawValue `asn1:"optional,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil || !outer.Type.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}) {
		return nil, errors.New("no bag of certificates")
	}
	if _, err := asn1.Unmarshal(outer.Content.Bytes, &inner); err != nil {
		return nil, fmt.Errorf("bag of certificates: %w", err)
	}
	all, err := x509.ParseCertificates(inner.Certificates.Bytes)
	if err != nil {
		return nil, fmt.Errorf("bag of certificates: %w", err)
	}
	if len(all) == 0 {
		return nil, errors.New("a bag without certificates")
	}
	return all, nil
}
