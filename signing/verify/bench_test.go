package verify_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

func BenchmarkVerify(b *testing.B) {
	w := newWorld()
	large := func() *paper { return newPaper().set(spare, pdf.NewStream(pdf.Dict{}, make([]byte, 100<<20))) }
	archive := func(p *paper) *paper {
		return w.evidence(w.clerkSigns(p), noon.Add(1)).stampDocument(w.tsa, noon.Add(2), stamp{})
	}
	for _, test := range []struct {
		name  string
		paper func() *paper
	}{
		{"B-B", func() *paper { return w.evidence(newPaper().sign(signing{cms: by(w.clerk, w.chain)}), noon) }},
		{"B-LTA", func() *paper { return archive(newPaper()) }},
		{"B-LTA/100MB", func() *paper { return archive(large()) }},
	} {
		b.Run(test.name, func(b *testing.B) {
			p := test.paper()
			b.SetBytes(int64(len(p.b)))
			b.ReportAllocs()
			for b.Loop() {
				v, err := verify.Verify(context.Background(), bytes.NewReader(p.b), int64(len(p.b)), w.policy(later))
				if err != nil || v.Outcome != record.Passed {
					b.Fatalf("said %s, %v", said(v), err)
				}
			}
		})
	}
}
