package pdfa_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

// changed appends a revision to a good file.
func changed(t *testing.T, b []byte, change func(u *pdf.Update, f *pdf.File, root pdf.Dict)) []byte {
	t.Helper()
	f, _ := open(t, b)
	u, err := pdf.NewUpdate(f)
	if err != nil {
		t.Fatal(err)
	}
	root, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	change(u, f, root)
	u.Set(f.Trailer()["Root"].(pdf.Ref), root)
	out := bytes.NewBuffer(bytes.Clone(b))
	if _, err := u.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCheckNamesTheClause(t *testing.T) {
	work := t.TempDir()
	good := write(t, work, fixture(t, work, pictures[0], 0))
	type change func(u *pdf.Update, f *pdf.File, root pdf.Dict)
	image := func(d pdf.Dict) change {
		return func(u *pdf.Update, _ *pdf.File, root pdf.Dict) {
			all := pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"), "Width": 1, "Height": 1,
				"BitsPerComponent": 8, "ColorSpace": pdf.Name("DeviceGray")}
			for k, v := range d {
				all[k] = v
			}
			root["X"] = u.AddStream(all, []byte("x"))
		}
	}
	entry := func(key pdf.Name, v any) change {
		return func(_ *pdf.Update, _ *pdf.File, root pdf.Dict) { root[key] = v }
	}
	annot := func(d pdf.Dict) change {
		return func(u *pdf.Update, _ *pdf.File, root pdf.Dict) {
			d["Type"] = pdf.Name("Annot")
			root["X"] = u.Add(d)
		}
	}
	content := func(text string) change {
		return func(u *pdf.Update, f *pdf.File, _ pdf.Dict) {
			pages, _ := f.Pages()
			pages[0].Dict["Contents"] = u.AddStream(pdf.Dict{}, []byte(text))
			u.Set(pages[0].Ref, pages[0].Dict)
		}
	}
	widget := pdf.Name("Widget")
	zero := pdf.Array{0, 0, 0, 0}
	for _, c := range []struct {
		name   string
		change change
		want   string // clause; "" for none
	}{
		{"nothing", func(*pdf.Update, *pdf.File, pdf.Dict) {}, ""},
		{"an invisible signature field", annot(pdf.Dict{"Subtype": widget, "F": 132, "Rect": zero}), ""},
		{"a hidden field", annot(pdf.Dict{"Subtype": widget, "F": 2, "Rect": zero}), "6.3.2"},
		{"a field without appearance", annot(pdf.Dict{"Subtype": widget, "F": 4, "Rect": pdf.Array{0, 0, 9, 9}}), "6.3.3"},
		{"a film", annot(pdf.Dict{"Subtype": pdf.Name("Movie"), "F": 4, "Rect": zero}), "6.3.1"},
		{"no metadata", entry("Metadata", nil), "6.6.2.1"},
		{"no output intent", entry("OutputIntents", nil), "6.2.3"},
		{"layers", entry("OCProperties", pdf.Dict{}), "6.9"},
		{"an attachment", entry("Names", pdf.Dict{"EmbeddedFiles": pdf.Dict{}}), "6.8"},
		{"a script", entry("X", pdf.Dict{"S": pdf.Name("JavaScript"), "JS": pdf.String("x")}), "6.5.1"},
		{"an opening action", entry("OpenAction", pdf.Array{}), "6.5.1"},
		{"triggers", entry("AA", pdf.Dict{}), "6.5.2"},
		{"a form that needs appearances", entry("AcroForm", pdf.Dict{"NeedAppearances": true}), "6.4.1"},
		{"XFA", entry("AcroForm", pdf.Dict{"XFA": pdf.Array{}}), "6.4.2"},
		{"permissions", entry("Perms", pdf.Dict{"X": 1}), "6.1.12"},
		{"a long string", entry("X", pdf.String(strings.Repeat("x", 32768))), "6.1.13"},
		{"a large integer", entry("X", int64(1)<<31), "6.1.13"},
		{"a dangling reference", entry("X", pdf.Ref{Num: 999}), "6.1.4"},
		{"LZW", image(pdf.Dict{"Filter": pdf.Name("LZWDecode")}), "6.1.7.2"},
		{"a stream elsewhere", image(pdf.Dict{"F": pdf.String("x")}), "6.1.7.1"},
		{"a soft mask", image(pdf.Dict{"SMask": pdf.Ref{Num: 1}}), "6.2.10"},
		{"transparency", entry("X", pdf.Dict{"ca": .5}), "6.2.10"},
		{"interpolation", image(pdf.Dict{"Interpolate": true}), "6.2.8"},
		{"inks of a device", image(pdf.Dict{"ColorSpace": pdf.Name("DeviceCMYK")}), "6.2.4.3"},
		{"a rendering intent of its own", image(pdf.Dict{"Intent": pdf.Name("Nice")}), "6.2.6"},
		{"no JPEG 2000", image(pdf.Dict{"Filter": pdf.Name("JPXDecode")}), "6.2.8.3"},
		{"a font that is not embedded", entry("X", pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Times")}), "6.2.11.4.1"},
		{"a font without meaning", entry("X", pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type0")}), "6.2.11.7.2"},
		{"an odd signature", func(u *pdf.Update, _ *pdf.File, root pdf.Dict) {
			root["X"] = u.Add(pdf.Dict{"ByteRange": pdf.Array{}, "Contents": pdf.Raw("<000>")})
		}, "6.1.6"},
		{"metadata that claims another part", func(u *pdf.Update, _ *pdf.File, root pdf.Dict) {
			root["Metadata"] = u.AddStream(pdf.Dict{"Subtype": pdf.Name("XML")}, pdf.XMP{Part: 1, Conformance: "B"}.Packet())
		}, "6.6.4"},
		{"another title", func(u *pdf.Update, f *pdf.File, _ pdf.Dict) {
			u.Set(f.Trailer()["Info"].(pdf.Ref), pdf.Dict{"Title": pdf.TextString("other")})
		}, "6.6.3"},
		{"an operator of nobody's", content("q 1 0 0 1 0 0 cm Foo Q"), "6.2.2"},
		{"a picture that is not there", content("/Nothing Do"), "6.2.2"},
		{"states in each other", content(strings.Repeat("q ", 29) + strings.Repeat("Q ", 29)), "6.1.13"},
		{"inks in the content", content("0 0 0 1 k 0 0 9 9 re f"), "6.2.4.3"},
		{"an intent in the content", content("/Nice ri"), "6.2.6"},
		{"an inline picture in LZW", content("BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID x EI"), "6.1.10"},
		{"a code that means nothing", content("BT /F 10 Tf 3 Tr <fffe> Tj ET"), "6.2.11.7.2"},
		{"a long string in the content", content("BT (" + strings.Repeat("x", 32768) + ") Tj ET"), "6.1.13"},
		{"content that is in order", content("q % note (\n/Perceptual ri 1 0 0 rg [1 2] 0 d /P << /A (b\\)) >> DP n Q BI /W 1 /H 1 /BPC 8 /CS /G ID EIx EI n"), ""},
		{"a huge page", func(u *pdf.Update, f *pdf.File, _ pdf.Dict) {
			pages, _ := f.Pages()
			pages[0].Dict["MediaBox"] = pdf.Array{0, 0, 20000, 100}
			u.Set(pages[0].Ref, pages[0].Dict)
		}, "6.1.13"},
	} {
		b := changed(t, good, c.change)
		got, err := pdfa.Check(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Errorf("%s: Check = %v", c.name, err)
			continue
		}
		if c.want == "" && len(got) > 0 {
			t.Errorf("%s: Check = %v; want no breach", c.name, got)
		}
		if c.want != "" && !slices.ContainsFunc(got, func(b pdfa.Breach) bool { return b.Clause == c.want }) {
			t.Errorf("%s: Check = %v; want a breach of %s", c.name, got, c.want)
		}
	}
}

func TestCheckLooksAtTheBytes(t *testing.T) {
	work := t.TempDir()
	good := write(t, work, fixture(t, work, pictures[0], 0))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"another version":   {bytes.Replace(good, []byte("%PDF-1.7"), []byte("%PDF-2.0"), 1), "6.1.2"},
		"no binary mark":    {bytes.Replace(good, []byte("%\xe2\xe3\xcf\xd3"), []byte("%abcd"), 1), "6.1.2"},
		"no /ID":            {bytes.Replace(good, []byte("/ID"), []byte("/XX"), 1), "6.1.3"},
		"bytes at the end":  {append(bytes.Clone(good), "more"...), "6.1.4"},
		"a damaged profile": {bytes.Replace(good, []byte("/DestOutputProfile"), []byte("/DestOutputProfilX"), 1), "6.2.3"},
	} {
		got, err := pdfa.Check(bytes.NewReader(c.file), int64(len(c.file)))
		if err != nil || !slices.ContainsFunc(got, func(b pdfa.Breach) bool { return b.Clause == c.want }) {
			t.Errorf("%s: Check = %v, %v; want a breach of %s", name, got, err, c.want)
		}
	}
	if _, err := pdfa.Check(strings.NewReader("scan"), 4); !errors.Is(err, pdf.ErrNotPDF) {
		t.Errorf("no PDF: Check = %v; want ErrNotPDF", err)
	}
}

// codestream is the head of a JPEG 2000 codestream of one pixel.
func codestream(channels int) []byte {
	b := append([]byte{0xff, 0x4f, 0xff, 0x51, 0, byte(38 + 3*channels), 0, 0}, make([]byte, 32)...)
	b[11], b[15], b[27], b[31] = 1, 1, 1, 1
	b = append(b, 0, byte(channels))
	for range channels {
		b = append(b, 7, 1, 1)
	}
	return append(b, 0xff, 0xd9)
}

func TestCodestreamsGetBoxes(t *testing.T) {
	work := t.TempDir()
	for channels, allowed := range map[int]bool{1: true, 2: false, 3: true, 4: true} {
		raw := codestream(channels)
		page := record.Page{Width: 1, Height: 1, DPI: 1, Scan: record.Scan{File: put(t, work, "raw.j2k", raw), Filter: "JPXDecode", Width: 1, Height: 1}}
		var b bytes.Buffer
		err := pdfa.Write(&b, pdfa.Document{Pages: []record.Page{page}, Work: work})
		if !allowed {
			if record.ReasonOf(err) != record.Damaged {
				t.Errorf("%d channels: Write = %v; want damaged", channels, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%d channels: Write = %v", channels, err)
			continue
		}
		if got, err := pdfa.Check(bytes.NewReader(b.Bytes()), int64(b.Len())); err != nil || len(got) > 0 {
			t.Errorf("%d channels: Check = %v, %v; want no breach", channels, got, err)
		}
		if !bytes.Contains(b.Bytes(), append([]byte("jp2c"), raw...)) {
			t.Errorf("%d channels: the codestream is not there as it was", channels)
		}
	}
}
