package verify_test

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
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
	positions := rand.New(rand.NewPCG(1, 2)).Perm(len(p.b))[:500]
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

// What other programs do when they add a signature is no attack.
func TestHarmlessWaysOfWriting(t *testing.T) {
	w := newWorld()
	agency := issue("Sở Thử nghiệm", w.ca, ecKey())
	sealed := w.clerkSigns(newPaper())
	for _, test := range []struct {
		name  string
		paper *paper
		want  record.Changes
	}{
		{"a second signature", sealed.clone().sign(signing{cms: by(agency)}), record.ChangesSignatures},
		{"a visible one", sealed.clone().sign(signing{visible: true, cms: by(agency)}), record.ChangesSignatures},
		{"with the catalog under a new number", sealed.clone().sign(signing{cms: by(agency), newRoot: true}), record.ChangesSignatures},
		{"with dates brought up to date", sealed.clone().sign(signing{cms: by(agency), also: func(f *pdf.File, u *pdf.Update, _, _ pdf.Dict) {
			info := must(f.Get(infoRef)).(pdf.Dict)
			info["ModDate"] = pdf.String("D:20270101")
			u.Set(infoRef, info)
			u.Set(metadataRef, pdf.NewStream(pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")}, []byte(xmp("15", "2027-01-01"))))
		}}), record.ChangesSignatures},
		{"with a developer extension", sealed.clone().edit(catalogRef, func(d pdf.Dict) {
			d["Extensions"] = pdf.Dict{"ESIC": pdf.Dict{"BaseVersion": pdf.Name("1.7"), "ExtensionLevel": 2}}
		}), record.ChangesArchive},
		{"a time-stamp", sealed.clone().stampDocument(w.tsa, noon, stamp{}), record.ChangesArchive},
		{"an object written anew as it was", sealed.clone().update(func(f *pdf.File, u *pdf.Update) { u.Set(page1, must(f.Get(page1))) }), record.ChangesNone},
		{"an empty field", sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			addField(f, u, pdf.Dict{"FT": pdf.Name("Sig"), "T": pdf.String("sau"), "Rect": pdf.Array{0, 0, 100, 50}})
		}), record.ChangesForm},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(later))
			if s := v.Signatures[0]; s.ChangesAfter != test.want || s.Coverage != record.CoversRevision || s.Integrity != "intact" {
				t.Errorf("said %s\nwant intact, then %s", said(v), test.want)
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
