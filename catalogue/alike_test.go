package catalogue_test

import (
	"fmt"
	"slices"
	"strings"
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

// Papers that no agency issued are known by their words: one that was misread does
// not hide them, and other people's numbers on the same form are another paper.
func alikeByText(t *testing.T, h *house) {
	const form = "Đơn đề nghị cấp lại thẻ bạn đọc thư viện huyện. Kính gửi Giám đốc thư viện. Tôi tên Nguyễn Văn Thử, sinh ngày 05/09/1984, " +
		"số căn cước 001084004567, điện thoại 0912345678, nghề nghiệp giáo viên, trường trung học phổ thông. Nay kính mong được giải quyết."
	read := func(bytes, text string) record.Document {
		subject := record.Fields{record.Subject: {Normal: "Đơn đề nghị cấp lại thẻ bạn đọc"}}
		return h.move(t, h.receive(t, h.a, bytes), record.Change{Fields: subject, Text: text}, record.InReview)
	}
	first := read("first scan", form)
	again := read("again", strings.Replace(form, "nghiệp", "nghỉệm", 1))
	read("somebody else", strings.NewReplacer("001084004567", "079190001234", "0912345678", "0987654321").Replace(form))
	read("another paper", "Giấy mời họp tổng kết công tác thư viện trường trung học phổ thông, kính mong Giám đốc được sắp xếp thời gian tham dự")
	for _, c := range []struct{ of, want record.Document }{{first, again}, {again, first}} {
		found, err := h.Alike(h.ctx, c.of)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].How != "same-text" || found[0].Document.ID != c.want.ID {
			t.Errorf("Alike(%s) = %+v; want same-text %s alone", c.of.ID, found, c.want.ID)
		}
	}
}

// Many papers have the long words of a form; the rare ones tell which is the same.
func alikeAmongMany(t *testing.T, h *house) {
	const form = "Đơn đề nghị hưởng trợ cấp thường xuyên hằng tháng. Kính gửi Ủy ban nhân dân phường. Tôi tên %s, " +
		"thường trú nghiêm chỉnh khuynh hướng nghiệp đoàn chuyển nhượng quyền nghĩa vụ. Kính mong được giải quyết."
	of := func(paper int) string {
		var name []string
		for i := range 7 {
			n := 7*paper + i
			name = append(name, string("bcdhklmnrstvx"[n%13])+string("aeiou"[n/13%5])+[]string{"", "n", "t", "c", "m", "p"}[n/65])
		}
		return fmt.Sprintf(form, strings.Join(name, " "))
	}
	read := func(bytes, text string) record.Document {
		return h.move(t, h.receive(t, h.a, bytes), record.Change{Text: text}, record.InReview)
	}
	first, again := read("paper 100", of(0)), read("paper 101", of(0))
	for i := 1; i < 45; i++ {
		read(fmt.Sprint("paper ", i), of(i))
	}
	found, err := h.Alike(h.ctx, first)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Document.ID != again.ID {
		t.Errorf("Alike() = %d documents; want %s alone", len(found), again.ID)
	}
}
