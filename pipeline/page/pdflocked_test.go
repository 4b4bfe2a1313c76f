package page

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/pdf/locktest"
	"github.com/sohoa/sohoa/record"
)

// locked makes a file say that it is encrypted, with crypt filters that change
// nothing (ISO 32000-1, 7.6.5): it opens without a password.
func locked(b []byte) []byte {
	dictionary := "trailer\n<</Encrypt<</Filter/Standard/V 4/R 4/Length 128/P -4/O<" + strings.Repeat("5a", 32) + ">/U<" + strings.Repeat("a5", 32) +
		">/CF<<>>/StmF/Identity/StrF/Identity>>"
	return bytes.Replace(b, []byte("trailer\n<<"), []byte(dictionary), 1)
}

func TestLockedPDFsThatAnybodyMayRead(t *testing.T) {
	scan := scanned(picture(300, 150, 8, gray, "", bytes.Repeat([]byte{200, 10, 120}, 15000), nil))
	text := typed(t, "BT /F1 10 Tf 10 50 Td (QUYET DINH so 12 ve viec) Tj 0 -14 Td (bo nhiem can bo) Tj ET", nil)
	good := writePDF(t, pdf.Dict{"AcroForm": pdf.Dict{"Fields": pdf.Array{pdf.Dict{"FT": pdf.Name("Sig"), "V": pdf.Dict{"Contents": pdf.String("0")}}}}}, text, scan)
	d, work, err := splitBytes(t, locked(good), Limits{})
	if err != nil || len(d.Pages) != 2 || !d.Signed || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "encrypted") {
		t.Fatalf("Split = %d pages, signed %v, warnings %q, %v; want both pages and one warning", len(d.Pages), d.Signed, d.Warnings, err)
	}
	if s := d.Pages[0].Scan; s.Source != "text" || len(s.Text) != 2 {
		t.Errorf("the page of text is %s with the lines %v", s.Source, s.Text)
	}
	s := d.Pages[1].Scan
	if s.Source != "rendered" || s.Width != 300 || s.Height != 150 || s.DPIX != 150 {
		t.Errorf("the scan is %s, %d x %d at %v dpi; want drawn with its own 300 x 150 at 150", s.Source, s.Width, s.Height, s.DPIX)
	}
	x, err := Decode(work, s)
	if err != nil {
		t.Fatal(err)
	}
	x.Free()
}

// What only guards against changes keeps nobody from the scan's own stream.
func TestPicturesOfLockedPDFsAreUntouched(t *testing.T) {
	photo := asJPEG(t, ramp(288, 144))
	for name, l := range locktest.Kinds() {
		const page, key = 3, 9
		s := picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil)
		file := locktest.Append(nil, l, key, map[int]any{
			1: pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": pdf.Ref{Num: 2}},
			2: pdf.Dict{"Type": pdf.Name("Pages"), "Count": 1, "Kids": pdf.Array{pdf.Ref{Num: page}}},
			page: pdf.Dict{"Type": pdf.Name("Page"), "Parent": pdf.Ref{Num: 2}, "MediaBox": pdf.Array{0, 0, 144, 72}, "Contents": pdf.Ref{Num: 4},
				"Resources": pdf.Dict{"XObject": pdf.Dict{"X": pdf.Ref{Num: 5}}}},
			4:   locktest.Stream{Dict: pdf.Dict{}, Data: []byte("q 144 0 0 72 0 0 cm /X Do Q")},
			5:   locktest.Stream{Dict: s.dict, Data: s.data},
			key: l.Dict(),
		}, pdf.Dict{"Root": pdf.Ref{Num: 1}, "Encrypt": pdf.Ref{Num: key}})
		d, work, err := splitBytes(t, file, Limits{})
		if err != nil || len(d.Pages) != 1 || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "encrypted") {
			t.Errorf("%s: Split = %d pages, warnings %q, %v; want one page and one warning", name, len(d.Pages), d.Warnings, err)
			continue
		}
		if got, _ := os.ReadFile(filepath.Join(work, d.Pages[0].Scan.File)); !bytes.Equal(got, photo) {
			t.Errorf("%s: the stream of %d bytes became %d others", name, len(photo), len(got))
		}
	}
}

func TestModesForExistingText(t *testing.T) {
	text := typed(t, "BT /F1 10 Tf 10 50 Td (QUYET DINH so 12 ve viec) Tj 0 -14 Td (bo nhiem can bo) Tj ET", nil)
	scan := scanned(picture(300, 150, 8, gray, "", bytes.Repeat([]byte{200, 10, 120}, 15000), nil))
	scan.content += " BT 3 Tr /F1 10 Tf 10 50 Td (an earlier reading) Tj ET"
	scan.more = text.more
	file := writePDF(t, nil, text, scan)
	for _, tt := range []struct {
		mode record.TextMode
		want [2]string
	}{
		{"", [2]string{"text", "image"}},
		{record.SkipText, [2]string{"text", "image"}},
		{record.RedoText, [2]string{"rendered", "image"}},
		{record.ForceText, [2]string{"rendered", "rendered"}},
	} {
		d, _, err := splitText(t, file, tt.mode, Limits{})
		if err != nil || len(d.Pages) != 2 {
			t.Fatalf("%q: Split = %d pages, %v", tt.mode, len(d.Pages), err)
		}
		for i, want := range tt.want {
			if s := d.Pages[i].Scan; s.Source != want || (len(s.Text) > 0) != (want == "text") {
				t.Errorf("%q: page %d is %s with %d lines; want %s", tt.mode, i+1, s.Source, len(s.Text), want)
			}
		}
	}
}
