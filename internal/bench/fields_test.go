package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/record"
)

// recordOf is the record of a page with these lines, 100 pixels apart.
func recordOf(lines ...string) record.Digitised {
	p := record.Page{Number: 1, Width: 2480, Height: 3508, DPI: 300}
	for i, text := range lines {
		l := record.Line{Block: 1, Size: 50}
		x, y := 300, 400+100*i
		for _, w := range strings.Fields(text) {
			l.Words = append(l.Words, record.Word{Text: w, Confidence: 0.96, Box: record.Box{x, y, x + 25*len([]rune(w)), y + 40}})
			l.Box = l.Box.Union(l.Words[len(l.Words)-1].Box)
			x += 25*len([]rune(w)) + 14
		}
		p.Lines = append(p.Lines, l)
	}
	return record.Digitised{Version: record.Version, Software: "test", Pages: []record.Page{p}}
}

const carForm = `form the-xe
title THẺ XE
field owner
  label Chủ xe
  as name
field plate
  label Biển số
`

func write(t *testing.T, path string, v any) {
	t.Helper()
	b, ok := v.(string)
	if !ok {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b = string(j)
	}
	if err := os.WriteFile(path, []byte(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A form is measured on two cards: one fact is read wrong, one slot is said to be
// empty and is not.
func TestFieldsAreComparedWithTheTruth(t *testing.T) {
	dir := t.TempDir()
	form, err := field.ParseForm("the-xe.form", strings.NewReader(carForm))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.json"), recordOf("THẺ XE", "Chủ xe: Nguyễn Văn An", "Biển số: 51F 12345"))
	write(t, filepath.Join(dir, "a.truth.json"), `{"fields": {"owner": "Nguyễn Văn An", "plate": "51F-123.46"}}`)
	write(t, filepath.Join(dir, "b.json"), recordOf("THẺ XE", "Chủ xe: Trần Thị Bình", "Biển số: 43A 00777"))
	write(t, filepath.Join(dir, "b.truth.json"), `{"fields": {"owner": "TRẦN THỊ BÌNH", "plate": null}}`)
	report, err := Fields(t.Context(), FieldOptions{In: dir, Form: &form})
	if err != nil {
		t.Fatal(err)
	}
	got := report.Printed.Total()
	if want := (field.Count{Right: 2, Wrong: 2, Silent: 2}); got != want {
		t.Errorf("Fields() counted %+v; want %+v", got, want)
	}
	if got, want := len(report.Misses), 2; got != want {
		t.Errorf("Fields() tells %d misses; want %d: %+v", got, want, report.Misses)
	}
	var b strings.Builder
	if err := report.WriteMarkdown(&b); err != nil || !strings.Contains(b.String(), "| printed fields read exactly | 50.0 % (2 of 4) |") {
		t.Errorf("WriteMarkdown() = %v:\n%s", err, b.String())
	}
}

// What a person approved is an example by itself: only what she confirmed counts.
func TestApprovedRecordsAreExamples(t *testing.T) {
	dir := t.TempDir()
	approved := recordOf("QUYẾT ĐỊNH")
	approved.Reviewed = true
	approved.Fields = record.Fields{"codeNumber": {Normal: "12", Status: record.Confirmed}, "place": {Normal: "Huế", Status: record.Read}}
	write(t, filepath.Join(dir, "a.json"), approved)
	write(t, filepath.Join(dir, "b.json"), recordOf("QUYẾT ĐỊNH")) // not approved: no example
	report, err := Fields(t.Context(), FieldOptions{In: dir})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := report.Printed.Total(), (field.Count{Missing: 1}); got != want || report.Documents != 1 {
		t.Errorf("Fields() counted %+v of %d documents; want %+v of 1", got, report.Documents, want)
	}
}

// Slots filled by hand are counted apart.
func TestSlotsByHandAreCountedApart(t *testing.T) {
	var r FieldReport
	number := "7"
	e := example{name: "x", want: map[string]*string{"codeNumber": &number}, byHand: []string{"codeNumber"}}
	r.compare(e, record.Fields{"codeNumber": {Normal: "1", Confidence: 0.9, Status: record.Handwritten}}, map[string]string{"codeNumber": "7"})
	r.compare(e, record.Fields{"codeNumber": {Normal: "1", Confidence: 0.9, Status: record.Read}}, map[string]string{"codeNumber": "7"})
	if got, want := r.ByHand.Total(), (field.Count{Flagged: 1, Wrong: 1, Silent: 1}); got != want || len(r.Printed.Names) != 0 {
		t.Errorf("by hand: %+v, printed: %v; want %+v and none", got, r.Printed.Names, want)
	}
}

func TestAFolderWithoutTruthIsRefused(t *testing.T) {
	if _, err := Fields(t.Context(), FieldOptions{In: t.TempDir()}); record.ReasonOf(err) != record.InputMissing {
		t.Errorf("Fields(empty folder) = %v; want %s", err, record.InputMissing)
	}
}

// An attachment that is read with its signer, and one that is not found.
func TestAttachmentsAreCompared(t *testing.T) {
	var e example
	if _, err := e.readTruth([]byte(`{"tep": "x.pdf", "phan": [{"loai": "PHỤ LỤC", "so": "I", "tieu_de": "Danh mục", "chuc_vu_ky": "KẾ TOÁN", "nguoi_ky": "Lê An", "tu_trang": 3, "den_trang": 4},
		{"loai": "PHỤ LỤC", "so": null, "tieu_de": "Biểu", "chuc_vu_ky": "KẾ TOÁN", "nguoi_ky": "Lê An", "tu_trang": 5, "den_trang": 5}]}`)); err != nil {
		t.Fatal(err)
	}
	read := func(v string) record.Field { return record.Field{Normal: v, Confidence: 0.9, Status: record.Read} }
	var r FieldReport
	r.compareParts(e, []record.Part{{From: 3, To: 4, Confidence: 0.95, Fields: record.Fields{record.TypeName: read("PHỤ LỤC"), record.CodeNumber: read("II"),
		record.Subject: read("Danh mục"), record.SignerTitle: read("KẾ TOÁN"), record.SignerName: read("Lê An"), record.AttachedTo: read("Kèm theo")}}})
	if got := r.Parts.Total(); got.Right != 5 || got.Wrong != 1 || got.Missing != 5 {
		t.Errorf("attachments = %+v, want 5 right, 1 wrong, 5 missing", got)
	}
}
