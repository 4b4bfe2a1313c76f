package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidBuildSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidBuildRSA        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidBuildPSS        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidBuildMGF1       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}

	buildHashes = map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
		crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2},
		crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	}
	buildECDSA = map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA256: {1, 2, 840, 10045, 4, 3, 2},
		crypto.SHA384: {1, 2, 840, 10045, 4, 3, 3},
		crypto.SHA512: {1, 2, 840, 10045, 4, 3, 4},
	}
)

// A Draft is what [Build] makes a SignedData of.
type Draft struct {
	Signer       crypto.Signer
	Certificate  *x509.Certificate   // of the signer; embedded too
	Certificates []*x509.Certificate // others to embed
	Hash         crypto.Hash         // SHA-256, 384 or 512
	PSS          bool                // RSASSA-PSS with MGF1 of the same hash and a salt of its length, in place of PKCS#1 v1.5
	ContentType  asn1.ObjectIdentifier
	Content      []byte // encapsulated; nil for a detached signature
	Digest       []byte // of the detached content
	Bare         bool   // no certificates in it at all
}

// Build returns the DER of a SignedData (RFC 5652) with one signer, identified by
// issuer and serial number. Its signed attributes are content type, message digest
// and signing-certificate-v2 (RFC 5035); there is no signing-time attribute, as EN
// 319 142-1 wants it. An empty ContentType is id-data.
func Build(d Draft) ([]byte, error) {
	attributes, err := d.prepare()
	if err != nil {
		return nil, err
	}
	signature, err := d.sign(attributes)
	if err != nil {
		return nil, fmt.Errorf("build a CMS: sign: %w", err)
	}
	return d.assemble(attributes, signature)
}

// SignedAttributes returns the DER of the SET that a signer signs whose key is
// elsewhere. Of d.Signer the public key alone is used.
func SignedAttributes(d Draft) ([]byte, error) {
	attributes, err := d.prepare()
	if err != nil {
		return nil, err
	}
	return asSet(attributes)
}

// Assemble returns what [Build] does, with a signature that was made elsewhere
// over [SignedAttributes] of the same draft.
func Assemble(d Draft, signature []byte) ([]byte, error) {
	attributes, err := d.prepare()
	if err != nil {
		return nil, err
	}
	return d.assemble(attributes, signature)
}

// prepare fills in what is not said and returns the signed attributes.
func (d *Draft) prepare() ([]byte, error) {
	if len(d.ContentType) == 0 {
		d.ContentType = Data
	}
	if _, known := buildHashes[d.Hash]; !known || !d.Hash.Available() {
		return nil, fmt.Errorf("build a CMS: hash %v is none of SHA-256, SHA-384, SHA-512", d.Hash)
	}
	if d.Content != nil {
		d.Digest = hashOf(d.Hash, d.Content)
	}
	if len(d.Digest) != d.Hash.Size() {
		return nil, fmt.Errorf("build a CMS: digest of %d bytes for %v", len(d.Digest), d.Hash)
	}
	attributes, err := d.signedAttributes()
	if err != nil {
		return nil, fmt.Errorf("build a CMS: signed attributes: %w", err)
	}
	return attributes, nil
}

func hashOf(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}

// signedAttributes returns the content of the SET, its elements in DER order.
func (d Draft) signedAttributes() ([]byte, error) {
	certificate := sha256.Sum256(d.Certificate.Raw)
	values := []struct {
		oid   asn1.ObjectIdentifier
		value func(*cryptobyte.Builder)
	}{
		{ContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(d.ContentType) }},
		{MessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(d.Digest) }},
		{ESSv2, func(b *cryptobyte.Builder) {
			nest(b, func(b *cryptobyte.Builder) { b.AddASN1OctetString(certificate[:]) }, der.SEQUENCE, der.SEQUENCE, der.SEQUENCE)
		}},
	}
	var encoded [][]byte
	for _, v := range values {
		var b cryptobyte.Builder
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(v.oid)
			b.AddASN1(der.SET, v.value)
		})
		one, err := b.Bytes()
		if err != nil {
			return nil, err
		}
		encoded = append(encoded, one)
	}
	slices.SortFunc(encoded, bytes.Compare)
	return bytes.Join(encoded, nil), nil
}

// nest wraps what add adds in the tags, outermost first.
func nest(b *cryptobyte.Builder, add func(*cryptobyte.Builder), tags ...der.Tag) {
	if len(tags) == 0 {
		add(b)
		return
	}
	b.AddASN1(tags[0], func(b *cryptobyte.Builder) { nest(b, add, tags[1:]...) })
}

func (d Draft) sign(attributes []byte) ([]byte, error) {
	set, err := asSet(attributes)
	if err != nil {
		return nil, err
	}
	var opts crypto.SignerOpts = d.Hash
	if d.PSS {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: d.Hash}
	}
	return d.Signer.Sign(rand.Reader, hashOf(d.Hash, set), opts)
}

func asSet(content []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(der.SET, func(b *cryptobyte.Builder) { b.AddBytes(content) })
	return b.Bytes()
}

func (d Draft) addSignatureAlgorithm(b *cryptobyte.Builder) {
	switch d.Signer.Public().(type) {
	case *ecdsa.PublicKey:
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(buildECDSA[d.Hash]) })
	default:
		if !d.PSS {
			addAlgorithm(b, oidBuildRSA)
			return
		}
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidBuildPSS)
			b.AddASN1(der.SEQUENCE, d.addPSSParameters)
		})
	}
}

// addPSSParameters adds hash, mask generation and salt length of RFC 4055, 3.1.
func (d Draft) addPSSParameters(b *cryptobyte.Builder) {
	b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { addAlgorithm(b, buildHashes[d.Hash]) })
	b.AddASN1(der.Tag(1).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidBuildMGF1)
			addAlgorithm(b, buildHashes[d.Hash])
		})
	})
	b.AddASN1(der.Tag(2).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(d.Hash.Size())) })
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier) {
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1NULL()
	})
}

func (d Draft) assemble(attributes, signature []byte) ([]byte, error) {
	version := int64(1)
	if !d.ContentType.Equal(Data) {
		version = 3 // RFC 5652, 5.1
	}
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidBuildSignedData)
		nest(b, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(version)
			b.AddASN1(der.SET, func(b *cryptobyte.Builder) { addAlgorithm(b, buildHashes[d.Hash]) })
			b.AddASN1(der.SEQUENCE, d.addContent)
			if !d.Bare {
				b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), d.addCertificates)
			}
			b.AddASN1(der.SET, func(b *cryptobyte.Builder) { d.addSignerInfo(b, attributes, signature) })
		}, der.Tag(0).Constructed().ContextSpecific(), der.SEQUENCE)
	})
	return b.Bytes()
}

func (d Draft) addContent(b *cryptobyte.Builder) {
	b.AddASN1ObjectIdentifier(d.ContentType)
	if d.Content != nil {
		b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(d.Content) })
	}
}

func (d Draft) addCertificates(b *cryptobyte.Builder) {
	all := [][]byte{d.Certificate.Raw}
	for _, c := range d.Certificates {
		all = append(all, c.Raw)
	}
	slices.SortFunc(all, bytes.Compare)
	for _, raw := range slices.CompactFunc(all, bytes.Equal) {
		b.AddBytes(raw)
	}
}

func (d Draft) addSignerInfo(b *cryptobyte.Builder, attributes, signature []byte) {
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(d.Certificate.RawIssuer)
			b.AddASN1BigInt(d.Certificate.SerialNumber)
		})
		addAlgorithm(b, buildHashes[d.Hash])
		b.AddASN1(der.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(attributes) })
		d.addSignatureAlgorithm(b)
		b.AddASN1OctetString(signature)
	})
}
