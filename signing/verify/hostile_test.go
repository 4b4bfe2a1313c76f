package verify_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

// Files made to hang, swell or crash a reader end in a verdict.
func TestHostileFiles(t *testing.T) {
	w := newWorld()
	r := func(n int) pdf.Ref { return pdf.Ref{Num: n} }
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	sound := newPaper().sign(signing{cms: by(w.clerk, w.chain)})
	fields := func(change func(u *pdf.Update) pdf.Array) *paper {
		return sound.clone().update(func(f *pdf.File, u *pdf.Update) {
			catalog := must(f.Catalog())
			catalog["AcroForm"] = pdf.Dict{"Fields": change(u)}
			u.Set(catalogRef, catalog)
		})
	}
	for name, p := range map[string]*paper{
		"empty":                       {},
		"text":                        {[]byte("khong phai PDF")},
		"header alone":                {[]byte("%PDF-1.7\n")},
		"cut in the middle":           {sound.b[:len(sound.b)/2]},
		"cut before the end":          {sound.b[:len(sound.b)-12]},
		"values inside each other":    sound.clone().set(spare, pdf.Raw(deep)),
		"page tree in a circle":       sound.clone().edit(r(2), func(d pdf.Dict) { d["Kids"] = pdf.Array{r(2)} }),
		"object that is itself":       sound.clone().set(page1, page1),
		"catalog that is itself":      sound.clone().set(catalogRef, catalogRef),
		"cross-reference in a circle": sound.clone().appendXRef(fmt.Sprintf("/Prev %d", len(sound.b))),
		"fields in a circle": fields(func(u *pdf.Update) pdf.Array {
			u.Set(spare, pdf.Dict{"T": pdf.String("a"), "Kids": pdf.Array{spare, spare}})
			return pdf.Array{spare, spare}
		}),
		"fields inside each other": fields(func(u *pdf.Update) pdf.Array {
			last := u.Add(pdf.Dict{"T": pdf.String("x")})
			for range 5000 {
				last = u.Add(pdf.Dict{"T": pdf.String("x"), "Kids": pdf.Array{last}})
			}
			return pdf.Array{last}
		}),
		"security store in a circle": sound.clone().edit(catalogRef, func(d pdf.Dict) {
			d["DSS"] = pdf.Dict{"VRI": pdf.Dict{"A": catalogRef}, "Certs": pdf.Array{catalogRef, page1, spare}, "OCSPs": r(2)}
		}),
		"security store of a gigabyte": sound.clone().update(func(f *pdf.File, u *pdf.Update) {
			catalog := must(f.Catalog())
			bomb := u.AddStream(pdf.Dict{"Filter": pdf.Name("FlateDecode")}, deflated(1<<30))
			catalog["DSS"] = pdf.Dict{"CRLs": pdf.Array{bomb}}
			u.Set(catalogRef, catalog)
		}),
		"length of ten gigabytes": sound.clone().set(spare, pdf.Raw("<</Length 10000000000>>\nstream\nx\nendstream")),
	} {
		t.Run(name, func(t *testing.T) {
			v := p.verify(t, w.policy(later))
			if v.Outcome == record.Passed || v.Outcome == record.Unsigned || v.Outcome == record.Unreadable && (v.Reason == "" || v.Detail == "") {
				t.Errorf("said %s", said(v))
			}
		})
	}
}

func deflated(n int) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range n / len(zeros) {
		must(z.Write(zeros))
	}
	z.Close()
	return b.Bytes()
}

// Verifying needs no more memory for a large file than for a small one.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	w := newWorld()
	used := func(p *paper) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v, err := verify.Verify(context.Background(), bytes.NewReader(p.b), int64(len(p.b)), w.policy(later))
		runtime.ReadMemStats(&after)
		if err != nil || v.Outcome != record.Passed {
			t.Fatalf("said %v, %s", err, said(v))
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	large := newPaper().set(spare, pdf.NewStream(pdf.Dict{}, make([]byte, 64<<20)))
	large = w.evidence(w.clerkSigns(large), later)
	small := w.evidence(w.clerkSigns(newPaper()), later)
	if a, b := used(small), used(large); b > a+4<<20 {
		t.Errorf("a file of %d bytes needs %d bytes of memory, one of %d needs %d", len(small.b), a, len(large.b), b)
	}
}
