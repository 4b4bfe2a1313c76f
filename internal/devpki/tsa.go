package devpki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/sohoa/sohoa/signing/cms"
)

// oidPolicy is in the arc for examples; no time-stamp of ours claims a real policy.
var oidPolicy = asn1.ObjectIdentifier{2, 999, 1}

// A stampRequest is what a TimeStampReq (RFC 3161, 2.4.1) asks for.
type stampRequest struct {
	imprintDER []byte // MessageImprint, whole
	policy     asn1.ObjectIdentifier
	nonce      *big.Int
	wantCert   bool
}

func parseStampRequest(b []byte) (stampRequest, error) {
	var q stampRequest
	malformed := errors.New("no time-stamp request of RFC 3161")
	input := cryptobyte.String(b)
	var body, imprint, content, algorithm, digest cryptobyte.String
	var version int
	if !input.ReadASN1(&body, der.SEQUENCE) || !input.Empty() || !body.ReadASN1Integer(&version) || version != 1 || !body.ReadASN1Element(&imprint, der.SEQUENCE) {
		return q, malformed
	}
	q.imprintDER = bytes.Clone(imprint)
	var hash asn1.ObjectIdentifier
	if !imprint.ReadASN1(&content, der.SEQUENCE) || !content.ReadASN1(&algorithm, der.SEQUENCE) || !content.ReadASN1(&digest, der.OCTET_STRING) || !algorithm.ReadASN1ObjectIdentifier(&hash) {
		return q, malformed
	}
	if h := cms.HashOf(hash); h == 0 || len(digest) != h.Size() {
		return q, fmt.Errorf("digest of %d bytes for algorithm %s", len(digest), hash)
	}
	if body.PeekASN1Tag(der.OBJECT_IDENTIFIER) && !body.ReadASN1ObjectIdentifier(&q.policy) {
		return q, malformed
	}
	if body.PeekASN1Tag(der.INTEGER) {
		q.nonce = new(big.Int)
		if !body.ReadASN1Integer(q.nonce) {
			return q, malformed
		}
	}
	if body.PeekASN1Tag(der.BOOLEAN) && !body.ReadASN1Boolean(&q.wantCert) {
		return q, malformed
	}
	return q, nil
}

// stamp answers a TimeStampReq with a TimeStampResp.
func (p *PKI) stamp(request []byte) ([]byte, error) {
	q, err := parseStampRequest(request)
	if err != nil {
		return stampResponse(2, nil)
	}
	switch p.Lie {
	case TSARefuses:
		return stampResponse(2, nil)
	case TSAGarbage:
		return []byte("<html>It works!</html>"), nil
	case TSAHuge:
		return make([]byte, 8<<20), nil
	}
	token, err := p.token(q)
	if err != nil {
		return nil, err
	}
	return stampResponse(0, token)
}

// stampResponse has status 0 (granted) with a token, or 2 (rejection).
func stampResponse(status int64, token []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64(status) })
		b.AddBytes(token)
	})
	return b.Bytes()
}

// token returns a TimeStampToken for q, with the lies that are in force.
func (p *PKI) token(q stampRequest) ([]byte, error) {
	at := p.Now()
	policy := oidPolicy
	if len(q.policy) > 0 {
		policy = q.policy
	}
	switch p.Lie {
	case TSAWrongImprint:
		q.imprintDER[len(q.imprintDER)-1] ^= 1
	case TSAWrongNonce:
		q.nonce = big.NewInt(1)
	case TSANoNonce:
		q.nonce = nil
	case TSAPast:
		at = at.AddDate(0, -6, 0)
	case TSAFuture:
		at = at.AddDate(0, 0, 1)
	case TSAOtherPolicy:
		policy = asn1.ObjectIdentifier{1, 2, 3}
	}
	info, err := tstInfo(q, policy, at)
	if err != nil {
		return nil, err
	}
	by := p.TSAHash
	if by == 0 {
		by = crypto.SHA256
	}
	token, err := cms.Build(cms.Draft{
		Signer: p.TSA.Key, Certificate: p.TSA.Certificate, Certificates: []*x509.Certificate{p.TSARoot.Certificate},
		Hash: by, ContentType: cms.TSTInfo, Content: info, Bare: !q.wantCert || p.Lie == TSANoCertificate,
	})
	if err == nil && p.Lie == TSABrokenSeal {
		token[len(token)-1] ^= 1
	}
	return token, err
}

func tstInfo(q stampRequest, policy asn1.ObjectIdentifier, at time.Time) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(policy)
		b.AddBytes(q.imprintDER)
		b.AddASN1BigInt(new(big.Int).SetBytes(random(16)))
		b.AddASN1GeneralizedTime(at.UTC())
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64(1) }) // accurate to a second
		if q.nonce != nil {
			b.AddASN1BigInt(q.nonce)
		}
	})
	return b.Bytes()
}
