package pdfa_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/pipeline/pdfa"
)

// carrying writes a document of one page with attachments.
func carrying(t *testing.T, attachments ...pdfa.Attachment) ([]byte, error) {
	t.Helper()
	work := t.TempDir()
	page := fixture(t, work, pictures[0], 0)
	var b bytes.Buffer
	d := pdfa.Document{Title: "Giấy xác nhận", Work: work, Producer: "Sohoa test", Attachments: attachments}
	d.Pages = append(d.Pages, page)
	err := pdfa.Write(&b, d)
	return b.Bytes(), err
}

func original() pdfa.Attachment {
	return pdfa.Attachment{
		Name: "Quyết định (1).pdf", MediaType: "application/pdf", Relationship: pdfa.Source, Description: "bản gốc đã ký",
		Modified: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Data: strings.NewReader("%PDF-1.4 startxref %%EOF"),
	}
}

func TestAttachmentsAreCarried(t *testing.T) {
	notes := pdfa.Attachment{Name: "a.xml", Data: strings.NewReader("<a/>")}
	b, err := carrying(t, original(), notes)
	if err != nil {
		t.Fatalf("Write = %v", err)
	}
	if got, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(got) > 0 {
		t.Errorf("Check = %v, %v; want no breach", got, err)
	}
	f, _ := open(t, b)
	root, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	names := f.Array(f.Dict(f.Dict(root["Names"])["EmbeddedFiles"])["Names"])
	if len(names) != 4 || len(f.Array(root["AF"])) != 2 || f.String(names[0]).Text() != "a.xml" {
		t.Fatalf("names %v, associated %v; want both files, a.xml first", names, root["AF"])
	}
	spec := f.Dict(names[3])
	stream := f.Stream(f.Dict(spec["EF"])["F"])
	content, err := f.Decoded(stream)
	if err != nil || string(content) != "%PDF-1.4 startxref %%EOF" {
		t.Errorf("the attachment holds %q, %v", content, err)
	}
	size, _ := f.Int(f.Dict(stream.Dict["Params"])["Size"])
	if got := f.String(spec["UF"]).Text(); got != "Quyết định (1).pdf" || f.Name(spec["AFRelationship"]) != "Source" ||
		f.Name(stream.Dict["Subtype"]) != "application/pdf" || size != int64(len(content)) {
		t.Errorf("specification %v of %q, stream %v, %d bytes", spec, got, stream.Dict, size)
	}
	again, err := carrying(t, original(), pdfa.Attachment{Name: "a.xml", Data: strings.NewReader("<a/>")})
	if err != nil || !bytes.Equal(again, b) {
		t.Errorf("other bytes the second time, %v", err)
	}
}

func TestAttachmentsThatCannotBeToldApart(t *testing.T) {
	for name, a := range map[string]pdfa.Attachment{
		"none": {}, "a folder": {Name: "x/y.pdf"}, "a drive": {Name: `c:\y.pdf`}, "a bell": {Name: "y\a.pdf"},
		"twice": original(), "a new relationship": {Name: "y.pdf", Relationship: "Friend"},
	} {
		if a.Data == nil {
			a.Data = strings.NewReader("")
		}
		if _, err := carrying(t, original(), a); err == nil {
			t.Errorf("%s: Write = nil; want an error", name)
		}
	}
}

func TestCheckAttachments(t *testing.T) {
	b, err := carrying(t, original())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(u *pdf.Update, f *pdf.File, root pdf.Dict){
		"not associated": func(_ *pdf.Update, _ *pdf.File, root pdf.Dict) { delete(root, "AF") },
		"in a part 2": func(u *pdf.Update, _ *pdf.File, root pdf.Dict) {
			root["Metadata"] = u.AddStream(pdf.Dict{"Subtype": pdf.Name("XML")}, pdf.XMP{Part: 2, Conformance: "U"}.Packet())
		},
		"no relationship": func(u *pdf.Update, f *pdf.File, root pdf.Dict) {
			r := f.Array(root["AF"])[0].(pdf.Ref)
			d := f.Dict(r)
			delete(d, "AFRelationship")
			u.Set(r, d)
		},
		"no name": func(u *pdf.Update, f *pdf.File, root pdf.Dict) {
			r := f.Array(root["AF"])[0].(pdf.Ref)
			d := f.Dict(r)
			delete(d, "UF")
			u.Set(r, d)
		},
		"no content": func(u *pdf.Update, f *pdf.File, root pdf.Dict) {
			r := f.Array(root["AF"])[0].(pdf.Ref)
			d := f.Dict(r)
			d["EF"] = pdf.Dict{}
			u.Set(r, d)
		},
	} {
		bad := changed(t, b, change)
		got, err := pdfa.Check(bytes.NewReader(bad), int64(len(bad)))
		if err != nil || !slices.ContainsFunc(got, func(b pdfa.Breach) bool { return b.Clause == "6.8" }) {
			t.Errorf("%s: Check = %v, %v; want a breach of 6.8", name, got, err)
		}
	}
}
