package field

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestNumberLinesOfTheParty(t *testing.T) {
	for _, c := range []struct{ line, number, notation string }{
		{"Số 12-QĐ/TU", "12", "QĐ/TU"},
		{"Số 52/-QĐ/TU", "52", "QĐ/TU"}, // a stroke of handwriting
		{"Số 108-CV/BTCTU", "108", "CV/BTCTU"},
		{"Số: 3/2/SNV-VTLT", "32", "SNV-VTLT"},
	} {
		got := Extract(slotPage([]run{{x: 440, text: c.line, size: 54}}, []run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}))
		if n := got[record.CodeNotation].Normal; n != c.notation {
			t.Errorf("%q: notation %q, want %q", c.line, n, c.notation)
		}
		if n := got[record.CodeNumber]; n.Normal != c.number && n.Status != record.Handwritten {
			t.Errorf("%q: number %q (%s), want %q", c.line, n.Normal, n.Status, c.number)
		}
	}
}

func TestStrokesOfANotation(t *testing.T) {
	for read, want := range map[string]string{"BQI.DA": "BQLDA", "PV0I": "PV01", "UBND": "UBND", "PC1O": "PC10"} {
		if g := knownStrokes(read); g != want {
			t.Errorf("%q = %q, want %q", read, g, want)
		}
	}
}

// A certified copy bears the close of its own agency below that of the document.
func TestTheSignerOfACopyIsNotTheDocuments(t *testing.T) {
	d := documents["letter of a department"]
	p := newPaper()
	d.lay(p)
	y := 2900.0
	p.line(y, centred(1740, "SAO Y", 54))
	p.line(y+70, centred(680, "Số: 45/SY-UBND", 54))
	p.line(y+70, centred(1740, "Đức Phong, ngày 17 tháng 6 năm 2024", 54))
	p.line(y+200, run{x: 360, text: "Nơi nhận:", size: 50})
	p.line(y+200, centred(1740, "CHỦ TỊCH", 54))
	p.line(y+480, centred(1740, "Lý Minh Hải", 54))
	d2 := documents["letter of a department"]
	want := Extract(d2.lay(newPaper()))
	got := Extract(p.pages)
	for _, name := range []string{record.SignerName, record.SignerTitle, record.CodeNumber, record.IssuedDate} {
		if got[name].Normal != want[name].Normal || want[name].Normal == "" {
			t.Errorf("%s = %q, without the copy's form %q", name, got[name].Normal, want[name].Normal)
		}
	}
}

func TestNamesOfManyPeoples(t *testing.T) {
	for _, c := range []struct {
		line, want string
		ok         bool
	}{
		{"Y Bion Niê", "Y Bion Niê", true},
		{"H'Yim Kđoh", "H'Yim Kđoh", true},
		{"Thạch Thị Sa Ry", "Thạch Thị Sa Ry", true},
		{"Đại tá Huỳnh Hồng Uyên", "Huỳnh Hồng Uyên", true},
		{"ại tá Huỳnh Hồng Uyên", "Huỳnh Hồng Uyên", true}, // its capital lies under the seal
		{"PGS.TS. Lê Quân", "Lê Quân", true},
		{"BS.CKII. Nguyễn Đỗ Thị Ngọc Chi", "Nguyễn Đỗ Thị Ngọc Chi", true},
		{"Tổ chức thực hiện", "", false},
	} {
		f, _, ok := nameOn(row{tokens: textLine(c.line)})
		if ok != c.ok || f.Normal != c.want {
			t.Errorf("%q = %q, %v; want %q", c.line, f.Normal, ok, c.want)
		}
	}
}

func TestANameInCapitalsGivesWayToOneBelow(t *testing.T) {
	c := closing{sheet: sheet{width: 2480, unit: 60}}
	for _, line := range []string{"VĂN PHONG", "Lê Thanh Thủy"} {
		c.rows = append(c.rows, row{tokens: textLine(line)})
	}
	if f, _, _ := nameField(c, 0); f.Normal != "Lê Thanh Thủy" {
		t.Errorf("name = %q", f.Normal)
	}
	c.rows = c.rows[:1]
	if f, _, ok := nameField(c, 0); !ok || f.Confidence >= sure {
		t.Errorf("name = %q with %.2f", f.Normal, f.Confidence)
	}
}

func TestASubjectWithAHoleOrAStampIsDoubted(t *testing.T) {
	words := func(text string) []token { return textLine(text) }
	whole := words("Về việc tăng cường công tác văn thư, lưu trữ năm 2024")
	if f, _ := subjectField([][]token{whole}, "x", 1, nil); f.Confidence < sure {
		t.Errorf("a whole subject has %.2f", f.Confidence)
	}
	torn := append(append([]token{}, whole[:3]...), whole[6:]...)
	if f, _ := subjectField([][]token{torn}, "x", 1, nil); f.Confidence >= sure {
		t.Errorf("a subject with a hole has %.2f", f.Confidence)
	}
	stamped := words("Về việc tăng cường công tác văn thư, lưu trữ năm 2024 CẨM NHƯỢNG")
	if f, _ := subjectField([][]token{stamped}, "x", 1, nil); f.Confidence >= sure {
		t.Errorf("a subject that ends in a stamp has %.2f", f.Confidence)
	}
}

func TestAnAgencyWhoseFirstLettersWereLost(t *testing.T) {
	d := documents["letter of a department"]
	d.superior, d.organ = []string{"UBND TỈNH LÀO CAI"}, []string{"Ở NÔNG NGHIỆP VÀ MÔI", "TRƯỜNG"}
	got := Extract(d.lay(newPaper()))
	if f := got[record.OrganName]; f.Normal != "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG" || f.Confidence >= sure {
		t.Errorf("organ = %q with %.2f", f.Normal, f.Confidence)
	}
}

func TestANameOverTwoLinesIsMendedAsOne(t *testing.T) {
	d := documents["letter of a department"]
	d.superior, d.organ = nil, []string{"BỘ VĂN HÓA, THẾ THAO VÀ", "DU LỊCH"}
	if f := Extract(d.lay(newPaper()))[record.OrganName]; f.Normal != "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH" {
		t.Errorf("organ = %q", f.Normal)
	}
}

func TestASubjectThatGoesUnderAStampIsDoubted(t *testing.T) {
	d := documents["report of a commune"]
	d.subject = []string{"Tình hình, kết quả thực hiện công tác tiếp công dân, giải quyết khiếu nại, tố"}
	pages := d.lay(newPaper())
	if f := Extract(pages)[record.Subject]; f.Confidence < sure {
		t.Fatalf("without a stamp the subject has %.2f", f.Confidence)
	}
	for _, l := range pages[0].Lines {
		if l.Words[0].Text == "Tình" {
			pages[0].Regions = append(pages[0].Regions, record.Region{Kind: record.StampRegion, Box: record.Box{900, l.Box[3] + 20, 1400, l.Box[3] + 300}})
		}
	}
	if f := Extract(pages)[record.Subject]; f.Confidence >= sure {
		t.Errorf("above a stamp it has %.2f", f.Confidence)
	}
}

func TestHandwritingBesideAnAgencyIsNoPartOfIt(t *testing.T) {
	d := documents["letter of a department"]
	d.superior, d.organ = nil, []string{"HỘI ĐỒNG NHÂN DÂN", "Thang TĨNH LÀO CAI"}
	pages := d.lay(newPaper())
	reread(pages, "Thang", 0.39)
	if f := Extract(pages)[record.OrganName]; f.Normal != "HỘI ĐỒNG NHÂN DÂN TỈNH LÀO CAI" {
		t.Errorf("organ = %q", f.Normal)
	}
}

func TestScrapsInNotationsAndNames(t *testing.T) {
	if own, ok := ownInitials("TTPVHCGC", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"); !ok || own != "TTPVHCC" {
		t.Errorf("initials = %q, %v", own, ok)
	}
	if own, ok := ownInitials("VTLTNN", "CỤC VĂN THƯ LƯU TRỮ NHÀ NƯỚC"); ok {
		t.Errorf("a notation without the C of Cục became %q", own)
	}
	for _, c := range []struct {
		read string
		conf float64
		want string
	}{{"UEBND", 0.7, "UBND TỈNH LÀO CAI"}, {"LBXND", 0.7, "UBND TỈNH LÀO CAI"}, {"UEBND", 0.95, "UEBND TỈNH LÀO CAI"}} {
		line := textLine(c.read + " TỈNH LÀO CAI")
		line[0].conf = c.conf
		if got, _ := mendLine(line, nil); got != c.want {
			t.Errorf("%q read at %.2f = %q, want %q", c.read, c.conf, got, c.want)
		}
	}
	if word, conf, _ := readSyllable("Xgọc", 0.6, false); word != "Ngọc" || conf >= sure {
		t.Errorf("name = %q with %.2f", word, conf)
	}
	if !torn("HfỰp") || torn("UBND") || torn("QyĐ") {
		t.Error("a capital between small letters is not told from an abbreviation")
	}
}

func TestOneOfTwoSignersIsNotTrusted(t *testing.T) {
	d := documents["decision of a province"]
	pages := d.lay(newPaper())
	alone := Extract(pages)
	var y float64
	for _, l := range pages[len(pages)-1].Lines {
		if strings.Contains(l.Words[0].Text, "TM.") || strings.Contains(l.Words[0].Text, "KT.") {
			y = float64(l.Box[3])
			break
		}
	}
	p := paper{pages: pages}
	p.line(y, centred(640, "KT. BỘ TRƯỞNG BỘ TÀI CHÍNH", 54))
	both := Extract(p.pages)
	for _, name := range []string{record.SignerTitle, record.SignerName} {
		if alone[name].Confidence < sure || both[name].Confidence >= sure {
			t.Errorf("%s: %.2f alone, %.2f beside another", name, alone[name].Confidence, both[name].Confidence)
		}
	}
}

func TestADayThatGrewTogetherWithItsFrameIsPrint(t *testing.T) {
	got := Extract(slotPage([]run{{x: 440, text: "Số: 71/QĐ-UBND", size: 54}}, []run{{x: 1240, text: "Lào Cai,", size: 54}, {x: 1440, text: "ngày24_", size: 54, conf: 0.44, tall: 1.1},
		{x: 1700, text: "tháng9 năm 2025", size: 54}}))
	if f := got[record.IssuedDate]; f.Status != record.Read || f.Normal != "2025-09-24" || f.Confidence >= sure {
		t.Errorf("date = %q, %s with %.2f", f.Normal, f.Status, f.Confidence)
	}
}

func TestTitlesOfManyHouses(t *testing.T) {
	for _, c := range []struct {
		rows  []string
		want  string
		trust bool
	}{
		{[]string{"TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG VỤ PHÁP CHẾ", "PHÓ VỤ TRƯỞNG"}, "TL. BỘ TRƯỞNG KT. VỤ TRƯỞNG VỤ PHÁP CHẾ PHÓ VỤ TRƯỞNG", true},
		{[]string{"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC"}, "T/M BAN THƯỜNG VỤ PHÓ BÍ THƯ THƯỜNG TRỰC", false},
		{[]string{"TM. BAN THƯỜNG TRỰC", "PHÓ CHỦ TỊCH"}, "TM. BAN THƯỜNG TRỰC PHÓ CHỦ TỊCH", true},
		{[]string{"TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH"}, "TM. ỦY BAN NHÂN DÂN PHÓ CHỦ TỊCH", false}, // KT. CHỦ TỊCH was lost
		{[]string{"THỦ TRƯỞNG ĐƠN VỊ"}, "THỦ TRƯỞNG ĐƠN VỊ", true},
		{[]string{"QUYỀN GIÁM ĐỐC"}, "QUYỀN GIÁM ĐỐC", true},
		{[]string{"KT. HIỆU TRƯỞNG", "P. HIỆU TRƯỞNG"}, "KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG", false}, // what is printed is shorter
		{[]string{"TUQ. CHỦ TỊCH", "PHÓ GIÁM ĐỐC TRUNG TÂM", "PHỤC VỤ HÀNH CHÍNH CÔNG"}, "TUQ. CHỦ TỊCH PHÓ GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", true},
	} {
		d := documents["letter of a department"]
		d.title = c.rows
		if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal != c.want || f.Confidence >= sure != c.trust {
			t.Errorf("%q = %q with %.2f, want %q", c.rows, f.Normal, f.Confidence, c.want)
		}
	}
}

func TestPlacesOnDateLines(t *testing.T) {
	for _, place := range []string{"TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Phan Rang - Tháp Chàm", "TX. Sơn Tây", "Quận 3", "Đắk R'lấp"} {
		d := documents["letter of a department"]
		d.place = place
		if f := Extract(d.lay(newPaper()))[record.Place]; f.Normal != place || f.Confidence < sure {
			t.Errorf("%q = %q with %.2f", place, f.Normal, f.Confidence)
		}
	}
	d := documents["letter of a department"]
	d.superior, d.organ = nil, []string{"ỦY BAN NHÂN DÂN", "QUẬN 3"}
	pages := d.lay(newPaper())
	reread(pages, "3", 0.92)
	if f := Extract(pages)[record.OrganName]; f.Normal != "ỦY BAN NHÂN DÂN QUẬN 3" {
		t.Errorf("organ = %q", f.Normal)
	}
}

func TestTypesAndSubjectsOfManyHouses(t *testing.T) {
	for _, c := range []struct{ kind, subject, code string }{
		{"BẢN ÁN", "Về việc tranh chấp hợp đồng", "32"},
		{"KẾT LUẬN THANH TRA", "Việc chấp hành pháp luật về đất đai", "32"},
		{"BIÊN BẢN LÀM VIỆC", "Về kiểm tra công tác văn thư", "20"},
		{"QUY CHẾ", "Làm việc của Ủy ban nhân dân xã nhiệm kỳ 2021 - 2026", "04"},
		{"QUYẾT ĐỊNH", "Vé việc phê duyệt dự toán", "02"},
	} {
		d := documents["letter of a department"]
		d.kind, d.subject = c.kind, []string{c.subject}
		got := Extract(d.lay(newPaper()))
		want := strings.Replace(c.subject, "Vé", "Về", 1)
		if k, s := got[record.TypeName], got[record.Subject].Normal; k.Normal != c.kind || k.Code != c.code || s != want {
			t.Errorf("%s %q = %s (%s) %q", c.kind, c.subject, k.Normal, k.Code, s)
		}
	}
}

func TestTitlesAndNamesThatASealTookPartOf(t *testing.T) {
	for _, c := range []struct {
		rows []string
		want string
	}{
		{[]string{"ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"},
		{[]string{"TM. ỦY BAN NHÂN", "CHỦ TỊCH"}, "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"},
		{[]string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "CHỦ TỊCH"}, "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"},
	} {
		d := documents["letter of a department"]
		d.title = c.rows
		if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%q = %q with %.2f, want %q below %.1f", c.rows, f.Normal, f.Confidence, c.want, sure)
		}
	}
	f, _, ok := nameOn(row{tokens: textLine("rần Phước Hiền")})
	if !ok || f.Normal != "Trần Phước Hiền" || f.Confidence >= sure {
		t.Errorf("name = %q with %.2f", f.Normal, f.Confidence)
	}
	if _, cut := cutFamily("an"); cut { // Lan, Phan, Đan …
		t.Error("an is the end of several names")
	}
}

func TestADateWhoseMonthGrewTogetherWithTheYearsWord(t *testing.T) {
	pages := slotPage([]run{{x: 440, text: "Số: 71/QĐ-UBND", size: 54}}, []run{{x: 1240, text: "Lào Cai, ngày", size: 54}, {x: 1560, text: "03", size: 54, conf: 0.8}, {x: 1640, text: "tháng I0năm 2025", size: 54}})
	for _, l := range pages[0].Lines {
		for i, w := range l.Words {
			if w.Text == "I0năm" {
				l.Words[i].Box[3] += 16 // ink below
			}
		}
	}
	if f := Extract(pages)[record.IssuedDate]; f.Status != record.Read || f.Normal != "2025-10-03" || f.Confidence >= sure {
		t.Errorf("date = %q, %s with %.2f", f.Normal, f.Status, f.Confidence)
	}
}

// Ink of a received stamp is no row of the subject: neither above it nor below.
func TestAStampAroundASubjectIsNoPartOfIt(t *testing.T) {
	d := documents["report of a commune"]
	d.subject = []string{"Kết quả đào tạo, bồi dưỡng năm 2018"}
	p := newPaper()
	y := d.header(p)
	p.line(y+112, run{x: 470, text: "ụ 3ND PHL KỲt", size: 30})
	p.filler(d.heading(p, y), 12)
	reread(p.pages, "ụ 3ND PHL KỲt", 0.05)
	if f := Extract(p.pages)[record.Subject]; f.Normal != d.subject[0] {
		t.Errorf("below a stamp: %q", f.Normal)
	}
	d = documents["letter of a department"]
	d.subject = append(slices.Clone(d.subject), "UBND XÃ PHƯỚC THIỆN")
	pages := d.lay(newPaper())
	for _, l := range pages[0].Lines {
		if l.Words[0].Text == "UBND" && len(l.Words) == 4 {
			pages[0].Regions = []record.Region{{Kind: record.StampRegion, Box: record.Box{l.Box[0] - 40, l.Box[1] - 20, l.Box[2] + 40, l.Box[3] + 200}}}
		}
	}
	if f := Extract(pages)[record.Subject]; f.Normal != "V/v phòng, chống rét cho đàn gia súc năm 2019" {
		t.Errorf("above a stamp: %q", f.Normal)
	}
}

func TestOneLineReadTwiceIsOne(t *testing.T) {
	d := documents["letter of a department"]
	d.title = []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}
	pages := d.lay(newPaper())
	for i, l := range pages[0].Lines {
		if len(l.Words) == 3 && l.Words[0].Text == "PHÓ" {
			again := l
			again.Words = nil
			for _, w := range l.Words {
				w.Box[1], w.Box[3] = w.Box[1]+18, w.Box[3]+18
				again.Words = append(again.Words, w)
			}
			pages[0].Lines = slices.Insert(pages[0].Lines, i+1, again)
			break
		}
	}
	if f := Extract(pages)[record.SignerTitle]; f.Normal != "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" {
		t.Errorf("title = %q", f.Normal)
	}
}
