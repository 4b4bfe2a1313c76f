package cms

import (
	"crypto"
	_ "crypto/md5" // digests of old files are computed, never trusted
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// A Scheme is a kind of signature.
type Scheme string

const (
	PKCS1v15 Scheme = "RSA"
	PSS      Scheme = "RSA-PSS"
	ECDSA    Scheme = "ECDSA"
	Ed25519  Scheme = "Ed25519"
)

// A SignatureAlgorithm is what a signerInfo says of its signature. Hash is 0 if
// the identifier names none: then the digest algorithm counts.
type SignatureAlgorithm struct {
	OID    asn1.ObjectIdentifier
	Scheme Scheme // "" if it is none that we know
	Hash   crypto.Hash
	MGF    crypto.Hash // PSS
	Salt   int         // PSS, bytes
	Raw    []byte      // DER of the AlgorithmIdentifier
}

var hashes = map[string]crypto.Hash{
	"1.2.840.113549.2.5":      crypto.MD5,
	"1.3.14.3.2.26":           crypto.SHA1,
	"2.16.840.1.101.3.4.2.4":  crypto.SHA224,
	"2.16.840.1.101.3.4.2.1":  crypto.SHA256,
	"2.16.840.1.101.3.4.2.2":  crypto.SHA384,
	"2.16.840.1.101.3.4.2.3":  crypto.SHA512,
	"2.16.840.1.101.3.4.2.8":  crypto.SHA3_256,
	"2.16.840.1.101.3.4.2.9":  crypto.SHA3_384,
	"2.16.840.1.101.3.4.2.10": crypto.SHA3_512,
}

var signatures = map[string]SignatureAlgorithm{
	"1.2.840.113549.1.1.1":    {Scheme: PKCS1v15},
	"1.2.840.113549.1.1.4":    {Scheme: PKCS1v15, Hash: crypto.MD5},
	"1.2.840.113549.1.1.5":    {Scheme: PKCS1v15, Hash: crypto.SHA1},
	"1.2.840.113549.1.1.14":   {Scheme: PKCS1v15, Hash: crypto.SHA224},
	"1.2.840.113549.1.1.11":   {Scheme: PKCS1v15, Hash: crypto.SHA256},
	"1.2.840.113549.1.1.12":   {Scheme: PKCS1v15, Hash: crypto.SHA384},
	"1.2.840.113549.1.1.13":   {Scheme: PKCS1v15, Hash: crypto.SHA512},
	"2.16.840.1.101.3.4.3.14": {Scheme: PKCS1v15, Hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.3.15": {Scheme: PKCS1v15, Hash: crypto.SHA3_384},
	"2.16.840.1.101.3.4.3.16": {Scheme: PKCS1v15, Hash: crypto.SHA3_512},
	"1.2.840.10045.2.1":       {Scheme: ECDSA},
	"1.2.840.10045.4.1":       {Scheme: ECDSA, Hash: crypto.SHA1},
	"1.2.840.10045.4.3.1":     {Scheme: ECDSA, Hash: crypto.SHA224},
	"1.2.840.10045.4.3.2":     {Scheme: ECDSA, Hash: crypto.SHA256},
	"1.2.840.10045.4.3.3":     {Scheme: ECDSA, Hash: crypto.SHA384},
	"1.2.840.10045.4.3.4":     {Scheme: ECDSA, Hash: crypto.SHA512},
	"2.16.840.1.101.3.4.3.10": {Scheme: ECDSA, Hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.3.11": {Scheme: ECDSA, Hash: crypto.SHA3_384},
	"2.16.840.1.101.3.4.3.12": {Scheme: ECDSA, Hash: crypto.SHA3_512},
	"1.3.101.112":             {Scheme: Ed25519},
}

const (
	oidPSS  = "1.2.840.113549.1.1.10"
	oidMGF1 = "1.2.840.113549.1.1.8"
)

// HashOf returns the hash that oid names, or 0.
func HashOf(oid asn1.ObjectIdentifier) crypto.Hash { return hashes[oid.String()] }

// identifier reads an AlgorithmIdentifier: its OID, its parameters and itself.
func identifier(s *cryptobyte.String) (oid asn1.ObjectIdentifier, params cryptobyte.String, raw []byte, ok bool) {
	var whole, in cryptobyte.String
	if !s.ReadASN1Element(&whole, cbasn1.SEQUENCE) {
		return nil, nil, nil, false
	}
	raw = whole
	ok = whole.ReadASN1(&in, cbasn1.SEQUENCE) && in.ReadASN1ObjectIdentifier(&oid)
	return oid, in, raw, ok
}

func readHash(s *cryptobyte.String) (crypto.Hash, []byte, error) {
	oid, _, raw, ok := identifier(s)
	if !ok {
		return 0, nil, fmt.Errorf("%w: bad digest algorithm", ErrStructure)
	}
	return HashOf(oid), raw, nil
}

func readSignatureAlgorithm(s *cryptobyte.String) (SignatureAlgorithm, error) {
	oid, params, raw, ok := identifier(s)
	if !ok {
		return SignatureAlgorithm{}, fmt.Errorf("%w: bad signature algorithm", ErrStructure)
	}
	a := signatures[oid.String()]
	if oid.String() == oidPSS {
		var err error
		if a, err = readPSS(params); err != nil {
			return a, err
		}
	}
	a.OID, a.Raw = oid, raw
	return a, nil
}

// readPSS reads RSASSA-PSS-params (RFC 4055, 3.1) with their defaults.
func readPSS(params cryptobyte.String) (SignatureAlgorithm, error) {
	a := SignatureAlgorithm{Scheme: PSS, Hash: crypto.SHA1, MGF: crypto.SHA1, Salt: 20}
	bad := fmt.Errorf("%w: bad RSASSA-PSS parameters", ErrStructure)
	if params.Empty() {
		return a, nil
	}
	var in, field cryptobyte.String
	var has bool
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	if !params.ReadASN1(&in, cbasn1.SEQUENCE) || !in.ReadOptionalASN1(&field, &has, context(0)) {
		return a, bad
	}
	if has {
		oid, _, _, ok := identifier(&field)
		if a.Hash = HashOf(oid); !ok || a.Hash == 0 {
			return a, bad
		}
	}
	if !in.ReadOptionalASN1(&field, &has, context(1)) {
		return a, bad
	}
	if has {
		oid, inner, _, ok := identifier(&field)
		if !ok || oid.String() != oidMGF1 {
			return a, bad
		}
		if oid, _, _, ok = identifier(&inner); !ok || HashOf(oid) == 0 {
			return a, bad
		}
		a.MGF = HashOf(oid)
	}
	if !in.ReadOptionalASN1(&field, &has, context(2)) {
		return a, bad
	}
	if has && (!field.ReadASN1Integer(&a.Salt) || a.Salt < 0 || a.Salt > 512) {
		return a, bad
	}
	return a, nil
}
