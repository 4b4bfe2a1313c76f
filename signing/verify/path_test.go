package verify_test

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

// What the certificates above a signer allow is heeded, and a second way to a root
// that nobody trusts spoils nothing.
func TestPathsToTheAnchor(t *testing.T) {
	const passed, unsure = record.Passed, record.Indeterminate
	email := func(c *x509.Certificate) { c.EmailAddresses = []string{"thu@other.vn"} }
	directory := extension(asn1.ObjectIdentifier{2, 5, 29, 30}, true, []byte{0x30, 0x0f, 0xa0, 0x0d, 0x30, 0x0b, 0xa4, 0x09, 0x30, 0x07, 0x31, 0x05, 0x30, 0x03, 0x06, 0x01, 0x00})
	for _, test := range []struct {
		name     string
		root, ca option
		clerk    option
		clerkKey crypto.Signer
		crossCA  bool // a certificate of the same CA by a root that nobody trusts, first in the bag
		want     record.Outcome
		sub      record.SubIndication
	}{
		{name: "sound", want: passed},
		{name: "no CA allowed below the root", root: func(c *x509.Certificate) { c.MaxPathLenZero = true }, want: unsure, sub: record.ChainConstraintsFailure},
		{name: "one CA allowed below the root", root: func(c *x509.Certificate) { c.MaxPathLen = 1 }, want: passed},
		{name: "issued by what is no CA", ca: func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }, want: unsure, sub: record.NoChain},
		{name: "issued by a CA that may not issue", ca: func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }, want: unsure, sub: record.NoChain},
		{name: "a name outside of what the CA may name", ca: func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"gov.vn"} }, clerk: email, want: unsure, sub: record.ChainConstraintsFailure},
		{name: "names limited in a way that is not understood", ca: directory, want: unsure, sub: record.NoChain},
		{name: "a key of 1024 bits", clerkKey: rsaKey(1024), want: unsure, sub: record.CryptoConstraints},
		{name: "a CA with two certificates", crossCA: true, want: passed},
	} {
		t.Run(test.name, func(t *testing.T) {
			none := func(*x509.Certificate) {}
			or := func(o option) option {
				if o == nil {
					return none
				}
				return o
			}
			key := test.clerkKey
			if key == nil {
				key = ecKey()
			}
			w := newWorld()
			w.root = issue("Gốc thử nghiệm", nil, ecKey(), isCA, validFor(start, 20*year), or(test.root))
			w.ca = issue("CA thử nghiệm", w.root, ecKey(), isCA, validFor(start, 10*year), or(test.ca))
			w.clerk = issue("Nguyễn Thị Thử", w.ca, key, or(test.clerk))
			bag := func(s *cmstest.Spec) {
				if test.crossCA {
					other := issue("Gốc khác", nil, ecKey(), isCA)
					s.Bag = append(s.Bag, issue("CA thử nghiệm", other, w.ca.key, isCA).cert)
				}
			}
			p := newPaper().sign(signing{cms: by(w.clerk, bag, w.chain, stamped(w.tsa, noon, stamp{}))})
			v := w.evidence(p, noon.Add(1)).verify(t, w.policy(later))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
}

// Another catalog, however it is written: the key that counts is spelled with an
// escape, stands behind a comment, or stands twice.
func TestKeysInDisguise(t *testing.T) {
	w := newWorld()
	for name, entry := range map[string]string{
		"twice":            "/Pages 2 0 R/Pages %s",
		"with an escape":   "/Pages 2 0 R/P#61ges %s",
		"behind a comment": "/Pages%%/Pages 2 0 R\n%s",
		"in place of it":   "/Pages %s",
	} {
		t.Run(name, func(t *testing.T) {
			p := w.archived().update(func(f *pdf.File, u *pdf.Update) {
				content := u.AddStream(pdf.Dict{}, text("So 15/QD-UBND: mot ty dong"))
				page := must(f.Get(page1)).(pdf.Dict)
				page["Contents"] = content
				forged := u.Add(pdf.Dict{"Type": pdf.Name("Pages"), "Count": 1, "Kids": pdf.Array{u.Add(page)}})
				catalog := must(f.Catalog())
				delete(catalog, "Pages")
				catalog["Type"] = pdf.Raw("/Catalog" + fmt.Sprintf(entry, fmt.Sprintf("%d 0 R", forged.Num)))
				u.Set(catalogRef, catalog)
			})
			v := p.verify(t, w.policy(later))
			if bad := slices.ContainsFunc(v.Signatures, func(s record.SignatureVerdict) bool { return s.Outcome == record.Passed }); bad || v.Outcome == record.Passed {
				t.Errorf("said %s", said(v))
			}
		})
	}
}
