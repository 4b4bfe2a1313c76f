package process

import (
	"bytes"
	"image"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// TestALongDocumentHoldsNobody: documents of many pages take every place that they
// can get; a short one that comes later is read beside them. When it stands in
// review at most one of them can have been read.
func TestALongDocumentHoldsNobody(t *testing.T) {
	h := embedded(t)
	h.work.ShortPages = 3
	start(t, h.all())
	h.awake()
	var long []string
	for i := range int64(3) {
		long = append(long, h.upload("dai.pdf", pages(t, scan(t, 70+i), 12)).Document)
	}
	h.until("a long one is being read", func() error { return h.running(long...) })
	h.reaches(h.upload("don.jpg", scan(t, 80)).Document, record.InReview, "")
	waiting := 0
	for _, id := range long {
		var d record.Document
		if h.call("GET", "/documents/"+id, nil, &d); d.Status == record.Received {
			waiting++
		}
	}
	if waiting < 2 {
		t.Errorf("a short document came to review after all but %d of the long ones", waiting)
	}
	for _, id := range long {
		if d := h.reaches(id, record.InReview, ""); d.Pages != 12 {
			t.Errorf("a long document has %d pages; want 12", d.Pages)
		}
	}
}

// pages is a PDF that has one scan n times.
func pages(t *testing.T, scan []byte, n int) []byte {
	t.Helper()
	return papers(t, slices.Repeat([][]byte{scan}, n)...)
}

// papers is a PDF of several scans.
func papers(t *testing.T, scans ...[]byte) []byte {
	t.Helper()
	var all []image.Image
	for _, scan := range scans {
		img, _, err := image.Decode(bytes.NewReader(scan))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, img)
	}
	var b bytes.Buffer
	if err := paper.WritePDF(&b, all, 100, 70); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
