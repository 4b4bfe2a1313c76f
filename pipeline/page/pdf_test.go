package page

import (
	"bytes"
	"image"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// stream is a stream object to be written.
type stream struct {
	dict pdf.Dict
	data []byte
}

// pdfPaper is one page for writePDF, 144 by 72 points if box is empty.
type pdfPaper struct {
	content string
	box     pdf.Array
	rotate  int
	images  map[pdf.Name]*stream // XObjects
	more    pdf.Dict             // further resources
	annots  []pdf.Dict
	unit    float64 // 0: not stated
}

// writePDF writes pages with a catalog that has the further entries root.
func writePDF(t *testing.T, root pdf.Dict, pages ...pdfPaper) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pdf.NewWriter(&b, "1.7")
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	object := func(v any) pdf.Ref {
		r := w.Alloc()
		if s, ok := v.(*stream); ok {
			must(w.WriteStream(r, s.dict, bytes.NewReader(s.data), int64(len(s.data))))
		} else {
			must(w.WriteObject(r, v))
		}
		return r
	}
	tree, kids := w.Alloc(), pdf.Array{}
	for _, p := range pages {
		resources := pdf.Dict{}
		for k, v := range p.more {
			resources[k] = v
		}
		images := pdf.Dict{}
		for name, s := range p.images {
			images[name] = object(s)
		}
		resources["XObject"] = images
		if p.box == nil {
			p.box = pdf.Array{0, 0, 144, 72}
		}
		page := pdf.Dict{
			"Type": pdf.Name("Page"), "Parent": tree, "MediaBox": p.box, "Rotate": p.rotate, "Resources": resources,
			"Contents": object(&stream{pdf.Dict{}, []byte(p.content)}),
		}
		annots := pdf.Array{}
		for _, a := range p.annots {
			if appearance, ok := a["AP"].(*stream); ok {
				a = maps.Clone(a)
				a["AP"] = pdf.Dict{"N": object(appearance)}
			}
			annots = append(annots, object(a))
		}
		if len(annots) > 0 {
			page["Annots"] = annots
		}
		if p.unit > 0 {
			page["UserUnit"] = p.unit
		}
		kids = append(kids, object(page))
	}
	must(w.WriteObject(tree, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": kids, "Count": len(kids)}))
	catalog := pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": tree}
	for k, v := range root {
		catalog[k] = v
	}
	must(w.Close(object(catalog), pdf.Ref{}, [2][]byte{}))
	return b.Bytes()
}

// picture is an image XObject; more are further entries.
func picture(width, height, bits int, space any, filter pdf.Name, data []byte, more pdf.Dict) *stream {
	d := pdf.Dict{
		"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Image"), "Width": width, "Height": height,
		"BitsPerComponent": bits, "ColorSpace": space,
	}
	if filter != "" {
		d["Filter"] = filter
	}
	for k, v := range more {
		d[k] = v
	}
	return &stream{d, data}
}

// scanned is a page that is one picture and nothing else.
func scanned(s *stream) pdfPaper {
	return pdfPaper{content: "q 144 0 0 72 0 0 cm /X Do Q", images: map[pdf.Name]*stream{"X": s}}
}

const gray, rgbSpace = pdf.Name("DeviceGray"), pdf.Name("DeviceRGB")

func TestPictureOfAPageIsUntouched(t *testing.T) {
	var (
		colour, grey, mono = ramp(288, 144), greyPainted(288, 144), bilevelPainted(288, 144)
		inverted           = bilevelPainted(288, 144)
		turned             = image.NewNRGBA(image.Rect(0, 0, 144, 288))
		photo, g4          = asJPEG(t, colour), asG4(t, mono, 0, 144)
		rows               = deflated(t, rgbBytes(colour))
		group4             = pdf.Dict{"DecodeParms": pdf.Dict{"K": -1, "Columns": 288, "Rows": 144}}
		icc                = make([]byte, 200)
	)
	inverted.Palette[0], inverted.Palette[1] = inverted.Palette[1], inverted.Palette[0]
	for y := range 144 {
		for x := range 288 {
			turned.Set(143-y, x, colour.At(x, y)) // a quarter clockwise
		}
	}
	icc[8] = 2
	copy(icc[12:], "mntrRGB XYZ ")
	copy(icc[36:], "acsp")
	withBlack := pdf.Dict{"DecodeParms": pdf.Dict{"K": -1, "Columns": 288, "BlackIs1": true}}
	ofOne := func(content string) pdfPaper {
		return pdfPaper{content: content, images: map[pdf.Name]*stream{"X": picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil)}}
	}
	sideways := scanned(picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil))
	sideways.rotate = 90
	stamped := scanned(picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil))
	stamped.annots = []pdf.Dict{{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "Rect": pdf.Array{0, 0, 50, 50}}}
	inForm := ofOne("/F Do")
	inForm.images["F"] = &stream{pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 1, 1}, "Matrix": pdf.Array{144, 0, 0, 72, 0, 0}}, []byte("/X Do")}
	for _, tt := range []struct {
		name    string
		page    pdfPaper
		stream  []byte
		picture image.Image // as a reader sees the page
		want    record.Scan
	}{
		{"JPEG", scanned(picture(288, 144, 8, rgbSpace, "DCTDecode", photo, nil)), photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"Group 4", scanned(picture(288, 144, 1, gray, "CCITTFaxDecode", g4, group4)), g4, mono, record.Scan{Filter: "CCITTFaxDecode", Space: "DeviceGray"}},
		{"Group 4, black is one", scanned(picture(288, 144, 1, gray, "CCITTFaxDecode", g4, withBlack)), g4, inverted, record.Scan{Filter: "CCITTFaxDecode", Space: "DeviceGray"}},
		{"rows of samples", scanned(picture(288, 144, 8, rgbSpace, "FlateDecode", rows, nil)), rows, colour, record.Scan{Filter: "FlateDecode", Space: "DeviceRGB"}},
		{"grey turned round", scanned(picture(288, 144, 8, gray, "FlateDecode", deflated(t, negative(grey.Pix)), pdf.Dict{"Decode": pdf.Array{1, 0}})), nil, grey, record.Scan{Filter: "FlateDecode", Space: "DeviceGray"}},
		{"samples without a filter", scanned(picture(288, 144, 8, gray, "", grey.Pix, nil)), nil, grey, record.Scan{Filter: "FlateDecode", Space: "DeviceGray"}},
		{"palette", scanned(picture(288, 144, 8, pdf.Array{pdf.Name("Indexed"), rgbSpace, 1, pdf.String("\xff\xff\xff\x00\x00\x00")}, "FlateDecode", deflated(t, mono.Pix), nil)), nil, mono, record.Scan{Filter: "FlateDecode", Space: "Indexed"}},
		{"page turned by a quarter", sideways, photo, turned, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB", Rotate: 90}},
		{"picture turned by a quarter", pdfPaper{content: "0 -144 72 0 0 144 cm /X Do", box: pdf.Array{0, 0, 72, 144}, images: ofOne("").images}, photo, turned, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB", Rotate: 90}},
		{"upside down, with the page upside down", pdfPaper{content: "-144 0 0 -72 144 72 cm /X Do", rotate: 180, images: ofOne("").images}, photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"a signature's stamp lies over it", stamped, photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"invisible recognised text over it", ofOne("q 144 0 0 72 0 0 cm /X Do Q BT 3 Tr /F1 10 Tf (QUYET DINH) Tj ET"), photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"text and paths hidden under it", ofOne("1 g 0 0 144 72 re f BT /F1 10 Tf (QUYET DINH) Tj ET q 144 0 0 72 0 0 cm /X Do Q"), photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"clipped to the page", ofOne("q 0 0 m 144 0 l 144 72 l 0 72 l h W n 144 0 0 72 0 0 cm /X Do Q"), photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
		{"mirrored", ofOne("q -144 0 0 72 144 0 cm /X Do Q"), photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB", Mirrored: true}},
		{"mirrored, upside down", ofOne("q 144 0 0 -72 0 72 cm /X Do Q"), photo, upsideDown(colour), record.Scan{Filter: "DCTDecode", Space: "DeviceRGB", Rotate: 180, Mirrored: true}},
		{"inside a form XObject", inForm, photo, colour, record.Scan{Filter: "DCTDecode", Space: "DeviceRGB"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, work := onlyScan(t, writePDF(t, nil, tt.page))
			if s.Filter != tt.want.Filter || s.Space != tt.want.Space || s.Rotate != tt.want.Rotate || s.Mirrored != tt.want.Mirrored || s.Source != "image" {
				t.Errorf("Split = %s, %s, turned %d, %s; want %s, %s, turned %d, image", s.Filter, s.Space, s.Rotate, s.Source, tt.want.Filter, tt.want.Space, tt.want.Rotate)
			}
			if math.Abs(s.DPIX-144) > 0.1 || math.Abs(s.DPIY-144) > 0.1 {
				t.Errorf("Split = %v x %v dpi, want 144", s.DPIX, s.DPIY)
			}
			if got, _ := os.ReadFile(filepath.Join(work, s.File)); tt.stream != nil && !bytes.Equal(got, tt.stream) {
				t.Errorf("the stream of %d bytes became %d others", len(tt.stream), len(got))
			}
			seen, err := x.Turned(s.Rotate)
			if err != nil {
				t.Fatal(err)
			}
			samePixels(t, seen, tt.picture, 12)
		})
	}
}

// upsideDown is a picture turned by half.
func upsideDown(m image.Image) image.Image {
	b := m.Bounds()
	out := image.NewNRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, b.Dy()-1-y, m.At(x, y))
		}
	}
	return out
}

func negative(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = 255 - v
	}
	return out
}

func TestNotesAreNamedAsLost(t *testing.T) {
	p := scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil))
	p.annots = []pdf.Dict{
		{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("FreeText"), "Rect": pdf.Array{0, 0, 50, 50}},
		{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Link"), "Rect": pdf.Array{0, 0, 50, 50}},
	}
	d, _, err := splitBytes(t, writePDF(t, nil, p), Limits{})
	if err != nil || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "1 annotations") {
		t.Errorf("Split = warnings %q, %v; want one about one annotation", d.Warnings, err)
	}
}

func TestSignedIsSeen(t *testing.T) {
	field := func(kind, value any) pdf.Dict {
		return pdf.Dict{"AcroForm": pdf.Dict{"Fields": pdf.Array{pdf.Dict{"T": pdf.String("parent"), "FT": kind, "Kids": pdf.Array{pdf.Dict{"V": value}}}}}}
	}
	signature := pdf.Dict{"Type": pdf.Name("Sig"), "Contents": pdf.String("0")}
	for _, tt := range []struct {
		name string
		root pdf.Dict
		want bool
	}{
		{"no form", nil, false},
		{"signed", field(pdf.Name("Sig"), signature), true},
		{"a signature field without value", field(pdf.Name("Sig"), nil), false},
		{"a text field", field(pdf.Name("Tx"), pdf.String("0")), false},
		{"certified", pdf.Dict{"Perms": pdf.Dict{"DocMDP": signature}}, true},
	} {
		d, _, err := splitBytes(t, writePDF(t, tt.root, scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil))), Limits{})
		if err != nil || d.Signed != tt.want {
			t.Errorf("%s: Split = signed %v, %v; want %v", tt.name, d.Signed, err, tt.want)
		}
	}
}

func TestPDFRefusals(t *testing.T) {
	good := writePDF(t, nil, scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil)), scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil)))
	at := bytes.LastIndex(good, []byte("startxref"))
	for _, tt := range []struct {
		name   string
		file   []byte
		limits Limits
		want   record.Reason
	}{
		{"encrypted", bytes.Replace(good, []byte("trailer\n<<"), []byte("trailer\n<</Encrypt<</Filter/Standard>>"), 1), Limits{}, record.Encrypted},
		{"no pages", writePDF(t, nil), Limits{}, record.NoPages},
		{"half", good[:len(good)/2], Limits{}, record.Truncated},
		{"without its last lines", good[:at], Limits{}, record.Truncated},
		{"more pages than allowed", good, Limits{Pages: 1}, record.TooManyPages},
		{"more pixels than allowed", good, Limits{PixelsPerPage: 16}, record.TooManyPixels},
		{"two pages promised, none there", bytes.ReplaceAll(good, []byte("/Kids"), []byte("/Dogs")), Limits{}, record.Damaged},
	} {
		d, _, err := splitBytes(t, tt.file, tt.limits)
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %d pages, %v, reason %q; want %q", tt.name, len(d.Pages), err, got, tt.want)
		}
	}
}

func TestDamagedPDFIsReadWithAWarning(t *testing.T) {
	good := writePDF(t, nil, scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil)))
	at := bytes.Index(good, []byte("1 0 obj"))
	bad := slices.Concat(good[:at], []byte("% moved\n"), good[at:])
	d, _, err := splitBytes(t, bad, Limits{})
	if err != nil || len(d.Pages) != 1 || len(d.Warnings) != 1 || d.Pages[0].Source != "image" {
		t.Errorf("Split = %d pages, warnings %q, %v; want the one picture and one warning", len(d.Pages), d.Warnings, err)
	}
}

// A file that ends within its second revision is the first one, and that is said.
func TestAChangeThatIsCutOffIsSaid(t *testing.T) {
	good := writePDF(t, nil, scanned(picture(8, 4, 8, gray, "", make([]byte, 32), nil)))
	for _, tt := range []struct {
		name, more string
		warnings   int
	}{
		{"nothing", "", 0},
		{"padding", strings.Repeat("\x00", 500), 0},
		{"a line of a mail", "\r\n--boundary--\r\n", 0},
		{"half of a change", "3 0 obj\n<</Type /Page /Parent 2 0 R", 1},
	} {
		d, _, err := splitBytes(t, append(bytes.Clone(good), tt.more...), Limits{})
		if err != nil || len(d.Pages) != 1 || len(d.Warnings) != tt.warnings {
			t.Errorf("%s: Split = %d pages, warnings %q, %v; want 1 page and %d warnings", tt.name, len(d.Pages), d.Warnings, err, tt.warnings)
		}
	}
}

// What is filled into a form is drawn with the page; notes and the mark of a
// signature are not.
func TestFilledInFieldsAreDrawn(t *testing.T) {
	appearance := func(ap *stream, kind pdf.Name, value any) pdf.Dict {
		return pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": kind, "T": pdf.String("f"), "V": value, "F": 4,
			"Rect": pdf.Array{72, 0, 144, 72}, "AP": ap}
	}
	black := &stream{pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 72, 72}}, []byte("0 g 0 0 72 72 re f")}
	for _, tt := range []struct {
		name  string
		field pdf.Dict
		dark  bool
	}{
		{"filled in", appearance(black, "Tx", pdf.String("Nguyen Van A")), true},
		{"chosen", appearance(black, "Ch", pdf.String("one")), true},
		{"empty", appearance(black, "Tx", pdf.String("")), false},
		{"note", pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Stamp"), "F": 4, "Rect": pdf.Array{72, 0, 144, 72}, "AP": black}, false},
		{"mark of a signature", appearance(black, "Sig", pdf.Dict{"Type": pdf.Name("Sig")}), false},
	} {
		file := writePDF(t, pdf.Dict{"AcroForm": pdf.Dict{"Fields": pdf.Array{}}}, pdfPaper{content: "0 0 10 10 re f", annots: []pdf.Dict{tt.field}})
		s, x, _ := onlyScan(t, file)
		data, colors, bits := x.Samples()
		at := (s.Height/2*s.Width + 3*s.Width/4) * colors
		dark := bits == 8 && data[at] < 50
		if bits == 1 {
			at = s.Height/2*((s.Width+7)/8) + 3*s.Width/4/8
			dark = data[at] != 0
		}
		if dark != tt.dark {
			t.Errorf("%s: drawn %v, want %v", tt.name, dark, tt.dark)
		}
	}
}
