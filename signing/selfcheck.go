package signing

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/stamp"
)

// What a new seal must show.
type expected struct {
	certificate *x509.Certificate
	time        time.Time
	rect        [4]float64
}

// selfCheck holds out, the file that the engine returned, against before, the file
// that it got: everything that was there is there unchanged, and what was added is
// one signature of ours and nothing else.
func selfCheck(f *pdf.File, before, out []byte, want expected) error {
	if !bytes.HasPrefix(out, before) {
		return errors.New("the bytes before the signature have changed")
	}
	g, err := pdf.Open(bytes.NewReader(out), int64(len(out)), pdf.DefaultLimits())
	if err != nil {
		return err
	}
	if odd := g.Anomalies(); len(odd) > 0 {
		return fmt.Errorf("structure: %s", odd[0])
	}
	if was, is := len(f.Revisions()), len(g.Revisions()); is != was+1 || g.Revisions()[was].End != int64(len(out)) {
		return fmt.Errorf("%d revisions became %d, or bytes follow the last", was, is)
	}
	earlier, err := signatures(f)
	if err != nil {
		return err
	}
	all, err := signatures(g)
	if err != nil {
		return err
	}
	if len(all) != len(earlier)+1 {
		return fmt.Errorf("%d signatures became %d", len(earlier), len(all))
	}
	s := all[len(all)-1]
	for _, check := range []func() error{
		func() error { return checkValue(g, s, out, want) },
		func() error { return checkWidget(g, s, want) },
		func() error { return checkCatalog(f, g, s.field) },
		func() error { return checkPages(f, g, s.field) },
		func() error { return checkObjects(f, g) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkValue looks at the signature itself.
func checkValue(g *pdf.File, s signature, out []byte, want expected) error {
	if s.covered != int64(len(out)) {
		return fmt.Errorf("the byte range ends at %d of %d", s.covered, len(out))
	}
	if s.end-s.start != 2*valueBytes+2 {
		return fmt.Errorf("the signature value has %d characters", s.end-s.start)
	}
	sd, err := s.check(out)
	if err != nil {
		return err
	}
	signer := &sd.Signers[0]
	if by, err := sd.Check(signer, s.digest(out)); err != nil || !by.Equal(want.certificate) {
		return fmt.Errorf("signed by another certificate than intended, %v", err)
	}
	if len(signer.Signed(cms.SigningTime)) > 0 {
		return errors.New("a signing-time attribute, which PAdES forbids")
	}
	for k := range s.dict {
		switch k {
		case "Type", "Filter", "SubFilter", "ByteRange", "Contents", "M", "Prop_Build", "DigestMethod", "TransformMethod", "TransformParams":
		default:
			return fmt.Errorf("an entry /%s in the signature dictionary", k)
		}
	}
	if g.Name(s.dict["SubFilter"]) != "ETSI.CAdES.detached" || g.Name(s.dict["Type"]) != "Sig" || g.Name(s.dict["Filter"]) != "Adobe.PPKLite" {
		return errors.New("not a PAdES signature dictionary")
	}
	if m := g.String(s.dict["M"]); !bytes.Equal(m, pdf.Date(want.time.In(stamp.Vietnam))) {
		return fmt.Errorf("claimed time %q", m)
	}
	return nil
}

// checkWidget looks at the field and its appearance.
func checkWidget(g *pdf.File, s signature, want expected) error {
	d := g.Dict(s.field)
	rect, ok := g.Rect(d["Rect"])
	for i := range rect {
		ok = ok && math.Abs(rect[i]-want.rect[i]) < 0.01
	}
	flags, _ := g.Int(d["F"])
	if !ok || g.Name(d["FT"]) != "Sig" || g.Name(d["Subtype"]) != "Widget" || flags != 4|128 || len(d) != 9 {
		return fmt.Errorf("signature field with %d entries, flags %d, at %v", len(d), flags, rect)
	}
	form := g.Stream(g.Dict(d["AP"])["N"])
	if form == nil || g.Name(form.Dict["Subtype"]) != "Form" {
		return errors.New("the field shows no mark")
	}
	return nil
}

// checkCatalog looks whether the catalog is as it was but for the new field.
func checkCatalog(f, g *pdf.File, field pdf.Ref) error {
	was, err := f.Catalog()
	if err != nil {
		return err
	}
	is, err := g.Catalog()
	if err != nil {
		return err
	}
	form, old := g.Dict(is["AcroForm"]), f.Dict(was["AcroForm"])
	fields := append(append(pdf.Array{}, f.Array(old["Fields"])...), field)
	flags, _ := g.Int(form["SigFlags"])
	if !same(g.Array(form["Fields"]), fields) || flags != 3 || len(form) != 2 {
		return errors.New("the form has changed by more than the new field")
	}
	delete(was, "AcroForm")
	delete(is, "AcroForm")
	if !same(was, is) {
		return errors.New("the catalog has changed")
	}
	return nil
}

// checkPages looks whether the pages are as they were but for the new annotation.
func checkPages(f, g *pdf.File, field pdf.Ref) error {
	was, err := f.Pages()
	if err != nil {
		return err
	}
	is, err := g.Pages()
	if err != nil {
		return err
	}
	if len(was) != len(is) || len(was) == 0 {
		return fmt.Errorf("%d pages became %d", len(was), len(is))
	}
	first := was[0].Dict
	first["Annots"] = append(append(pdf.Array{}, f.Array(first["Annots"])...), field)
	for i := range was {
		if was[i].Ref != is[i].Ref || !same(was[i].Dict, is[i].Dict) {
			return fmt.Errorf("page %d has changed", i+1)
		}
	}
	return nil
}

// checkObjects looks whether the new revision defines page 1 again and otherwise
// new objects alone.
func checkObjects(f, g *pdf.File) error {
	pages, err := f.Pages()
	if err != nil {
		return err
	}
	revisions := g.Revisions()
	last := revisions[len(revisions)-1]
	for num, e := range last.Entries {
		if _, old := f.Objects()[num]; (old && num != pages[0].Ref.Num) || e.Kind != pdf.InUse {
			return fmt.Errorf("object %d was replaced or freed", num)
		}
	}
	was, is := f.Trailer(), g.Trailer()
	if !same(was["Info"], is["Info"]) || !same(f.Array(was["ID"])[:1], g.Array(is["ID"])[:1]) {
		return errors.New("the trailer has changed")
	}
	return nil
}

// same compares two values as PDF does: 595.0 is 595.
func same(a, b any) bool { return reflect.DeepEqual(normal(a), normal(b)) }

func normal(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case pdf.Array:
		out := make(pdf.Array, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case pdf.Dict:
		out := pdf.Dict{}
		for k, e := range v {
			out[k] = normal(e)
		}
		return out
	}
	return v
}
