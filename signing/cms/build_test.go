package cms_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/sohoa/sohoa/signing/cms"
)

func selfSigned(t *testing.T, key crypto.Signer) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Builder"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuild(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("nội dung")
	d256, d512 := sha256.Sum256(content), sha512.Sum512(content)
	for _, c := range []struct {
		what   string
		draft  cms.Draft
		scheme cms.Scheme
		digest []byte
	}{
		{"RSA, detached", cms.Draft{Signer: rsaKey, Hash: crypto.SHA256, Digest: d256[:]}, cms.PKCS1v15, d256[:]},
		{"RSA-PSS with SHA-512", cms.Draft{Signer: rsaKey, Hash: crypto.SHA512, Digest: d512[:], PSS: true}, cms.PSS, d512[:]},
		{"ECDSA, encapsulated", cms.Draft{Signer: ecKey, Hash: crypto.SHA256, Content: content, ContentType: cms.TSTInfo}, cms.ECDSA, d256[:]},
		{"PSS asked of ECDSA", cms.Draft{Signer: ecKey, Hash: crypto.SHA512, Digest: d512[:], PSS: true}, cms.ECDSA, d512[:]},
		{"without certificates", cms.Draft{Signer: ecKey, Hash: crypto.SHA256, Digest: d256[:], Bare: true}, cms.ECDSA, d256[:]},
	} {
		c.draft.Certificate = selfSigned(t, c.draft.Signer)
		der, err := cms.Build(c.draft)
		if err != nil {
			t.Errorf("%s: Build = %v", c.what, err)
			continue
		}
		sd, err := cms.Parse(der)
		if err != nil {
			t.Errorf("%s: Parse = %v", c.what, err)
			continue
		}
		si := &sd.Signers[0]
		if si.SignatureAlgorithm.Scheme != c.scheme || !si.HasESS() || sd.BER || len(si.Signed(cms.SigningTime)) > 0 || (len(sd.Certificates) == 0) != c.draft.Bare {
			t.Errorf("%s: scheme %s, ESS %v, BER %v, %d certificates; want %s in DER", c.what, si.SignatureAlgorithm.Scheme, si.HasESS(), sd.BER, len(sd.Certificates), c.scheme)
		}
		if by, err := sd.Check(si, c.digest, c.draft.Certificate); err != nil || !by.Equal(c.draft.Certificate) {
			t.Errorf("%s: Check = %v; want it to verify", c.what, err)
		}
		other := append([]byte{c.digest[0] ^ 1}, c.digest[1:]...)
		if _, err := sd.Check(si, other, c.draft.Certificate); !errors.Is(err, cms.ErrDigest) {
			t.Errorf("%s: Check of another digest = %v; want ErrDigest", c.what, err)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for what, d := range map[string]cms.Draft{
		"SHA-1":             {Signer: key, Hash: crypto.SHA1, Digest: make([]byte, 20)},
		"digest too short":  {Signer: key, Hash: crypto.SHA256, Digest: make([]byte, 20)},
		"nothing to sign":   {Signer: key, Hash: crypto.SHA256},
		"hash not known":    {Signer: key, Hash: crypto.Hash(99), Digest: make([]byte, 32)},
		"digest of another": {Signer: key, Hash: crypto.SHA512, Digest: make([]byte, 32)},
	} {
		if _, err := cms.Build(d); err == nil {
			t.Errorf("%s: Build = nil; want an error", what)
		}
	}
}
