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
)

// until is a day after which something is not relied on any more.
func until(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// Cut-off dates of digests: ETSI TS 119 312 and its forerunners, as the common
// validators apply them. Absent: never relied on. Zero: no end is set.
var digestEnds = map[crypto.Hash]time.Time{
	crypto.MD5:    until(2005, time.January),
	crypto.SHA1:   until(2009, time.January),
	crypto.SHA224: until(2023, time.January),
	crypto.SHA256: {}, crypto.SHA384: {}, crypto.SHA512: {},
	crypto.SHA3_256: {}, crypto.SHA3_384: {}, crypto.SHA3_512: {},
}

// Cut-off dates of key sizes in bits, smallest first: a key is judged by the last
// row that it reaches.
type keyEnd struct {
	bits int
	end  time.Time
}

var (
	rsaEnds   = []keyEnd{{786, until(2010, time.August)}, {1024, until(2019, time.October)}, {1900, time.Time{}}}
	ecdsaEnds = []keyEnd{{160, until(2012, time.August)}, {224, until(2021, time.October)}, {256, time.Time{}}}
)

// weakDigest says why h is not good enough at t, "" if it is.
func weakDigest(h crypto.Hash, t time.Time) string {
	end, known := digestEnds[h]
	if !known || !end.IsZero() && !t.Before(end) {
		return fmt.Sprintf("digest %v is not relied on after %s", h, end.Format(time.DateOnly))
	}
	return ""
}

// weakDigest is the same, but that a lenient pass forgives SHA-1 and notes it.
func (v *verification) weakDigest(h crypto.Hash, t time.Time) string {
	weak := weakDigest(h, t)
	if weak != "" && v.lenient && h == crypto.SHA1 {
		v.forgive("SHA-1")
		return ""
	}
	return weak
}

// weakKey says why a public key is not good enough at t, "" if it is.
func weakKey(key any, t time.Time) string {
	var ends []keyEnd
	bits := 0
	switch key := key.(type) {
	case *rsa.PublicKey:
		ends, bits = rsaEnds, key.N.BitLen()
	case *ecdsa.PublicKey:
		ends, bits = ecdsaEnds, key.Curve.Params().BitSize
	case ed25519.PublicKey:
		return ""
	default:
		return fmt.Sprintf("a key of type %T is not relied on", key)
	}
	for i := len(ends) - 1; i >= 0; i-- {
		if bits >= ends[i].bits {
			if ends[i].end.IsZero() || t.Before(ends[i].end) {
				return ""
			}
			return fmt.Sprintf("a key of %d bits is not relied on after %s", bits, ends[i].end.Format(time.DateOnly))
		}
	}
	return fmt.Sprintf("a key of %d bits is not relied on", bits)
}

// weakCertificate judges a certificate's own key and the signature on it.
func weakCertificate(c *x509.Certificate, t time.Time) string {
	if weak := weakKey(c.PublicKey, t); weak != "" {
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
