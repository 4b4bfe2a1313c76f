package catalogue_test

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// letter is a document's fields as they are found again.
func letter(number, notation, organ, issued, subject string) record.Fields {
	return record.Fields{record.CodeNumber: {Normal: number}, record.CodeNotation: {Normal: notation}, record.OrganName: {Normal: organ},
		record.IssuedDate: {Normal: issued}, record.Subject: {Normal: subject}}
}

func alike(t *testing.T, h *house) {
	second, err := h.CreateDossier(h.ctx, "H01", "HS-2", "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	const subject = "Về việc giao đất cho Trường Mầm non Hoa Sen"
	read := func(dossier record.Dossier, bytes string, f record.Fields) record.Document {
		return h.move(t, h.receive(t, dossier, bytes), record.Change{Fields: f, Text: f[record.Subject].Normal}, record.InReview)
	}
	held := read(h.a, "first scan", letter("12", "QĐ-UBND", "Ủy ban nhân dân xã Hòa An", "2025-03-09", subject))
	bytes := h.receive(t, second, "first scan")
	fields := read(second, "second scan", letter("012", "qđ-ubnd", "UỶ BAN NHÂN DÂN XÃ HOÀ AN", "2025-03-09", "khác"))
	text := read(second, "a draft", letter("", "", "", "", subject))
	read(second, "another day", letter("12", "QĐ-UBND", "Ủy ban nhân dân xã Hòa An", "2024-03-09", "khác"))
	read(h.b, "of another agency", letter("12", "QĐ-UBND", "Ủy ban nhân dân xã Hòa An", "2025-03-09", subject))
	gone := read(second, "withdrawn", letter("12", "QĐ-UBND", "Ủy ban nhân dân xã Hòa An", "2025-03-09", subject))
	h.move(t, gone, record.Change{Note: "nhầm"}, record.Withdrawn)
	found, err := h.Alike(h.ctx, held)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range found {
		got = append(got, l.How+" "+l.Document.ID)
	}
	if want := []string{"same-bytes " + bytes.ID, "same-fields " + fields.ID, "same-text " + text.ID}; !slices.Equal(got, want) {
		t.Errorf("Alike() = %q; want %q", got, want)
	}
}
