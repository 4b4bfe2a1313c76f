package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestOpenReadsEveryKindOfCrossReference(t *testing.T) {
	for _, c := range []struct {
		name      string
		file      *builder
		revisions int
		mediaBox  [4]float64
	}{
		{"table", classic(), 1, [4]float64{0, 0, 200, 100}},
		{"two tables", updated(), 2, [4]float64{0, 0, 300, 300}},
		{"streams", compressed(), 1, [4]float64{0, 0, 200, 100}},
		{"hybrid", hybrid(), 1, [4]float64{0, 0, 200, 100}},
		{"linearized", linearized(), 1, [4]float64{0, 0, 200, 100}},
	} {
		f := opened(t, c.file.Bytes())
		pages, err := f.Pages()
		if err != nil || len(pages) != 1 {
			t.Errorf("%s: Pages = %d, %v; want 1 page", c.name, len(pages), err)
			continue
		}
		if p := pages[0]; p.MediaBox != c.mediaBox || p.CropBox != c.mediaBox || p.Rotate != 90 || p.UserUnit != 1 {
			t.Errorf("%s: page = %+v; want MediaBox %v, Rotate 90", c.name, p, c.mediaBox)
		}
		if got := len(f.Revisions()); got != c.revisions {
			t.Errorf("%s: %d revisions; want %d", c.name, got, c.revisions)
		}
		if got := f.Anomalies(); len(got) != 0 {
			t.Errorf("%s: Anomalies = %q; want none", c.name, got)
		}
		if s := f.Stream(Ref{Num: 4}); s == nil {
			t.Errorf("%s: object 4 is no stream", c.name)
		} else if data, err := f.Decoded(s); string(data) != "q Q" || err != nil {
			t.Errorf("%s: Decoded = %q, %v; want q Q", c.name, data, err)
		}
	}
}

func TestRevisionsShareOutTheFile(t *testing.T) {
	b := updated().Bytes()
	f := opened(t, b)
	rev := f.Revisions()
	first := bytes.Index(b, []byte("%%EOF\n")) + len("%%EOF\n")
	if rev[0].Start != 0 || rev[0].End != int64(first) || rev[1].Start != int64(first) || rev[1].End != int64(len(b)) {
		t.Errorf("revisions are %d-%d, %d-%d; want 0-%d, %[5]d-%d", rev[0].Start, rev[0].End, rev[1].Start, rev[1].End, first, len(b))
	}
	if rev[0].EOF != int64(first-1) {
		t.Errorf("EOF = %d; want %d", rev[0].EOF, first-1)
	}
	if rev[0].StartXref != rev[0].Section || rev[1].StartXref != rev[1].Section {
		t.Errorf("startxref %d, %d; want %d, %d", rev[0].StartXref, rev[1].StartXref, rev[0].Section, rev[1].Section)
	}
	if got := len(rev[1].Entries); got != 1 {
		t.Errorf("revision 1 has %d entries; want 1", got)
	}
	old, err := f.AsOf(0)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := old.Pages()
	if err != nil || pages[0].MediaBox != [4]float64{0, 0, 200, 100} {
		t.Errorf("AsOf(0): MediaBox = %v, %v; want that of revision 0", pages, err)
	}
	if old.Size() != int64(first) || len(old.Revisions()) != 1 {
		t.Errorf("AsOf(0): size %d with %d revisions; want %d with 1", old.Size(), len(old.Revisions()), first)
	}
	if _, err := f.AsOf(2); err == nil {
		t.Error("AsOf(2) = nil error; want one")
	}
}

func TestOpenRefuses(t *testing.T) {
	good := classic().String()
	for _, c := range []struct {
		name string
		file string
		want error
	}{
		{"empty", "", ErrNotPDF},
		{"a picture", "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 2000), ErrNotPDF},
		{"cut off", good[:len(good)-30], ErrDamaged},
		{"startxref outside", strings.Replace(good, "startxref\n", "startxref\n9", 1), ErrDamaged},
		{"its own predecessor", prevLoop(), ErrDamaged},
		{"a million entries", strings.Replace(good, "xref\n0 1\n", "xref\n0 1000001\n", 1), ErrDamaged},
		{"/Prev by reference", strings.Replace(good, "/Size 5", "/Size 5 /Prev 1 0 R", 1), ErrDamaged},
		{"an object of a generation beyond the last", strings.Replace(good, " 00000 n", " 65536 n", 1), ErrDamaged},
		{"a free object of a generation beyond the last", strings.Replace(good, "xref\n0 1\n0000000000 00000 f", "xref\n9 1\n0000000000 65536 f", 1), ErrDamaged},
		{"a head of the free objects two generations beyond", strings.Replace(good, "00000 f", "65537 f", 1), ErrDamaged},
		{"deep trailer", strings.Replace(good, "/Size 5", "/A "+strings.Repeat("[", 5000), 1), ErrLimit},
	} {
		_, err := Open(strings.NewReader(c.file), int64(len(c.file)), DefaultLimits())
		if !errors.Is(err, c.want) {
			t.Errorf("%s: Open = %v; want %v", c.name, err, c.want)
		}
	}
}

// Ghostscript writes that the head of the list of free objects has generation 65536.
func TestGhostscriptsHeadOfTheFreeObjectsIsSound(t *testing.T) {
	f := opened(t, bytes.Replace(classic().Bytes(), []byte("00000 f"), []byte("65536 f"), 1))
	if got, want := f.Objects()[0], (Entry{Kind: Free, Gen: 65535}); got != want || len(f.Anomalies()) > 0 {
		t.Errorf("Objects()[0] = %+v, Anomalies = %q; want %+v and none", got, f.Anomalies(), want)
	}
}

func prevLoop() string {
	b := classic()
	at := bytes.LastIndex(b.Bytes(), []byte("xref\n0 1"))
	return strings.Replace(b.String(), "/Size 5", fmt.Sprintf("/Size 5 /Prev %d", at), 1)
}

func TestLimitsHold(t *testing.T) {
	tight := DefaultLimits()
	tight.Objects, tight.Revisions, tight.Pages, tight.Values, tight.StringBytes, tight.StreamBytes = 5, 1, 1, 20, 50, 10
	many := newBuilder("1.7").object(1, "<</Type /Catalog /Pages 2 0 R>>").object(2, "<</Kids [3 0 R 4 0 R]>>").object(3, "<<>>").object(4, "<<>>")
	many.end(many.table("/Size 5 /Root 1 0 R", 0, 1, 2, 3, 4))
	f, err := Open(bytes.NewReader(many.Bytes()), int64(many.Len()), tight)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Pages(); !errors.Is(err, ErrLimit) {
		t.Errorf("two pages: Pages = %v; want ErrLimit", err)
	}
	b := newBuilder("1.7")
	b.object(1, "["+strings.Repeat("1 ", 30)+"]").object(2, "("+strings.Repeat("x", 60)+")").
		stream(3, "/Filter /FlateDecode", deflated(strings.Repeat("x", 1000))).object(4, "/"+strings.Repeat("n", 60))
	b.end(b.table("/Size 5 /Root 1 0 R", 1, 2, 3, 4))
	if f, err = Open(bytes.NewReader(b.Bytes()), int64(b.Len()), tight); err != nil {
		t.Fatal(err)
	}
	for _, num := range []int{1, 2, 4} {
		if v, err := f.Get(Ref{Num: num}); !errors.Is(err, ErrLimit) {
			t.Errorf("object %d: Get = %v, %v; want ErrLimit", num, v, err)
		}
	}
	if _, err := f.Decoded(f.Stream(Ref{Num: 3})); !errors.Is(err, ErrLimit) {
		t.Errorf("bomb: Decoded = %v; want ErrLimit", err)
	}
	if _, err := Open(bytes.NewReader(updated().Bytes()), int64(updated().Len()), tight); !errors.Is(err, ErrLimit) {
		t.Errorf("two revisions: Open = %v; want ErrLimit", err)
	}
}

func TestGetFollowsNoLoop(t *testing.T) {
	b := newBuilder("1.7")
	b.object(1, "2 0 R").object(2, "1 0 R").object(3, "<</Type /Pages /Kids [3 0 R]>>").object(4, "<</Type /Catalog /Pages 3 0 R>>").
		object(5, "<</Length 5 0 R>>\nstream\n\nendstream")
	b.end(b.table("/Size 6 /Root 4 0 R", 1, 2, 3, 4, 5))
	f := opened(t, b.Bytes())
	if v := f.Resolve(Ref{Num: 1}); v != nil {
		t.Errorf("references in a circle: Resolve = %v; want nil", v)
	}
	if _, err := f.Pages(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a node that is its own kid: Pages = %v; want ErrDamaged", err)
	}
	if _, err := f.Get(Ref{Num: 5}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a stream that is its own length: Get = %v; want ErrDamaged", err)
	}
}

func TestGetWantsTheObjectThatTheEntryNames(t *testing.T) {
	b := newBuilder("1.5")
	b.object(1, "(one)").stream(5, "/Type /ObjStm /N 2 /First 8", "2 0 3 6 "+"(two) (three)").object(6, "<<>>")
	b.end(b.rows(7, "/Size 8 /Root 1 0 R", [3]int{0, 0, 0}, [3]int{1, b.at[1], 0}, [3]int{2, 5, 0}, [3]int{2, 5, 0}, [3]int{1, b.at[1], 0},
		[3]int{1, b.at[5], 0}, [3]int{2, 6, 0}, [3]int{1, b.Len(), 0}))
	f := opened(t, b.Bytes())
	if v, err := f.Get(Ref{Num: 2}); string(f.String(v)) != "two" || err != nil {
		t.Errorf("Get of object 2 = %v, %v; want two", v, err)
	}
	for num, what := range map[int]string{3: "another place", 4: "another object", 6: "no object stream"} {
		if v, err := f.Get(Ref{Num: num}); !errors.Is(err, ErrDamaged) {
			t.Errorf("an entry that names %s: Get = %v, %v; want ErrDamaged", what, v, err)
		}
	}
	if v, err := f.Get(Ref{Num: 1, Gen: 1}); v != nil || err != nil {
		t.Errorf("another generation: Get = %v, %v; want nil", v, err)
	}
}

func TestGetReadsValues(t *testing.T) {
	for _, c := range []struct {
		text string
		want any
	}{
		{"true", true}, {"null", nil}, {"-12", int64(-12)}, {"+.5", .5}, {"4.", 4.0}, {"12 0 R", Ref{12, 0}},
		{"/A#20b#2F", Name("A b/")}, {"/", Name("")},
		{`(a\(b\)(c)\\\101\7\n\
d)`, String("a(b)(c)\\A\x07\nd")},
		{"<4 1 4>", String("A@")}, {"[1 2 3 0 R(x)]", Array{int64(1), int64(2), Ref{3, 0}, String("x")}},
		{"<</A<</B[]>>/C%x\n1>>", Dict{"A": Dict{"B": Array{}}, "C": int64(1)}},
		{"<</A 1/A 2>>", Dict{"A": int64(2)}},
	} {
		b := newBuilder("1.7")
		b.object(1, c.text)
		b.end(b.table("/Size 2", 1))
		got, err := opened(t, b.Bytes()).Get(Ref{Num: 1})
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Get of %s = %#v, %v; want %#v", c.text, got, err, c.want)
		}
	}
	for _, bad := range []string{"foo", "[1", "<</A>>", "<<1 2>>", "<4x>", "(a", "/A#4", "1.2.3", "--1", "", "1 2"} {
		b := newBuilder("1.7")
		b.object(1, bad)
		b.end(b.table("/Size 2", 1))
		if got, err := opened(t, b.Bytes()).Get(Ref{Num: 1}); !errors.Is(err, ErrDamaged) {
			t.Errorf("Get of %s = %#v, %v; want ErrDamaged", bad, got, err)
		}
	}
}

func TestSpansNameBytes(t *testing.T) {
	b := newBuilder("1.7")
	b.object(1, "<</Type /Sig /Contents <00ff00>/In <</Contents (x)>> /ByteRange [0 1 2 3]>>")
	b.object(2, "<</A 1 /A 2>>")
	b.end(b.table("/Size 3", 1, 2))
	f := opened(t, b.Bytes())
	for key, want := range map[Name]string{"Contents": "<00ff00>", "ByteRange": "[0 1 2 3]", "Type": "/Sig"} {
		start, end, ok := f.ValueSpan(Ref{Num: 1}, key)
		if got := b.String()[start:end]; !ok || got != want {
			t.Errorf("ValueSpan of %s = %q, %t; want %q", key, got, ok, want)
		}
	}
	if _, _, ok := f.ValueSpan(Ref{Num: 2}, "A"); ok {
		t.Error("ValueSpan of a key that occurs twice = ok; want not")
	}
	start, end, ok := f.Span(Ref{Num: 2})
	if got := b.String()[start:end]; !ok || got != "2 0 obj\n<</A 1 /A 2>>\nendobj" {
		t.Errorf("Span = %q, %t; want the object", got, ok)
	}
	if _, _, ok := f.Span(Ref{Num: 2, Gen: 1}); ok {
		t.Error("Span of another generation = ok; want not")
	}
}

func TestEncryptedOpens(t *testing.T) {
	b := newBuilder("1.7").object(1, catalogBody).object(2, "<</Filter /Standard>>")
	b.end(b.table("/Size 3 /Root 1 0 R /Encrypt 2 0 R", 1, 2))
	f := opened(t, b.Bytes())
	if !f.Encrypted() {
		t.Error("Encrypted = false; want true")
	}
	if _, err := NewUpdate(f); !errors.Is(err, ErrEncrypted) {
		t.Errorf("NewUpdate = %v; want ErrEncrypted", err)
	}
}

func TestRepair(t *testing.T) {
	whole := classic().String()
	for name, file := range map[string]string{
		"no end":        whole[:strings.Index(whole, "xref")],
		"wrong offsets": strings.Replace(whole, "%PDF-1.7\n", "%PDF-1.7\n%a line that came later\n", 1),
		"wrong length":  strings.Replace(whole, "/Length 3", "/Length 1", 1),
		"streams":       strings.ReplaceAll(compressed().String(), "startxref", "start"),
	} {
		f, err := OpenRepaired(strings.NewReader(file), int64(len(file)), DefaultLimits())
		if err != nil {
			t.Errorf("%s: OpenRepaired = %v", name, err)
			continue
		}
		pages, err := f.Pages()
		if err != nil || len(pages) != 1 || pages[0].MediaBox != [4]float64{0, 0, 200, 100} {
			t.Errorf("%s: Pages = %v, %v; want the page", name, pages, err)
		}
		if s := f.Stream(Ref{Num: 4}); s == nil || s.Length < 3 || s.Length > 4 {
			t.Errorf("%s: stream = %+v; want it found", name, s)
		}
		if _, err := NewUpdate(f); !errors.Is(err, ErrNotAppendable) {
			t.Errorf("%s: NewUpdate = %v; want ErrNotAppendable", name, err)
		}
	}
}
