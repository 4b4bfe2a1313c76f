package pdfa_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

func write(t *testing.T, work string, pages ...record.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	d := pdfa.Document{
		Title: "Quyết định số 12/QĐ-UBND", Pages: pages, Work: work,
		Source: record.DigestOf([]byte("scan")), Producer: "Sohoa test",
	}
	if err := pdfa.Write(&b, d); err != nil {
		t.Fatalf("Write = %v", err)
	}
	return b.Bytes()
}

func TestWritePassesPicturesThrough(t *testing.T) {
	for _, p := range pictures {
		for _, rotate := range []int{0, 90, 180, 270} {
			work := t.TempDir()
			page := fixture(t, work, p, rotate)
			b := write(t, work, page)
			breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b)))
			if err != nil || len(breaches) > 0 {
				t.Errorf("%s turned %d: Check = %v, %v; want no breach", p.name, rotate, breaches, err)
			}
			if !bytes.Equal(b, write(t, work, page)) {
				t.Errorf("%s turned %d: other bytes the second time", p.name, rotate)
			}
			f, pages := open(t, b)
			want, err := os.ReadFile(filepath.Join(work, page.Scan.File))
			if err != nil {
				t.Fatal(err)
			}
			image := f.Stream(f.Dict(pages[0].Resources["XObject"])["Im"])
			if got, err := io.ReadAll(f.RawStream(image)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s turned %d: %d bytes of picture, %v; want the %d of the scan", p.name, rotate, len(got), err, len(want))
			}
			if pages[0].Rotate != rotate {
				t.Errorf("%s: /Rotate %d; want %d", p.name, pages[0].Rotate, rotate)
			}
		}
	}
}

func TestMirroredPicturesAreShownUpright(t *testing.T) {
	work := t.TempDir()
	page := fixture(t, work, pictures[0], 0)
	page.Scan.Mirrored = true
	b := write(t, work, page)
	f, pages := open(t, b)
	content, err := f.Decoded(f.Stream(pages[0].Dict["Contents"]))
	if err != nil || !bytes.HasPrefix(content, []byte("q -403.2 0 0 288 403.2 0 cm /Im Do Q")) {
		t.Errorf("content %.60q, %v; want the picture from right to left", content, err)
	}
	if breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(breaches) > 0 {
		t.Errorf("Check = %v, %v; want no breach", breaches, err)
	}
}

// askew is the fixture's page with text that runs down to the right.
func askew(t *testing.T, work string, rotate int, slope float64) record.Page {
	p := fixture(t, work, pictures[0], rotate)
	p.Lines = nil
	for _, l := range lines {
		l.Baseline.Slope = slope
		l.Box[0] -= 20 // the line reaches further than its words
		p.Lines = append(p.Lines, l)
	}
	return p
}

// Words are level: the middle of each lies on its baseline, or that of the whole line
// where it hardly slopes.
func TestWordsLieInTheirBoxes(t *testing.T) {
	for _, rotate := range []int{0, 90, 180, 270} {
		for name, slope := range map[string]float64{"straight": 0, "hardly askew": 0.002, "askew": 0.05} {
			work := t.TempDir()
			page := askew(t, work, rotate, slope)
			f, pages := open(t, write(t, work, page))
			got := layer(t, f, pages[0])
			const unit = 72.0 / 100 // of a pixel at 100 dpi
			for _, l := range page.Lines {
				for _, w := range l.Words {
					s := got[0]
					got = got[1:]
					from, to := w.Box[0], w.Box[2]
					if slope < 0.01 {
						from, to = l.Words[0].Box[0], l.Words[len(l.Words)-1].Box[2]
					}
					y := float64(l.Box[3]) + l.Baseline.Offset + slope*(float64(from+to)/2-float64(l.Box[0]))
					base := func(x int) [2]float64 { return [2]float64{float64(x) * unit, y * unit} }
					if size := l.Size * unit * 0.8; s.text != w.Text || s.mode != "3" || math.Abs(s.size-size) > 0.001 {
						t.Errorf("%s, turned %d: %+v; want %q, invisible, of size %g", name, rotate, s, w.Text, size)
					}
					left, right := upright(pages[0], s.from), upright(pages[0], s.to)
					if !near(left, base(w.Box[0]), 0.03) || !near(right, base(w.Box[2]), s.size*0.1) {
						t.Errorf("%s, turned %d: %q runs from %v to %v; want %v to %v", name, rotate, s.text, left, right, base(w.Box[0]), base(w.Box[2]))
					}
				}
			}
			if len(got) > 0 {
				t.Errorf("%s, turned %d: %d words too many", name, rotate, len(got))
			}
		}
	}
}

func TestPageSizes(t *testing.T) {
	for _, c := range []struct {
		name         string
		width, dpi   int
		dpiX, dpiY   float64
		from         string
		box          [4]float64
		unit         float64
		heightPixels int
	}{
		{name: "A4 at 300", width: 2480, heightPixels: 3508, dpi: 300, from: "paper", box: [4]float64{0, 0, 595.2, 841.92}, unit: 1},
		{name: "fax", width: 1728, heightPixels: 1146, dpi: 204, dpiX: 204, dpiY: 98, from: "file", box: [4]float64{0, 0, 609.88235, 841.95918}, unit: 1},
		{name: "the file states nonsense", width: 2480, heightPixels: 3508, dpi: 300, dpiX: 72, dpiY: 72, from: "paper", box: [4]float64{0, 0, 595.2, 841.92}, unit: 1},
		{name: "a map at 72", width: 30000, heightPixels: 20000, dpi: 72, from: "paper", box: [4]float64{0, 0, 10000, 6666.66667}, unit: 3},
		{name: "one pixel", width: 1, heightPixels: 1, dpi: 300, from: "paper", box: [4]float64{0, 0, 3, 3}, unit: 1},
		{name: "no resolution", width: 300, heightPixels: 600, from: "paper", box: [4]float64{0, 0, 72, 144}, unit: 1},
	} {
		work := t.TempDir()
		s := record.Scan{File: put(t, work, "x", []byte("x")), Filter: "DCTDecode", Width: c.width, Height: c.heightPixels, Bits: 8,
			Space: "DeviceGray", DPIX: c.dpiX, DPIY: c.dpiY}
		b := write(t, work, record.Page{Width: c.width, Height: c.heightPixels, DPI: float64(c.dpi), DPIFrom: c.from, Scan: s})
		_, pages := open(t, b)
		if got := pages[0]; got.MediaBox != c.box || got.UserUnit != c.unit {
			t.Errorf("%s: MediaBox %v, UserUnit %g; want %v, %g", c.name, got.MediaBox, got.UserUnit, c.box, c.unit)
		}
	}
}

func TestManyPagesKeepTheirOrder(t *testing.T) {
	work := t.TempDir()
	var all []record.Page
	for i := range 200 {
		p := fixture(t, work, pictures[0], 0)
		p.Lines = []record.Line{line(64, 32, fmt.Sprint("trang-", i), 64, 192)}
		all = append(all, p)
	}
	all[7].Lines = nil
	b := write(t, work, all...)
	if breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(breaches) > 0 {
		t.Errorf("Check = %v, %v; want no breach", breaches, err)
	}
	f, pages := open(t, b)
	if len(pages) != len(all) {
		t.Fatalf("%d pages; want %d", len(pages), len(all))
	}
	for i, p := range pages {
		got := layer(t, f, p)
		if i == 7 {
			if len(got) > 0 || p.Resources["Font"] != nil {
				t.Errorf("page without lines has text %v", got)
			}
		} else if len(got) != 1 || got[0].text != fmt.Sprint("trang-", i) {
			t.Errorf("page %d reads %v; want trang-%[1]d", i, got)
		}
	}
}

func TestOddCharacters(t *testing.T) {
	work := t.TempDir()
	p := fixture(t, work, pictures[0], 0)
	p.Lines = []record.Line{
		line(64, 32, "a\x00\ufeff\ufffe\uffff\x85b", 64, 128, "\x01", 130, 140, "𝒳", 144, 160, "ﬁ", 161, 162, "x", 150, 170, "y", 180, 180),
		{Box: record.Box{0, 0, 10, 10}},
	}
	b := write(t, work, p)
	if breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(breaches) > 0 {
		t.Errorf("Check = %v, %v; want no breach", breaches, err)
	}
	f, pages := open(t, b)
	var words []string
	for _, s := range layer(t, f, pages[0]) {
		words = append(words, s.text)
	}
	if got, want := strings.Join(words, " "), "ab 𝒳 ﬁ x y"; got != want {
		t.Errorf("text = %q; want %q", got, want)
	}
}

// From a tenth of an em on, poppler and pdf.js take a gap between letters for a space.
func TestLettersStayTogether(t *testing.T) {
	work := t.TempDir()
	p := fixture(t, work, pictures[0], 0)
	for wide := 20; wide < 200; wide += 3 { // of letters 32 pixels high
		p.Lines = append(p.Lines, line(64+wide*3, 32, "SỞ", 100, 100+wide, "nghĩa", 320, 390, "quyền", 400, 470, "nhân", 480, 540))
	}
	f, pages := open(t, write(t, work, p))
	for _, s := range layer(t, f, pages[0]) {
		if s.gap > 0.1*s.size {
			t.Errorf("%q has a gap of %.3f ems", s.text, s.gap/s.size)
		}
	}
}

func TestOverlappingWordsArePartedByASpace(t *testing.T) {
	work := t.TempDir()
	p := fixture(t, work, pictures[0], 0)
	p.Lines = []record.Line{line(64, 32, "lập", 100, 200, "-", 180, 202, "Tự", 150, 160, "do", 400, 400)}
	f, pages := open(t, write(t, work, p))
	var got []float64 // left and right of each word in pixels
	for _, s := range layer(t, f, pages[0]) {
		got = append(got, math.Round(s.from[0]*100/72), math.Round(s.to[0]*100/72))
	}
	if want := []float64{100, 188, 192, 196, 199, 200, 400, 401}; !slices.Equal(got, want) {
		t.Errorf("words lie at %v; want %v", got, want)
	}
}

func TestProfilesOfScans(t *testing.T) {
	work := t.TempDir()
	first := write(t, work, fixture(t, work, pictures[0], 0))
	f, _ := open(t, first)
	root, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	intent := f.Dict(f.Array(root["OutputIntents"])[0])
	rgb, err := f.Decoded(f.Stream(intent["DestOutputProfile"]))
	if err != nil {
		t.Fatal(err)
	}
	put(t, work, "rgb.icc", rgb)
	put(t, work, "broken.icc", rgb[:100])
	scan := func(p picture, icc string) record.Page {
		page := fixture(t, work, p, 0)
		page.Scan.ICC = icc
		return page
	}
	colour, palette, inks := pictures[1], pictures[4], pictures[7]
	b := write(t, work, scan(colour, "rgb.icc"), scan(palette, "rgb.icc"), scan(colour, "broken.icc"), scan(pictures[0], "rgb.icc"),
		scan(inks, ""), scan(inks, "rgb.icc"))
	if breaches, err := pdfa.Check(bytes.NewReader(b), int64(len(b))); err != nil || len(breaches) > 0 {
		t.Errorf("Check = %v, %v; want no breach", breaches, err)
	}
	f, pages := open(t, b)
	var spaces []string
	streams := map[any]bool{}
	for _, p := range pages {
		space := f.Resolve(f.Stream(f.Dict(p.Resources["XObject"])["Im"]).Dict["ColorSpace"])
		name := ""
		for a, ok := space.(pdf.Array); ok; a, ok = space.(pdf.Array) {
			name += string(f.Name(a[0])) + " "
			if f.Name(a[0]) == "ICCBased" {
				streams[a[1]] = true
			}
			space = a[1]
		}
		spaces = append(spaces, name+string(f.Name(space)))
	}
	want := []string{"ICCBased ", "Indexed ICCBased ", "DeviceRGB", "DeviceGray", "ICCBased ", "ICCBased "}
	if !slices.Equal(spaces, want) {
		t.Errorf("colour spaces are %q; want %q", spaces, want)
	}
	if len(streams) != 2 {
		t.Errorf("%d profiles; want each of 2 once", len(streams))
	}
}

// TestSigningFindsWhatItNeeds holds the contract with the room that signs.
func TestSigningFindsWhatItNeeds(t *testing.T) {
	work := t.TempDir()
	b := write(t, work, fixture(t, work, pictures[0], 90))
	f, pages := open(t, b)
	root, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	if f.Version() != "1.7" || len(f.Revisions()) != 1 || f.Revisions()[0].XRefStream || f.Revisions()[0].Hybrid {
		t.Errorf("version %s, revisions %+v; want 1.7 and one table", f.Version(), f.Revisions())
	}
	for _, key := range []pdf.Name{"AcroForm", "Version", "Perms", "Names"} {
		if root[key] != nil {
			t.Errorf("the catalog has /%s", key)
		}
	}
	for _, d := range []pdf.Dict{root, pages[0].Dict} {
		var text bytes.Buffer
		pdf.WriteObject(&text, d)
		if strings.ContainsAny(text.String(), "\\#") {
			t.Errorf("%s has escapes", &text)
		}
	}
	if _, ok := pages[0].Dict["Resources"].(pdf.Dict); !ok || pages[0].Dict["Annots"] != nil {
		t.Errorf("page %v; want direct /Resources and no /Annots", pages[0].Dict)
	}
	packet, err := f.Decoded(f.Stream(root["Metadata"]))
	if err != nil {
		t.Fatal(err)
	}
	x, err := pdf.ParseXMP(packet)
	if err != nil || x.Title != "Quyết định số 12/QĐ-UBND" || x.Language != "vi" || x.Properties[0].Value != string(record.DigestOf([]byte("scan"))) {
		t.Errorf("XMP = %+v, %v; want title, language and the source's digest", x, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	work := t.TempDir()
	good := fixture(t, work, pictures[0], 0)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(work, "link")); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(p *record.Page){
		"no file":           func(p *record.Page) { p.Scan.File = "missing" },
		"no name":           func(p *record.Page) { p.Scan.File = "" },
		"a name above":      func(p *record.Page) { p.Scan.File = "../" + filepath.Base(outside) },
		"a link out":        func(p *record.Page) { p.Scan.File = "link" },
		"unknown filter":    func(p *record.Page) { p.Scan.Filter = "JBIG2Decode" },
		"unknown colours":   func(p *record.Page) { p.Scan.Space = "Lab" },
		"no palette":        func(p *record.Page) { p.Scan.Space = "Indexed" },
		"an oblique turn":   func(p *record.Page) { p.Rotate = 45 },
		"another size":      func(p *record.Page) { p.Width++ },
		"no pixels":         func(p *record.Page) { p.Scan.Width = 0 },
		"a bare codestream": func(p *record.Page) { p.Scan.Filter = "JPXDecode" },
	} {
		p := good
		spoil(&p)
		if err := pdfa.Write(io.Discard, pdfa.Document{Pages: []record.Page{p}, Work: work}); err == nil {
			t.Errorf("%s: Write = nil; want an error", name)
		}
	}
	if err := pdfa.Write(io.Discard, pdfa.Document{Work: work}); !errors.Is(err, pdfa.ErrNoPages) {
		t.Errorf("no pages: Write = %v; want ErrNoPages", err)
	}
	if err := pdfa.Write(full{}, pdfa.Document{Pages: []record.Page{good}, Work: work}); !errors.Is(err, errFull) {
		t.Errorf("disk full: Write = %v; want its error", err)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }
