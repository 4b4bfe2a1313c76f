package verify_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The clock of the tests. Nothing here asks the machine's.
var (
	start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)  // certificates begin
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) // documents are signed
	later = noon.Add(time.Hour)                          // and verified
)

const year = 365 * 24 * time.Hour

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// An authority is a certificate with its key.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

var serial = int64(100)

type option func(*x509.Certificate)

func validFor(from time.Time, d time.Duration) option {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, from.Add(d) }
}

func isCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
}

func usage(u ...x509.ExtKeyUsage) option {
	return func(c *x509.Certificate) { c.ExtKeyUsage = u }
}

func extension(oid asn1.ObjectIdentifier, critical bool, value []byte) option {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: oid, Critical: critical, Value: value})
	}
}

// timeStamping is the extended key usage that RFC 3161 wants: alone and critical.
var timeStamping = extension(asn1.ObjectIdentifier{2, 5, 29, 37}, true, must(asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})))

func ecKey() crypto.Signer { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

func rsaKey(bits int) crypto.Signer { return must(rsa.GenerateKey(rand.Reader, bits)) }

// issue makes a certificate; without a parent it signs itself.
func issue(name string, parent *authority, key crypto.Signer, options ...option) *authority {
	serial++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name, Organization: []string{"Thử nghiệm"}},
		NotBefore: start, NotAfter: start.Add(3 * year), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	for _, o := range options {
		o(template)
	}
	above, signer := template, key
	if parent != nil {
		above, signer = parent.cert, parent.key
	}
	der := must(x509.CreateCertificate(rand.Reader, template, above, key.Public(), signer))
	return &authority{must(x509.ParseCertificate(der)), key}
}

// A world is a PKI: a root, an issuing CA and its signer, and a time-stamp
// authority under a root of its own.
type world struct {
	root, ca, clerk, tsaRoot, tsa *authority
}

func newWorld(clerk ...option) *world {
	w := &world{}
	w.root = issue("Gốc thử nghiệm", nil, ecKey(), isCA, validFor(start, 20*year))
	w.ca = issue("CA thử nghiệm", w.root, ecKey(), isCA, validFor(start, 10*year))
	w.clerk = issue("Nguyễn Thị Thử", w.ca, ecKey(), clerk...)
	w.tsaRoot = issue("Gốc TSA thử nghiệm", nil, ecKey(), isCA, validFor(start, 20*year))
	w.tsa = issue("TSA thử nghiệm", w.tsaRoot, ecKey(), timeStamping, validFor(start, 5*year))
	return w
}

func (w *world) anchors() []*x509.Certificate {
	return []*x509.Certificate{w.root.cert, w.tsaRoot.cert}
}

// crl lists revoked certificates, those that are given with the time of their revocation.
func (a *authority) crl(at time.Time, valid time.Duration, revoked map[*authority]time.Time) []byte {
	list := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.Add(valid)}
	for r, when := range revoked {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: r.cert.SerialNumber, RevocationTime: when})
	}
	return must(x509.CreateRevocationList(rand.Reader, list, a.cert, a.key))
}

// answer is an OCSP answer about cert, signed by responder in the name of issuer at
// a time.
func answer(about, issuer, responder *authority, at time.Time, valid time.Duration, revoked time.Time) []byte {
	return answerProduced(about, issuer, responder, at, at, valid, revoked)
}

// answerProduced is one that was signed at another time than that of its status.
func answerProduced(about, issuer, responder *authority, produced, at time.Time, valid time.Duration, revoked time.Time) []byte {
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	must(asn1.Unmarshal(issuer.cert.RawSubjectPublicKeyInfo, &spki))
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	sequence := func(b *cryptobyte.Builder, add func(*cryptobyte.Builder)) { b.AddASN1(cbasn1.SEQUENCE, add) }
	var data cryptobyte.Builder
	sequence(&data, func(b *cryptobyte.Builder) {
		b.AddASN1(context(1), func(b *cryptobyte.Builder) { b.AddBytes(responder.cert.RawSubject) })
		b.AddASN1GeneralizedTime(produced.UTC())
		sequence(b, func(b *cryptobyte.Builder) {
			sequence(b, func(b *cryptobyte.Builder) {
				sequence(b, func(b *cryptobyte.Builder) {
					sequence(b, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(hashOIDs[crypto.SHA1]) })
					b.AddASN1OctetString(sumOf(issuer.cert.RawSubject, crypto.SHA1))
					b.AddASN1OctetString(sumOf(spki.Key.Bytes, crypto.SHA1))
					b.AddASN1BigInt(about.cert.SerialNumber)
				})
				if revoked.IsZero() {
					b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
				} else {
					b.AddASN1(context(1), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(revoked.UTC()) })
				}
				b.AddASN1GeneralizedTime(at.UTC())
				if valid > 0 {
					b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(at.Add(valid).UTC()) })
				}
			})
		})
	})
	tbs := data.BytesOrPanic()
	var basic cryptobyte.Builder
	sequence(&basic, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		sequence(b, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2})
		})
		b.AddASN1BitString(must(responder.key.Sign(rand.Reader, sumOf(tbs, crypto.SHA256), crypto.SHA256)))
		if responder != issuer {
			b.AddASN1(context(0), func(b *cryptobyte.Builder) {
				sequence(b, func(b *cryptobyte.Builder) { b.AddBytes(responder.cert.Raw) })
			})
		}
	})
	var out cryptobyte.Builder
	sequence(&out, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0)
		b.AddASN1(context(0), func(b *cryptobyte.Builder) {
			sequence(b, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1})
				b.AddASN1OctetString(basic.BytesOrPanic())
			})
		})
	})
	return out.BytesOrPanic()
}

// A stamp says what is odd about a token. Its zero value is a sound one.
type stamp struct {
	hash  crypto.Hash
	bag   []*x509.Certificate
	over  []byte // imprint of something else
	named *x509.Certificate
}

// token stamps the digest of content at t.
func (a *authority) token(content []byte, t time.Time, s stamp) []byte {
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}
	h := s.hash.New()
	h.Write(content)
	imprint := h.Sum(nil)
	if s.over != nil {
		imprint = s.over
	}
	return a.tokenOver(imprint, t, s)
}

var hashOIDs = map[crypto.Hash]asn1.ObjectIdentifier{crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1}}

func (a *authority) tokenOver(imprint []byte, t time.Time, s stamp) []byte {
	serial++
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 3, 4})
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(hashOIDs[s.hash]) })
			b.AddASN1OctetString(imprint)
		})
		b.AddASN1Int64(serial)
		b.AddASN1GeneralizedTime(t.UTC())
	})
	content := b.BytesOrPanic()
	sum := sha256.Sum256(content)
	spec := cmstest.Spec{Cert: a.cert, Key: a.key, Digest: sum[:], Type: cms.TSTInfo, Content: content, Bag: s.bag}
	if s.named != nil {
		spec.Cert = s.named
	}
	return cmstest.Build(spec)
}
