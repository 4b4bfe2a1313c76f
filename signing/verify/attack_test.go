package verify_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

// An attack is a file that must not pass, and how the first signature must be
// answered. A change after an archived, valid file is the common case.
type attack struct {
	name    string
	paper   *paper
	outcome record.Outcome // of the first signature
	sub     record.SubIndication
	intact  bool
	after   record.Changes
}

func (a attack) check(t *testing.T, w *world, at time.Time) {
	t.Helper()
	v := a.paper.verify(t, w.policy(at))
	if v.Outcome == record.Passed || len(v.Signatures) == 0 {
		t.Fatalf("said %s", said(v))
	}
	s := v.Signatures[0]
	if s.Outcome != a.outcome || s.SubIndication != a.sub || (s.Integrity == "intact") != a.intact || s.ChangesAfter != a.after {
		t.Errorf("said %s\nwant %s %s, intact %v, then %s", said(v), a.outcome, a.sub, a.intact, a.after)
	}
}

func run(t *testing.T, w *world, attacks []attack) {
	t.Helper()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) { a.check(t, w, later) })
	}
}

func TestWrongSignatures(t *testing.T) {
	w := newWorld()
	crook := issue("Nguyễn Thị Thử", nil, ecKey(), func(c *x509.Certificate) { c.SerialNumber = w.clerk.cert.SerialNumber })
	sign := func(change ...func(*cmstest.Spec)) *paper {
		return w.evidence(newPaper().sign(signing{cms: by(w.clerk, append([]func(*cmstest.Spec){w.chain}, change...)...)}), noon)
	}
	garbage := func(b string) *paper {
		return w.evidence(newPaper().sign(signing{cms: func([]byte) []byte { return []byte(b) }}), noon)
	}
	const failed, unsure, archive = record.Failed, record.Indeterminate, record.ChangesArchive
	run(t, w, []attack{
		{"forger's key, genuine certificate named and first in the bag", sign(func(s *cmstest.Spec) { s.Key = crook.key; s.Bag = append(s.Bag, crook.cert) }), failed, record.SigCryptoFailure, false, archive},
		{"forger's own certificate, genuine one first in the bag", sign(func(s *cmstest.Spec) { s.Cert, s.Key = crook.cert, crook.key; s.Bag = append(s.Bag, crook.cert) }), unsure, record.NoChain, true, archive},
		{"the signer's certificate is not there", sign(func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{w.ca.cert} }), unsure, record.NoSigningCertificate, false, archive},
		{"the signed certificate digest is of another", sign(func(s *cmstest.Spec) { s.ESSCert = crook.cert }), unsure, record.NoSigningCertificate, false, archive},
		{"PAdES without the signing-certificate attribute", sign(func(s *cmstest.Spec) { s.NoESS = true }), unsure, record.SigConstraintsFailure, true, archive},
		{"another document's digest", sign(func(s *cmstest.Spec) { s.Digest = sumOf([]byte("khac"), crypto.SHA256) }), failed, record.HashFailure, false, archive},
		{"two signers", sign(func(s *cmstest.Spec) { s.Signers = 2 }), failed, record.FormatFailure, false, archive},
		{"no signer", garbage("0\x1c\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02\xa0\x0f0\x0d\x02\x01\x011\x000\x04\x06\x02*\x031\x00"), failed, record.FormatFailure, false, archive},
		{"content of its own", sign(func(s *cmstest.Spec) { s.Content = []byte("khac") }), failed, record.FormatFailure, false, archive},
		{"SHA-1", sign(func(s *cmstest.Spec) { s.Hash = crypto.SHA1 }), unsure, record.CryptoConstraintsNoPOE, true, archive},
		{"SHA-1 with a time-stamp of today", sign(func(s *cmstest.Spec) { s.Hash = crypto.SHA1 }, stamped(w.tsa, noon, stamp{})), unsure, record.CryptoConstraints, true, archive},
		{"digest and signature with different hashes", sign(func(s *cmstest.Spec) { s.SignerHash = crypto.SHA512 }), failed, record.FormatFailure, false, archive},
		{"garbage", garbage("khong phai CMS"), failed, record.FormatFailure, false, archive},
		{"nothing but zeros", garbage(""), failed, record.FormatFailure, false, archive},
		{"sub-filter that nobody knows", w.evidence(newPaper().sign(signing{filter: "adbe.x509.rsa_sha1", cms: by(w.clerk)}), noon), failed, record.FormatFailure, false, archive},
		{"time-stamp token in place of a signature", w.evidence(newPaper().sign(signing{cms: func(b []byte) []byte { return w.tsa.token(b, noon, stamp{}) }}), noon), failed, record.FormatFailure, false, archive},
	})
}

func TestByteRangeGames(t *testing.T) {
	w := newWorld()
	game := func(ranges func(start, end, size int) [4]int) *paper {
		return newPaper().sign(signing{cms: by(w.clerk, w.chain), ranges: ranges})
	}
	const failed = record.Failed
	attacks := []attack{
		{"the gap starts before the value", game(func(s, e, n int) [4]int { return [4]int{0, s - 20, e, n - e} }), failed, record.FormatFailure, true, record.ChangesNone},
		{"the gap ends behind the value", game(func(s, e, n int) [4]int { return [4]int{0, s, e + 20, n - e - 20} }), failed, record.FormatFailure, true, record.ChangesNone},
		{"the end is not covered", game(func(s, e, n int) [4]int { return [4]int{0, s, e, n - e - 30} }), failed, record.FormatFailure, true, record.ChangesNone},
		{"the start is not covered", game(func(s, e, n int) [4]int { return [4]int{9, s - 9, e, n - e} }), failed, record.FormatFailure, false, record.ChangesNone},
		{"the gap is inside the page", game(func(_, _, n int) [4]int { return [4]int{0, 20, 20, 20} }), failed, record.FormatFailure, true, record.ChangesNone},
		{"the value's brackets are covered", game(func(s, e, n int) [4]int { return [4]int{0, s + 1, e - 1, n - e + 1} }), failed, record.FormatFailure, true, record.ChangesNone},
	}
	run(t, w, attacks)
	sound := newPaper().sign(signing{cms: by(w.clerk, w.chain)})
	at := bytes.LastIndex(sound.b, []byte("/ByteRange ")) + len("/ByteRange ")
	for _, stated := range []string{
		"[0 999999999999 999999999999 999999999999]", "[0 9223372036854775807 9223372036854775807 1]", "[0 10 5 100]", "[0 -10 20 20]",
		"[0 20 20 9223372036854775807]", "[]", "[0 20]", "[0 1.5 20 20]", "[/A /B /C /D]", "null", "(0 20 20 20)", "[0 20 40 20 60 20]",
	} {
		p := sound.clone()
		copy(p.b[at:], fmt.Sprintf("%-*s", len(placeholder), stated))
		t.Run(stated, func(t *testing.T) {
			v := p.verify(t, w.policy(later))
			if v.Outcome != failed && stated != "null" || v.Outcome == record.Passed || v.Outcome == record.Unsigned {
				t.Errorf("said %s", said(v))
			}
		})
	}
}

// hex changes the padding of the signature value.
func (p *paper) hex(change func([]byte)) *paper {
	p = p.clone()
	at := bytes.LastIndex(p.b, []byte("00>"))
	change(p.b[at-10 : at+3])
	return p
}

func TestTheValueHoldsNothingElse(t *testing.T) {
	w := newWorld()
	sound := newPaper().sign(signing{cms: by(w.clerk, w.chain)})
	run(t, w, []attack{
		{"a value behind the CMS", sound.hex(func(b []byte) { b[11] = '7' }), record.Failed, record.FormatFailure, false, record.ChangesNone},
		{"white space", sound.hex(func(b []byte) { b[3] = ' ' }), record.Failed, record.FormatFailure, true, record.ChangesNone},
		{"an odd digit", sound.hex(func(b []byte) { b[11], b[12] = '>', ' ' }), record.Failed, record.FormatFailure, true, record.ChangesNone},
		{"a dictionary entry hidden behind the value", sound.hex(func(b []byte) { copy(b, ">/A <0000000") }), record.Failed, record.FormatFailure, true, record.ChangesNone},
		{"a second /Contents", newPaper().sign(signing{cms: by(w.clerk, w.chain), also: func(_ *pdf.File, _ *pdf.Update, sig, _ pdf.Dict) {
			sig["Filter"] = pdf.Raw("/Adobe.PPKLite /Contents <00>")
		}}), record.Failed, record.FormatFailure, false, record.ChangesNone},
		{"a second /ByteRange", newPaper().sign(signing{cms: by(w.clerk, w.chain), also: func(_ *pdf.File, _ *pdf.Update, sig, _ pdf.Dict) {
			sig["Filter"] = pdf.Raw("/Adobe.PPKLite /ByteRange [0 1 2 3]")
		}}), record.Failed, record.HashFailure, false, record.ChangesNone},
	})
}

func TestChangedAfterSigning(t *testing.T) {
	w := newWorld()
	sealed := w.archived()
	if v := sealed.verify(t, w.policy(later)); v.Outcome != record.Passed {
		t.Fatalf("before any attack: %s", said(v))
	}
	r := func(n int) pdf.Ref { return pdf.Ref{Num: n} }
	stream := func(s string) *pdf.Stream { return pdf.NewStream(pdf.Dict{}, text(s)) }
	form := pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 600, 800}}
	annotation := func(u *pdf.Update) pdf.Ref {
		return u.Add(pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("FreeText"), "Rect": pdf.Array{0, 0, 600, 800}, "AP": pdf.Dict{"N": u.AddStream(form, text("mot ty"))}})
	}
	for name, p := range map[string]*paper{
		"page content replaced":         sealed.clone().set(content1, stream("mot ty dong")),
		"page points to hidden content": sealed.clone().edit(page1, func(d pdf.Dict) { d["Contents"] = spare }),
		"page with further content":     sealed.clone().edit(page1, func(d pdf.Dict) { d["Contents"] = pdf.Array{content1, spare} }),
		"font replaced":                 sealed.clone().set(fontRef, pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Symbol")}),
		"font of the page's own": sealed.clone().edit(page1, func(d pdf.Dict) {
			d["Resources"] = pdf.Dict{"Font": pdf.Dict{"F1": pdf.Dict{"BaseFont": pdf.Name("Symbol")}}}
		}),
		"page turned":         sealed.clone().edit(page1, func(d pdf.Dict) { d["Rotate"] = 90 }),
		"page cropped":        sealed.clone().edit(page1, func(d pdf.Dict) { d["CropBox"] = pdf.Array{0, 0, 10, 10} }),
		"page removed":        sealed.clone().edit(r(2), func(d pdf.Dict) { d["Kids"], d["Count"] = pdf.Array{r(3)}, 1 }),
		"pages swapped":       sealed.clone().edit(r(2), func(d pdf.Dict) { d["Kids"] = pdf.Array{r(4), r(3)} }),
		"inherited resources": sealed.clone().edit(r(2), func(d pdf.Dict) { d["Resources"] = pdf.Dict{} }),
		"another page tree":   sealed.clone().edit(catalogRef, func(d pdf.Dict) { d["Pages"] = r(4) }),
		"another catalog": sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			catalog := must(f.Catalog())
			catalog["Pages"] = r(4)
			u.Trailer["Root"] = u.Add(catalog)
		}),
		"page as catalog":          sealed.clone().update(func(f *pdf.File, u *pdf.Update) { u.Trailer["Root"] = page1; u.Set(page1, must(f.Catalog())) }),
		"hidden object swapped in": sealed.clone().update(func(f *pdf.File, u *pdf.Update) { u.Set(content1, stream("mot ty dong")); u.Set(spare, stream("x")) }),
		"annotation over the page": sealed.clone().update(func(f *pdf.File, u *pdf.Update) { addAnnotation(f, u, annotation(u)) }),
		"annotation written into the page": sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			page := must(f.Get(page1)).(pdf.Dict)
			page["Annots"] = append(slices.Clone(f.Array(page["Annots"])), pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("FreeText"), "Rect": pdf.Array{0, 0, 600, 800}})
			u.Set(page1, page)
		}),
		"old object as an annotation":        sealed.clone().update(func(f *pdf.File, u *pdf.Update) { addAnnotation(f, u, spare) }),
		"stamp of the signature shown again": sealed.clone().update(func(f *pdf.File, u *pdf.Update) { addAnnotation(f, u, pdf.Ref{Num: 12}) }),
		"annotation list replaced":           sealed.clone().edit(page1, func(d pdf.Dict) { d["Annots"] = pdf.Array{} }),
		"script at opening":                  sealed.clone().edit(catalogRef, func(d pdf.Dict) { d["OpenAction"] = pdf.Dict{"S": pdf.Name("JavaScript"), "JS": pdf.String("x")} }),
		"layers":                             sealed.clone().edit(catalogRef, func(d pdf.Dict) { d["OCProperties"] = pdf.Dict{} }),
		"names":                              sealed.clone().edit(catalogRef, func(d pdf.Dict) { d["Names"] = pdf.Dict{} }),
		"form to be drawn anew":              sealed.clone().edit(catalogRef, func(d pdf.Dict) { editForm(d, "NeedAppearances", true) }),
		"XFA":                                sealed.clone().edit(catalogRef, func(d pdf.Dict) { editForm(d, "XFA", pdf.String("<x/>")) }),
		"signature field taken away":         sealed.clone().edit(catalogRef, func(d pdf.Dict) { editForm(d, "Fields", pdf.Array{}) }),
		"form taken away":                    sealed.clone().edit(catalogRef, func(d pdf.Dict) { delete(d, "AcroForm") }),
		"security store taken away":          sealed.clone().edit(catalogRef, func(d pdf.Dict) { delete(d, "DSS") }),
		"text field added": sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			addField(f, u, pdf.Dict{"FT": pdf.Name("Tx"), "T": pdf.String("so"), "V": pdf.String("99")})
		}),
		"empty signature field that shows something": sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			addField(f, u, pdf.Dict{"FT": pdf.Name("Sig"), "T": pdf.String("x"), "Rect": pdf.Array{0, 0, 600, 800}, "AP": pdf.Dict{"N": u.AddStream(form, text("mot ty"))}})
		}),
		"signature field with an action": sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
			addField(f, u, pdf.Dict{"FT": pdf.Name("Sig"), "T": pdf.String("x"), "AA": pdf.Dict{"E": pdf.Dict{"S": pdf.Name("URI")}}})
		}),
		"approved fields in the metadata": sealed.clone().set(metadataRef, pdf.NewStream(pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")}, []byte(xmp("16", "2026-03-01")))),
		"title in the information":        sealed.clone().edit(infoRef, func(d pdf.Dict) { d["Title"] = pdf.String("Khac") }),
		"junk behind the end":             {append(slices.Clone(sealed.b), "10 0 obj (x) endobj\n"...)},
		"another end":                     {append(slices.Clone(sealed.b), "startxref\n9\n%%EOF\n"...)},
	} {
		t.Run(name, func(t *testing.T) {
			v := p.verify(t, w.policy(later))
			if v.Outcome == record.Unreadable && name == "another end" {
				return
			}
			if len(v.Signatures) < 2 || v.Outcome != record.Failed {
				t.Fatalf("said %s", said(v))
			}
			s := v.Signatures[0]
			if s.Outcome != record.Failed || s.SubIndication != record.FormatFailure || s.ChangesAfter != record.ChangesOther || s.Integrity != "intact" || len(s.Changed) == 0 {
				t.Errorf("said %s\nwant failed FORMAT_FAILURE, intact, then other", said(v))
			}
		})
	}
}

func addAnnotation(f *pdf.File, u *pdf.Update, ref pdf.Ref) {
	page := must(f.Get(page1)).(pdf.Dict)
	page["Annots"] = append(slices.Clone(f.Array(page["Annots"])), ref)
	u.Set(page1, page)
}

func addField(f *pdf.File, u *pdf.Update, field pdf.Dict) {
	catalog := must(f.Catalog())
	form := f.Dict(catalog["AcroForm"])
	field["Type"], field["Subtype"] = pdf.Name("Annot"), pdf.Name("Widget")
	ref := u.Add(field)
	form["Fields"] = append(slices.Clone(f.Array(form["Fields"])), ref)
	catalog["AcroForm"] = form
	u.Set(catalogRef, catalog)
	addAnnotation(f, u, ref)
}

func editForm(catalog pdf.Dict, key pdf.Name, v any) {
	form := catalog["AcroForm"].(pdf.Dict)
	form[key] = v
}
