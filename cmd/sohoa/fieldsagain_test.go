package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/record"
)

// lettered is the record of a page that says QUYẾT ĐỊNH under a header, as an
// older rule read it.
func lettered() record.Digitised {
	p := record.Page{Number: 1, Width: 2480, Height: 3508, DPI: 300}
	line := func(x, y int, text string) {
		l := record.Line{Block: 1, Size: 54}
		for _, w := range strings.Fields(text) {
			l.Words = append(l.Words, record.Word{Text: w, Confidence: 0.97, Box: record.Box{x, y, x + 30*len([]rune(w)), y + 40}})
			l.Box = l.Box.Union(l.Words[len(l.Words)-1].Box)
			x += 30*len([]rune(w)) + 15
		}
		p.Lines = append(p.Lines, l)
	}
	line(360, 300, "SỞ NỘI VỤ")
	line(1200, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	line(1300, 370, "Độc lập - Tự do - Hạnh phúc")
	line(360, 470, "Số: 15/QĐ-SNV")
	line(1250, 470, "Huế, ngày 12 tháng 5 năm 2024")
	line(1080, 640, "QUYẾT ĐỊNH")
	line(480, 900, "Điện thoại: 0912345678")
	return record.Digitised{Version: record.Version, Software: "test", Pages: []record.Page{p}, Fields: record.Fields{
		record.OrganName: {Value: "SỞ NỘI VU", Normal: "SỞ NỘI VU", Confidence: 0.9, Status: record.Read, Rule: "organ/old"},
		record.Place:     {Value: "Hue", Normal: "Hue", Confidence: 0.5, Status: record.Read, Rule: "place/old"},
	}}
}

// reviewed makes a service in a data folder with one document in review whose
// agency a clerk has put right, and returns the document's id.
func reviewed(t *testing.T, data string) string {
	t.Helper()
	var flags struct {
		App app.Config `embed:""`
	}
	parser, err := kong.New(&flags)
	if err == nil {
		_, err = parser.Parse([]string{"--data", data})
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	a, err := app.Open(ctx, flags.App)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	put := func(kind string, v any) record.Rendition {
		b, err := json.Marshal(v)
		must(err)
		r, err := a.Store.PutBytes(ctx, b, "application/json")
		must(err)
		r.Kind = kind
		return r
	}
	must(a.Catalogue.PutAgency(ctx, record.Agency{ID: "H01", Name: "Sở"}, "test"))
	dossier, err := a.Catalogue.CreateDossier(ctx, "H01", "HS-1", "Hồ sơ", "test")
	must(err)
	d, _, err := a.Catalogue.Receive(ctx, record.Document{Agency: "H01", Dossier: dossier.ID, Name: "x", Renditions: []record.Rendition{put(record.RenditionOriginal, "scan")}}, "", "test")
	must(err)
	old := lettered()
	fields := put(record.RenditionFields, old.Fields)
	d, err = a.Catalogue.Advance(ctx, d.ID, record.Received, record.InReview, record.Change{Actor: "test", Pages: 1, Fields: old.Fields, FieldsAt: fields.SHA256,
		Renditions: []record.Rendition{fields, put(record.RenditionRecord, old)}})
	must(err)
	corrected := record.Fields{record.OrganName: {Value: "SỞ NỘI VỤ TỈNH", Normal: "SỞ NỘI VỤ TỈNH", Confidence: 1, Status: record.Confirmed, Rule: "person"}, record.Place: old.Fields[record.Place]}
	_, err = a.Catalogue.SaveFields(ctx, d.ID, d.Version, corrected, put(record.RenditionFields, corrected), "key:clerk")
	must(err)
	return d.ID
}

// The report names the rule that was corrected; reading again shows what newer
// rules find, leaves what a person confirmed, and changes nothing until told.
func TestFieldsOfAServiceAreReadAgain(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	id := reviewed(t, data)
	service, err := app.Open(t.Context(), app.Config{Data: data, SpoolBytes: 1 << 20}) // holds the folder all the time
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	if got := sohoa(t, "fields", "report", "--data", data); got.code != exitDone || !strings.Contains(got.out, "organ/old") || strings.Contains(got.out, "place/old") {
		t.Errorf("fields report: exit %d, %s%s; want organ/old alone", got.code, got.out, got.stderr)
	}
	for _, c := range []struct {
		args []string
		has  []string
		none string
	}{
		{[]string{"--all"}, []string{"place\t\"Hue\"\t\"Huế\"\tchanges", "codes\t\"\"\t\"phone 0912345678\"\tchanges", "stays, a person decided"}, ""},
		{[]string{id, "--accept"}, []string{"place\t\"Hue\"\t\"Huế\"\tchanges"}, ""},
		{[]string{id}, []string{"stays, a person decided"}, "changes"},
	} {
		got := sohoa(t, append([]string{"fields", "again", "--data", data}, c.args...)...)
		for _, want := range c.has {
			if got.code != exitDone || !strings.Contains(got.out, want) {
				t.Errorf("fields again %v: exit %d, %s%s; want %q", c.args, got.code, got.out, got.stderr, want)
			}
		}
		if c.none != "" && strings.Contains(got.out, c.none) {
			t.Errorf("fields again %v: %s; want nothing that %s", c.args, got.out, c.none)
		}
	}
}
