package verify_test

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

// Whatever byte of a valid file is changed, the file does not pass. Only the last
// value is left out: nothing covers it, and a few of its bytes say nothing.
func TestAnyFlippedByteIsNoticed(t *testing.T) {
	w := newWorld()
	p := w.archived()
	policy := w.policy(later)
	if v := p.verify(t, policy); v.Outcome != record.Passed {
		t.Fatalf("before: %s", said(v))
	}
	last := bytes.LastIndex(p.b, []byte("/Contents <"))
	end := last + bytes.IndexByte(p.b[last:], '>')
	positions := rand.New(rand.NewPCG(1, 2)).Perm(len(p.b))[:1500]
	for _, i := range positions {
		if i > last && i <= end {
			continue
		}
		flipped := p.clone()
		flipped.b[i] ^= 1 << (i % 8)
		if v := flipped.verify(t, policy); v.Outcome == record.Passed {
			t.Errorf("byte %d changed from %q to %q: said %s", i, p.b[i], flipped.b[i], said(v))
		}
	}
}

// What the signature does not cover does not change the verdict as long as it is
// harmless: the order of the bag, more certificates, padding, unknown attributes.
func TestHarmlessDifferences(t *testing.T) {
	w := newWorld(func(c *x509.Certificate) { c.SubjectKeyId = []byte{1, 2, 3} })
	stranger := issue("Người lạ", nil, ecKey())
	unknown := cmstest.Attribute([]int{1, 2, 3, 4}, []byte{5, 0})
	for name, p := range map[string]*paper{
		"as it is":             newPaper().sign(signing{cms: by(w.clerk, w.chain)}),
		"bag in another order": newPaper().sign(signing{cms: by(w.clerk, func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{w.ca.cert, w.clerk.cert} })}),
		"strangers in the bag": newPaper().sign(signing{cms: by(w.clerk, func(s *cmstest.Spec) {
			s.Bag = []*x509.Certificate{stranger.cert, w.tsa.cert, w.ca.cert, w.clerk.cert, w.clerk.cert}
		})}),
		"more padding":               newPaper().sign(signing{cms: by(w.clerk, w.chain), room: 20000}),
		"unknown unsigned attribute": newPaper().sign(signing{cms: by(w.clerk, w.chain, func(s *cmstest.Spec) { s.Unsigned = [][]byte{unknown} })}),
		"unknown signed attribute":   newPaper().sign(signing{cms: by(w.clerk, w.chain, func(s *cmstest.Spec) { s.SignedExtra = [][]byte{unknown} })}),
		"adbe.pkcs7.detached":        newPaper().sign(signing{filter: "adbe.pkcs7.detached", cms: by(w.clerk, w.chain)}),
		"by key identifier":          newPaper().sign(signing{cms: by(w.clerk, w.chain, func(s *cmstest.Spec) { s.BySKI = true })}),
	} {
		t.Run(name, func(t *testing.T) {
			if v := w.evidence(p, noon).verify(t, w.policy(later)); v.Outcome != record.Passed {
				t.Errorf("said %s", said(v))
			}
		})
	}
}

// A file of ours has the value of an earlier signature replaced by one with a
// further time-stamp: harmless to the signature, noticed by the time-stamp over it.
func TestValueRewrittenUnderATimestamp(t *testing.T) {
	w := newWorld()
	p := w.archived()
	at := bytes.Index(p.b, []byte("/Contents <")) + len("/Contents <")
	end := at + bytes.IndexByte(p.b[at:], '>')
	value, err := hex.DecodeString(string(p.b[at:end]))
	if err != nil {
		t.Fatal(err)
	}
	more, err := cms.AddUnsigned(value, []int{1, 2, 3, 4}, []byte{5, 0})
	if err != nil {
		t.Fatal(err)
	}
	copy(p.b[at:], hex.EncodeToString(more))
	v := p.verify(t, w.policy(later))
	if v.Outcome != record.Failed || v.Signatures[0].Outcome != record.Passed || v.Signatures[1].SubIndication != record.HashFailure {
		t.Errorf("said %s", said(v))
	}
}

func FuzzVerify(f *testing.F) {
	w := newWorld()
	f.Add(newPaper().b)
	f.Add(w.archived().b)
	f.Fuzz(func(t *testing.T, b []byte) {
		v := (&paper{b}).verify(t, w.policy(later))
		if v.Outcome == record.Passed && len(v.Signatures) == 0 {
			t.Errorf("passed without a signature")
		}
	})
}
