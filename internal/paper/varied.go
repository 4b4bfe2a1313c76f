package paper

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// VariedCorpus returns the specs of n documents of houses and layouts beyond the
// form, each in a condition of its own, as [Corpus] does.
func VariedCorpus(n int, seed int64) []Spec {
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = variedMember(i, seed)
	}
	return specs
}

func variedMember(i int, seed int64) Spec {
	d := dice{rand.New(rand.NewPCG(uint64(seed), 1<<32+uint64(i)))}
	s := d.condition(Spec{Kind: commonKinds[i%len(commonKinds)], Seed: int64(d.Uint64() >> 1)})
	s.House, s.Marks.QR = 1+i%len(houses), ""
	s.Name = fmt.Sprintf("v%04d-%s-%s-%d", i+1, s.Kind, s.Colour, s.DPI)
	return s
}

// varied sets a paper of a house.
func (w *writer) varied() {
	h := houses[(w.spec.House-1)%len(houses)](w.dice)
	w.house, w.agency = &h, h.agency
	w.agency.head, w.agency.deputy = h.signers[0][len(h.signers[0])-1], ""
	w.day = w.dice.day(w.spec.Layout)
	w.theme = w.fill(w.dice.theme())
	if w.dice.chance(.35) {
		w.theme += w.dice.one(" theo Kết luận của Thường trực Chính phủ tại phiên họp thứ 15", " cho cán bộ, công chức, viên chức và người lao động trong toàn ngành",
			"; phân công nhiệm vụ các thành viên Ban Chỉ đạo", " (sửa đổi, bổ sung lần thứ 2)")
	}
	if w.dice.chance(.12) {
		w.signedAs()
	}
	w.head()
	w.title()
	w.text()
	w.end()
	if w.dice.chance(.1) && !h.party {
		w.copied()
	}
}

// nationLines sets the head at the right and returns how many lines that took.
func (w *writer) nationLines(size float64) int {
	p := w.press
	if w.house != nil && w.house.party {
		p.ruleUnder(nation, p.set(nation, run{text: "ĐẢNG CỘNG SẢN VIỆT NAM", style: caps(size+1, bold)}))
		return 1
	}
	p.set(nation, run{text: w.tone("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), style: caps(size, bold)})
	p.ruleUnder(nation, p.set(nation, run{text: w.motto(), style: caps(13.5, bold)}))
	return 2
}

// below closes the agency's name: with a rule, in the party with a star.
func (w *writer) below(length float64) {
	if w.house != nil && w.house.party {
		w.press.set(issuer, run{text: "*", style: caps(13, bold)})
		return
	}
	w.press.ruleUnder(issuer, min(length*.42, 90))
}

// signedAs sets what a signing program writes on top of page 1: small, at the left.
func (w *writer) signedAs() {
	p, s := w.press, style{face: sans, size: 7, red: w.dice.chance(.4)}
	y, x0 := p.y, w.dice.one("l", "r")
	c := column{x0: 14 * mm, x1: 90 * mm, lead: 1.15}
	if x0 == "r" {
		c.x0, c.x1 = 130*mm, 205*mm
	}
	p.y = 9 * mm
	for _, line := range []string{"Ký bởi: " + w.agency.named, "Cơ quan: " + w.agency.place, fmt.Sprintf("Thời gian ký: %s %02d:%02d:%02d +07:00", w.day.Format("02.01.2006"), w.dice.between(8, 16), w.dice.between(0, 59), w.dice.between(0, 59))} {
		p.set(c, run{text: line, style: s})
	}
	p.y = y
}

// copied sets the form of a certified copy below the close: its agency, number,
// place, day and signer are the copy's own.
func (w *writer) copied() {
	p, d := w.press, w.dice
	x := d.town()
	day, month, year := printedDay(w.day.AddDate(0, 0, d.between(2, 60)))
	p.need(190)
	p.skip(14)
	p.rule(p.margin.left, p.margin.right, p.y, .6)
	p.skip(8)
	p.beside(func() {
		p.set(issuer, run{text: "ỦY BAN NHÂN DÂN", style: caps(12.5, bold)})
		p.set(issuer, run{text: "XÃ " + upper(x), style: caps(12.5, bold)})
		p.skip(4)
		p.set(issuer, run{text: fmt.Sprintf("Số: %02d/SY-UBND", d.between(1, 400)), style: style{face: regular, size: 13}})
	}, func() {
		p.set(nation, run{text: "SAO Y", style: caps(13, bold)})
		p.skip(8)
		p.set(nation, run{text: fmt.Sprintf("%s, ngày %s tháng %s năm %s", x, day, month, year), style: style{face: italic, size: 13}})
	})
	p.skip(10)
	p.beside(func() {
		c := column{x0: p.margin.left, x1: p.margin.left + 215, lead: 1.18}
		p.set(c, run{text: "Nơi nhận:", style: style{face: boldItalic, size: 12}})
		p.set(c, run{text: "- Như trên;", style: style{face: regular, size: 11}})
		p.set(c, run{text: "- Lưu: VT.", style: style{face: regular, size: 11}})
	}, func() { w.sign(signing, []string{"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, d.person(), true) })
}

// offices are the lines above the signature.
func (w *writer) offices() []string {
	if w.house == nil {
		return w.dice.office(w.agency)
	}
	return w.house.signers[w.dice.IntN(len(w.house.signers))]
}

// signerName is the signer's, and what is printed: a rank may stand before it.
func (w *writer) signerName() (name, printed string) {
	if w.house == nil {
		name = w.dice.person()
		return name, name
	}
	name = w.dice.name()
	if len(w.house.ranks) > 0 && w.dice.chance(.7) {
		return name, w.dice.one(w.house.ranks...) + name
	}
	return name, name
}

// numberRuns are the number line.
func (w *writer) numberRuns(plain style) []run {
	if w.house == nil || !w.house.party {
		return []run{{text: "Số: ", style: plain}, {text: " " + w.number, style: plain, hand: w.spec.Marks.Number}, {text: "/" + *w.truth.Notation, style: plain}}
	}
	return []run{{text: "Số ", style: plain}, {text: " " + w.number, style: plain, hand: w.spec.Marks.Number}, {text: w.house.number + strings.TrimSpace(*w.truth.Notation), style: plain}}
}
