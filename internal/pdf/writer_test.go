package pdf

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestWriteObject(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "null"}, {true, "true"}, {7, "7"}, {int64(-7), "-7"}, {1.50, "1.5"}, {-0.000001, "0"}, {math.Inf(1), "0"},
		{Name("A b/é"), "/A#20b#2F#C3#A9"}, {String("plain"), "(plain)"}, {String("(\\"), "<285c>"}, {TextString("ĩ"), "<feff0129>"},
		{Ref{3, 1}, "3 1 R"}, {Array{1, Name("x")}, "[1 /x]"}, {Raw("<00>"), "<00>"},
		{Dict{"B": 1, "A": Dict{}}, "<</A <<>> /B 1>>"},
		{NewStream(Dict{"K": 1}, []byte("data")), "<</K 1 /Length 4>>\nstream\ndata\nendstream"},
	} {
		var b bytes.Buffer
		if WriteObject(&b, c.value); b.String() != c.want {
			t.Errorf("WriteObject of %v = %s; want %s", c.value, &b, c.want)
		}
	}
}

func TestTextStrings(t *testing.T) {
	for _, s := range []string{"", "plain (text)", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "𝒳"} {
		if got := TextString(s).Text(); got != s {
			t.Errorf("Text of TextString(%q) = %q", s, got)
		}
	}
	for in, want := range map[string]string{"\xef\xbb\xbfĩ": "ĩ", "caf\xe9 \x80\xa0": "café •€", "\xfe\xff\x00": ""} {
		if got := String(in).Text(); got != want {
			t.Errorf("Text of %q = %q; want %q", in, got, want)
		}
	}
}

// written makes a whole file with the Writer.
func written(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, "1.7")
	root, pages, page, content := w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc()
	err := errors.Join(
		w.WriteStream(content, Dict{}, strings.NewReader("q Q"), 3),
		w.WriteObject(root, Dict{"Type": Name("Catalog"), "Pages": pages}),
		w.WriteObject(pages, Dict{"Type": Name("Pages"), "Kids": Array{page}, "Count": 1}),
		w.WriteObject(page, Dict{"Type": Name("Page"), "Parent": pages, "Contents": content, "MediaBox": Array{0, 0, 1.5, 2}}),
		w.Close(root, Ref{}, [2][]byte{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriterWritesWhatOpenReads(t *testing.T) {
	b := written(t)
	f := opened(t, b)
	if got := f.Anomalies(); len(got) != 0 {
		t.Errorf("Anomalies = %q; want none", got)
	}
	if pages, err := f.Pages(); err != nil || len(pages) != 1 || pages[0].MediaBox[2] != 1.5 {
		t.Errorf("Pages = %v, %v; want one 1.5 wide", pages, err)
	}
	if f.Version() != "1.7" || len(f.Array(f.Trailer()["ID"])) != 2 {
		t.Errorf("version %s, trailer %v; want 1.7 and an /ID", f.Version(), f.Trailer())
	}
	if again := written(t); !bytes.Equal(b, again) {
		t.Error("the same calls gave other bytes")
	}
}

func TestWriterRefuses(t *testing.T) {
	for name, misuse := range map[string]func(*Writer) error{
		"twice":      func(w *Writer) error { r := w.Alloc(); return errors.Join(w.WriteObject(r, 1), w.WriteObject(r, 1)) },
		"unknown":    func(w *Writer) error { return w.WriteObject(Ref{Num: 9}, 1) },
		"short data": func(w *Writer) error { return w.WriteStream(w.Alloc(), Dict{}, strings.NewReader("x"), 2) },
		"long data":  func(w *Writer) error { return w.WriteStream(w.Alloc(), Dict{}, strings.NewReader("xyz"), 2) },
		"forgotten":  func(w *Writer) error { return w.Close(w.Alloc(), Ref{}, [2][]byte{}) },
	} {
		w := NewWriter(io.Discard, "1.7")
		if err := misuse(w); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := w.WriteObject(w.Alloc(), 1); err == nil {
			t.Errorf("%s: the error did not stay", name)
		}
	}
}

func TestUpdateAppendsOneRevision(t *testing.T) {
	before := written(t)
	update := func() ([]byte, Ref, Ref) {
		u, err := NewUpdate(opened(t, before))
		if err != nil {
			t.Fatal(err)
		}
		added := u.AddStream(Dict{"Type": Name("Metadata")}, []byte("<x/>"))
		u.Set(Ref{Num: 1}, Dict{"Type": Name("Catalog"), "Pages": Ref{Num: 2}, "Metadata": added})
		var b bytes.Buffer
		if n, err := u.WriteTo(&b); err != nil || n != int64(b.Len()) {
			t.Fatalf("WriteTo = %d, %v", n, err)
		}
		whole := append(bytes.Clone(before), b.Bytes()...)
		if got := string(whole[u.Offset(added):][:7]); got != "5 0 obj" {
			t.Errorf("at Offset stands %q; want 5 0 obj", got)
		}
		return whole, added, Ref{Num: 1}
	}
	whole, added, root := update()
	f := opened(t, whole)
	if got := f.Anomalies(); len(got) != 0 {
		t.Errorf("Anomalies = %q; want none", got)
	}
	rev := f.Revisions()
	if len(rev) != 2 || rev[0].End != int64(len(before)) || len(rev[1].Entries) != 2 {
		t.Fatalf("revisions = %+v; want a second one with 2 entries", rev)
	}
	catalog, err := f.Catalog()
	if err != nil || catalog["Metadata"] != added || rev[1].Trailer["Root"] != root {
		t.Errorf("Catalog = %v, %v; want the new one", catalog, err)
	}
	id := func(r Revision) (string, string) {
		a := f.Array(r.Trailer["ID"])
		return string(f.String(a[0])), string(f.String(a[1]))
	}
	first, second := id(rev[0])
	if a, b := id(rev[1]); a != first || b == second {
		t.Error("/ID: want the first part kept and the second new")
	}
	if again, _, _ := update(); !bytes.Equal(whole, again) {
		t.Error("the same update gave other bytes")
	}
}

// After a cross-reference stream another stream follows, not a table.
func TestUpdateOfAFileWithStreams(t *testing.T) {
	before := compressed().Bytes()
	u, err := NewUpdate(opened(t, before))
	if err != nil {
		t.Fatal(err)
	}
	added := u.Add(String("new"))
	old, err := opened(t, before).Catalog()
	if err != nil {
		t.Fatal(err)
	}
	root := opened(t, before).Trailer()["Root"].(Ref)
	old["Lang"] = String("vi")
	u.Set(root, old)
	out := bytes.NewBuffer(bytes.Clone(before))
	if _, err := u.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	f := opened(t, out.Bytes())
	if got := f.Anomalies(); len(got) != 0 {
		t.Errorf("Anomalies = %q; want none", got)
	}
	rev := f.Revisions()
	if n := len(rev); n != len(opened(t, before).Revisions())+1 || !rev[n-1].XRefStream || rev[n-1].End != int64(out.Len()) {
		t.Fatalf("revisions = %+v; want one more, with a stream", rev)
	}
	if v, err := f.Get(added); string(f.String(v)) != "new" || err != nil {
		t.Errorf("Get = %v, %v; want the new string", v, err)
	}
	if catalog, err := f.Catalog(); err != nil || string(f.String(catalog["Lang"])) != "vi" {
		t.Errorf("Catalog = %v, %v; want the new one", catalog, err)
	}
	if again, err := NewUpdate(f); err != nil || again.Add(true).Num <= added.Num+1 {
		t.Errorf("the next update would use the stream's number again, or %v", err)
	}
}

func TestUpdateNeedsACrossReference(t *testing.T) {
	if _, err := NewUpdate(opened(t, hybrid().Bytes())); !errors.Is(err, ErrNotAppendable) {
		t.Errorf("NewUpdate = %v; want ErrNotAppendable", err)
	}
	cut := bytes.TrimRight(written(t), "\n")
	u, err := NewUpdate(opened(t, cut))
	if err != nil {
		t.Fatal(err)
	}
	u.Add(true)
	var b bytes.Buffer
	if _, err := u.WriteTo(&b); err != nil || b.Bytes()[0] != '\n' {
		t.Errorf("after a file without a last end of line: %q, %v; want a new line first", b.Bytes()[:9], err)
	}
	if v, err := opened(t, append(cut, b.Bytes()...)).Get(Ref{Num: 5}); v != true || err != nil {
		t.Errorf("Get = %v, %v; want true", v, err)
	}
}

func TestXMPComesBack(t *testing.T) {
	at := time.Date(2026, 3, 15, 9, 30, 0, 0, time.FixedZone("", 7*3600))
	x := XMP{
		Part: 2, Conformance: "U", Title: "Về việc <thử> & \"kiểm\"", Language: "vi", Producer: "Sohoa", CreatorTool: "Sohoa",
		Created: at, Modified: at,
		Properties: []Property{{Name: "sourceDigest", Value: "00ff", Description: "digest"}, {Name: "codeNumber", Value: "12", Description: "số", External: true}},
	}
	got, err := ParseXMP(x.Packet())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Created.Equal(at) || !got.Modified.Equal(at) {
		t.Errorf("times = %v, %v; want %v", got.Created, got.Modified, at)
	}
	got.Created, got.Modified = at, at
	if !reflect.DeepEqual(got, x) {
		t.Errorf("ParseXMP = %+v; want %+v", got, x)
	}
	if !bytes.Equal(x.Packet(), x.Packet()) {
		t.Error("Packet gave other bytes the second time")
	}
	odd := XMP{Title: "a\x00b", Properties: []Property{{Name: "a b", Value: "x"}, {Name: "", Value: "y"}}}
	if got, err = ParseXMP(odd.Packet()); err != nil || got.Title != "a\ufffdb" || len(got.Properties) != 0 {
		t.Errorf("ParseXMP = %+v, %v; want a replaced character and no property", got, err)
	}
}

func TestParseXMPOfOthers(t *testing.T) {
	const attributes = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="1" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>`
	if got, err := ParseXMP([]byte(attributes)); err != nil || got.Part != 1 || got.Conformance != "B" {
		t.Errorf("ParseXMP = %+v, %v; want part 1, B", got, err)
	}
	if _, err := ParseXMP([]byte("<a><b></a>")); !errors.Is(err, ErrDamaged) {
		t.Errorf("ParseXMP of no XML = %v; want ErrDamaged", err)
	}
	if _, err := ParseXMP([]byte(strings.Repeat("<a>", 100))); !errors.Is(err, ErrLimit) {
		t.Errorf("ParseXMP of deep elements = %v; want ErrLimit", err)
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 3, 15, 9, 30, 5, 0, time.FixedZone("", 7*3600))
	if got := string(Date(at)); got != "D:20260315093005+07'00'" {
		t.Errorf("Date = %s; want D:20260315093005+07'00'", got)
	}
}
