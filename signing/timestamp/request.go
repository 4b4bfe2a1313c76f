package timestamp

import (
	"crypto"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

var hashOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
	crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2},
	crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
}

// request is the TimeStampReq of RFC 3161, 2.4.1, that asks for the certificate.
func request(h crypto.Hash, imprint []byte, policy asn1.ObjectIdentifier, nonce *big.Int) ([]byte, error) {
	oid, known := hashOIDs[h]
	if !known || len(imprint) != h.Size() {
		return nil, fmt.Errorf("imprint of %d bytes of hash %v", len(imprint), h)
	}
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid); b.AddASN1NULL() })
			b.AddASN1OctetString(imprint)
		})
		if len(policy) > 0 {
			b.AddASN1ObjectIdentifier(policy)
		}
		b.AddASN1BigInt(nonce)
		b.AddASN1Boolean(true)
	})
	return b.Bytes()
}

// response takes the TimeStampResp of RFC 3161, 2.4.2 apart. refusal is what the
// authority said if it gave no token.
func response(b []byte) (token []byte, refusal string, err error) {
	input := cryptobyte.String(b)
	var body, status cryptobyte.String
	var code int
	if !input.ReadASN1(&body, der.SEQUENCE) || !input.Empty() || !body.ReadASN1(&status, der.SEQUENCE) || !status.ReadASN1Integer(&code) {
		return nil, "", fmt.Errorf("%d bytes are no time-stamp response: %w", len(b), ErrToken)
	}
	if code != 0 && code != 1 { // granted, granted with modifications
		return nil, fmt.Sprintf("status %d%s", code, statusText(status)), nil
	}
	if body.Empty() {
		return nil, "", fmt.Errorf("granted, and no token: %w", ErrToken)
	}
	return body, "", nil
}

// statusText is what the authority says to people, made safe for a log.
func statusText(status cryptobyte.String) string {
	var texts, one cryptobyte.String
	var all strings.Builder
	if !status.PeekASN1Tag(der.SEQUENCE) || !status.ReadASN1(&texts, der.SEQUENCE) {
		return ""
	}
	for texts.ReadASN1(&one, der.UTF8String) {
		fmt.Fprintf(&all, " %.200q", string(one))
	}
	return all.String()
}
