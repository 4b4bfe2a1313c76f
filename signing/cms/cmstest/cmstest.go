// Package cmstest makes CMS signatures for tests: sound ones, and ones that are
// wrong in a way that a test asks for. It is no part of the product.
package cmstest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// OIDs that tests need by name.
var (
	Data          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	signedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	contentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	messageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	essV2         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	Timestamp     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
)

var hashOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1:   {1, 3, 14, 3, 2, 26},
	crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
	crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2},
	crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
}

var rsaOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1:   {1, 2, 840, 113549, 1, 1, 5},
	crypto.SHA256: {1, 2, 840, 113549, 1, 1, 11},
	crypto.SHA384: {1, 2, 840, 113549, 1, 1, 12},
	crypto.SHA512: {1, 2, 840, 113549, 1, 1, 13},
}

var ecdsaOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1:   {1, 2, 840, 10045, 4, 1},
	crypto.SHA256: {1, 2, 840, 10045, 4, 3, 2},
	crypto.SHA384: {1, 2, 840, 10045, 4, 3, 3},
	crypto.SHA512: {1, 2, 840, 10045, 4, 3, 4},
}

var oidPSS = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
var oidMGF1 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}

// A Spec says what to sign and what to get wrong. The zero value of everything
// but Cert, Key and Digest makes a sound CAdES signature with SHA-256.
type Spec struct {
	Cert   *x509.Certificate // named as the signer
	Key    crypto.Signer     // signs
	Hash   crypto.Hash
	Digest []byte              // of the content
	Bag    []*x509.Certificate // the certificates in their order; nil: Cert alone
	PSS    bool
	BySKI  bool

	Type    asn1.ObjectIdentifier // of the content; nil: data
	Content []byte                // encapsulated
	CRLs    [][]byte

	ESSCert     *x509.Certificate // certificate whose digest is signed; nil: Cert
	NoESS       bool
	NoAttrs     bool
	StatedType  asn1.ObjectIdentifier // content-type attribute; nil: Type
	SignerHash  crypto.Hash           // hash named by the signature algorithm; 0: Hash
	SignedExtra [][]byte              // DER of further signed attributes
	Unsigned    [][]byte              // DER of unsigned attributes
	Stamp       func(signature []byte) []byte
	Signers     int // number of identical signerInfos; 0: 1
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Attribute returns one attribute as DER.
func Attribute(oid asn1.ObjectIdentifier, values ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
			for _, v := range values {
				b.AddBytes(v)
			}
		})
	})
	return b.BytesOrPanic()
}

func der(add func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	add(&b)
	return b.BytesOrPanic()
}

func algorithm(oid asn1.ObjectIdentifier, params []byte) []byte {
	return der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid)
			b.AddBytes(params)
		})
	})
}

// Build makes the CMS.
func Build(s Spec) []byte {
	if s.Hash == 0 {
		s.Hash = crypto.SHA256
	}
	if s.Type == nil {
		s.Type = Data
	}
	if s.Bag == nil {
		s.Bag = []*x509.Certificate{s.Cert}
	}
	signer := s.signerInfo()
	version := int64(1)
	if !s.Type.Equal(Data) || s.BySKI { // RFC 5652, 5.1
		version = 3
	}
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	return der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(signedData)
			b.AddASN1(context(0), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1Int64(version)
					b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(algorithm(hashOIDs[s.Hash], nil)) })
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(s.Type)
						if s.Content != nil {
							b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(s.Content) })
						}
					})
					b.AddASN1(context(0), func(b *cryptobyte.Builder) {
						for _, c := range s.Bag {
							b.AddBytes(c.Raw)
						}
					})
					if len(s.CRLs) > 0 {
						b.AddASN1(context(1), func(b *cryptobyte.Builder) { b.AddBytes(slices.Concat(s.CRLs...)) })
					}
					b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
						for range max(1, s.Signers) {
							b.AddBytes(signer)
						}
					})
				})
			})
		})
	})
}

func (s Spec) attributes() []byte {
	stated := s.StatedType
	if stated == nil {
		stated = s.Type
	}
	all := [][]byte{
		Attribute(contentType, der(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(stated) })),
		Attribute(messageDigest, der(func(b *cryptobyte.Builder) { b.AddASN1OctetString(s.Digest) })),
	}
	if !s.NoESS {
		named := s.ESSCert
		if named == nil {
			named = s.Cert
		}
		sum := sha256.Sum256(named.Raw)
		all = append(all, Attribute(essV2, der(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:]) })
				})
			})
		})))
	}
	all = append(all, s.SignedExtra...)
	slices.SortFunc(all, bytes.Compare)
	return slices.Concat(all...)
}

func (s Spec) signerInfo() []byte {
	attributes := s.attributes()
	digest := s.Digest
	if !s.NoAttrs {
		h := s.Hash.New()
		h.Write(der(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(attributes) })
		}))
		digest = h.Sum(nil)
	}
	opts := crypto.SignerOpts(s.Hash)
	if s.PSS {
		opts = &rsa.PSSOptions{SaltLength: s.Hash.Size(), Hash: s.Hash}
	}
	signature := must(s.Key.Sign(rand.Reader, digest, opts))
	unsigned := slices.Clone(s.Unsigned)
	if s.Stamp != nil {
		unsigned = append(unsigned, Attribute(Timestamp, s.Stamp(signature)))
	}
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	return der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			version := int64(1)
			if s.BySKI {
				version = 3
			}
			b.AddASN1Int64(version)
			s.addIdentifier(b)
			b.AddBytes(algorithm(hashOIDs[s.Hash], nil))
			if !s.NoAttrs {
				b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddBytes(attributes) })
			}
			b.AddBytes(s.signatureAlgorithm())
			b.AddASN1OctetString(signature)
			if len(unsigned) > 0 {
				b.AddASN1(context(1), func(b *cryptobyte.Builder) { b.AddBytes(slices.Concat(unsigned...)) })
			}
		})
	})
}

func (s Spec) addIdentifier(b *cryptobyte.Builder) {
	if s.BySKI {
		b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(s.Cert.SubjectKeyId) })
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(s.Cert.RawIssuer)
		b.AddASN1BigInt(new(big.Int).Set(s.Cert.SerialNumber))
	})
}

func (s Spec) signatureAlgorithm() []byte {
	h := s.SignerHash
	if h == 0 {
		h = s.Hash
	}
	if _, ok := s.Key.Public().(*rsa.PublicKey); !ok {
		return algorithm(ecdsaOIDs[h], nil)
	}
	if !s.PSS {
		return algorithm(rsaOIDs[h], []byte{5, 0})
	}
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	return algorithm(oidPSS, der(func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddBytes(algorithm(hashOIDs[h], nil)) })
			b.AddASN1(context(1), func(b *cryptobyte.Builder) {
				b.AddBytes(algorithm(oidMGF1, algorithm(hashOIDs[h], nil)))
			})
			b.AddASN1(context(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(h.Size())) })
		})
	}))
}
