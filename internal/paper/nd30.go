package paper

import (
	"fmt"
	"strings"
	"time"
)

// A writer sets one document.
type writer struct {
	spec   Spec
	dice   dice
	marks  dice
	press  *press
	typ    Type
	agency agency
	house  *house // nil: an agency of the form
	day    time.Time
	theme  string
	number string
	truth  Truth
}

func newWriter(spec Spec) *writer {
	w := &writer{spec: spec, dice: dice{stream(spec.Seed, forText)}, marks: dice{stream(spec.Seed, forMarks)}, press: newPress()}
	w.truth = Truth{Kind: spec.Kind, Language: "vi", Code: spec.Marks.QR}
	w.press.number = pageNumber
	if spec.Layout == TT01 {
		w.press.number = oldPageNumber
	}
	return w
}

func (w *writer) write() error {
	switch w.spec.Kind {
	case BirthCertificate:
		w.birthCertificate()
	case Application:
		w.application()
	case FrenchLetter:
		w.letterAbroad(french)
	case EnglishLetter:
		w.letterAbroad(english)
	default:
		if w.certificate() {
			return nil
		}
		t, ok := typeOf(w.spec.Kind)
		if !ok {
			return fmt.Errorf("there is no kind %q", w.spec.Kind)
		}
		w.typ = t
		w.administrative()
	}
	return w.codes()
}

// NĐ 30/2020: at the middle of the top margin, not on page 1.
func pageNumber(p *press, page int) {
	p.y = p.margin.top - 24
	p.set(column{x0: p.margin.left, x1: p.margin.right, align: centre, lead: 1.2}, run{text: fmt.Sprint(page), style: style{face: regular, size: 13}})
	p.y = p.margin.top
}

// TT 01/2011: at the right end of the bottom margin.
func oldPageNumber(p *press, page int) {
	p.y = p.margin.bottom + 8
	p.leaf().lines = append(p.leaf().lines, place(tokens([]run{{text: fmt.Sprint(page), style: style{face: regular, size: 13}}}),
		column{x1: p.margin.right, align: right}, 0, 13, p.y+10, true))
	p.y = p.margin.top
}

// administrative sets one of the 29 types.
func (w *writer) administrative() {
	if w.spec.House > 0 {
		w.varied()
		return
	}
	w.agency = w.dice.agency(w.typ)
	w.day = w.dice.day(w.spec.Layout)
	w.theme = w.fill(w.dice.theme())
	w.head()
	w.title()
	w.text()
	w.end()
	if w.spec.Annex {
		w.annex()
	}
}

func (w *writer) fill(s string) string { return w.dice.fill(s, w.agency, w.day) }

// The two columns of a letterhead.
var (
	issuer = column{x0: 26 * mm, x1: 90 * mm, align: centre, lead: 1.22}
	nation = column{x0: 92 * mm, x1: sheetWidth - 14*mm, align: centre, lead: 1.22}
)

func caps(size float64, f face) style { return style{face: f, size: size} }

// head sets ô 1 to 4 (and 5b of a công văn), the marks of urgency and secrecy,
// and writes them into the truth.
func (w *writer) head() {
	p, size := w.press, 12.5
	w.truth.Header = w.header()
	top := p.y
	for _, line := range w.agency.above {
		p.set(issuer, run{text: w.tone(line), style: caps(size, regular)})
	}
	length := 0.0
	for _, line := range w.agency.lines {
		length = p.set(issuer, run{text: w.tone(line), style: caps(size, bold)})
	}
	w.below(length)
	low := p.y
	p.y = top
	nationLines := w.nationLines(size)
	p.y = max(p.y, low) + 3
	// Reading order: the issuer's column first. Its number stands on one height with the date.
	all := p.leaf().lines
	headOfNation := append([][]token{}, all[len(all)-nationLines:]...)
	p.leaf().lines = all[:len(all)-nationLines]
	p.beside(w.numberAndMarks, func() {
		p.leaf().lines = append(p.leaf().lines, headOfNation...)
		w.placeAndDate()
	})
	p.skip(10)
}

// tone writes names as the older layout does: the tone on the second vowel.
func (w *writer) tone(s string) string {
	if w.spec.Layout != ND30 {
		s = strings.NewReplacer("ỦY BAN", "UỶ BAN", "ỦY QUYỀN", "UỶ QUYỀN", "Ủy ban", "Uỷ ban", "HÒA", "HOÀ", "THỎA", "THOẢ").Replace(s)
	}
	return s
}

func (w *writer) motto() string {
	if w.spec.Layout == TTLT55 {
		return "Độc lập – Tự do – Hạnh phúc"
	}
	return "Độc lập - Tự do - Hạnh phúc"
}

func (w *writer) header() *Header {
	h := &Header{OrganName: w.tone(strings.Join(w.agency.lines, " ")), Place: w.agency.place, Date: w.day.Format("2006-01-02"),
		NumberByHand: w.spec.Marks.Number, DayByHand: w.spec.Marks.Day}
	if len(w.agency.above) > 0 {
		h.SuperiorOrgan = new(w.tone(strings.Join(w.agency.above, " ")))
	}
	day, month, year := printedDay(w.day)
	h.DatePrinted = fmt.Sprintf("ngày %s tháng %s năm %s", day, month, year)
	if w.typ.Kind != "thu-cong" {
		w.number = fmt.Sprintf("%02d", w.dice.between(1, [3]int{60, 900, 4800}[w.dice.IntN(3)]))
		h.Number, h.Notation = &w.number, new(w.notation())
	} else {
		h.NumberByHand = false
	}
	if w.typ.build != slip && w.dice.chance(.12) {
		h.Urgency = new(w.dice.one("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"))
	} else if w.dice.chance(.06) {
		h.Secrecy = new(w.dice.one("MẬT", "TỐI MẬT"))
	}
	return h
}

// notation is the ký hiệu: type and agency; for công văn agency and unit.
func (w *writer) notation() string {
	if w.house != nil {
		return w.house.notation(w.typ)
	}
	if w.typ.Abbr == "" {
		return w.agency.abbr + "-" + w.agency.unit
	}
	return w.typ.Abbr + "-" + w.agency.abbr
}

func (w *writer) numberAndMarks() {
	p, plain := w.press, style{face: regular, size: 13}
	if w.truth.Notation != nil {
		p.set(issuer, w.numberRuns(plain)...)
	}
	if w.typ.Kind == "cong-van" {
		w.truth.Subject = new(w.typ.about + " " + w.theme)
		narrowed := issuer
		narrowed.x0, narrowed.x1 = narrowed.x0+6, narrowed.x1-6
		p.skip(2)
		p.set(narrowed, run{text: *w.truth.Subject, style: style{face: regular, size: 12}})
	}
	for _, mark := range []*string{w.truth.Urgency, w.truth.Secrecy} {
		if mark == nil {
			continue
		}
		s := style{face: bold, size: 13, red: w.marks.chance(.5)}
		p.skip(9)
		top := p.y
		width := p.set(issuer, run{text: *mark, style: s})
		middle := (issuer.x0 + issuer.x1) / 2
		p.leaf().rules = append(p.leaf().rules, frame(middle-width/2-7, top-2, middle+width/2+7, p.y+4, .9))
		p.skip(6)
	}
}

func (w *writer) placeAndDate() {
	slanted := style{face: italic, size: 13.5}
	day, month, year := printedDay(w.day)
	w.press.set(nation, run{text: w.agency.place + ", ngày ", style: slanted}, run{text: " " + day + " ", style: slanted, hand: w.spec.Marks.Day},
		run{text: " tháng " + month + " năm " + year, style: slanted})
}

// title sets ô 5a.
func (w *writer) title() {
	p := w.press
	w.truth.TypeName = new(w.tone(w.typ.Name))
	switch {
	case w.typ.Kind == "cong-van":
		w.truth.TypeName = new("CÔNG VĂN")
		return
	case w.typ.about != "":
		w.truth.Subject = new(w.typ.about + " " + w.theme)
	}
	wide := p.body(centre)
	p.set(wide, run{text: *w.truth.TypeName, style: style{face: bold, size: 14}})
	if w.truth.Subject == nil {
		p.skip(10)
		return
	}
	wide.x0, wide.x1 = wide.x0+24, wide.x1-24
	width := p.set(wide, run{text: *w.truth.Subject, style: style{face: bold, size: 14}})
	p.ruleUnder(wide, width*.4)
	p.skip(12)
}
