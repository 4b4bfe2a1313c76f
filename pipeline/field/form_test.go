package field

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sohoa/sohoa/record"
)

// lines sets text lines from the top of a page, a title in the middle first.
func lines(title string, text ...string) []record.Page {
	p := newPaper()
	p.line(280, centred(1240, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52))
	p.line(346, centred(1240, "Độc lập - Tự do - Hạnh phúc", 52))
	p.line(560, centred(1240, title, 60))
	for i, t := range text {
		p.line(700+float64(i)*90, run{x: 360, text: t, size: 54})
	}
	return p.pages
}

func TestFormsThatComeWithTheProgram(t *testing.T) {
	for _, c := range []struct {
		form  string
		pages []record.Page
		want  map[string]string
	}{
		{"giay-khai-sinh", lines("GIẤY KHAI SINH", "Số: 45/2021", "Họ, chữ đệm, tên: NGUYỄN MINH ANH", "Ngày, tháng, năm sinh: 15/3/2021", "Giới tính: Nữ Dân tộc: Kinh Quốc tịch: Việt Nam",
			"Nơi sinh: Bệnh viện Đa khoa tỉnh Lào Cai", "Số định danh cá nhân: 010321001234", "Họ, chữ đệm, tên người mẹ: Trần Thị Hoa", "Nơi đăng ký khai sinh: UBND phường Kim Tân"),
			map[string]string{"fullName": "NGUYỄN MINH ANH", "birthDate": "2021-03-15", "sex": "Nữ", "ethnicity": "Kinh", "nationality": "Việt Nam", "birthPlace": "Bệnh viện Đa khoa tỉnh Lào Cai",
				"personId": "010321001234", "motherName": "Trần Thị Hoa", "registrationPlace": "UBND phường Kim Tân"}},
		{"giay-chung-nhan-ket-hon", lines("GIẤY CHỨNG NHẬN KẾT HÔN", "Họ, chữ đệm, tên vợ: Lê Thị Mai", "Họ, chữ đệm, tên chồng: Phan Văn Dũng", "Ngày, tháng, năm đăng ký: ngày 12 tháng 6 năm 2020"),
			map[string]string{"wifeName": "Lê Thị Mai", "husbandName": "Phan Văn Dũng", "registrationDate": "2020-06-12"}},
		{"giay-chung-nhan-quyen-su-dung-dat", lines("GIẤY CHỨNG NHẬN", "Thửa đất số: 123; tờ bản đồ số: 45", "Địa chỉ: thôn 2, xã Mường Hum", "Diện tích: 250,5 m²", "Mục đích sử dụng: Đất ở tại nông thôn"),
			map[string]string{"parcel": "123", "mapSheet": "45", "address": "thôn 2, xã Mường Hum", "area": "250,5 m²", "purpose": "Đất ở tại nông thôn"}},
		{"dang-ky-doanh-nghiep", lines("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "Mã số doanh nghiệp: 0100109106", "Đăng ký lần đầu: ngày 05 tháng 01 năm 2010", "Tên công ty viết bằng tiếng Việt: CÔNG TY TNHH HOA BAN", "Điện thoại: 0912345678"),
			map[string]string{"taxCode": "0100109106", "firstRegistered": "2010-01-05", "companyName": "CÔNG TY TNHH HOA BAN", "phone": "0912345678"}},
		{"giay-phep-xay-dung", lines("GIẤY PHÉP XÂY DỰNG", "Cấp cho: Ông Trần Văn Bình", "Công trình: Nhà ở riêng lẻ", "Số tầng: 3"),
			map[string]string{"owner": "Ông Trần Văn Bình", "work": "Nhà ở riêng lẻ", "floors": "3"}},
		{"don-de-nghi", lines("ĐƠN ĐỀ NGHỊ", "Kính gửi: UBND phường Kim Tân", "Họ và tên: Đỗ Văn Hùng", "Số CCCD: 010084001234", "Địa chỉ: ......................", "Nội dung đề nghị: xác nhận tình trạng hôn nhân"),
			map[string]string{"addressee": "UBND phường Kim Tân", "applicant": "Đỗ Văn Hùng", "personId": "010084001234", "request": "xác nhận tình trạng hôn nhân"}},
		{"letter-en", lines("Ministry of Justice", "Our ref: 12/MOJ", "Date: 15 March 2024", "Subject: Request for documents", "Dear Sir,", "Yours sincerely,"),
			map[string]string{"reference": "12/MOJ", "issuedDate": "2024-03-15", "subject": "Request for documents"}},
		{"letter-fr", lines("Ministère de la Justice", "Hanoï, le 15 mars 2024", "Objet : Demande de pièces", "Monsieur le Directeur,"),
			map[string]string{"issuedDate": "2024-03-15", "subject": "Demande de pièces"}},
	} {
		t.Run(c.form, func(t *testing.T) {
			form, got, ok := ReadForm(c.pages, Forms())
			if !ok || form.ID != c.form {
				t.Fatalf("form = %q, want %q", form.ID, c.form)
			}
			for name, want := range c.want {
				if got[name].Normal != want {
					t.Errorf("%s = %q, want %q", name, got[name].Normal, want)
				}
				if len(got[name].Evidence) == 0 {
					t.Errorf("%s has no evidence", name)
				}
			}
			for name, f := range got {
				if _, ok := c.want[name]; !ok && name != "certificateNumber" && name != "addressee" {
					t.Errorf("%s = %q, want nothing", name, f.Normal)
				}
			}
		})
	}
}

func TestAFormIsNotFoundOnOtherPapers(t *testing.T) {
	if form, _, ok := ReadForm(documents["decision of a province"].lay(newPaper()), Forms()); ok {
		t.Errorf("a decision was taken for %q", form.ID)
	}
	if _, _, ok := ReadForm(nil, Forms()); ok {
		t.Error("no pages were taken for a form")
	}
}

func TestWrongFormsSayLineAndReason(t *testing.T) {
	for _, c := range []struct {
		text   string
		line   int
		reason string
	}{
		{"form x\ntitle X\nfield a\n  label A\ncolour red\n", 5, "no directive"},
		{"form x\ntitle X\n  label A\n", 3, "no field above"},
		{"form x\ntitle X\nfield a\n  label A\n  as colour\n", 5, "none of text"},
		{"form x\ntitle X\nfield a\n  label A\n  as list\n", 5, "list's name"},
		{"form x\ntitle X\nfield a\n  label A\n  pattern (\n", 5, "pattern"},
		{"form x\ntitle X\nfield a\n  label A\nfield a\n  label B\n", 5, "twice"},
		{"form x\ntype 77\ntitle X\nfield a\n  label A\n", 2, "TT 05/2025"},
		{"form x\ntitle X\nfield a\n  label A\n  rows 99\n", 5, "1 to 10"},
		{"form x\ntitle X\nfield a\n", 0, "no label"},
		{"form x\nfield a\n  label A\n", 0, "no title"},
		{"title X\nfield a\n  label A\n", 0, "no form"},
		{"form x\ntitle\nfield a\n  label A\n", 2, "says nothing"},
	} {
		_, err := ParseForm("office.form", strings.NewReader(c.text))
		bad, ok := errors.AsType[*FileError](err)
		if !ok || bad.Line != c.line || !strings.Contains(bad.Reason, c.reason) || bad.File != "office.form" {
			t.Errorf("%q: %v, want line %d: %s", c.text, err, c.line, c.reason)
		}
	}
}

func TestOneWrongFormDoesNotHideTheOthers(t *testing.T) {
	dir := fstest.MapFS{
		"good.form": {Data: []byte("form good\ntitle PHIẾU THU\nfield sum\n  label Số tiền\n")},
		"bad.form":  {Data: []byte("form bad\n")},
		"note.txt":  {Data: []byte("not a form")},
	}
	forms, err := LoadForms(dir, ".")
	if len(forms) != 1 || forms[0].ID != "good" || err == nil {
		t.Errorf("forms = %v, %v, want the good one and the other's error", forms, err)
	}
}

func TestEveryEmbeddedFormIsSound(t *testing.T) {
	names, _ := fs.Glob(formFiles, "forms/*.form")
	forms := Forms()
	if len(forms) != len(names) || len(names) == 0 {
		t.Fatalf("%d forms of %d files", len(forms), len(names))
	}
	for _, f := range forms {
		if !slices.ContainsFunc(f.Fields, func(g FormField) bool { return g.Required }) {
			t.Errorf("%s requires nothing", f.ID)
		}
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add("form x\ntitle X\nfield a required\n  label A | B\n  as date\n  take both\n  rows 2\n")
	f.Add("list a b | c\nfield \n\t label\n")
	f.Fuzz(func(t *testing.T, text string) {
		form, err := ParseForm("f", strings.NewReader(text))
		if err == nil && (form.ID == "" || len(form.Titles) == 0) {
			t.Errorf("%q was taken for a form", text)
		}
	})
}

// Papers of two people have their entries side by side under one label each.
func TestTwoColumnsOfAForm(t *testing.T) {
	pages := lines("GIẤY CHỨNG NHẬN KẾT HÔN", "Họ, chữ đệm, tên vợ: Lê Thị Mai")
	for i, two := range [][2]string{{"Ngày, tháng, năm sinh: 02/3/1990", "Ngày, tháng, năm sinh: 04/5/1988"}, {"Giấy tờ tùy thân: 001190000123", "Giấy tờ tùy thân: 001088000456"}} {
		newLine := paper{pages: pages}
		newLine.line(900+float64(i)*90, run{x: 360, text: two[0], size: 48}, run{x: 1320, text: two[1], size: 48})
	}
	_, got, _ := ReadForm(pages, Forms())
	for name, want := range map[string]string{"wifeBirthDate": "1990-03-02", "husbandBirthDate": "1988-05-04", "wifeId": "001190000123", "husbandId": "001088000456"} {
		if got[name].Normal != want {
			t.Errorf("%s = %q, want %q", name, got[name].Normal, want)
		}
	}
}

func TestValuesOfForms(t *testing.T) {
	for _, c := range []struct{ as, read, want string }{
		{"area", "263,8 m°", "263,8 m²"},
		{"area", "1.250 m2 (một nghìn hai trăm năm mươi)", "1.250 m²"},
		{"area", "khoảng ba sào", "khoảng ba sào"},
		{"address", "thôn 2, xã Mường Hun, huyện Bát Xat", "thôn 2, xã Mường Hun, huyện Bát Xát"},
		{"address", "xã Yên Thủy, tính Lào Cai", "xã Yên Thủy, tỉnh Lào Cai"},
		{"address", "thị trấn Hà Tĩnh", "thị trấn Hà Tĩnh"},
		{"address", "Ủy ban nhân đân xã Mường Hun", "Ủy ban nhân dân xã Mường Hun"},
		{"text", "Nhận chuyến nhượng quyền sử dụng đất", "Nhận chuyển nhượng quyền sử dụng đất"},
	} {
		if got, _, _ := valueAs(FormField{As: c.as}, nil, c.read, textLine(c.read)); got != c.want {
			t.Errorf("%s %q = %q, want %q", c.as, c.read, got, c.want)
		}
	}
	if _, conf, _ := valueAs(FormField{As: "area"}, nil, "khoảng ba sào", textLine("khoảng ba sào")); conf >= sure {
		t.Errorf("an area without a figure has %.2f", conf)
	}
	if !Agrees("area", "85,5 m2", "85,5 m²") {
		t.Error("m2 is no m²")
	}
}

func TestTheNearestLabelCounts(t *testing.T) {
	_, got, _ := ReadForm(lines("GIẤY KHAI SINH", "Họ, chữ đệm, tên người mẹ: Tạ Thị Hạnh", "Họ, chữ đệm, tên người cha: Nguyễn Bá Phong", "Nơi sinh: Trung tâm Y tế", "Ghi chú: không"), Forms())
	for name, want := range map[string]string{"motherName": "Tạ Thị Hạnh", "fatherName": "Nguyễn Bá Phong", "birthPlace": "Trung tâm Y tế"} {
		if got[name].Normal != want {
			t.Errorf("%s = %q, want %q", name, got[name].Normal, want)
		}
	}
}

// A certificate says who signs it above the title, which a seal may have taken.
func TestTheSignerOfACertificateIsFoundWithoutATitle(t *testing.T) {
	for _, c := range []struct{ above, left, title, name string }{
		{"NGƯỜI KÝ GIẤY KHAI SINH", "", "", "Nguyễn Thị Hiền"},
		{"NGƯỜI KÝ GIẤY KHAI SINH", "TỊCH", "CHỦ TỊCH", "Nguyễn Thị Hiền"},
		{"f#-Ÿ6|ẤY KHAI SINH", "TỊCH", "CHỦ TỊCH", "Nguyễn Thị Hiền"},
		{"NHỮNG ĐIỀU CẦN BIẾT", "", "", ""},
	} {
		p := newPaper()
		p.line(260, centred(1290, "GIẤY KHAI SINH", 58))
		p.filler(400, 16)
		p.line(2300, centred(1780, c.above, 54))
		p.line(2370, centred(1780, "CHỦ TỊCH", 54))
		p.line(2760, centred(1780, "Nguyễn Thị Hiền", 54))
		leave(p.pages, "CHỦ TỊCH", c.left)
		p.pages[0].Lines = slices.DeleteFunc(p.pages[0].Lines, func(l record.Line) bool { return len(l.Words) == 0 })
		got := Extract(p.pages)
		title, name := got[record.SignerTitle], got[record.SignerName]
		if title.Normal != c.title || name.Normal != c.name || title.Confidence >= sure || name.Confidence >= sure {
			t.Errorf("under %q and %q: %q with %.2f, %q with %.2f", c.above, c.left, title.Normal, title.Confidence, name.Normal, name.Confidence)
		}
	}
}
