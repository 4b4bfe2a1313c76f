package verify_test

import (
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// Signers that are built on PDFBox put the form XObject of each visible signature
// under one name into the default resources of the form.
func TestResourcesOfTheFormAfterAnotherSignature(t *testing.T) {
	w := newWorld()
	drawing := func(u *pdf.Update, says string) pdf.Ref {
		return u.AddStream(pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 9, 9}, "Resources": pdf.Dict{}}, text(says))
	}
	own := func(f *pdf.File, u *pdf.Update, sig, widget pdf.Dict) {
		widget["AP"] = pdf.Dict{"N": drawing(u, "da ky")}
	}
	first := func(u *pdf.Update) pdf.Dict {
		return pdf.Dict{"XObject": pdf.Dict{"FRM": drawing(u, "mot")}, "Font": pdf.Dict{"Helv": fontRef}}
	}
	font := pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Symbol")}
	for name, tt := range map[string]struct {
		bare bool // the first appearance has no resources of its own
		then func(u *pdf.Update) pdf.Dict
		want record.Changes
	}{
		"another drawing": {false, func(u *pdf.Update) pdf.Dict {
			return pdf.Dict{"XObject": pdf.Dict{"FRM": drawing(u, "hai")}, "Font": pdf.Dict{"Helv": fontRef}}
		}, record.ChangesSignatures},
		"another drawing, and a viewer may look for the first": {true, func(u *pdf.Update) pdf.Dict {
			return pdf.Dict{"XObject": pdf.Dict{"FRM": drawing(u, "hai")}, "Font": pdf.Dict{"Helv": fontRef}}
		}, record.ChangesOther},
		"the drawing taken away": {false, func(u *pdf.Update) pdf.Dict {
			return pdf.Dict{"XObject": pdf.Dict{}, "Font": pdf.Dict{"Helv": fontRef}}
		}, record.ChangesOther},
		"another drawing and another font": {false, func(u *pdf.Update) pdf.Dict {
			return pdf.Dict{"XObject": pdf.Dict{"FRM": drawing(u, "hai")}, "Font": pdf.Dict{"Helv": u.Add(font)}}
		}, record.ChangesOther},
	} {
		t.Run(name, func(t *testing.T) {
			one := signing{visible: true, cms: by(w.clerk, w.chain), resources: first, also: own}
			if tt.bare {
				one.also = nil
			}
			p := newPaper().sign(one).sign(signing{visible: true, cms: by(w.clerk, w.chain), resources: tt.then, also: own})
			v := p.verify(t, w.policy(later))
			if got := v.Signatures[0].ChangesAfter; got != tt.want {
				t.Errorf("said %s\nwant changes after the first signature: %s", said(v), tt.want)
			}
		})
	}
}
