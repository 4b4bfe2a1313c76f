package signing

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
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
func selfCheck(f *pdf.File, before, out Source, want expected) error {
	if err := continues(before, out); err != nil {
		return err
	}
	g, err := pdf.Open(out, out.Size(), pdf.DefaultLimits())
	if err != nil {
		return err
	}
	if odd := g.Anomalies(); len(odd) > 0 {
		return fmt.Errorf("structure: %s", odd[0])
	}
	if was, is := len(f.Revisions()), len(g.Revisions()); is != was+1 || g.Revisions()[was].End != out.Size() {
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
		func() error { return checkGrowth(f, g, s.field) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkValue looks at the signature itself.
func checkValue(g *pdf.File, s signature, out Source, want expected) error {
	if s.covered != out.Size() {
		return fmt.Errorf("the byte range ends at %d of %d", s.covered, out.Size())
	}
	if s.end-s.start != 2*valueBytes+2 {
		return fmt.Errorf("the signature value has %d characters", s.end-s.start)
	}
	sd, by, err := s.check(out)
	if err != nil {
		return err
	}
	if !by.Equal(want.certificate) {
		return errors.New("signed by another certificate than intended")
	}
	if len(sd.Signers[0].Signed(cms.SigningTime)) > 0 {
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

// continues looks whether out begins with the bytes of before.
func continues(before, out Source) error {
	a, b := make([]byte, chunk), make([]byte, chunk)
	for at, size := int64(0), before.Size(); at < size; at += chunk {
		n := min(chunk, size-at)
		if m, err := before.ReadAt(a[:n], at); int64(m) < n {
			return fmt.Errorf("read the bytes before the signature: %w", err)
		}
		if m, _ := out.ReadAt(b[:n], at); int64(m) < n || !bytes.Equal(a[:n], b[:n]) {
			return errors.New("the bytes before the signature have changed")
		}
	}
	return nil
}
