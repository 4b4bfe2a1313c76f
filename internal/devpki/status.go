package devpki

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha1" // OCSP names issuers by SHA-1 (RFC 6960, 4.1.1); nothing rests on it
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

const statusFor = 7 * 24 * time.Hour // how long a CRL or an OCSP answer holds

// crl returns a CRL of issuer as of now.
func (p *PKI) crl(issuer *Entity) ([]byte, error) {
	now := p.Now().UTC().Truncate(time.Second)
	switch p.Lie {
	case CRLHuge:
		return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: make([]byte, 50<<20)}), nil
	case CRLStale:
		now = now.Add(-2 * statusFor)
	case CRLForeign:
		forged := *issuer.Certificate
		issuer = &Entity{p.TSA.Key, &forged}
		forged.PublicKey = p.TSA.Key.Public()
	}
	list := &x509.RevocationList{Number: big.NewInt(now.Unix()), ThisUpdate: now, NextUpdate: now.Add(statusFor)}
	p.mu.Lock()
	for serial, since := range p.revoked {
		n, _ := new(big.Int).SetString(serial, 10)
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: n, RevocationTime: since.UTC()})
	}
	p.mu.Unlock()
	return x509.CreateRevocationList(rand.Reader, list, issuer.Certificate, issuer.Key)
}

var (
	oidOCSPBasic   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidSHA1        = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidRSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSASHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// ocsp answers an OCSPRequest about a certificate of the issuing CA or a TSA root,
// each by its own responder. The answer is written here because x/crypto/ocsp dates
// all answers with the machine's clock.
func (p *PKI) ocsp(request []byte) ([]byte, error) {
	q, err := ocsp.ParseRequest(request)
	if err != nil {
		return ocsp.MalformedRequestErrorResponse, nil
	}
	issuer, responder := p.answersFor(q.IssuerKeyHash)
	if issuer == nil {
		return ocsp.UnauthorizedErrorResponse, nil
	}
	if p.Lie == OCSPTryLater {
		return ocsp.TryLaterErrorResponse, nil
	}
	if p.Lie == OCSPOtherCertificate {
		q.SerialNumber = new(big.Int).Add(q.SerialNumber, big.NewInt(1))
	}
	data, err := p.responseData(issuer, responder, q.SerialNumber)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(data)
	signature, err := responder.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	if p.Lie == OCSPBrokenSeal {
		signature[len(signature)-1] ^= 1
	}
	return ocspResponse(responder, data, signature)
}

// answersFor finds the issuer that a request means and who answers for it.
func (p *PKI) answersFor(keyHash []byte) (issuer, responder *Entity) {
	for _, a := range append([]authority{{p.CA, p.Responder}, {p.TSARoot, p.TSAResponder}}, p.oldTSARoots...) {
		if sum := sha1.Sum(keyBits(a.issuer.Certificate)); bytes.Equal(sum[:], keyHash) {
			return a.issuer, a.responder
		}
	}
	return nil, nil
}

// responseData is the ResponseData of RFC 6960, 4.2.1.
func (p *PKI) responseData(issuer, responder *Entity, serial *big.Int) ([]byte, error) {
	now := p.Now().UTC().Truncate(time.Second)
	if p.Lie == OCSPStale {
		now = now.Add(-2 * statusFor)
	}
	name, key := sha1.Sum(issuer.Certificate.RawSubject), sha1.Sum(keyBits(issuer.Certificate))
	by := sha1.Sum(keyBits(responder.Certificate))
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(der.Tag(2).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(by[:]) })
		b.AddASN1GeneralizedTime(now)
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidSHA1); b.AddASN1NULL() })
					b.AddASN1OctetString(name[:])
					b.AddASN1OctetString(key[:])
					b.AddASN1BigInt(serial)
				})
				p.addCertStatus(b, serial)
				b.AddASN1GeneralizedTime(now)
				b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(now.Add(statusFor)) })
			})
		})
	})
	return b.Bytes()
}

// addCertStatus adds good, revoked or unknown.
func (p *PKI) addCertStatus(b *cryptobyte.Builder, serial *big.Int) {
	since, revoked := p.revokedSince(serial)
	switch {
	case p.Lie == OCSPUnknown:
		b.AddASN1(der.Tag(2).ContextSpecific(), func(*cryptobyte.Builder) {})
	case revoked:
		b.AddASN1(der.Tag(1).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(since.UTC()) })
	default:
		b.AddASN1(der.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
	}
}

func ocspResponse(responder *Entity, data, signature []byte) ([]byte, error) {
	var basic, b cryptobyte.Builder
	basic.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(data)
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			if _, ec := responder.Key.Public().(*ecdsa.PublicKey); ec {
				b.AddASN1ObjectIdentifier(oidECDSASHA256)
				return
			}
			b.AddASN1ObjectIdentifier(oidRSASHA256)
			b.AddASN1NULL()
		})
		b.AddASN1BitString(signature)
		b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
			b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(responder.Certificate.Raw) })
		})
	})
	whole, err := basic.Bytes()
	if err != nil {
		return nil, err
	}
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0) // successful
		b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
			b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidOCSPBasic)
				b.AddASN1OctetString(whole)
			})
		})
	})
	return b.Bytes()
}

// keyBits is the subject's public key without algorithm, as OCSP hashes it.
func keyBits(c *x509.Certificate) []byte {
	spki := cryptobyte.String(c.RawSubjectPublicKeyInfo)
	var body cryptobyte.String
	var bits asn1.BitString
	if !spki.ReadASN1(&body, der.SEQUENCE) || !body.SkipASN1(der.SEQUENCE) || !body.ReadASN1BitString(&bits) {
		return nil
	}
	return bits.Bytes
}
