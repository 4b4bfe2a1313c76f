package field

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestWhatIsReadSurelyIsNotMendedIntoAnotherName(t *testing.T) {
	d := documents["letter of a department"]
	d.organ = []string{"TRUNG TÂM TÀI NGUYÊN"}
	if g := Extract(d.lay(newPaper()))[record.OrganName]; g.Normal != "TRUNG TÂM TÀI NGUYÊN" {
		t.Errorf("organ = %q", g.Normal)
	}
	for _, m := range mend(textLine("TỈNH TÀI NGUYÊN"), nil) {
		if m.text == "THÁI" {
			t.Error("a sure TÀI NGUYÊN was mended into THÁI NGUYÊN")
		}
	}
}

func TestNumberLinesOfSeveralForms(t *testing.T) {
	for _, c := range []struct {
		line, number, notation string
		trust                  bool
	}{
		{"Số/No.: 12/TB-SYT", "12", "TB-SYT", true},
		{"Số: 50QĐ-UBND", "50", "QĐ-UBND", false},
		{"Luật số: 24/2018/QH14", "24", "QH14", true},
		{"Số:71/QĐ-UBND", "71", "QĐ-UBND", true},
	} {
		got := Extract(slotPage([]run{{x: 440, text: c.line, size: 54}}, []run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}))
		n := got[record.CodeNumber]
		if n.Normal != c.number || got[record.CodeNotation].Normal != c.notation || n.Confidence >= sure != c.trust {
			t.Errorf("%q = %q %q with %.2f", c.line, n.Normal, got[record.CodeNotation].Normal, n.Confidence)
		}
	}
}

func TestAbbreviationsThatDifferInAMarkAreToldApartByTheType(t *testing.T) {
	for _, c := range []struct{ kind, read, want string }{
		{"HỢP ĐỒNG", "HD-SYT", "HĐ-SYT"},
		{"HƯỚNG DẪN", "HĐ-SYT", "HD-SYT"},
		{"ĐỀ ÁN", "DA-SYT", "ĐA-SYT"},
	} {
		d := documents["acting head"]
		d.kind, d.notation = c.kind, c.read
		if g := Extract(d.lay(newPaper()))[record.CodeNotation]; g.Normal != c.want {
			t.Errorf("%s under %s = %q, want %q", c.read, c.kind, g.Normal, c.want)
		}
	}
}

func TestAMarkUnderTheSubjectIsNoPartOfIt(t *testing.T) {
	d := documents["by order, secret"]
	p := newPaper()
	y := d.header(p)
	p.line(y, centred(680, "V/v bảo đảm an ninh", 50))
	p.line(y+62, centred(680, "TỐI MẬT", 56))
	p.filler(y+400, 8)
	got := Extract(p.pages)
	if s, m := got[record.Subject].Normal, got[record.Secrecy].Normal; s != "V/v bảo đảm an ninh" || m != "TỐI MẬT" {
		t.Errorf("subject = %q, mark = %q", s, m)
	}
}

func TestADeputyWithoutTheChiefsLineIsDoubted(t *testing.T) {
	for _, rows := range [][]string{{"PHÓ CHỦ TỊCH"}, {"TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH"}} {
		d := documents["report of a commune"]
		d.title = rows
		if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal == "" || f.Confidence >= sure {
			t.Errorf("%v = %q with %.2f, want less than %.2f", rows, f.Normal, f.Confidence, sure)
		}
	}
}

func TestAnAuthorityThatMayHaveBeenLost(t *testing.T) {
	for _, c := range []struct{ scrap, want string }{
		{"D.", "Q. GIÁM ĐỐC"},
		{"Kĩ", "GIÁM ĐỐC"},
	} {
		p := newPaper()
		y := p.filler(300, 8)
		p.line(y+80, run{x: 360, text: "Nơi nhận:", size: 48}, run{x: 1560, text: c.scrap, size: 58, conf: 0.2}, run{x: 1640, text: "GIÁM ĐỐC", size: 58})
		f := Extract(p.pages)[record.SignerTitle]
		if f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%s before the office = %q with %.2f, want %q, doubted", c.scrap, f.Normal, f.Confidence, c.want)
		}
	}
}

// The date line may be wider than the titles above it and reach left of them.
func TestColumnsPartAtTheGapNotAtTheTitle(t *testing.T) {
	p := newPaper()
	p.line(280, centred(600, "BỘ Y TẾ", 52), centred(1800, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 46))
	p.line(346, centred(1800, "Độc lập - Tự do - Hạnh phúc", 46))
	p.line(480, run{x: 420, text: "Số: 15/QĐ-BYT", size: 54}, run{x: 1180, text: "Hồ Chí Minh, ngày 14 tháng 3 năm 2024", size: 60})
	p.filler(900, 8)
	got := Extract(p.pages)
	if g := got[record.Place].Normal; g != "Hồ Chí Minh" {
		t.Errorf("place = %q, want Hồ Chí Minh", g)
	}
	if g := got[record.CodeNotation].Normal; g != "QĐ-BYT" {
		t.Errorf("notation = %q, want QĐ-BYT", g)
	}
}

func TestTextCloseBelowTheSubjectIsNoPartOfIt(t *testing.T) {
	d := documents["report of a commune"]
	p := newPaper()
	y := d.header(p)
	p.line(y+90, centred(1290, "BÁO CÁO", 58))
	p.line(y+160, centred(1290, "Tình hình kinh tế - xã hội", 58))
	p.line(y+232, run{x: 480, text: "Trong sáu tháng đầu năm kinh tế của xã phát triển", size: 54})
	p.filler(y+304, 10)
	f := Extract(p.pages)[record.Subject]
	if f.Normal != "Tình hình kinh tế - xã hội" || f.Confidence >= sure {
		t.Errorf("subject = %q with %.2f, want it to end before the text, doubted", f.Normal, f.Confidence)
	}
}
