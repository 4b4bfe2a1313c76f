// Package key opens a signing key wherever it lies and says whether it may sign.
//
// It promises that the certificate it returns belongs to the key and that
// [Key.Check] finds every reason against its use that the certificate itself
// shows; whether it is revoked is asked in signing. It never hands out key bytes:
// a key is a crypto.Signer.
package key

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"io"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// A Key is a private key with the certificate of its owner.
type Key struct {
	Signer crypto.Signer
	Chain  []*x509.Certificate // the owner's certificate, its issuer, and so on as far as known
	close  func() error        // nil: there is nothing to close
}

// A ContextSigner is a crypto.Signer elsewhere, which may take its time.
type ContextSigner interface {
	crypto.Signer
	SignContext(ctx context.Context, rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

// An Authoriser is a key of which each use is authorised by what is signed, and
// whose authorisation may cover several digests.
type Authoriser interface {
	// Batch is how many digests one authorisation may cover; 1 where none need be
	// told before.
	Batch() int
	// Authorise has the digests authorised, at most Batch of them: each may be
	// signed once afterwards.
	Authorise(ctx context.Context, digests [][]byte, opts crypto.SignerOpts) error
}

const tokenScheme = "pkcs11:"

// Open opens the key that name says: the address of a key on a token
// ([OpenPKCS11]) or at a remote service ([OpenCSC]), or a PKCS#12 file
// ([OpenPKCS12]). passwordFile holds its password or PIN.
func Open(name, passwordFile string) (*Key, error) {
	switch {
	case strings.HasPrefix(name, tokenScheme):
		return OpenPKCS11(name, passwordFile)
	case strings.HasPrefix(name, remoteScheme):
		return OpenCSC(name, passwordFile)
	}
	return OpenPKCS12(name, passwordFile)
}

// Close ends the sessions with whatever holds the key.
func (k *Key) Close() error {
	if k.close == nil {
		return nil
	}
	return k.close()
}

// minRSABits is the least that TT 15/2025/TT-BKHCN, appendix I allows.
const minRSABits = 2048

// Certificate is the owner's.
func (k *Key) Certificate() *x509.Certificate { return k.Chain[0] }

// Check says whether the key may sign at that time: that it belongs to its
// certificate, is strong enough, and that the certificate is valid then and meant
// for signatures. The error is a refusal with its reason.
func (k *Key) Check(at time.Time) error {
	c := k.Certificate()
	who := c.Subject.CommonName
	if !samePublicKey(k.Signer.Public(), c) {
		return record.Refuse(record.KeyMismatch, nil, "check the key of %s: its public key is not that of the certificate", who)
	}
	if problem := weakness(k.Signer.Public()); problem != "" {
		return record.Refuse(record.KeyWeak, nil, "check the key of %s: %s", who, problem)
	}
	if at.Before(c.NotBefore) {
		return record.Refuse(record.CertNotYet, nil, "check the certificate of %s: valid from %s, asked for %s", who, stamp(c.NotBefore), stamp(at))
	}
	if at.After(c.NotAfter) {
		return record.Refuse(record.CertExpired, nil, "check the certificate of %s: valid until %s, asked for %s", who, stamp(c.NotAfter), stamp(at))
	}
	if !maySign(c) {
		return record.Refuse(record.CertUsage, nil, "check the certificate of %s: its key usage does not allow to sign documents", who)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func samePublicKey(p crypto.PublicKey, c *x509.Certificate) bool { return sameKey(p, c.PublicKey) }

func sameKey(p, q crypto.PublicKey) bool {
	known, ok := p.(interface{ Equal(crypto.PublicKey) bool })
	return ok && known.Equal(q)
}

// weakness says what is too weak, or nothing.
func weakness(p crypto.PublicKey) string {
	switch p := p.(type) {
	case *rsa.PublicKey:
		if p.N.BitLen() >= minRSABits {
			return ""
		}
		return "RSA with fewer than 2048 bits"
	case *ecdsa.PublicKey:
		if p.Curve == elliptic.P256() || p.Curve == elliptic.P384() {
			return ""
		}
		return "an elliptic curve other than P-256 and P-384"
	}
	return "neither RSA nor ECDSA"
}

// maySign reports whether the usages of c, where it has any, leave room for
// signatures on documents (RFC 5280, 4.2.1.3 and 4.2.1.12).
func maySign(c *x509.Certificate) bool {
	if c.IsCA || c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return false
	}
	if len(c.UnknownExtKeyUsage) > 0 || len(c.ExtKeyUsage) == 0 {
		return true
	}
	for _, use := range c.ExtKeyUsage {
		switch use {
		case x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageCodeSigning, x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageOCSPSigning:
		default:
			return true
		}
	}
	return false
}

// steady makes ECDSA signatures without chance (RFC 6979): the same bytes give
// the same signature, so that work repeated after a crash gives the same file.
type steady struct{ *ecdsa.PrivateKey }

func (s steady) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.PrivateKey.Sign(nil, digest, opts)
}
