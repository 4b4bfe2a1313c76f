package paper

import (
	"fmt"
	"strings"
)

// An Attachment is a part of the document behind its close.
type Attachment struct {
	TypeName string  `json:"loai"`
	Number   *string `json:"so"`
	Subject  string  `json:"tieu_de"`
	Title    string  `json:"chuc_vu_ky"`
	Signer   string  `json:"nguoi_ky"`
	From     int     `json:"tu_trang"`
	To       int     `json:"den_trang"`
}

// annex sets an attachment on leaves of its own; its signer is not the document's.
func (w *writer) annex() {
	p, d := w.press, w.dice
	p.turn()
	a := Attachment{TypeName: "PHỤ LỤC", Subject: "Danh mục trang thiết bị và kinh phí", From: len(p.leaves)}
	switch d.IntN(4) {
	case 0:
		a.Number = new(d.one("I", "II", "III", "01", "02", "1"))
	case 1:
		a.TypeName, a.Subject = "DANH SÁCH", "Các đơn vị được hỗ trợ trang thiết bị"
	}
	head := a.TypeName
	if a.Number != nil {
		head += " " + *a.Number
	}
	p.set(p.body(centre), run{text: head, style: style{face: bold, size: 14}})
	p.set(p.body(centre), run{text: a.Subject, style: style{face: bold, size: 14}})
	day, month, year := printedDay(w.day)
	slanted := style{face: italic, size: 13}
	from := []run{{text: "(Kèm theo văn bản ", style: slanted}}
	if w.truth.Notation != nil {
		from = append(from, run{text: " số ", style: slanted}, run{text: " " + w.number, style: slanted, hand: w.spec.Marks.Number}, run{text: "/" + *w.truth.Notation, style: slanted})
	}
	from = append(from, run{text: " ngày ", style: slanted}, run{text: " " + day + " ", style: slanted, hand: w.spec.Marks.Day},
		run{text: " tháng " + month + " năm " + year + " của " + w.tone(w.agency.named) + ")", style: slanted})
	p.set(p.body(centre), from...)
	p.skip(12)
	w.figures()
	p.need(120)
	a.Title, a.Signer, a.To = d.one("NGƯỜI LẬP BIỂU", upper("Trưởng phòng"), upper("Kế toán trưởng")), d.person(), len(p.leaves)
	w.sign(signing, []string{a.Title}, a.Signer, false)
	w.truth.Attachments = []Attachment{a}
}

// remark writes words strokes that look like joined letters and say nothing.
func (w pen) remark(s *sheet, at point, words int) {
	f := w.rng.Float64
	for range words {
		var knots []point
		n := 2 + w.rng.IntN(5)
		for i := range n {
			x, tall := float64(i), .4+.6*f()*f()
			knots = append(knots, point{x, 0}, point{x + .35, -tall}, point{x + .5, -tall * .3}, point{x + .7, .1 + .5*f()*f()})
		}
		wide := 5 + 2*f()
		s.ink(w.line(knots, moved(at.x, at.y).after(turned(-.05+.1*f())).after(scaled(wide, 11)), .03), w.ink, .9, solid)
		at.x += wide*float64(n) + 7
	}
}

// sender is the line that a fax machine prints on top.
func sender(page, of int) string {
	return strings.Join([]string{"FROM : VAN PHONG", "FAX NO. : 0240000000", fmt.Sprintf("P%d/%d", page, of)}, "    ")
}
