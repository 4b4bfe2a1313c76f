package field

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// A letterhead is what a test document says of itself.
type letterhead struct {
	superior []string
	organ    []string
	number   string
	notation string
	place    string
	date     [3]string // day, month, year
	kind     string    // "" for a letter
	subject  []string  // lines
	decider  string    // who decides, below the subject
	title    []string
	signer   string
	mark     string
	merged   bool // both columns of the header in one recognised line
	pages    int  // pages of text before the close
}

// lay sets the document as NĐ 30/2020 wants it.
func (d letterhead) lay(p *paper) []record.Page {
	y := d.header(p)
	y = d.heading(p, y)
	y = p.filler(y, 12)
	for range d.pages {
		p.turn()
		p.line(180, centred(1280, "2", 54))
		y = p.filler(300, 20)
	}
	d.close(p, y+60)
	return p.pages
}

func (d letterhead) header(p *paper) float64 {
	left := append(append([]string{}, d.superior...), d.organ...)
	right := []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}
	y := 280.0
	for i := range max(len(left), 2) {
		var runs []run
		if i < len(left) {
			runs = append(runs, centred(680, left[i], 52))
		}
		if i < 2 {
			runs = append(runs, centred(1740, right[i], 52))
		}
		p.both(y, d.merged, runs)
		y += 66
	}
	y += 60
	day := d.place + ", ngày " + d.date[0] + " tháng " + d.date[1] + " năm " + d.date[2]
	p.both(y, d.merged, []run{centred(680, "Số: "+d.number+"/"+d.notation, 54), centred(1740, day, 54)})
	return y + 70
}

// both sets the runs on one line, or each on its own as most pages are read.
func (p *paper) both(y float64, merged bool, runs []run) {
	if merged {
		p.line(y, runs...)
		return
	}
	for _, r := range runs {
		p.line(y, r)
	}
}

func (d letterhead) heading(p *paper, y float64) float64 {
	if d.kind == "" {
		for _, l := range d.subject {
			p.line(y, centred(680, l, 50))
			y += 62
		}
		if d.mark != "" {
			p.line(y+50, centred(680, d.mark, 56))
		}
		p.line(y+90, run{x: 760, text: "Kính gửi: Các sở, ban, ngành.", size: 58})
		return y + 220
	}
	if d.mark != "" {
		p.line(y+20, centred(680, d.mark, 56))
	}
	y += 90
	p.line(y, centred(1290, d.kind, 58))
	for _, l := range d.subject {
		y += 70
		p.line(y, centred(1290, l, 58))
	}
	y += 150
	if d.decider != "" {
		p.line(y, centred(1290, d.decider, 58))
		y += 120
		p.line(y, run{x: 480, text: "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", size: 54})
		y += 80
	}
	return y
}

func (d letterhead) close(p *paper, y float64) {
	for i := range max(len(d.title), 3) {
		var runs []run
		if i == 0 {
			runs = append(runs, run{x: 360, text: "Nơi nhận:", size: 48})
		} else if i < 3 {
			runs = append(runs, run{x: 360, text: "- Như trên;", size: 44})
		}
		if i < len(d.title) {
			runs = append(runs, centred(1780, d.title[i], 58))
		}
		p.both(y, d.merged, runs)
		y += 72
	}
	p.line(y+40, run{x: 360, text: "- Lưu: VT, TH.", size: 44}, run{x: 1700, text: "~lLu—", size: 70, conf: 0.2})
	p.line(y+330, centred(1780, d.signer, 58))
}

func (d letterhead) want() map[string]string {
	subject := strings.Join(d.subject, " ")
	out := map[string]string{
		record.CodeNumber: d.number, record.CodeNotation: d.notation, record.Place: d.place,
		record.IssuedDate: d.date[2] + "-" + pad(d.date[1]) + "-" + pad(d.date[0]),
		record.TypeName:   d.kind, record.Subject: subject, record.OrganName: strings.Join(d.organ, " "),
		record.SignerTitle: strings.Join(d.title, " "), record.SignerName: d.signer,
	}
	if d.kind == "" {
		out[record.TypeName] = "Công văn"
	}
	if len(d.superior) > 0 {
		out[record.SuperiorOrgan] = strings.Join(d.superior, " ")
	}
	if d.mark == "MẬT" {
		out[record.Secrecy] = d.mark
	} else if d.mark != "" {
		out[record.Urgency] = d.mark
	}
	return out
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

var documents = map[string]letterhead{
	"decision of a province": {
		organ: []string{"ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG"}, number: "1234", notation: "QĐ-UBND", place: "Lâm Đồng", date: [3]string{"05", "11", "2023"},
		kind: "QUYẾT ĐỊNH", subject: []string{"Về việc phê duyệt kế hoạch sử dụng đất năm 2024", "của huyện Đức Trọng"}, decider: "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG",
		title: []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, signer: "Phạm Thị Phúc", pages: 2,
	},
	"letter of a department": {
		superior: []string{"UBND TỈNH HÀ GIANG"}, organ: []string{"SỞ NÔNG NGHIỆP", "VÀ PHÁT TRIỂN NÔNG THÔN"}, number: "87", notation: "SNN-TL", place: "Hà Giang",
		date: [3]string{"09", "01", "2019"}, subject: []string{"V/v phòng, chống rét cho", "đàn gia súc năm 2019"}, title: []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, signer: "Hoàng Văn Dũng",
	},
	"both columns read as one line": {
		superior: []string{"BỘ TÀI CHÍNH"}, organ: []string{"TỔNG CỤC THUẾ"}, number: "4511", notation: "TCT-CS", place: "Hà Nội", date: [3]string{"12", "10", "2020"},
		subject: []string{"V/v chính sách thuế"}, title: []string{"TL. TỔNG CỤC TRƯỞNG", "VỤ TRƯỞNG"}, signer: "Lưu Đức Huy", merged: true,
	},
	"report of a commune": {
		superior: []string{"ỦY BAN NHÂN DÂN", "HUYỆN MỘ ĐỨC"}, organ: []string{"ỦY BAN NHÂN DÂN", "XÃ ĐỨC PHONG"}, number: "07", notation: "BC-UBND", place: "Đức Phong",
		date: [3]string{"2", "6", "2022"}, kind: "BÁO CÁO", subject: []string{"Tình hình kinh tế - xã hội 6 tháng đầu năm 2022"}, title: []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, signer: "Nguyễn Văn Tâm",
	},
	"resolution of a council": {
		organ: []string{"HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ CẦN THƠ"}, number: "15", notation: "NQ-HĐND", place: "Cần Thơ", date: [3]string{"08", "12", "2021"},
		kind: "NGHỊ QUYẾT", subject: []string{"Về dự toán ngân sách địa phương năm 2022"}, decider: "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ CẦN THƠ", title: []string{"CHỦ TỊCH"}, signer: "Phạm Văn Hiểu",
	},
	"urgent telegram of a minister": {
		organ: []string{"BỘ Y TẾ"}, number: "628", notation: "CĐ-BYT", place: "Hà Nội", date: [3]string{"01", "5", "2021"}, kind: "CÔNG ĐIỆN",
		subject: []string{"Về tăng cường các biện pháp phòng, chống dịch"}, title: []string{"KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"}, signer: "Đỗ Xuân Tuyên", mark: "HỎA TỐC",
	},
	"acting head": {
		superior: []string{"UBND QUẬN TÂN BÌNH"}, organ: []string{"PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"}, number: "345", notation: "TB-GDĐT", place: "Tân Bình", date: [3]string{"14", "8", "2018"},
		kind: "THÔNG BÁO", subject: []string{"Về việc tuyển sinh lớp 6 năm học 2018 - 2019"}, title: []string{"Q. TRƯỞNG PHÒNG"}, signer: "Trần Khắc Huy",
	},
	"by order, secret": {
		organ: []string{"ỦY BAN NHÂN DÂN", "TỈNH ĐẮK LẮK"}, number: "56", notation: "UBND-NC", place: "Đắk Lắk", date: [3]string{"22", "3", "2017"},
		subject: []string{"V/v bảo đảm an ninh", "trên địa bàn"}, title: []string{"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, signer: "Bùi Hồng Quý", mark: "MẬT",
	},
	"authorised deputy": {
		superior: []string{"BỘ NỘI VỤ"}, organ: []string{"CỤC VĂN THƯ VÀ LƯU TRỮ NHÀ NƯỚC"}, number: "910", notation: "KH-VTLTNN", place: "Hà Nội", date: [3]string{"30", "9", "2024"},
		kind: "KẾ HOẠCH", subject: []string{"Kiểm tra công tác văn thư, lưu trữ năm 2024"}, title: []string{"TUQ. CỤC TRƯỞNG", "CHÁNH VĂN PHÒNG"}, signer: "Vũ Thị Thanh Thủy",
	},
	"proposal of a school": {
		superior: []string{"SỞ GIÁO DỤC VÀ ĐÀO TẠO"}, organ: []string{"TRƯỜNG THPT", "LÊ HỒNG PHONG"}, number: "21", notation: "TTr-LHP", place: "Nam Định", date: [3]string{"03", "02", "2016"},
		kind: "TỜ TRÌNH", subject: []string{"Về việc sửa chữa nhà đa năng"}, title: []string{"HIỆU TRƯỞNG"}, signer: "Cao Xuân Hùng",
	},
}

func TestReadsEveryFieldOfClearPrint(t *testing.T) {
	for name, d := range documents {
		t.Run(name, func(t *testing.T) {
			got := Extract(d.lay(newPaper()))
			want := d.want()
			for f, w := range want {
				if g := got[f]; g.Normal != w || g.Status != record.Read {
					t.Errorf("%s = %q (%s, %s), want %q", f, g.Normal, g.Status, g.Rule, w)
				}
				if g := got[f]; g.Confidence < sure {
					t.Errorf("%s is %q with confidence %.2f, want at least %.2f", f, g.Normal, g.Confidence, sure)
				}
				if len(got[f].Evidence) == 0 {
					t.Errorf("%s has no evidence", f)
				}
			}
			for f, g := range got {
				if _, ok := want[f]; !ok {
					t.Errorf("%s = %q (%s), want nothing", f, g.Normal, g.Rule)
				}
			}
		})
	}
}

func TestSlipsOfRecognitionAreMendedOrDoubted(t *testing.T) {
	right, silent, all := 0, 0, 0
	for seed := range uint64(40) {
		for name, d := range documents {
			p := newPaper()
			p.rng, p.slips = rand.New(rand.NewPCG(seed, uint64(len(name)))), 0.12
			got := Extract(d.lay(p))
			for f, w := range d.want() {
				all++
				switch g := got[f]; {
				case g.Normal == w || f == record.Subject && similar(g.Normal, w) > 0.95:
					right++
				case g.Confidence >= sure && g.Status == record.Read:
					silent++
					t.Logf("silent: %s: %s = %q %.2f, want %q", name, f, g.Normal, g.Confidence, w)
				}
			}
		}
	}
	t.Logf("%d of %d right, %d silent", right, all, silent)
	if share := float64(right) / float64(all); share < 0.9 {
		t.Errorf("%.3f of the fields are right, want 0.9", share)
	}
	if share := float64(silent) / float64(all); share > 0.01 {
		t.Errorf("%.3f of the fields are wrong and trusted, want at most 0.01", share)
	}
}

func BenchmarkExtract(b *testing.B) {
	pages := documents["decision of a province"].lay(newPaper())
	for b.Loop() {
		Extract(pages)
	}
}
