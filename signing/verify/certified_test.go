package verify_test

import (
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

// withField is a paper with a text field "so" and its appearance, an object of its own.
func withField() *paper {
	return newPaper().update(func(f *pdf.File, u *pdf.Update) {
		look := u.AddStream(pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 100, 20}}, text("mot trieu"))
		ref := u.Add(pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Tx"), "T": pdf.String("so"), "V": pdf.String("mot trieu"),
			"Rect": pdf.Array{0, 0, 100, 20}, "AP": pdf.Dict{"N": look}, "P": page1})
		catalog := must(f.Catalog())
		catalog["AcroForm"] = pdf.Dict{"Fields": pdf.Array{ref}}
		u.Set(catalogRef, catalog)
		addAnnotation(f, u, ref)
	})
}

var (
	lookRef  = pdf.Ref{Num: 11}
	fieldRef = pdf.Ref{Num: 12}
)

func fieldMDP(action string, fields ...string) pdf.Array {
	params := pdf.Dict{"Type": pdf.Name("TransformParams"), "Action": pdf.Name(action), "V": pdf.Name("1.2")}
	list := pdf.Array{}
	for _, f := range fields {
		list = append(list, pdf.String(f))
	}
	params["Fields"] = list
	return pdf.Array{pdf.Dict{"TransformMethod": pdf.Name("FieldMDP"), "TransformParams": params}}
}

// lock puts permissions into the lock of the signature's field (PDF 2.0).
func lock(p int) func(*pdf.File, *pdf.Update, pdf.Dict, pdf.Dict) {
	return func(_ *pdf.File, _ *pdf.Update, _, widget pdf.Dict) {
		widget["Lock"] = pdf.Dict{"Type": pdf.Name("SigFieldLock"), "Action": pdf.Name("Include"), "Fields": pdf.Array{pdf.String("khac")}, "P": p}
	}
}

// What a certification allows, and the attacks on certified documents.
func TestCertifiedPapers(t *testing.T) {
	w := newWorld()
	crook := issue("Kẻ gian", nil, ecKey())
	agency := issue("Sở Thử nghiệm", w.ca, ecKey())
	certified := func(level int) *paper {
		return w.evidence(newPaper().sign(signing{mdp: level, cms: by(w.clerk, w.chain)}), noon)
	}
	form := func(s signing) *paper {
		s.cms = by(w.clerk, w.chain)
		return w.evidence(withField().sign(s), noon)
	}
	fill := func(p *paper) *paper {
		return p.clone().edit(fieldRef, func(d pdf.Dict) { d["V"] = pdf.String("mot ty") }).set(lookRef, pdf.NewStream(pdf.Dict{"BBox": pdf.Array{0, 0, 100, 20}}, text("mot ty")))
	}
	signedBy := func(p *paper, a *authority, visible bool) *paper {
		p = p.clone().sign(signing{visible: visible, cms: by(a, func(s *cmstest.Spec) {
			if a != crook {
				s.Bag = append(s.Bag, a.cert, w.ca.cert)
			}
		})})
		return p.store(nil, nil, [][]byte{w.ca.crl(noon, year, nil)})
	}
	annotated := func(p *paper) *paper {
		return p.clone().update(func(f *pdf.File, u *pdf.Update) {
			addAnnotation(f, u, u.Add(pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("FreeText"), "Rect": pdf.Array{0, 0, 600, 800}}))
		})
	}
	const passed, failed, unsure = record.Passed, record.Failed, record.Indeterminate
	for _, test := range []struct {
		name  string
		paper *paper
		want  record.Outcome // of the first signature
		sub   record.SubIndication
		after record.Changes
	}{
		{"certified, nothing changed", certified(1), passed, "", record.ChangesArchive},
		{"no changes allowed, signed again", signedBy(certified(1), agency, false), failed, record.FormatFailure, record.ChangesSignatures},
		{"filling in allowed, signed again", signedBy(certified(2), agency, false), passed, "", record.ChangesSignatures},
		{"filling in allowed, signed visibly", signedBy(certified(2), agency, true), passed, "", record.ChangesSignatures},
		{"filling in allowed, a crook's visible signature", signedBy(certified(2), crook, true), unsure, record.SigConstraintsFailure, record.ChangesSignatures},
		{"filling in allowed, a crook's invisible signature", signedBy(certified(2), crook, false), passed, "", record.ChangesSignatures},
		{"annotations allowed, one covers the page", annotated(certified(3)), failed, record.FormatFailure, record.ChangesOther},
		{"filled in, certification allows it", fill(form(signing{mdp: 2})), passed, "", record.ChangesForm},
		{"filled in, certification forbids it", fill(form(signing{mdp: 1})), failed, record.FormatFailure, record.ChangesForm},
		{"filled in, the signature says nothing", fill(form(signing{})), unsure, record.SigConstraintsFailure, record.ChangesForm},
		{"filled in, the field is locked", fill(form(signing{mdp: 2, reference: fieldMDP("Include", "so")})), failed, record.FormatFailure, record.ChangesOther},
		{"filled in, all fields are locked", fill(form(signing{mdp: 2, reference: fieldMDP("All")})), failed, record.FormatFailure, record.ChangesOther},
		{"filled in, another field is locked", fill(form(signing{mdp: 2, reference: fieldMDP("Include", "khac")})), passed, "", record.ChangesForm},
		{"filled in, all but this field are locked", fill(form(signing{mdp: 2, reference: fieldMDP("Exclude", "so")})), passed, "", record.ChangesForm},
		{"filled in, another field is locked, nothing certified", fill(form(signing{reference: fieldMDP("Include", "khac")})), passed, "", record.ChangesForm},
		{"filled in, the lock of the field allows it", fill(form(signing{also: lock(2)})), passed, "", record.ChangesForm},
		{"filled in, the lock of the field forbids it", fill(form(signing{also: lock(1)})), failed, record.FormatFailure, record.ChangesForm},
		{"filled in, the lock forbids what the certification allows", fill(form(signing{mdp: 2, also: lock(1)})), failed, record.FormatFailure, record.ChangesForm},
		{"field moved", form(signing{mdp: 2}).edit(fieldRef, func(d pdf.Dict) { d["Rect"] = pdf.Array{0, 0, 600, 800} }), failed, record.FormatFailure, record.ChangesOther},
		{"appearance of the field used by the page", fill(w.evidence(withField().edit(page1, func(d pdf.Dict) {
			d["Resources"] = pdf.Dict{"XObject": pdf.Dict{"X": lookRef}}
		}).sign(signing{mdp: 2, cms: by(w.clerk, w.chain)}), noon)), failed, record.FormatFailure, record.ChangesOther},
		{"appearance shown elsewhere through an object between", fill(w.evidence(withField().update(func(f *pdf.File, u *pdf.Update) {
			field := must(f.Get(fieldRef)).(pdf.Dict)
			looks := u.Add(pdf.Dict{"N": lookRef})
			field["AP"] = looks
			u.Set(fieldRef, field)
			page := must(f.Get(page1)).(pdf.Dict)
			page["Resources"] = pdf.Dict{"XObject": looks}
			u.Set(page1, page)
		}).sign(signing{mdp: 2, cms: by(w.clerk, w.chain)}), noon)), failed, record.FormatFailure, record.ChangesOther},
		{"field with a script", form(signing{mdp: 2}).edit(fieldRef, func(d pdf.Dict) { d["AA"] = pdf.Dict{} }), failed, record.FormatFailure, record.ChangesOther},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(later))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub || s.ChangesAfter != test.after || s.Integrity != "intact" {
				t.Errorf("said %s\nwant %s %s, then %s", said(v), test.want, test.sub, test.after)
			}
		})
	}
}

// A file that two readers may read differently does not pass, whoever signed it.
func TestAmbiguousFiles(t *testing.T) {
	w := newWorld()
	sealed := w.archived()
	twice := sealed.clone().update(func(f *pdf.File, u *pdf.Update) {
		catalog := must(f.Catalog())
		catalog["Type"] = pdf.Raw("/Catalog /Pages 4 0 R")
		u.Set(catalogRef, catalog)
	})
	object := len(sealed.b) + 3
	garbage := sealed.clone()
	garbage.b = append(garbage.b, "%%\n10 0 obj\n<</Length 5>>\nstream\nBT ET\nendstream\nendobj\n5 0 obj (x) endobj\n"...)
	garbage.appendXRef("", entry(50, object))
	front := sealed.clone()
	front.b = append([]byte("\n"), front.b...)
	for name, p := range map[string]*paper{
		"a key twice in the new catalog":   twice,
		"an object under another number":   garbage,
		"something in front of the header": front,
		"an object listed twice":           sealed.clone().appendXRef("", entry(50, 9), entry(50, 17)),
	} {
		t.Run(name, func(t *testing.T) {
			if v := p.verify(t, w.policy(later)); v.Outcome == record.Passed {
				t.Errorf("said %s", said(v))
			}
		})
	}
	dangling := newPaper().edit(page1, func(d pdf.Dict) { d["Thumb"] = pdf.Ref{Num: 77} })
	if v := w.evidence(w.clerkSigns(dangling), noon.Add(1)).verify(t, w.policy(later)); v.Outcome != record.Passed || len(v.Warnings) == 0 {
		t.Errorf("a reference to nothing: said %s, warnings %q", said(v), v.Warnings)
	}
}
