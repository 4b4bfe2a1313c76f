package evidence

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
)

const maxPath = 8

// ErrNoPath says that no chain to an anchor could be found.
var ErrNoPath = errors.New("no chain to an anchor")

// Path returns the chain from cert to an anchor: one of roots or, if there are
// none, any certificate that signed itself. Issuers are looked for in bag and
// roots, and then at the addresses that certificates name.
func (c *Client) Path(ctx context.Context, cert *x509.Certificate, bag, roots []*x509.Certificate) ([]*x509.Certificate, error) {
	path := []*x509.Certificate{cert}
	for len(path) <= maxPath {
		last := path[len(path)-1]
		if anchor(last, roots) {
			return path, nil
		}
		issuer := issuerAmong(last, append(slices.Clone(roots), bag...))
		if issuer == nil && !bytes.Equal(last.RawIssuer, last.RawSubject) {
			issuer = c.fetchIssuer(ctx, last)
		}
		if issuer == nil || slices.ContainsFunc(path, issuer.Equal) {
			return nil, fmt.Errorf("chain of %s ends at %s: %w", cert.Subject.CommonName, last.Subject.CommonName, ErrNoPath)
		}
		path = append(path, issuer)
	}
	return nil, fmt.Errorf("chain of %s is longer than %d: %w", cert.Subject.CommonName, maxPath, ErrNoPath)
}

func anchor(c *x509.Certificate, roots []*x509.Certificate) bool {
	if len(roots) > 0 {
		return slices.ContainsFunc(roots, c.Equal)
	}
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignatureFrom(c) == nil
}

func issuerAmong(c *x509.Certificate, all []*x509.Certificate) *x509.Certificate {
	for _, i := range all {
		if bytes.Equal(i.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(i) == nil {
			return i
		}
	}
	return nil
}

// fetchIssuer returns nil if the issuer cannot be had.
func (c *Client) fetchIssuer(ctx context.Context, cert *x509.Certificate) *x509.Certificate {
	for _, address := range cert.IssuingCertificateURL[:min(len(cert.IssuingCertificateURL), maxAddress)] {
		b, err := c.fetch(ctx, address, nil, "", maxAnswerBytes)
		if err != nil {
			continue
		}
		if block, _ := pem.Decode(b); block != nil {
			b = block.Bytes
		}
		if issuer, err := x509.ParseCertificate(b); err == nil && cert.CheckSignatureFrom(issuer) == nil {
			return issuer
		}
	}
	return nil
}
