package verify

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

// algorithms is the table that verdicts go by.
var algorithms = trust.TS119312()

// weakDigest says why h is not good enough at t, "" if it is. A lenient pass
// forgives SHA-1 and notes it.
func (v *verification) weakDigest(h crypto.Hash, t time.Time) string {
	weak := algorithms.WeakDigest(h, t)
	if weak != "" && v.lenient && h == crypto.SHA1 {
		v.forgive("SHA-1")
		return ""
	}
	return weak
}

// weakCertificate judges a certificate's own key and the signature on it.
func weakCertificate(c *x509.Certificate, t time.Time) string {
	if weak := algorithms.WeakKey(c.PublicKey, t); weak != "" {
		return fmt.Sprintf("certificate of %s: %s", nameOf(c), weak)
	}
	switch c.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
		return fmt.Sprintf("certificate of %s: signed with %v", nameOf(c), c.SignatureAlgorithm)
	}
	return ""
}

// weakIssuer says that the chain breaks at a certificate that is signed with an
// algorithm nobody relies on, "" if that is not the reason.
func (v *verification) weakIssuer(cert *x509.Certificate) string {
	for range 10 {
		if weak := weakCertificate(cert, v.at); weak != "" && !v.isAnchor(cert) {
			return weak
		}
		var above *x509.Certificate
		for _, c := range v.certs {
			if bytes.Equal(c.RawSubject, cert.RawIssuer) && !sameCert(c, cert) {
				above = c
			}
		}
		if above == nil {
			return ""
		}
		cert = above
	}
	return ""
}

// cryptoFinding names the sub-indication for a weak algorithm: whether the
// signature is proven to be of a time after the cut-off does not matter to the
// outcome, only to its name (EN 319 102-1, table 6).
func (v *verification) cryptoFinding(t time.Time, weak string) *finding {
	if t.Before(v.at) {
		return unsure(record.CryptoConstraints, "%s", weak)
	}
	return unsure(record.CryptoConstraintsNoPOE, "%s", weak)
}

// algorithmName says a key for people, e.g. "RSA 2048".
func algorithmName(key any) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return ""
}
