package field

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestASubjectThatAStampTookPartOfIsFilledFromTheText(t *testing.T) {
	for _, c := range []struct {
		name, says, want string
		subject          []string
		doubted          string
	}{
		{"a word misread", "báo cáo về quản lý đất đai, trật tự xây dựng", "Tăng cường quản lý đất đai, trật tự xây dựng", []string{"Tăng cường quản lý đất đàÍf tự xây dựng"}, "đàÍf"},
		{"a stamp between two rows", "công tác cứu nạn, cứu hộ năm 2022 của xã", "Tổng kết công tác cứu nạn, cứu hộ năm 2022", []string{"Tổng kết công tác cứu nạn, cứu", "UBND hộ năm 2022"}, ""},
		{"words before the same end", "nội dung về an toàn giao thông trong trường học trên", "Triển khai an toàn giao thông trong trường học", []string{"Triển khai an tàn giaø tÏông trong trường học"}, "tàn giaø tÏông"},
		{"a period without its end", "trật tự xây dựng giai đoạn 2021 - 2025 được", "Quản lý trật tự xây dựng giai đoạn 2021 - 2025", []string{"Quản lý trật tự xây dựng giai đoạn 2021"}, ""},
		{"words grown together", "Thời gian qua, đào tạo, bồi dưỡng cán bộ, công chức", "Kết luận về đào tạo, bồi dưỡng cán bộ, công chức", []string{"Kết luận về đào tạo,|bồi.dưỡng cán bộ, công chức"}, "tạo,|bồi.dưỡng"},
		{"the year", "về công tác văn thư, lưu trữ tháng 11 năm 2021 của", "Ký văn bản về công tác văn thư, lưu trữ tháng 11 năm 2021", []string{"Ký văn bản về công tác văn thư, lưu trữ tháng 11 năm"}, ""},
	} {
		d := documents["report of a commune"]
		d.subject = c.subject
		p := newPaper()
		d.lay(p)
		p.line(1500, run{x: 360, text: c.says, size: 54})
		if c.doubted != "" {
			reread(p.pages, c.doubted, 0.3)
		}
		f := Extract(p.pages)[record.Subject]
		if f.Normal != c.want || f.Confidence >= sure || !strings.HasSuffix(f.Rule, "-repeated") {
			t.Errorf("%s: %q with %.2f by %s, want %q below %.1f", c.name, f.Normal, f.Confidence, f.Rule, c.want, sure)
		}
	}
}

// Words that recognition doubted and the text repeats are confirmed, not filled in:
// the subject is as sure as they are.
func TestASubjectThatTheTextConfirmsIsSure(t *testing.T) {
	for _, c := range []struct{ subject, doubted, says, want string }{
		{"Chuyển đổi số trong cơ quan giai đoạn 2024 - 2029", "-", "về chuyển đổi số trong cơ quan giai đoạn 2024 - 2029 đã được", "Chuyển đổi số trong cơ quan giai đoạn 2024 - 2029"},
		{"Tuyển sinh lớp 10 trung học phố thông năm 2020", "phố", "công tác tuyển sinh lớp 10 trung học phổ thông năm 2020 của", "Tuyển sinh lớp 10 trung học phổ thông năm 2020"},
	} {
		d := documents["report of a commune"]
		d.subject = []string{c.subject}
		p := newPaper()
		d.lay(p)
		p.line(1500, run{x: 360, text: c.says, size: 54})
		first := true
		for _, l := range p.pages[0].Lines {
			for i, w := range l.Words {
				if w.Text == "-" {
					l.Words[i].Box[1] = w.Box[3] - 7 // as high as a dash is
				}
				if w.Text == c.doubted && first && l.Words[0].Text == strings.Fields(c.subject)[0] {
					l.Words[i].Confidence, first = 0.5, false
				}
			}
		}
		if f := Extract(p.pages)[record.Subject]; f.Normal != c.want || f.Confidence < sure || f.Rule != "subject/below-type" {
			t.Errorf("%q = %q with %.2f by %s, want %q", c.subject, f.Normal, f.Confidence, f.Rule, c.want)
		}
	}
}

// Each box of the evidence is a line: that of the subject and that of the text which
// says what is missing.
func TestWordsFromTheTextHaveBoxesOfTheirOwn(t *testing.T) {
	d := documents["report of a commune"]
	d.subject = []string{"Tăng cường quản lý đất đàÍf tự xây dựng"}
	p := newPaper()
	d.lay(p)
	p.line(2500, run{x: 360, text: "báo cáo về quản lý đất đai, trật tự xây dựng", size: 54})
	reread(p.pages, "đàÍf", 0.3)
	f := Extract(p.pages)[record.Subject]
	for _, e := range f.Evidence {
		if e.Box.Height() > 100 {
			t.Errorf("%s: a box of %d rows of pixels, %v", f.Rule, e.Box.Height(), e.Box)
		}
	}
	if n := len(f.Evidence); n != 3 {
		t.Errorf("%d boxes, want the subject's before and behind and the text's", n)
	}
}

// What the text does not say, or says in two ways, is not filled in.
func TestASubjectIsNotFilledWithAGuess(t *testing.T) {
	for _, says := range [][]string{
		{"thực hiện nhiệm vụ được giao trên địa bàn"},
		{"báo cáo về quản lý đất đai, trật tự xây dựng", "báo cáo về quản lý đất đạt, trật tự xây dựng"},
	} {
		d := documents["report of a commune"]
		d.subject = []string{"Tăng cường quản lý đất đàÍf trật tự xây dựng"}
		p := newPaper()
		d.lay(p)
		for i, line := range says {
			p.line(1500+80*float64(i), run{x: 360, text: line, size: 54})
		}
		reread(p.pages, "đàÍf", 0.3)
		if f := Extract(p.pages)[record.Subject]; f.Normal != d.subject[0] || f.Confidence >= sure {
			t.Errorf("%q: %q with %.2f", says, f.Normal, f.Confidence)
		}
	}
}

func TestASubjectDoesNotConfirmItself(t *testing.T) {
	d := documents["report of a commune"]
	d.subject = []string{"Về việc thông quá35&lán phổ biến, giáo dục pháp luật trên địa bàn xã"}
	pages := d.lay(newPaper())
	reread(pages, "quá35&lán", 0.04)
	if f := Extract(pages)[record.Subject]; f.Confidence >= sure {
		t.Errorf("%q has %.2f", f.Normal, f.Confidence)
	}
}

func TestADateOnTwoLines(t *testing.T) {
	for _, rows := range [][2]string{{"Hà Nội, ngày 12 tháng 9", "năm 2025"}, {"Hà Nội,", "ngày 12 tháng 9 năm 2025"}} {
		p := newPaper()
		p.line(280, centred(680, "CỤC THUẾ", 52), centred(1740, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52))
		p.line(346, centred(1740, "Độc lập - Tự do - Hạnh phúc", 52))
		p.line(480, centred(680, "Số: 1234/CT-CS", 54), centred(1740, rows[0], 54))
		p.line(550, centred(680, "V/v hóa đơn điện tử", 50), centred(1740, rows[1], 54))
		p.filler(800, 12)
		got := Extract(p.pages)
		if d, place := got[record.IssuedDate], got[record.Place]; d.Normal != "2025-09-12" || d.Status != record.Read || place.Normal != "Hà Nội" {
			t.Errorf("%q: %s (%s) at %q", rows, d.Normal, d.Status, place.Normal)
		}
		if s := got[record.Subject]; s.Normal != "V/v hóa đơn điện tử" {
			t.Errorf("%q: subject %q", rows, s.Normal)
		}
	}
}

func TestAJudgmentIsDatedBelowItsNumber(t *testing.T) {
	p := newPaper()
	p.line(280, centred(640, "TÒA ÁN NHÂN DÂN", 52), centred(1740, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52))
	p.line(350, centred(640, "TỈNH ĐẮK LẮK", 52), centred(1740, "Độc lập - Tự do - Hạnh phúc", 52))
	for i, l := range []string{"Bản án số: 15/2025/DS-ST", "Ngày: 22-9-2025", "V/v tranh chấp hợp đồng vay tài sản"} {
		p.line(490+72*float64(i), centred(640, l, 52))
	}
	p.filler(1000, 12)
	got := Extract(p.pages)
	for name, want := range map[string]string{record.IssuedDate: "2025-09-22", record.Subject: "V/v tranh chấp hợp đồng vay tài sản", record.CodeNumber: "15"} {
		if got[name].Normal != want {
			t.Errorf("%s = %q, want %q", name, got[name].Normal, want)
		}
	}
}

func TestAPaperOfTheYouthUnion(t *testing.T) {
	for _, number := range []string{"Số: 215-KH/TĐTN-TG", "Số: 215 KH/TĐTN-TG"} {
		p := newPaper()
		p.line(280, centred(680, "BCH ĐOÀN TỈNH NGHỆ AN", 52), centred(1740, "ĐOÀN TNCS HỒ CHÍ MINH", 52))
		p.line(420, centred(680, number, 54), centred(1740, "Nghệ An, ngày 26 tháng 3 năm 2025", 54))
		p.line(560, centred(1290, "KẾ HOẠCH", 58))
		p.line(630, centred(1290, "Tổ chức Tháng Thanh niên", 58))
		p.filler(800, 12)
		got := Extract(p.pages)
		for name, want := range map[string]string{record.CodeNumber: "215", record.CodeNotation: "KH/TĐTN-TG", record.IssuedDate: "2025-03-26",
			record.TypeName: "KẾ HOẠCH", record.OrganName: "BCH ĐOÀN TỈNH NGHỆ AN"} {
			if got[name].Normal != want {
				t.Errorf("%q: %s = %q, want %q", number, name, got[name].Normal, want)
			}
		}
	}
}

func TestNotationsThatTypeAndAgencyExplain(t *testing.T) {
	for _, c := range []struct{ notation, organ, kind, want string }{
		{"32°QGM-STP", "SỞ TƯ PHÁP", "Giấy mời", "GM-STP"},
		{"HD-TIIPTPQI", "TRƯỜNG THPT PHAN QUỐC DŨNG", "Hướng dẫn", "HD-THPTPQD"},
		{"BTT-111PVHGC", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Bản thỏa thuận", "BTT-TTPVHCC"},
		{"TB-PCC1", "PHÒNG CÔNG CHỨNG SỐ 1", "Thông báo", "TB-PCC1"},
		{"TB-PCC2", "PHÒNG CÔNG CHỨNG SỐ 1", "Thông báo", "TB-PCC2"}, // whose number is another, nobody mends
	} {
		var of kind
		for _, k := range kinds() {
			if k.name.text == c.kind {
				of = k
			}
		}
		line := textLine(c.notation)
		line[0].conf = 0.5
		f, ok := notationField(numberLine{lead: line[0], notation: line}, c.organ, of)
		if !ok || f.Normal != c.want || f.Confidence >= sure && f.Rule != "notation/number-line" {
			t.Errorf("%q of %s = %q with %.2f by %s, want %q", c.notation, c.organ, f.Normal, f.Confidence, f.Rule, c.want)
		}
	}
}

func TestNamesWithScrapsOfASeal(t *testing.T) {
	for _, c := range []struct {
		line, doubted, want string
	}{
		{"6S.'Trần Trường", "6S.'Trần", "Trần Trường"},
		{"Hoàng Mai mị Kim Mai", "mị", "Hoàng Mai Thị Kim Mai"},
		{"Pham Xuân Tài", "Pham", "Phạm Xuân Tài"}, // Phan has one letter more in common with it than marks
	} {
		p := newPaper()
		p.line(500, run{x: 300, text: c.line, size: 54})
		reread(p.pages, c.doubted, 0.56)
		f, _, ok := nameOn(layout(p.pages[0]).rows[0])
		if !ok || f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%q = %q with %.2f, want %q below %.1f", c.line, f.Normal, f.Confidence, c.want, sure)
		}
	}
}

func TestPlacesOfTheHighlands(t *testing.T) {
	for _, read := range []string{"1a Kring", "Ia Kring"} {
		d := documents["letter of a department"]
		d.place = read
		d.superior, d.organ = nil, []string{"ỦY BAN NHÂN DÂN", "XÃ " + strings.ToUpper(read)}
		got := Extract(d.lay(newPaper()))
		if p, o := got[record.Place].Normal, got[record.OrganName].Normal; p != "Ia Kring" || o != "ỦY BAN NHÂN DÂN XÃ IA KRING" {
			t.Errorf("%q = %q, %q", read, p, o)
		}
	}
	for read, want := range map[string]string{"ĐIÊỀN": "ĐIỀN", "XUYẾÊN": "XUYẾN", "HƯỚNG": "HƯỚNG", "HOÀN": "HOÀN"} {
		if got := undoubled(read); got != want {
			t.Errorf("%q = %q, want %q", read, got, want)
		}
	}
}

func TestASchoolThatBearsTheNameOfAPerson(t *testing.T) {
	if got, _ := mendLine(textLine("TRƯỜNG THPT HỒ VĂN PHONG"), nil); got != "TRƯỜNG THPT HỒ VĂN PHONG" {
		t.Errorf("name = %q", got)
	}
	for name, trusted := range map[string]bool{"VŨ DIỆU HƯƠNG": true, "VỤ DIỆU HƯƠNG": false} {
		d := documents["letter of a department"]
		d.superior, d.organ = nil, []string{"TRƯỜNG THPT", name}
		if f := Extract(d.lay(newPaper()))[record.OrganName]; f.Normal != "TRƯỜNG THPT "+name || f.Confidence >= sure != trusted {
			t.Errorf("%s: %q with %.2f", name, f.Normal, f.Confidence)
		}
	}
}

func TestAMarkThatLostItsAccents(t *testing.T) {
	d := documents["letter of a department"]
	d.mark = "KHAN"
	if f := Extract(d.lay(newPaper()))[record.Urgency]; f.Normal != "KHẨN" || f.Confidence >= sure {
		t.Errorf("urgency = %q with %.2f", f.Normal, f.Confidence)
	}
}

func TestTheChairmanOfACommitteeIssues(t *testing.T) {
	d := documents["letter of a department"]
	d.superior, d.organ = nil, []string{"CHỦ TỊCH", "ỦY BAN NHÂN DÂN TỈNH AN GIANG"}
	got := Extract(d.lay(newPaper()))
	if o, s := got[record.OrganName].Normal, got[record.SuperiorOrgan].Normal; o != "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN GIANG" || s != "" {
		t.Errorf("organ = %q below %q", o, s)
	}
}
