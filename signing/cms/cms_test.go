package cms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

var (
	rsaKey, _ = rsa.GenerateKey(rand.Reader, 2048)
	ecKey, _  = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
)

func certificate(t *testing.T, name string, serial int64, key crypto.Signer) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), SubjectKeyId: []byte{1, 2, byte(serial)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func digestOf(text string, h crypto.Hash) []byte {
	state := h.New()
	state.Write([]byte(text))
	return state.Sum(nil)
}

func TestSignerIsFoundByIdentifierAndESS(t *testing.T) {
	clerk, ec := certificate(t, "Nguyễn Thị Thử", 1, rsaKey), certificate(t, "Sở Tư pháp", 2, ecKey)
	otherKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	twin := certificate(t, "Nguyễn Thị Thử", 1, otherKey) // same issuer and serial, another key
	sound := cmstest.Spec{Cert: clerk, Key: rsaKey, Digest: digestOf("văn bản", crypto.SHA256)}
	with := func(change func(*cmstest.Spec)) cmstest.Spec { s := sound; change(&s); return s }
	for _, test := range []struct {
		name string
		spec cmstest.Spec
		want error
	}{
		{"sound", sound, nil},
		{"SHA-384", with(func(s *cmstest.Spec) { s.Hash = crypto.SHA384; s.Digest = digestOf("văn bản", crypto.SHA384) }), nil},
		{"PSS", with(func(s *cmstest.Spec) { s.PSS = true }), nil},
		{"ECDSA", with(func(s *cmstest.Spec) { s.Cert, s.Key = ec, ecKey }), nil},
		{"by key identifier", with(func(s *cmstest.Spec) { s.BySKI = true }), nil},
		{"without signed attributes", with(func(s *cmstest.Spec) { s.NoAttrs = true }), nil},
		{"twin first in the bag", with(func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{twin, clerk} }), nil},
		{"twin first, no ESS", with(func(s *cmstest.Spec) { s.NoESS, s.Bag = true, []*x509.Certificate{twin, clerk} }), nil},
		{"genuine certificate first, forger's key", with(func(s *cmstest.Spec) { s.Key = otherKey; s.Bag = []*x509.Certificate{clerk, twin} }), cms.ErrSignature},
		{"certificate not in the bag", with(func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{ec} }), cms.ErrCertificate},
		{"ESS names another certificate", with(func(s *cmstest.Spec) { s.ESSCert = twin }), cms.ErrCertificate},
		{"another digest", with(func(s *cmstest.Spec) { s.Digest = digestOf("khác", crypto.SHA256) }), cms.ErrDigest},
		{"content-type of another kind", with(func(s *cmstest.Spec) { s.StatedType = cms.TSTInfo }), cms.ErrStructure},
		{"hashes that disagree", with(func(s *cmstest.Spec) { s.SignerHash = crypto.SHA512 }), cms.ErrStructure},
		{"message-digest twice", with(func(s *cmstest.Spec) {
			s.SignedExtra = [][]byte{cmstest.Attribute(cms.MessageDigest, []byte{4, 1, 0})}
		}), cms.ErrStructure},
	} {
		t.Run(test.name, func(t *testing.T) {
			sd, err := cms.Parse(append(cmstest.Build(test.spec), 0, 0, 0))
			if err != nil {
				t.Fatal(err)
			}
			si := &sd.Signers[0]
			cert, got := sd.Check(si, digestOf("văn bản", si.DigestAlgorithm))
			if !errors.Is(got, test.want) || (test.want == nil) != (got == nil) {
				t.Errorf("Check = %v; want %v", got, test.want)
			}
			if got == nil && !cert.Equal(test.spec.Cert) {
				t.Errorf("Check took the certificate of %v", cert.Subject)
			}
		})
	}
}

func TestEverySignedByteCounts(t *testing.T) {
	clerk := certificate(t, "Nguyễn Thị Thử", 1, rsaKey)
	digest := digestOf("văn bản", crypto.SHA256)
	sound := cmstest.Build(cmstest.Spec{Cert: clerk, Key: rsaKey, Digest: digest})
	at := bytes.LastIndex(sound, digest)
	for i := at - 10; i < len(sound); i++ {
		flipped := bytes.Clone(sound)
		flipped[i] ^= 1
		sd, err := cms.Parse(flipped)
		if err != nil || len(sd.Signers) != 1 {
			continue
		}
		if _, err = sd.Check(&sd.Signers[0], digest); err == nil && !harmless(sound, i) {
			t.Errorf("byte %d of %d flipped: still verifies", i, len(sound))
		}
	}
}

// harmless says which bytes behind the digest do not change what was signed:
// those of the NULL parameters of the algorithm identifiers.
func harmless(cms []byte, i int) bool {
	return bytes.HasSuffix(cms[:i], []byte{1, 1, 11}) || bytes.HasSuffix(cms[:i-1], []byte{1, 1, 11, 5})
}

func TestAddUnsigned(t *testing.T) {
	clerk := certificate(t, "Nguyễn Thị Thử", 1, rsaKey)
	digest := digestOf("văn bản", crypto.SHA256)
	sound := cmstest.Build(cmstest.Spec{Cert: clerk, Key: rsaKey, Digest: digest})
	if _, err := cms.AddUnsigned(sound, cms.Timestamp, []byte{0x30, 1}); !errors.Is(err, cms.ErrStructure) {
		t.Errorf("a value that is no DER: %v; want %v", err, cms.ErrStructure)
	}
	for n := 1; n <= 3; n++ {
		var err error
		der := sound
		for i := range n {
			if der, err = cms.AddUnsigned(der, cms.Timestamp, []byte{0x30, 3, 2, 1, byte(n - i)}); err != nil {
				t.Fatal(err)
			}
		}
		sd, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(sd.Signers[0].TimestampTokens()), n; got != want {
			t.Errorf("%d tokens; want %d", got, want)
		}
		if _, err := sd.Check(&sd.Signers[0], digest); err != nil {
			t.Errorf("after adding %d: %v", n, err)
		}
	}
}

func TestBERIsReadAndGarbageIsRefused(t *testing.T) {
	clerk := certificate(t, "Nguyễn Thị Thử", 1, rsaKey)
	content := []byte("nội dung")
	sum := sha256.Sum256(content)
	der := cmstest.Build(cmstest.Spec{Cert: clerk, Key: rsaKey, Digest: sum[:], Content: content})
	ber := indefinite(der)
	if bytes.Equal(ber, der) {
		t.Fatal("the test makes no BER")
	}
	sd, err := cms.Parse(append(ber, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if !sd.BER || sd.Trailing != 2 || !bytes.Equal(sd.Content, content) || !bytes.Equal(sd.Raw, der) {
		t.Errorf("BER read as BER=%v trailing=%d content=%q", sd.BER, sd.Trailing, sd.Content)
	}
	for name, bad := range map[string][]byte{
		"empty": {}, "zeros": make([]byte, 100), "cut": der[:len(der)-1], "more behind": append(bytes.Clone(der), 0, 7),
		"ten gigabytes": {0x30, 0x85, 2, 0x54, 0x0b, 0xe4, 0},
		"deep":          bytes.Repeat([]byte{0x30, 0x80}, 1<<16),
	} {
		if _, err := cms.Parse(bad); !errors.Is(err, cms.ErrStructure) {
			t.Errorf("%s: %v; want %v", name, err, cms.ErrStructure)
		}
	}
}

// indefinite gives the two outermost elements indefinite length.
func indefinite(der []byte) []byte {
	out := append([]byte{0x30, 0x80}, der[4:4+11]...)
	out = append(out, 0xa0, 0x80)
	out = append(out, der[4+11+4:]...)
	return append(out, 0, 0, 0, 0)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0, 0})
	for _, s := range []cmstest.Spec{{}, {PSS: true}, {BySKI: true}, {NoAttrs: true}, {Type: cms.TSTInfo, Content: []byte{0x30, 0}}} {
		serial := big.NewInt(1)
		s.Cert, s.Key, s.Digest = &x509.Certificate{Raw: []byte{0x30, 0}, RawIssuer: []byte{0x30, 0}, SerialNumber: serial, SubjectKeyId: []byte{1}}, rsaKey, make([]byte, 32)
		f.Add(cmstest.Build(s))
	}
	f.Add([]byte{0x30, 3, 0x24, 0x80, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		sd, err := cms.Parse(b)
		if err != nil {
			return
		}
		for i := range sd.Signers {
			sd.Check(&sd.Signers[i], make([]byte, 32))
		}
	})
}
