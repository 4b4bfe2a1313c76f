package field

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// set lays words in a Times-like face, 54 pixels high, each as wide as true, read as read.
func set(read, truth []string) []token {
	var out []token
	x := 0.0
	for i := range read {
		w := 54 * ems(truth[i])
		out = append(out, token{text: read[i], conf: 0.9, x0: x, x1: x + w, y1: 40})
		x += w + 14
	}
	return out
}

func TestRomanNumeralsAreMendedByTheirWidth(t *testing.T) {
	for _, c := range []struct{ read, printed, want string }{
		{"IH", "III", "III"},
		{"HI", "III", "III"},
		{"HII", "III", "III"},
		{"TII", "III", "III"},
		{"II", "III", "III"},
		{"II", "II", "II"},
		{"H", "II", "II"},
		{"XIH", "XIII", "XIII"},
		{"IV", "IV", "IV"},
		{"l", "l", "l"},
		{"12", "12", "12"},
	} {
		words := set([]string{"báo", "cáo", "quý", c.read, "năm", "nay"}, []string{"báo", "cáo", "quý", c.printed, "năm", "nay"})
		if got := mendRomans(words, nil)[3]; got.text != c.want {
			t.Errorf("%s printed as %s = %s, want %s", c.read, c.printed, got.text, c.want)
		}
	}
	if got := mendRomans(set([]string{"quý", "XI"}, []string{"quý", "VIII"}), set([]string{"thông", "báo"}, []string{"thông", "báo"}))[1]; got.text != "XI" || got.conf >= 0.85 {
		t.Errorf("a numeral of another width = %s with %.2f, want it doubted", got.text, got.conf)
	}
}

func TestMarksOfUsualWords(t *testing.T) {
	for _, c := range []struct{ read, want string }{
		{"Tố chức xây đựng trường phố thông", "Tổ chức xây dựng trường phổ thông"},
		{"TỐ CHỨC HÀNH CHINH", "TỔ CHỨC HÀNH CHÍNH"},
		{"tổ công tác", "tổ công tác"},
		{"thị trần Mộ Đức", "thị trấn Mộ Đức"},
		{"uỷ ban", "uỷ ban"},
		{"trên địa bàn la Kring", "trên địa bàn Ia Kring"},
		{"tiêm chủng mở rộng nắm 2022", "tiêm chủng mở rộng năm 2022"},
		{"nắm chắc tình hình", "nắm chắc tình hình"},
	} {
		var words []string
		for _, w := range mendWording(textLine(c.read), nil) {
			words = append(words, w.text)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%q = %q, want %q", c.read, got, c.want)
		}
	}
}

func TestTheListSpeaksBeforeTheDocument(t *testing.T) {
	d := documents["decision of a province"]
	d.subject = []string{"Về chuyển đối số trong cơ quan"}
	p := newPaper()
	d.lay(p)
	for i := range 3 {
		p.line(3000+float64(i)*70, run{x: 360, text: "công tác chuyển đối số của tỉnh được thực hiện theo quy định", size: 54})
	}
	if f := Extract(p.pages)[record.Subject]; f.Normal != "Về chuyển đổi số trong cơ quan" {
		t.Errorf("subject = %q", f.Normal)
	}
}

func TestNotationsWithALetterMisread(t *testing.T) {
	for _, c := range []struct{ kind, read, want string }{
		{"BÁO CÁO", "BG-SYT", "BC-SYT"},
		{"CHƯƠNG TRÌNH", "CIr-SYT", "CTr-SYT"},
		{"CHỈ THỊ", "GT-UBND", "CT-UBND"},
		{"QUYẾT ĐỊNH", "QĐ-UBMD", "QĐ-UBND"},
		{"QUYẾT ĐỊNH", "QĐ-KHTC", "QĐ-KHTC"}, // nobody's initials: left as it is
		{"BÁO CÁO", "TTr-SYT", "TTr-SYT"},    // another type's: left as it is
	} {
		d := documents["acting head"]
		d.kind, d.notation = c.kind, c.read
		if g := Extract(d.lay(newPaper()))[record.CodeNotation]; g.Normal != c.want || g.Value != c.read {
			t.Errorf("%s under %s = %q printed %q, want %q", c.read, c.kind, g.Normal, g.Value, c.want)
		}
	}
}

func TestANumberLineWithoutASlash(t *testing.T) {
	for _, c := range []struct{ line, notation string }{
		{"Số: 294#QĐ-UBND", "QĐ-UBND"},
		{"Số: 5/48/QĐ-UBND", "QĐ-UBND"},
		{"Số: 30/2020/NQ-HĐND", "NQ-HĐND"},
	} {
		got := Extract(slotPage([]run{{x: 440, text: c.line, size: 54}}, []run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}))
		if g := got[record.CodeNotation]; g.Normal != c.notation {
			t.Errorf("%q = %q, want %q", c.line, g.Normal, c.notation)
		}
	}
	got := Extract(slotPage([]run{{x: 440, text: "Số:", size: 54}}, []run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}))
	if g, ok := got[record.CodeNotation]; ok {
		t.Errorf("a number line with nothing on it has the notation %q", g.Normal)
	}
}

func TestATypeThatTheNotationTells(t *testing.T) {
	d := documents["decision of a province"]
	p := newPaper()
	y := d.header(p)
	p.line(y+160, centred(1290, "Về việc phê duyệt kế hoạch sử dụng đất", 58))
	p.filler(y+340, 12)
	got := Extract(p.pages)
	if f := got[record.TypeName]; f.Normal != "QUYẾT ĐỊNH" || f.Code != "02" || f.Confidence >= sure || f.Rule != "kind/notation" {
		t.Errorf("type = %+v", f)
	}
	if f := got[record.Subject]; f.Normal != "Về việc phê duyệt kế hoạch sử dụng đất" || f.Confidence >= sure {
		t.Errorf("subject = %q with %.2f", f.Normal, f.Confidence)
	}
}

func TestScrapsBesideANameAreDropped(t *testing.T) {
	d := documents["letter of a department"]
	p := newPaper()
	p.line(280, centred(680, "ỦY BAN NHÂN DÂN", 52))
	p.line(346, run{x: 130, text: "IA]", size: 52, conf: 0.5}, centred(680, "TỈNH LÂM ĐỒNG", 52))
	d.superior, d.organ = nil, nil
	y := d.header(p)
	p.filler(y+160, 8)
	if g := Extract(p.pages)[record.OrganName]; g.Normal != "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG" {
		t.Errorf("organ = %q", g.Normal)
	}
	if got := dropBefore(append(textLine("WMÂ MA"), textLine("ỦY BAN NHÂN DÂN")...)); len(got) != 6 {
		t.Errorf("sure words were dropped: %d left", len(got))
	}
	scrap := textLine("WMÂ MA")
	scrap[0].conf, scrap[1].conf = 0.4, 0.6
	if got := dropBefore(append(scrap, textLine("ỦY BAN NHÂN DÂN")...)); len(got) != 4 {
		t.Errorf("%d words left, want 4", len(got))
	}
}

func TestSignersOfLettersAbroad(t *testing.T) {
	for _, c := range []struct{ formula, first, second, title, name string }{
		{"Yours faithfully,", "Harriet Thistlewood", "Head of Records", "Head of Records", "Harriet Thistlewood"},
		{"considération distinguée.", "La directrice générale", "Hélène Châtelain", "La directrice générale", "Hélène Châtelain"},
		{"Sincerely,", "Programme Director", "Edmund Whitcombe", "Programme Director", "Edmund Whitcombe"},
		{"considération distinguée.", "La directrice générale", "Anaïs d'Aubigné", "La directrice générale", "Anaïs d'Aubigné"},
		{"considération distinguée.", "La directrice générale", "Jean de la Tour", "La directrice générale", "Jean de la Tour"},
	} {
		p := newPaper()
		for i := range 8 {
			p.line(300+float64(i)*80, run{x: 360, text: "we have the honour to inform you of the matter", size: 54})
		}
		p.line(1100, run{x: 360, text: c.formula, size: 54})
		p.line(1250, centred(1780, c.first, 54))
		p.line(1600, centred(1780, c.second, 54))
		got := Extract(p.pages)
		if got[record.SignerTitle].Normal != c.title || got[record.SignerName].Normal != c.name || got[record.SignerName].Confidence >= sure {
			t.Errorf("%s: %q, %q with %.2f", c.formula, got[record.SignerTitle].Normal, got[record.SignerName].Normal, got[record.SignerName].Confidence)
		}
	}
}

func TestATitleOnTwoLinesAndOneThatIsBesideItsColumn(t *testing.T) {
	d := documents["report of a commune"]
	d.title = []string{"TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG TỔ CHỨC - HÀNH", "CHÍNH"}
	if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal != "TUQ. GIÁM ĐỐC TRƯỞNG PHÒNG TỔ CHỨC HÀNH CHÍNH" {
		t.Errorf("title = %q", f.Normal)
	}
	p := newPaper()
	y := p.filler(300, 8)
	p.line(y+80, run{x: 360, text: "Nơi nhận:", size: 48}, centred(1860, "CHỦ TỊCH", 58)) // TM. was lost before it
	p.line(y+420, centred(1780, "Phạm Thị Phúc", 58))
	if f := Extract(p.pages)[record.SignerTitle]; f.Normal != "CHỦ TỊCH" || f.Confidence >= sure {
		t.Errorf("title beside its column = %q with %.2f, want it doubted", f.Normal, f.Confidence)
	}
	d.title = []string{"KT. CHỦ TỊCH"}
	if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal != "KT. CHỦ TỊCH PHÓ CHỦ TỊCH" || f.Value != "KT. CHỦ TỊCH" || f.Confidence >= sure || f.Rule != "signer/title-expected" {
		t.Errorf("a deputy's line that was lost = %+v", f)
	}
}

// What is read upside down is letters without sense: nothing of it is trusted.
func TestPagesThatWereReadUpsideDown(t *testing.T) {
	p := newPaper()
	for i, text := range []string{"ɯɐN ʇǝᴉΛ ɐᴉƃɥƃN nɥƆ", "S9 :QS ƃuọp ɯạɥd", "0Z0Z ɯău IT ƃuạɥʇ ZI ʎạƃu", "WAN TÀIV", "GNÒD NỆYUQ HNỊĐ", "IỜGN ÝK NÊT"} {
		for range 4 {
			p.line(300+float64(i)*300, run{x: 360, text: text, size: 54, conf: 0.45})
		}
	}
	for name, f := range Extract(p.pages) {
		if f.Confidence >= sure {
			t.Errorf("%s = %q with %.2f", name, f.Normal, f.Confidence)
		}
	}
}

// Blank pages between change nothing.
func TestBlankPagesBetween(t *testing.T) {
	p := newPaper()
	documents["decision of a province"].lay(p)
	last := p.pages[len(p.pages)-1]
	pages := append(append([]record.Page{}, p.pages[:len(p.pages)-1]...), record.Page{Number: 90, Width: 2480, Height: 3508, Blank: true}, last)
	want := Extract(p.pages)
	got := Extract(pages)
	for name, f := range want {
		if got[name].Normal != f.Normal {
			t.Errorf("%s = %q, want %q", name, got[name].Normal, f.Normal)
		}
	}
}
