package paper

import (
	"fmt"
	"strings"
	"time"
)

// filled sets "label: value" and keeps it in the truth; the value is typed on a
// line of dots, or stands alone.
func (w *writer) filled(c column, label, value string) {
	if w.truth.Entries == nil {
		w.truth.Entries = map[string]string{}
	}
	w.truth.Entries[label] = value
	p := w.press
	p.set(c, run{text: label + ": ", style: plain}, run{text: " " + value, style: strong})
	last := p.leaf().lines[len(p.leaf().lines)-1]
	end := last[len(last)-1]
	for x := end.x + end.w + 4; x < c.x1; x += 3.2 {
		p.leaf().rules = append(p.leaf().rules, dot(point{x, end.y}, .45))
	}
	p.skip(7)
}

func (w *writer) nationHead() {
	p := w.press
	p.set(p.body(centre), run{text: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", style: caps(13, bold)})
	p.ruleUnder(p.body(centre), p.set(p.body(centre), run{text: "Độc lập - Tự do - Hạnh phúc", style: caps(14, bold)}))
	p.skip(16)
}

// words of a number up to 99, as days are spelled out.
func (w *writer) spelled(n int) string {
	units := []string{"", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}
	switch tens, unit := n/10, n%10; {
	case tens == 0:
		return units[unit]
	case tens == 1 && unit == 5:
		return "mười lăm"
	case tens == 1:
		return strings.TrimSpace("mười " + units[unit])
	case unit == 1:
		return units[tens] + " mươi mốt"
	case unit == 5:
		return units[tens] + " mươi lăm"
	default:
		return strings.TrimSpace(units[tens] + " mươi " + units[unit])
	}
}

// citizen makes a 12-digit number whose century-and-sex digit and year fit.
func (w *writer) citizen(born time.Time, woman bool) string {
	century := 0
	if born.Year() >= 2000 {
		century = 2
	}
	if woman {
		century++
	}
	return fmt.Sprintf("0%02d%d%02d%06d", w.dice.between(1, 96), century, born.Year()%100, w.dice.IntN(1000000))
}

func (w *writer) birthCertificate() {
	p, d := w.press, w.dice
	w.day = d.day(w.spec.Layout)
	born := w.day.AddDate(0, 0, -d.between(2, 60))
	commune := d.one("xã ", "phường ") + d.one(communes...)
	w.agency = agency{lines: []string{"ỦY BAN NHÂN DÂN", upper(commune)}, abbr: "UBND", place: d.one(communes...), named: "Ủy ban nhân dân " + commune, unit: "TPHT"}
	edge := 12 * mm
	p.leaf().rules = append(p.leaf().rules, frame(edge, edge, sheetWidth-edge, sheetHeight-edge, 2.2), frame(edge+5, edge+5, sheetWidth-edge-5, sheetHeight-edge-5, .7))
	w.nationHead()
	p.set(p.body(centre), run{text: "GIẤY KHAI SINH", style: style{face: bold, size: 22}})
	p.skip(4)
	number := fmt.Sprint(d.between(1, 320))
	p.set(p.body(right), run{text: "Số: ", style: plain}, run{text: " " + number + fmt.Sprintf("/%d", w.day.Year()), style: plain})
	p.skip(10)
	woman := d.chance(.5)
	father, mother := d.one(surnames...)+" "+d.one(middleMen...)+" "+d.one(givenMen...), d.one(surnames...)+" "+d.one(middleWomen...)+" "+d.one(givenWomen...)
	child, sex := strings.Fields(father)[0]+" "+d.one(middleMen...)+" "+d.one(givenMen...), "Nam"
	if woman {
		child, sex = strings.Fields(father)[0]+" "+d.one(middleWomen...)+" "+d.one(givenWomen...), "Nữ"
	}
	c := p.body(left)
	w.filled(c, "Họ, chữ đệm, tên", upper(child))
	w.filled(c, "Ngày, tháng, năm sinh", slashed(born))
	w.filled(c, "Ghi bằng chữ", fmt.Sprintf("ngày %s tháng %s năm %d", w.spelled(born.Day()), w.spelled(int(born.Month())), born.Year()))
	w.filled(c, "Giới tính", sex)
	w.filled(c, "Dân tộc", d.one("Kinh", "Tày", "Thái", "Mường", "Ê Đê"))
	w.filled(c, "Quốc tịch", "Việt Nam")
	w.filled(c, "Nơi sinh", "Trung tâm Y tế "+d.one(communes...)+", tỉnh "+d.one(provinces...))
	w.filled(c, "Quê quán", commune+", tỉnh "+d.one(provinces...))
	w.filled(c, "Số định danh cá nhân", w.citizen(born, woman))
	w.filled(c, "Họ, chữ đệm, tên người mẹ", mother)
	w.filled(c, "Năm sinh của mẹ", fmt.Sprint(born.Year()-d.between(20, 38)))
	w.filled(c, "Họ, chữ đệm, tên người cha", father)
	w.filled(c, "Năm sinh của cha", fmt.Sprint(born.Year()-d.between(21, 45)))
	w.filled(c, "Họ, chữ đệm, tên người đi khai sinh", father)
	w.filled(c, "Nơi đăng ký khai sinh", w.agency.named)
	w.filled(c, "Ngày, tháng, năm đăng ký", slashed(w.day))
	p.skip(8)
	p.need(130)
	name := d.person()
	w.sign(signing, []string{"NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH"}, name, true)
	w.truth.Signer = &Signer{Title: "CHỦ TỊCH", Name: name, Page: len(p.leaves)}
	w.truth.Entries["Số"] = fmt.Sprintf("%s/%d", number, w.day.Year())
}

func (w *writer) application() {
	p, d := w.press, w.dice
	w.day = d.day(w.spec.Layout)
	commune := d.one("xã ", "phường ") + d.one(communes...)
	w.agency = agency{named: "Ủy ban nhân dân " + commune, place: d.one(communes...)}
	w.nationHead()
	p.set(p.body(centre), run{text: "ĐƠN ĐỀ NGHỊ", style: style{face: bold, size: 15}})
	purpose := d.one("cấp bản sao trích lục hộ tịch", "xác nhận tình trạng nhà ở", "cấp lại giấy chứng nhận", "hỗ trợ sửa chữa nhà ở")
	p.set(p.body(centre), run{text: "Về việc " + purpose, style: style{face: bold, size: 13.5}})
	p.skip(14)
	p.set(p.body(centre), run{text: "Kính gửi: " + w.agency.named, style: plain})
	w.truth.To = []string{w.agency.named}
	p.skip(12)
	c := p.body(left)
	woman := d.chance(.5)
	name := d.one(surnames...) + " " + d.one(middleMen...) + " " + d.one(givenMen...)
	if woman {
		name = d.one(surnames...) + " " + d.one(middleWomen...) + " " + d.one(givenWomen...)
	}
	born := w.day.AddDate(-d.between(20, 70), -d.between(0, 11), -d.between(0, 27))
	w.filled(c, "Họ và tên", name)
	w.filled(c, "Ngày, tháng, năm sinh", slashed(born))
	w.filled(c, "Số căn cước", w.citizen(born, woman))
	w.filled(c, "Nơi cư trú", fmt.Sprintf("số %d đường %s, %s", d.between(2, 300), d.one(streets...), commune))
	w.filled(c, "Số điện thoại", fmt.Sprintf("09%08d", d.IntN(100000000)))
	w.filled(c, "Thư điện tử", fmt.Sprintf("nguoidan%03d@example.vn", d.IntN(1000)))
	w.say("Nay tôi làm đơn này kính đề nghị quý cơ quan xem xét, giải quyết việc " + purpose + ". Lý do: " + d.one("bản cũ đã bị thất lạc khi chuyển nhà", "nhà bị hư hỏng sau đợt mưa bão vừa qua", "cần bổ sung vào hồ sơ xin việc làm") + ".")
	w.say("Tôi xin cam đoan những nội dung khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật về lời khai của mình.")
	for _, choice := range []string{"Nhận kết quả trực tiếp", "Nhận kết quả qua bưu chính", "Nhận bản điện tử"} {
		top := p.y
		c.indent = 26
		p.set(c, run{text: choice, style: plain})
		p.leaf().rules = append(p.leaf().rules, frame(c.x0+8, top+5, c.x0+18, top+15, .8))
		p.skip(3)
	}
	p.skip(10)
	p.need(140)
	day, month, year := printedDay(w.day)
	p.set(signing, run{text: fmt.Sprintf("%s, ngày %s tháng %s năm %s", w.agency.place, day, month, year), style: slant})
	w.sign(signing, []string{"NGƯỜI LÀM ĐƠN"}, name, false)
	w.truth.Signer = &Signer{Title: "NGƯỜI LÀM ĐƠN", Name: name, Page: len(p.leaves)}
	w.receive()
}
