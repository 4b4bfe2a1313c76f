package paper

import (
	"fmt"
	"strings"
)

var (
	plain  = style{face: regular, size: 13.5}
	strong = style{face: bold, size: 13.5}
	slant  = style{face: italic, size: 13.5}
)

// text sets ô 6.
func (w *writer) text() {
	switch w.typ.build {
	case articles:
		w.articles()
	case sections:
		w.sections()
	case letter:
		w.addressed()
	case orders:
		w.orders()
	case minutes:
		w.minutes()
	case agreement:
		w.agreement()
	case slip:
		w.slip()
	}
}

// para sets a justified paragraph: indented by a centimetre, 6 points of air after it.
func (w *writer) para(runs ...run) {
	c := w.press.body(justified)
	c.indent = 10 * mm
	w.press.set(c, runs...)
	w.press.skip(6)
}

func (w *writer) say(text string) { w.para(run{text: text, style: plain}) }

func (w *writer) prose(sentences int) string {
	return w.tone(w.dice.paragraph(sentences, w.agency, w.day))
}

func (w *writer) headline(text string) {
	w.press.need(60)
	w.press.set(w.press.body(centre), run{text: text, style: strong})
	w.press.skip(6)
}

// bases sets the căn cứ: one a paragraph, in italics.
func (w *writer) bases() {
	for _, i := range w.dice.Perm(len(bases))[:w.dice.between(2, 4)] {
		w.para(run{text: w.tone(w.fill(bases[i])), style: slant})
	}
	w.para(run{text: w.fill("Theo đề nghị của " + w.dice.one("Chánh Văn phòng", "Trưởng phòng Tổ chức - Hành chính", "Trưởng bộ phận chuyên môn") + "."), style: slant})
}

func (w *writer) articles() {
	w.headline(w.tone(w.authority()))
	w.bases()
	w.headline(w.typ.Name + ":")
	n := w.dice.between(3, 5)
	for i := range n {
		text := w.prose(w.dice.between(1, 3))
		switch i {
		case 0:
			text = "Ban hành kèm theo văn bản này nội dung về " + w.theme + ". " + text
		case n - 2:
			text = "Văn bản này có hiệu lực kể từ ngày ký."
		case n - 1:
			text = "Người đứng đầu các cơ quan, đơn vị và cá nhân có liên quan chịu trách nhiệm thi hành./."
		}
		w.para(run{text: fmt.Sprintf("Điều %d. ", i+1), style: strong}, run{text: " " + text, style: plain})
	}
}

// authority is the line above the căn cứ: who decides.
func (w *writer) authority() string {
	if w.agency.collective != "" {
		return strings.Join(w.agency.lines, " ")
	}
	return w.agency.head + " " + strings.Join(w.agency.lines, " ")
}

func (w *writer) sections() {
	if w.typ.Kind == "bao-cao" {
		w.to()
	}
	w.say("Thực hiện nhiệm vụ được giao về " + w.theme + ", " + w.tone(w.agency.named) + " " + w.dice.one("xây dựng", "ban hành", "hoàn thành") + " nội dung cụ thể như sau:")
	article := 1
	for i, at := range w.dice.Perm(len(heads))[:w.dice.between(2, 4)] {
		w.press.need(60)
		w.para(run{text: [...]string{"I", "II", "III", "IV"}[i] + ". " + heads[at], style: strong})
		for k, sub := range w.dice.Perm(len(subheads))[:w.dice.between(1, 3)] {
			label := fmt.Sprintf("%d. ", k+1)
			if w.typ.Kind == "quy-che" || w.typ.Kind == "quy-dinh" {
				label = fmt.Sprintf("Điều %d. ", article)
				article++
			}
			w.para(run{text: label + subheads[sub], style: strong})
			w.say(w.prose(w.dice.between(1, 3)))
			if k == 0 {
				for j := range w.dice.between(0, 3) {
					w.say([...]string{"a) ", "b) ", "c) "}[j] + w.prose(1))
				}
			}
		}
		if i == 1 {
			w.figures()
		}
	}
	w.say("Trên đây là nội dung về " + w.theme + "; đề nghị các cơ quan, đơn vị phối hợp thực hiện./.")
}

// figures sets a table.
func (w *writer) figures() {
	rows := [][]string{{"STT", "Nội dung", "Đơn vị tính", "Số lượng", "Thành tiền (đồng)"}}
	items := []string{"Máy quét tài liệu khổ A4", "Bồi dưỡng cán bộ số hóa", "In ấn biểu mẫu, giấy tờ", "Thuê đường truyền số liệu", "Tập huấn nghiệp vụ", "Chỉnh lý tài liệu tồn đọng", "Chữ ký số chuyên dùng", "Giá đựng hồ sơ, hộp bảo quản"}
	units := []string{"cái", "người", "bộ", "tháng", "lớp", "mét", "chứng thư", "chiếc"}
	total := 0
	for i, at := range w.dice.Perm(len(items))[:w.dice.between(3, 7)] {
		price := w.dice.between(12, 9900) * 10000
		total += price
		rows = append(rows, []string{fmt.Sprint(i + 1), items[at], units[at], fmt.Sprint(w.dice.between(2, 480)), thousands(price)})
	}
	rows = append(rows, []string{"", "Tổng cộng", "", "", thousands(total)})
	w.press.table(w.press.body(left), 12, []float64{.08, .4, .15, .14, .23}, rows)
	w.press.skip(8)
}

// to sets ô 9a.
func (w *writer) to() {
	p := w.press
	c := p.body(left)
	who := w.dice.Perm(4)[:w.dice.between(1, 3)]
	all := []string{"Bộ Nội vụ", "Ủy ban nhân dân tỉnh " + w.dice.one(provinces...), "Sở Tài chính", "Trung tâm Phục vụ hành chính công " + w.dice.one("xã ", "phường ") + w.dice.one(communes...)}
	for _, i := range who {
		w.truth.To = append(w.truth.To, w.tone(all[i]))
	}
	if len(who) == 1 {
		p.set(p.body(centre), run{text: "Kính gửi: " + w.truth.To[0], style: plain})
		p.skip(10)
		return
	}
	c.indent = 30 * mm
	p.set(c, run{text: "Kính gửi:", style: plain})
	c.indent, c.hang = 45*mm, 45*mm
	for i, name := range w.truth.To {
		end := ";"
		if i == len(who)-1 {
			end = "."
		}
		p.set(c, run{text: "- " + name + end, style: plain})
	}
	p.skip(10)
}

func (w *writer) addressed() {
	w.to()
	w.say("Thực hiện " + w.fill("Kế hoạch số {sovb}/KH-UBND ngày {ngay}") + " về " + w.theme + ", " + w.tone(w.agency.named) + " kính đề nghị quý cơ quan quan tâm các nội dung sau:")
	for i := range w.dice.between(2, 4) {
		w.say(fmt.Sprintf("%d. ", i+1) + w.prose(w.dice.between(1, 3)))
	}
	if w.typ.Kind == "to-trinh" {
		w.figures()
	}
	w.say("Kính đề nghị quý cơ quan xem xét, phối hợp thực hiện./.")
}

func (w *writer) orders() {
	w.say("Thời gian qua, " + w.theme + " đã được các cấp, các ngành quan tâm chỉ đạo. " + w.prose(2) + " Để khắc phục tình trạng trên, " + w.tone(w.agency.named) + " yêu cầu:")
	for i := range w.dice.between(3, 6) {
		w.say(fmt.Sprintf("%d. ", i+1) + w.prose(w.dice.between(1, 3)))
	}
	w.say("Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện./.")
}
