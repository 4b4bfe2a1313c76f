package paper

import (
	"fmt"
	"image/color"
	"strings"
)

// end sets ô 7 to 9: nơi nhận at the left, the signer at the right.
func (w *writer) end() {
	p := w.press
	p.skip(8)
	switch w.typ.build {
	case minutes:
		w.two("THƯ KÝ", "CHỦ TỌA")
		return
	case agreement:
		w.two("ĐẠI DIỆN BÊN A", "ĐẠI DIỆN BÊN B")
		return
	}
	offices := w.offices()
	items := w.recipients()
	p.need(max(float64(len(offices))*18+92, float64(len(items)+1)*14+20))
	p.beside(func() { w.sentTo(items) }, func() { w.signer(offices) })
	if w.spec.Layout == TT01 {
		w.foot()
	}
	w.receive()
	w.remark()
}

func (w *writer) recipients() []string {
	var items []string
	for _, i := range w.dice.Perm(len(recipients))[:w.dice.between(2, 6)] {
		items = append(items, w.tone(w.fill(recipients[i])))
	}
	w.truth.Kept = fmt.Sprintf("VT, %s", w.agency.unit)
	if w.dice.chance(.5) {
		w.truth.Kept += fmt.Sprintf(" (%02d)", w.dice.between(2, 30))
	}
	return items
}

func (w *writer) sentTo(items []string) {
	p := w.press
	c := column{x0: p.margin.left, x1: p.margin.left + 215, lead: 1.18}
	p.set(c, run{text: "Nơi nhận:", style: style{face: boldItalic, size: 12}})
	for _, item := range items {
		p.set(c, run{text: "- " + item + ";", style: style{face: regular, size: 11}})
	}
	p.set(c, run{text: "- Lưu: " + w.truth.Kept + ".", style: style{face: regular, size: 11}})
}

var signing = column{x0: 105 * mm, x1: sheetWidth - 15*mm, align: centre, lead: 1.24}

func (w *writer) signer(offices []string) {
	name, printed := w.signerName()
	toned := make([]string, len(offices))
	for i, line := range offices {
		toned[i] = w.tone(line)
	}
	w.truth.Signer = &Signer{Title: strings.Join(toned, " / "), Name: name, Page: len(w.press.leaves)}
	if w.spec.Layout == TTLT55 && w.dice.chance(.3) {
		printed = w.dice.one("ThS. ", "TS. ", "PGS.TS. ", "BS. ") + name
	}
	w.sign(signing, toned, printed, true)
}

// sign sets offices and name in a column, between them room for what is signed
// and stamped over both.
func (w *writer) sign(c column, offices []string, name string, sealed bool) {
	p := w.press
	for _, line := range offices {
		p.set(c, run{text: line, style: style{face: bold, size: 13.5}})
	}
	top := p.y
	p.skip(66)
	p.set(c, run{text: name, style: style{face: bold, size: 13.5}})
	middle, m := (c.x0+c.x1)/2, w.marks
	if sealed && w.spec.Marks.Seal {
		at := point{middle - 22 - 26*m.Float64(), top + 8 + 36*m.Float64()}
		above, below := strings.Join(w.agency.lines, " "), upper(w.agency.place)
		p.leaf().marks = append(p.leaf().marks, func(s *sheet) { s.seal(m.Rand, at, 47, above, below) })
	}
	if w.spec.Marks.Signature {
		at := point{middle - 5 + 20*m.Float64(), top + 30 + 8*m.Float64()}
		p.leaf().marks = append(p.leaf().marks, func(s *sheet) {
			pen{[3]color.RGBA{blue, blue, black}[m.IntN(3)], 1.1 + .9*m.Float64(), m.Rand}.signature(s, at, 85+40*m.Float64())
		})
	}
}

// two sets the signers of minutes and agreements; the truth names none of them as the one.
func (w *writer) two(leftOffice, rightOffice string) {
	p := w.press
	p.need(120)
	middle := (p.margin.left + p.margin.right) / 2
	l := column{x0: p.margin.left, x1: middle, align: centre, lead: 1.24}
	r := column{x0: middle, x1: p.margin.right, align: centre, lead: 1.24}
	p.beside(func() { w.sign(l, []string{leftOffice}, w.dice.person(), false) }, func() { w.sign(r, []string{rightOffice}, w.dice.person(), true) })
	w.receive()
}

// foot sets the issuer's address at the foot of page 1, as TT 01/2011 has it.
func (w *writer) foot() {
	text := fmt.Sprintf("Số %d đường %s, %s. ĐT: 02%02d.3%06d; Fax: 02%02d.3%06d", w.dice.between(2, 380), w.dice.one(streets...), w.agency.place,
		w.dice.between(3, 99), w.dice.IntN(1000000), w.dice.between(3, 99), w.dice.IntN(1000000))
	p, s := w.press, style{face: regular, size: 11}
	first := p.leaves[0]
	y := p.margin.bottom + 14
	first.rules = append(first.rules, rectangle(p.margin.left, y, p.margin.right, y+.6))
	c := p.body(centre)
	first.lines = append(first.lines, place(tokens([]run{{text: text, style: s}}), c, c.x0, s.face.width(text)*s.size, y+13, true))
}

// receive stamps page 1 as an incoming document.
func (w *writer) receive() {
	if !w.spec.Marks.Received {
		return
	}
	m := w.marks
	at := point{75 + 60*m.Float64(), 150 + 40*m.Float64()}
	if w.spec.Marks.Across {
		at = point{190 + 150*m.Float64(), 125 + 60*m.Float64()}
	}
	number, day := fmt.Sprint(m.between(11, 4999)), fmt.Sprintf("%02d", m.between(1, 28))
	agency := upper(m.one("UBND xã ", "UBND phường ") + m.one(communes...))
	first := w.press.leaves[0]
	first.marks = append(first.marks, func(s *sheet) { s.received(m.Rand, at, agency, number, day) })
}

// remark writes what an office's head writes over a paper that came in: lines of
// strokes, above the header or in the left margin.
func (w *writer) remark() {
	m := w.marks
	for i := range w.spec.Marks.Notes {
		at := point{40 + 120*m.Float64(), 22 + 15*float64(i)}
		if m.chance(.3) {
			at = point{18, 300 + 60*float64(i) + 200*m.Float64()}
		}
		first := w.press.leaves[0]
		first.marks = append(first.marks, func(s *sheet) { pen{blue, .8 + .6*m.Float64(), m.Rand}.remark(s, at, 2+m.IntN(5)) })
	}
}
