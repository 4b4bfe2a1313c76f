package signing

import (
	"bytes"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// revise appends a revision that edit makes.
func revise(t *testing.T, in []byte, edit func(f *pdf.File, u *pdf.Update, catalog pdf.Dict, page pdf.PageRef)) []byte {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(in), int64(len(in)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	u, err := pdf.NewUpdate(f)
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	edit(f, u, catalog, pages[0])
	out := bytes.NewBuffer(slices.Clone(in))
	if _, err := u.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func setCatalog(key pdf.Name, value any) func(*pdf.File, *pdf.Update, pdf.Dict, pdf.PageRef) {
	return func(f *pdf.File, u *pdf.Update, catalog pdf.Dict, _ pdf.PageRef) {
		catalog[key] = value
		u.Set(f.Trailer()["Root"].(pdf.Ref), catalog)
	}
}

func setPage(key pdf.Name, value func(*pdf.Update, pdf.Dict) any) func(*pdf.File, *pdf.Update, pdf.Dict, pdf.PageRef) {
	return func(_ *pdf.File, u *pdf.Update, _ pdf.Dict, page pdf.PageRef) {
		page.Dict[key] = value(u, page.Dict)
		u.Set(page.Ref, page.Dict)
	}
}

// A hole is a file of zeros.
type hole int64

func (h hole) Size() int64 { return int64(h) }

func (h hole) ReadAt(p []byte, _ int64) (int, error) { clear(p); return len(p), nil }

func TestTooLargeToSign(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	for size, want := range map[hole]record.Reason{MaxBytes: record.NotOurs, MaxBytes + 1: record.TooLargeToSign} {
		if _, err := Seal(t.Context(), size, d.key, now()); record.ReasonOf(err) != want {
			t.Errorf("a file of %d bytes: Seal = %v; want %s", size, err, want)
		}
	}
}

// What is too large for the engine is sealed by our own writer, by every key.
func TestLargeFilesAreSealed(t *testing.T) {
	for _, kind := range []devpki.KeyKind{devpki.RSA2048, devpki.ECDSAP256} {
		d := newDesk(t, kind)
		large := revise(t, archival(t, 1, 90), func(_ *pdf.File, u *pdf.Update, _ pdf.Dict, _ pdf.PageRef) {
			u.AddStream(pdf.Dict{}, make([]byte, engineBytes))
		})
		r := now()
		r.PSS = kind == devpki.RSA2048
		file, err := seal(t.Context(), large, d.key, r)
		if err != nil {
			t.Fatalf("%s: Seal = %v", kind, err)
		}
		if again, err := seal(t.Context(), large, d.key, r); err != nil || !r.PSS && !bytes.Equal(again, file) {
			t.Errorf("%s: the same request gives other bytes, or %v", kind, err)
		}
		if file, err = seal(t.Context(), file, d.key, now()); err != nil {
			t.Fatalf("%s: a second Seal = %v", kind, err)
		}
		out, level, err := raise(t.Context(), file, record.BLTA, d.options())
		if err != nil || level != record.BLTA {
			t.Errorf("%s: Raise = %s, %v; want B-LTA", kind, level, err)
		}
		keep(t, "large-"+string(kind)[:3]+"-B-LTA.pdf", out, d)
	}
}

func TestOnlyOurFilesAreSealed(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	good := archival(t, 2, 0)
	sealed, err := seal(t.Context(), good, d.key, now())
	if err != nil {
		t.Fatal(err)
	}
	textField := pdf.Dict{"FT": pdf.Name("Tx"), "T": pdf.String("a")}
	for _, c := range []struct {
		what string
		in   []byte
		want record.Reason
	}{
		{"ours", good, ""},
		{"ours with a revision that changes nothing that matters", revise(t, good, setCatalog("PageMode", pdf.Name("UseNone"))), ""},
		{"sealed by us", sealed, ""},
		{"empty", nil, record.NotOurs},
		{"no PDF", []byte("GIF89a"), record.NotOurs},
		{"header 1.4", bytes.Replace(good, []byte("%PDF-1.7"), []byte("%PDF-1.4"), 1), record.NotOurs},
		{"bytes before the header", append([]byte("\n"), good...), record.NotOurs},
		{"bytes after the end", append(slices.Clone(good), "more"...), record.NotOurs},
		{"encrypted", revise(t, good, func(_ *pdf.File, u *pdf.Update, _ pdf.Dict, _ pdf.PageRef) {
			u.Trailer["Encrypt"] = u.Add(pdf.Dict{"Filter": pdf.Name("Standard")})
		}), record.NotOurs},
		{"hybrid", revise(t, good, func(_ *pdf.File, u *pdf.Update, _ pdf.Dict, _ pdf.PageRef) { u.Trailer["XRefStm"] = 15 }), record.NotOurs},
		{"catalog with /Perms", revise(t, good, setCatalog("Perms", pdf.Dict{})), record.NotOurs},
		{"catalog with /Version", revise(t, good, setCatalog("Version", pdf.Name("1.7"))), record.NotOurs},
		{"catalog with an action", revise(t, good, setCatalog("OpenAction", pdf.Dict{})), record.NotOurs},
		{"catalog with a string to escape", revise(t, good, setCatalog("Lang", pdf.String("v(i"))), record.NotOurs},
		{"catalog with a name to escape", revise(t, good, setCatalog("PageMode", pdf.Name("Use None"))), record.NotOurs},
		{"form with a text field", revise(t, good, func(f *pdf.File, u *pdf.Update, catalog pdf.Dict, p pdf.PageRef) {
			setCatalog("AcroForm", pdf.Dict{"Fields": pdf.Array{u.Add(textField)}})(f, u, catalog, p)
		}), record.NotOurs},
		{"form with an empty signature field", revise(t, good, func(f *pdf.File, u *pdf.Update, catalog pdf.Dict, p pdf.PageRef) {
			setCatalog("AcroForm", pdf.Dict{"Fields": pdf.Array{u.Add(pdf.Dict{"FT": pdf.Name("Sig")})}})(f, u, catalog, p)
		}), record.NotOurs},
		{"form with resources", revise(t, good, setCatalog("AcroForm", pdf.Dict{"Fields": pdf.Array{}, "DR": pdf.Dict{}})), record.NotOurs},
		{"page with indirect resources", revise(t, good, setPage("Resources", func(u *pdf.Update, p pdf.Dict) any { return u.Add(p["Resources"]) })), record.NotOurs},
		{"page with metadata", revise(t, good, setPage("Metadata", func(u *pdf.Update, _ pdf.Dict) any { return u.AddStream(pdf.Dict{}, nil) })), record.NotOurs},
		{"page with a direct annotation", revise(t, good, setPage("Annots", func(*pdf.Update, pdf.Dict) any { return pdf.Array{pdf.Dict{}} })), record.NotOurs},
		{"page with indirect annotations", revise(t, good, setPage("Annots", func(u *pdf.Update, _ pdf.Dict) any { return u.Add(pdf.Array{}) })), record.NotOurs},
		{"text of a placeholder", revise(t, good, func(_ *pdf.File, u *pdf.Update, _ pdf.Dict, _ pdf.PageRef) {
			u.AddStream(pdf.Dict{}, append([]byte("/Contents<"), bytes.Repeat([]byte("0"), 2*valueBytes)...))
		}), record.NotOurs},
		{"text of a byte range", revise(t, good, setPage("Contents", func(u *pdf.Update, _ pdf.Dict) any {
			return u.AddStream(pdf.Dict{}, []byte("/ByteRange[0 ********** ********** **********]"))
		})), record.NotOurs},
		{"sealed, then the page replaced", revise(t, sealed, setPage("Contents", func(u *pdf.Update, _ pdf.Dict) any { return u.AddStream(pdf.Dict{}, []byte("q Q")) })), record.NotOurs},
		{"sealed, then one signed byte changed", bytes.Replace(sealed, []byte("DisplayDocTitle true"), []byte("DisplayDocTitle null"), 1), record.NotOurs},
		{"sealed, then the language changed", revise(t, sealed, setCatalog("Lang", pdf.String("en"))), record.NotOurs},
		{"sealed, then the picture replaced", revise(t, sealed, func(f *pdf.File, u *pdf.Update, _ pdf.Dict, p pdf.PageRef) {
			picture := f.Dict(p.Resources["XObject"])["Im"].(pdf.Ref)
			u.Set(picture, pdf.NewStream(f.Stream(picture).Dict, nil))
		}), record.NotOurs},
		{"sealed by a broken value", bytes.Replace(sealed, []byte("/Contents<3082"), []byte("/Contents<3083"), 1), record.NotOurs},
	} {
		_, err := seal(t.Context(), c.in, d.key, now())
		if got := record.ReasonOf(err); got != c.want {
			t.Errorf("%s: Seal = %v; want reason %q", c.what, err, c.want)
		}
	}
}
