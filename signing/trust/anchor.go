// Package trust says who is trusted, for which service, and when.
//
// An anchor is a certificate that the operator decided to trust; none comes with
// the software. Anchors are given as PEM files, trusted for everything at all
// times, or in a signed trust list with service, status and dates.
package trust

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/record"
)

// A Service is what an anchor is trusted for.
type Service string

const (
	Signing   Service = "signing"   // certificates of signers
	Timestamp Service = "timestamp" // certificates of time-stamp authorities
)

// An Anchor is a certificate trusted for a service, from a time to a time.
type Anchor struct {
	Certificate *x509.Certificate
	Service     Service   // "": all
	From        time.Time // status "granted" began; zero: always
	Until       time.Time // status "granted" ended; zero: it lasts
}

// Holds reports whether the anchor was trusted for service at t.
func (a Anchor) Holds(service Service, t time.Time) bool {
	if a.Service != "" && a.Service != service {
		return false
	}
	return !t.Before(a.From) && (a.Until.IsZero() || t.Before(a.Until))
}

const maxFileBytes = 16 << 20

// LoadPEM reads the certificates of files, each in PEM with any number of
// certificates, or one in DER. A file without a certificate is refused with
// reason trust-unreadable.
func LoadPEM(files ...string) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for _, file := range files {
		certs, err := loadFile(file)
		if err != nil {
			return nil, record.Refuse(record.TrustUnreadable, err, "read trust anchors from %s", file)
		}
		all = append(all, certs...)
	}
	return all, nil
}

func loadFile(file string) ([]*x509.Certificate, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("no regular file of up to %d bytes", maxFileBytes)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return ParsePEM(b)
}

// ParsePEM returns the certificates in b, PEM or one in DER. Other PEM blocks are
// skipped; no certificate at all is an error.
func ParsePEM(b []byte) ([]*x509.Certificate, error) {
	if cert, err := x509.ParseCertificate(b); err == nil {
		return []*x509.Certificate{cert}, nil
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(all)+1, err)
		}
		all = append(all, cert)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no certificate in it")
	}
	return all, nil
}
