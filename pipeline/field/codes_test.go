package field

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

// textLine is one line of text as tokens.
func textLine(text string) []token {
	p := newPaper()
	p.line(500, run{x: 300, text: text, size: 54})
	return layout(p.pages[0]).rows[0].tokens
}

func TestCodesInTheText(t *testing.T) {
	for _, c := range []struct {
		line  string
		kind  record.CodeKind
		want  string
		trust bool
	}{
		{"Số CCCD: 049204001234 cấp ngày 10/5/2021", record.PersonID, "049204001234", true},
		{"Số định danh cá nhân 079 300 012 345", record.PersonID, "079300012345", true},
		{"CCCD số 999204001234", record.PersonID, "999204001234", false},
		{"CMND số: 212345678 do Công an tỉnh cấp", record.OldID, "212345678", true},
		{"Mã số thuế: 0100109106", record.TaxCode, "0100109106", true},
		{"MST: 0100109106-001", record.TaxCode, "0100109106-001", true},
		{"Mã số thuế: 0100109107", record.TaxCode, "0100109107", false},
		{"Điện thoại: 0912 345 678", record.Phone, "0912345678", true},
		{"ĐT: 0255.3822.848 Fax", record.Phone, "02553822848", true},
		{"Mã hồ sơ: 000.00.01.H22-210412-0007", record.DossierID, "000.00.01.H22-210412-0007", true},
		{"Mã hồ sơ H40.16-240101-0007", record.DossierID, "H40.16-240101-0007", true},
		{"Mã hồ sơ H40-240101-0007", record.DossierID, "H40-240101-0007", true},
		{"Mã hồ sơ H40.16-249901-0007", record.DossierID, "H40.16-249901-0007", false},
		{"Kết quả H40.16-240101-0007-KQ1", record.ResultID, "H40.16-240101-0007-KQ1", true},
		{"Mã giấy tờ KQ.G15.000031", record.ResultID, "KQ.G15.000031", true},
		{"(mã số thủ tục hành chính 1.005143)", record.Procedure, "1.005143", true},
		{"(mã số thủ tục hành chính 1.005 143)", record.Procedure, "1.005143", true},
		{"TTHC 2.000815.000.00.00.H55", record.Procedure, "2.000815.000.00.00.H55", true},
		{"Mã định danh: H55.242", record.OrganID, "H55.242", true},
		{"Mã định danh: H55.2", record.OrganID, "H55.2", true},
		{"Mã định danh: H55", record.OrganID, "H55", true},
		{"Thư điện tử: vanthu@sonoivu.gov.vn", record.Email, "vanthu@sonoivu.gov.vn", true},
	} {
		got := codesIn(textLine(c.line), "")
		if len(got) == 0 {
			t.Errorf("%q: no code, want %s", c.line, c.want)
			continue
		}
		if g := got[0]; g.Kind != c.kind || g.Normal != c.want || g.Confidence >= sure != c.trust {
			t.Errorf("%q = %s %q with %.2f, want %s %q, trusted %v", c.line, g.Kind, g.Normal, g.Confidence, c.kind, c.want, c.trust)
		}
	}
}

func TestNumbersThatIdentifyNobody(t *testing.T) {
	for _, line := range []string{
		"tổng kinh phí 1234567890 đồng", "Quyết định số 212345678", "diện tích 1.234567 ha", "ngày 26 tháng 02 năm 2025", "Số: 123456789012345",
	} {
		if got := codesIn(textLine(line), ""); len(got) != 0 {
			t.Errorf("%q: %s %q, want none", line, got[0].Kind, got[0].Normal)
		}
	}
}

func TestTaxCheckDigit(t *testing.T) {
	if check, ok := taxCheck("010010910"); check != 6 || !ok {
		t.Errorf("taxCheck = %d, %v, want 6", check, ok)
	}
	if _, ok := taxCheck("000000000"); ok {
		t.Error("a check of 10 is taken for a digit")
	}
}

func TestIdentityCard(t *testing.T) {
	c, err := ParseCard("049204001234|212345678|Nguyễn Văn An|15031994|Nam|Thôn 1, xã Tam Kỳ|10052021")
	if err != nil {
		t.Fatal(err)
	}
	if want := (Card{"049204001234", "212345678", "Nguyễn Văn An", "Nam", "Thôn 1, xã Tam Kỳ", "1994-03-15", "2021-05-10"}); c != want {
		t.Errorf("card = %+v, want %+v", c, want)
	}
	for _, bad := range []string{"", "049204001234", "04920400123|a|b|15031994|Nam|d", "049204001234||An|31021994|Nam|Huế|10052021"} {
		if _, err := ParseCard(bad); err == nil {
			t.Errorf("%q was taken for a card", bad)
		}
	}
}
