package field

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func normals(fields []record.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Normal)
	}
	return out
}

// decision is a decision of two pages with bases, recipients and two parts behind it.
func decision() []record.Page {
	p := newPaper()
	d := documents["decision of a province"]
	y := d.header(p)
	p.line(y+90, centred(1290, "QUYẾT ĐỊNH", 58))
	p.line(y+160, centred(1290, "Về việc giao đất cho Trường Mầm non", 58))
	p.line(y+310, centred(1290, "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG", 58))
	y += 440
	for _, r := range []struct {
		x    float64
		text string
	}{
		{480, "Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024;"},
		{480, "Căn cứ Nghị định số 102/2024/NĐ-CP ngày 30 tháng 7 năm 2024 của"},
		{360, "Chính phủ quy định chi tiết thi hành một số điều của Luật Đất đai;"},
		{480, "Theo đề nghị của Giám đốc Sở Nông nghiệp và Môi trường."},
	} {
		p.line(y, run{x: r.x, text: r.text, size: 54})
		y += 72
	}
	p.line(y+60, centred(1290, "QUYẾT ĐỊNH:", 58))
	y = p.filler(y+160, 14)
	p.line(y+80, run{x: 360, text: "Nơi nhận:", size: 48}, centred(1780, "KT. CHỦ TỊCH", 58))
	p.line(y+150, run{x: 360, text: "- Như Điều 4;", size: 44}, centred(1780, "PHÓ CHỦ TỊCH", 58))
	p.line(y+205, run{x: 360, text: "- Thường trực Tỉnh ủy, Thường trực", size: 44})
	p.line(y+260, run{x: 360, text: "Hội đồng nhân dân tỉnh;", size: 44})
	p.line(y+315, run{x: 360, text: "- Lưu: VT, ĐĐ (5).", size: 44}, run{x: 1700, text: "~lLu—", size: 70, conf: 0.2})
	p.line(y+480, centred(1780, "Phạm Thị Phúc", 58))
	p.turn()
	p.line(300, centred(1290, "PHỤ LỤC I", 58))
	p.line(370, centred(1290, "DANH SÁCH CÁC THỬA ĐẤT", 58))
	p.line(440, centred(1290, "(Kèm theo Quyết định số 1234/QĐ-UBND ngày 05/11/2023)", 52))
	p.filler(700, 20)
	p.turn()
	y = p.filler(300, 20)
	p.line(y+80, centred(1780, "NGƯỜI LẬP BIỂU", 58))
	p.line(y+380, centred(1780, "Hoàng Văn Dũng", 58))
	p.turn()
	documents["letter of a department"].lay(p)
	return p.pages
}

func TestBasesOfADecision(t *testing.T) {
	got := Describe(decision()).Bases
	want := []string{"Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024",
		"Căn cứ Nghị định số 102/2024/NĐ-CP ngày 30 tháng 7 năm 2024 của Chính phủ quy định chi tiết thi hành một số điều của Luật Đất đai",
		"Theo đề nghị của Giám đốc Sở Nông nghiệp và Môi trường"}
	if !slices.Equal(normals(got), want) {
		t.Fatalf("bases = %q", normals(got))
	}
	if got[1].Code != "102/2024/NĐ-CP" {
		t.Errorf("the basis names %q, want 102/2024/NĐ-CP", got[1].Code)
	}
}

func TestRecipientsAndWhereTheCopyIsKept(t *testing.T) {
	got := Describe(decision())
	if want := []string{"Như Điều 4", "Thường trực Tỉnh ủy, Thường trực Hội đồng nhân dân tỉnh"}; !slices.Equal(normals(got.Recipients), want) {
		t.Errorf("recipients = %q, want %q", normals(got.Recipients), want)
	}
	if got.Filed == nil || got.Filed.Normal != "VT, ĐĐ (5)" {
		t.Errorf("filed = %+v, want VT, ĐĐ (5)", got.Filed)
	}
}

func TestAddresseesOfALetter(t *testing.T) {
	p := newPaper()
	d := documents["letter of a department"]
	y := d.header(p)
	p.line(y, centred(680, "V/v phòng, chống rét", 50))
	p.line(y+200, run{x: 760, text: "Kính gửi:", size: 58})
	p.line(y+275, run{x: 1000, text: "- Văn phòng Chính phủ;", size: 58})
	p.line(y+350, run{x: 1000, text: "- Bộ trưởng Bộ Nội vụ, Tổ phó Tổ công tác", size: 58})
	p.line(y+425, run{x: 1000, text: "cải cách thủ tục hành chính.", size: 58})
	p.filler(y+560, 10)
	want := []string{"Văn phòng Chính phủ", "Bộ trưởng Bộ Nội vụ, Tổ phó Tổ công tác cải cách thủ tục hành chính"}
	if got := normals(Describe(p.pages).Addressees); !slices.Equal(got, want) {
		t.Errorf("addressees = %q, want %q", got, want)
	}
	if got := normals(Describe(documents["letter of a department"].lay(newPaper())).Addressees); !slices.Equal(got, []string{"Các sở, ban, ngành"}) {
		t.Errorf("addressee behind the words = %q", got)
	}
}

func TestPartsBehindTheClose(t *testing.T) {
	parts := Describe(decision()).Parts
	if len(parts) != 2 {
		t.Fatalf("parts = %+v, want an attachment and a document", parts)
	}
	if a := parts[0]; a.Kind != "attachment" || a.From != 2 || a.To != 3 {
		t.Errorf("attachment = %s %d-%d", a.Kind, a.From, a.To)
	}
	for name, want := range map[string]string{record.TypeName: "PHỤ LỤC", record.CodeNumber: "I", record.Subject: "DANH SÁCH CÁC THỬA ĐẤT",
		record.AttachedTo: "Kèm theo Quyết định số 1234/QĐ-UBND ngày 05/11/2023", record.SignerName: "Hoàng Văn Dũng"} {
		if got := parts[0].Fields[name]; got.Normal != want {
			t.Errorf("%s of the attachment = %q, want %q", name, got.Normal, want)
		}
	}
	if got := parts[0].Fields[record.AttachedTo].Code; got != "1234/QĐ-UBND" {
		t.Errorf("attached to %q", got)
	}
	if b := parts[1]; b.Kind != "document" || b.From != 4 || b.Fields[record.CodeNumber].Normal != "87" || b.Fields[record.SignerName].Normal != "Hoàng Văn Dũng" {
		t.Errorf("document = %s %d-%d %q %q", b.Kind, b.From, b.To, b.Fields[record.CodeNumber].Normal, b.Fields[record.SignerName].Normal)
	}
}

// Where the signer cannot be read, nobody else's is taken: neither an attachment's
// nor that of the next document in the file.
func TestSignersOfPartsAreNotTheDocuments(t *testing.T) {
	p := newPaper()
	y := documents["decision of a province"].header(p)
	p.filler(y+160, 30)
	p.turn()
	p.line(300, centred(1290, "PHỤ LỤC", 58))
	p.line(370, centred(1290, "DANH SÁCH CÁC THỬA ĐẤT", 58))
	y = p.filler(700, 20)
	p.line(y+80, centred(1780, "NGƯỜI LẬP BIỂU", 58))
	p.line(y+380, centred(1780, "Hoàng Văn Dũng", 58))
	p.turn()
	documents["letter of a department"].lay(p)
	fields, more := common().Read(p.pages)
	if f, ok := fields[record.SignerName]; ok {
		t.Errorf("signer = %q, want none", f.Normal)
	}
	if len(more.Parts) != 2 || more.Parts[0].Kind != "attachment" || more.Parts[1].Kind != "document" || more.Parts[1].From != 3 {
		t.Errorf("parts = %+v", more.Parts)
	}
}

// A quy chế bears a header of its own and says that it is attached.
func TestAttachmentWithAHeader(t *testing.T) {
	p := newPaper()
	documents["decision of a province"].lay(p)
	p.turn()
	d := documents["decision of a province"]
	d.kind, d.subject = "QUY CHẾ", []string{"Làm việc của Ủy ban nhân dân tỉnh", "(Ban hành kèm theo Quyết định số 1234/QĐ-UBND)"}
	y := d.header(p)
	d.heading(p, y)
	parts := Describe(p.pages).Parts
	if len(parts) != 1 || parts[0].Kind != "attachment" || parts[0].Rule != "part/enclosed" {
		t.Errorf("parts = %+v", parts)
	}
}

func TestLanguageOfTheText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"thực hiện quy định của pháp luật về tổ chức các cơ quan đơn vị", "01"},
		{"the minister of the interior has the honour to inform you that it is", "02"},
		{"le ministre de la justice a l honneur de vous informer que les pièces", "03"},
		{"hợp đồng này được lập thành hai bản this contract is made in two copies of the same", "06"},
	} {
		p := newPaper()
		for i := range 4 {
			p.line(300+float64(i)*70, run{x: 300, text: c.text, size: 54})
		}
		if got := Describe(p.pages).Language; got != c.want {
			t.Errorf("%q = %q, want %q", c.text, got, c.want)
		}
	}
	if got := Describe(newPaper().pages).Language; got != "" {
		t.Errorf("no text = %q, want none", got)
	}
}

// A seal that covers the title leaves the name: it is read, and a person has to look.
func TestNameUnderASealedTitle(t *testing.T) {
	p := newPaper()
	y := documents["decision of a province"].header(p)
	y = p.filler(y+160, 14)
	p.line(y+80, run{x: 360, text: "Nơi nhận:", size: 48})
	p.line(y+150, run{x: 360, text: "- Như Điều 4;", size: 44}, run{x: 1700, text: "~Lu—", size: 60, conf: 0.2})
	p.line(y+205, run{x: 360, text: "- Lưu: VT.", size: 44})
	p.line(y+480, centred(1780, "Phạm Thị Phúc", 58))
	got := Extract(p.pages)
	if f := got[record.SignerName]; f.Normal != "Phạm Thị Phúc" || f.Confidence >= sure {
		t.Errorf("signer = %q at %.2f; want Phạm Thị Phúc, doubted", f.Normal, f.Confidence)
	}
	if f, ok := got[record.SignerTitle]; ok {
		t.Errorf("title = %q; want none", f.Normal)
	}
}

// The date of what an attachment belongs to is no header of its own, even where
// recognition left a gap in its row.
func TestAnAttachmentThatNamesADateHasNoHeader(t *testing.T) {
	p := newPaper()
	documents["decision of a province"].lay(p)
	p.turn()
	p.line(260, centred(1290, "PHỤ LỤC 1", 54))
	p.line(330, centred(1290, "Danh mục trang thiết bị", 54))
	p.line(400, run{x: 330, text: "(Kèm theo văn bản số", size: 54}, run{x: 1000, text: "22/GNP-STP ngày 24 tháng 5 năm 2021 của Sở Tư pháp)", size: 54})
	p.filler(700, 12)
	parts := Describe(p.pages).Parts
	if len(parts) != 1 {
		t.Fatalf("parts = %+v", parts)
	}
	for name, want := range map[string]string{record.TypeName: "PHỤ LỤC", record.CodeNumber: "1", record.Subject: "Danh mục trang thiết bị", record.IssuedDate: ""} {
		if got := parts[0].Fields[name].Normal; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
