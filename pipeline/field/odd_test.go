package field

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestStampsAreNoAgency(t *testing.T) {
	p := newPaper()
	p.line(210, run{x: 150, text: "CÔNG VĂN ĐẾN", size: 40})
	d := documents["letter of a department"]
	got := Extract(d.lay(p))
	if got[record.SuperiorOrgan].Normal != d.superior[0] || got[record.OrganName].Normal != "SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN" {
		t.Errorf("agencies = %q over %q", got[record.SuperiorOrgan].Normal, got[record.OrganName].Normal)
	}
}

func TestNamesThatGoOnAfterAnOffice(t *testing.T) {
	for _, c := range []struct {
		rows            []string
		superior, organ string
	}{
		{[]string{"UBND TỈNH LÀO CAI", "BAN CHỈ HUY", "PHÒNG CHỐNG THIÊN TAI"}, "UBND TỈNH LÀO CAI", "BAN CHỈ HUY PHÒNG CHỐNG THIÊN TAI"},
		{[]string{"BỘ CÔNG THƯƠNG", "VĂN PHÒNG"}, "BỘ CÔNG THƯƠNG", "VĂN PHÒNG"},
		{[]string{"VĂN PHÒNG", "HỘI ĐỒNG NHÂN DÂN TỈNH"}, "", "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN TỈNH"},
		{[]string{"ĐẠI HỌC QUỐC GIA HÀ NỘI", "TRƯỜNG ĐẠI HỌC", "CÔNG NGHỆ"}, "ĐẠI HỌC QUỐC GIA HÀ NỘI", "TRƯỜNG ĐẠI HỌC CÔNG NGHỆ"},
		{[]string{"BỘ VĂN HÓA, THỂ THAO", "VÀ DU LỊCH"}, "", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"},
		{[]string{"SỞ LAO ĐỘNG THƯƠNG BINH", "VÀ XÃ HỘI"}, "", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"},
		{[]string{"SỞ LAO ĐỘNG - THƯƠNG BINH", "VÀ XÃ HỘI"}, "", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"},
		{[]string{"SỞ NÔNG NGHIỆP VÀ MÔI", "TRƯỜNG"}, "", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"},
		{[]string{"Ï ỦY BAN NHÂN DÂN", "XÃ BÀU SEN"}, "", "ỦY BAN NHÂN DÂN XÃ BÀU SEN"},
		{[]string{"UBND TỈNHLONGAN", "SỞ Y TẾ"}, "UBND TỈNH LONG AN", "SỞ Y TẾ"},
		{[]string{"BỘ QUỐC PHÒNG", "BỘ TƯ LỆNH QUÂN KHU 5"}, "BỘ QUỐC PHÒNG", "BỘ TƯ LỆNH QUÂN KHU 5"},
		{[]string{"BỘ NỘI VỤ -", "BỘ TÀI CHÍNH"}, "", "BỘ NỘI VỤ - BỘ TÀI CHÍNH"},
		{[]string{"UBND TỈNH LÀO CAI", "SỞ TÀI CHÍNH -", "SỞ Y TẾ"}, "UBND TỈNH LÀO CAI", "SỞ TÀI CHÍNH - SỞ Y TẾ"},
	} {
		d := documents["letter of a department"]
		d.superior, d.organ = nil, c.rows
		got := Extract(d.lay(newPaper()))
		if got[record.SuperiorOrgan].Normal != c.superior || got[record.OrganName].Normal != c.organ {
			t.Errorf("%v = %q over %q", c.rows, got[record.SuperiorOrgan].Normal, got[record.OrganName].Normal)
		}
	}
}

func TestTitleOfTheSigner(t *testing.T) {
	for _, c := range []struct {
		rows  []string
		want  string
		trust bool
	}{
		{[]string{"KT.CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", true},
		{[]string{"BỌ TRU ƠNG", "TU TRƯỜNG"}, "KT. BỘ TRƯỞNG THỨ TRƯỞNG", false},
		{[]string{"KT. GIÁM ĐỐC", "GIAM ĐỌC"}, "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", false},
		{[]string{"TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ NỘI VỤ"}, "TUQ. CHỦ TỊCH GIÁM ĐỐC SỞ NỘI VỤ", true},
		{[]string{"KI. BỘ TRƯỞNG", "THỨ TRƯỞNG"}, "KT. BỘ TRƯỞNG THỨ TRƯỞNG", false},
		{[]string{"TM. ỦY BAN NHÂN DÂN"}, "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH", false},
		{[]string{"HỦ TỊCH", "CHỦ TỊCH"}, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", false}, // KT. and PHÓ were lost
		{[]string{"HỦ TỊCH", "TỊCH"}, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", false},     // the agency's head, and the end of the deputy's line
	} {
		d := documents["report of a commune"]
		d.title = c.rows
		f := Extract(d.lay(newPaper()))[record.SignerTitle]
		if f.Normal != c.want || f.Confidence >= sure != c.trust {
			t.Errorf("%v = %q with %.2f, want %q, trusted %v", c.rows, f.Normal, f.Confidence, c.want, c.trust)
		}
	}
}

func TestNamesOfSigners(t *testing.T) {
	for _, c := range []struct {
		row   string
		want  string
		trust bool
	}{
		{"Nguyễn Hoàng Giang", "Nguyễn Hoàng Giang", true},
		{"Đại tá Phan Công Bình", "Phan Công Bình", true},
		{"PGS.TS. Lê Thị Hồng", "Lê Thị Hồng", true},
		{"Nguyên Văn Phúc", "Nguyễn Văn Phúc", true},
		{"Trần Phước Hiên", "Trần Phước Hiên", false},
		{"Trần Hoàng Tuần", "Trần Hoàng Tuần", false},
		{"Nguyễu Văn Phúc", "Nguyễu Văn Phúc", false},
		{"Hỗ Văn Phúc", "Hồ Văn Phúc", false},
		{"chịu trách nhiệm", "", false},
	} {
		d := documents["report of a commune"]
		d.signer = c.row
		f := Extract(d.lay(newPaper()))[record.SignerName]
		if f.Normal != c.want || f.Confidence >= sure != c.trust {
			t.Errorf("%q = %q with %.2f, want %q, trusted %v", c.row, f.Normal, f.Confidence, c.want, c.trust)
		}
	}
}

func TestPartyDocument(t *testing.T) {
	p := newPaper()
	p.line(280, centred(680, "TỈNH ỦY LÀO CAI", 52))
	p.line(280, centred(1740, "ĐẢNG CỘNG SẢN VIỆT NAM", 52))
	p.line(420, centred(680, "Số 205-QĐ/TU", 54))
	p.line(420, centred(1740, "Lào Cai, ngày 23 tháng 9 năm 2019", 54))
	p.line(560, centred(1290, "QUYẾT ĐỊNH", 58))
	p.line(630, centred(1290, "về phân công nhiệm vụ", 58))
	p.filler(800, 8)
	got := Extract(p.pages)
	for f, want := range map[string]string{record.CodeNumber: "205", record.CodeNotation: "QĐ/TU", record.OrganName: "TỈNH ỦY LÀO CAI",
		record.IssuedDate: "2019-09-23", record.TypeName: "QUYẾT ĐỊNH", record.Subject: "về phân công nhiệm vụ"} {
		if got[f].Normal != want {
			t.Errorf("%s = %q, want %q", f, got[f].Normal, want)
		}
	}
}

func TestHeaderWithoutNationalTitle(t *testing.T) {
	p := newPaper()
	p.line(280, centred(680, "SỞ Y TẾ", 52))
	p.line(420, centred(680, "Số: 31/SYT-NVY", 54))
	p.line(420, centred(1740, "Huế, ngày 3 tháng 9 năm 2025", 54))
	p.line(490, centred(680, "V/v khám sức khỏe", 50))
	p.filler(700, 8)
	got := Extract(p.pages)
	for f, want := range map[string]string{record.CodeNumber: "31", record.OrganName: "SỞ Y TẾ", record.IssuedDate: "2025-09-03", record.Subject: "V/v khám sức khỏe"} {
		if got[f].Normal != want {
			t.Errorf("%s = %q, want %q", f, got[f].Normal, want)
		}
	}
}

func TestPagesThatAreNoDocument(t *testing.T) {
	english := newPaper()
	for i := range 20 {
		english.line(300+float64(i)*80, run{x: 360, text: "The quick brown fox jumps over the lazy dog and goes home again", size: 54})
	}
	for name, pages := range map[string][]record.Page{
		"no pages":          nil,
		"no text":           newPaper().pages,
		"another language":  english.pages,
		"a page of no size": {{Number: 1}},
	} {
		if got := Extract(pages); len(got) != 0 {
			t.Errorf("%s: fields %v, want none", name, got)
		}
	}
}

func TestSignerOfTheDocumentNotOfItsAttachment(t *testing.T) {
	p := newPaper()
	documents["decision of a province"].lay(p)
	p.turn()
	annex := documents["acting head"]
	annex.lay(p)
	got := Extract(p.pages)
	if want := documents["decision of a province"].signer; got[record.SignerName].Normal != want {
		t.Errorf("signer = %q, want %q", got[record.SignerName].Normal, want)
	}
}

func TestNumberOfALegalText(t *testing.T) {
	d := documents["resolution of a council"]
	d.number, d.notation = "30", "2020/NQ-HĐND"
	got := Extract(d.lay(newPaper()))
	if n, s := got[record.CodeNumber].Normal, got[record.CodeNotation]; n != "30" || s.Normal != "NQ-HĐND" || s.Value != "2020/NQ-HĐND" {
		t.Errorf("number %q, notation %q printed %q", n, s.Normal, s.Value)
	}
}

func TestNamesAreConfirmedByTheTextOfTheDocument(t *testing.T) {
	d := documents["report of a commune"]
	d.organ = []string{"ỦY BAN NHÂN DÂN", "XÃ DỨC PHONG"}
	d.place = "Dức Phong"
	p := newPaper()
	d.lay(p)
	for i := range 3 {
		p.line(3000+float64(i)*70, run{x: 360, text: "giao Chủ tịch Ủy ban nhân dân xã Đức Phong tổ chức thực hiện theo quy định", size: 54})
	}
	got := Extract(p.pages)
	if g := got[record.OrganName]; g.Normal != "ỦY BAN NHÂN DÂN XÃ ĐỨC PHONG" {
		t.Errorf("organ = %q", g.Normal)
	}
	if g := got[record.Place]; g.Normal != "Đức Phong" {
		t.Errorf("place = %q", g.Normal)
	}
}
