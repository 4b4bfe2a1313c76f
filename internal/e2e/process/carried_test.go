package process

import (
	"bytes"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

// TestASignedOriginalIsCarried: an agency that embeds what comes signed gets a PDF/A-3 with
// the original in it, bit for bit, sealed as any other; and a stranger who changes the sealed
// file is shown the page.
func TestASignedOriginalIsCarried(t *testing.T) {
	h := embedded(t)
	start(t, h.all())
	h.awake()
	plain := h.upload("a.jpg", scan(t, 7001)).Document
	h.reaches(plain, record.InReview, "")
	h.approve(plain)
	h.reaches(plain, record.Sealed, record.BT)
	var signed []byte
	h.call("GET", "/documents/"+plain+"/content/sealed", nil, &signed)

	h.call("PUT", "/admin/agency", map[string]string{"name": "Sở Thử nghiệm", "signedInput": "embed"}, nil)
	id := h.upload("b.pdf", signed).Document
	h.reaches(id, record.InReview, "")
	for _, kind := range []string{"archival", "sealed"} {
		if kind == "sealed" {
			h.approve(id)
			h.reaches(id, record.Sealed, record.BT)
		}
		var b []byte
		h.call("GET", "/documents/"+id+"/content/"+kind, nil, &b)
		if breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(breaches) > 0 {
			t.Errorf("%s: Check = %v, %v; want PDF/A-3", kind, breaches, err)
		}
		if !bytes.Contains(b, []byte("<pdfaid:part>3</pdfaid:part>")) {
			t.Errorf("%s: it does not say that it is PDF/A-3", kind)
		}
		if !slices.ContainsFunc(attached(t, b), func(a []byte) bool { return bytes.Equal(a, signed) }) {
			t.Errorf("%s: the original is not in it as it came", kind)
		}
	}
	var original, sealed []byte
	h.call("GET", "/documents/"+id+"/content/original", nil, &original)
	if !bytes.Equal(original, signed) {
		t.Error("the original is not given out as it came")
	}
	h.call("GET", "/documents/"+id+"/content/sealed", nil, &sealed)
	h.showsChange(sealed)
}

// attached are the files that a PDF carries.
func attached(t *testing.T, b []byte) (out [][]byte) {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(b), int64(len(b)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for num := range f.Objects() {
		s := f.Stream(pdf.Ref{Num: num})
		if s == nil || f.Name(s.Dict["Type"]) != "EmbeddedFile" {
			continue
		}
		data, err := f.Decoded(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// showsChange puts a square on the first page of a sealed file and asks the public verification,
// with pictures and without.
func (h *house) showsChange(sealed []byte) {
	h.t.Helper()
	f, err := pdf.Open(bytes.NewReader(sealed), int64(len(sealed)), pdf.DefaultLimits())
	if err != nil {
		h.t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		h.t.Fatal(err)
	}
	update, err := pdf.NewUpdate(f)
	if err != nil {
		h.t.Fatal(err)
	}
	look := update.AddStream(pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{int64(0), int64(0), int64(50), int64(50)}}, []byte("1 0 0 rg 0 0 50 50 re f"))
	stamp := update.Add(pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Stamp"), "F": int64(4), "Rect": pdf.Array{int64(200), int64(400), int64(250), int64(450)}, "AP": pdf.Dict{"N": look}})
	first := pages[0].Dict
	first["Annots"] = append(slices.Clone(f.Array(first["Annots"])), stamp)
	update.Set(pages[0].Ref, first)
	changed := bytes.NewBuffer(slices.Clone(sealed))
	if _, err := update.WriteTo(changed); err != nil {
		h.t.Fatal(err)
	}
	var without, with, untouched api.FileVerdict
	h.call("POST", "/verify", changed.Bytes(), &without)
	h.call("POST", "/verify?pages=true", changed.Bytes(), &with)
	h.call("POST", "/verify?pages=true", sealed, &untouched)
	if with.Outcome == record.Passed || len(without.Pages) > 0 || len(untouched.Pages) > 0 {
		h.t.Errorf("changed: %s, %d pages drawn unasked; unchanged: %s, %d pages drawn; want pages only where asked for and changed", with.Outcome, len(without.Pages), untouched.Outcome, len(untouched.Pages))
	}
	if len(with.Pages) != 1 || with.Pages[0].Number != 1 || len(with.Pages[0].Boxes) == 0 {
		h.t.Fatalf("pages=true: %d pages; want the first, and where it changed", len(with.Pages))
	}
	for side, picture := range map[string][]byte{"before": with.Pages[0].Before, "after": with.Pages[0].After} {
		if _, err := jpeg.Decode(bytes.NewReader(picture)); err != nil {
			h.t.Errorf("%s: %v; want a JPEG", side, err)
		}
	}
}
