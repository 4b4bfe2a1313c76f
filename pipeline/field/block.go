package field

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// What is not quite at its place may be a piece of what stood there: it is shown,
// and not trusted.
const (
	offPlace   = 0.75
	halfRead   = 0.7 // of a signer's block whose name could not be read
	expectedBy = 0.6 // a line that nobody could read and the form demands
)

// goesOnBelow reports whether the row is the rest of a title that took more than
// one line: "TRƯỞNG PHÒNG TỔ CHỨC - HÀNH / CHÍNH".
func goesOnBelow(last titleLine, r row, tokens []token, unit float64) bool {
	if last.office != "" || last.authority != "" && last.authority != "TM." || trust(tokens) < 0.5 || letters(row{tokens: tokens}.text()) < 3 || !mostlyCaps(row{tokens: tokens}.text()) {
		return false
	}
	above := rowOf(slices.Clone(last.tokens), unit)
	return r.middle()-above.middle() < 1.7*unit && abs(r.mid()-above.mid()) < 1.2*unit
}

// goOn appends the tokens to the title line.
func (l *titleLine) goOn(tokens []token) {
	tokens = trimLetters(tokens)
	l.tokens = append(slices.Clone(l.tokens), tokens...)
	rest := mendWording(l.tokens, nil)
	if l.authority != "" {
		text, conf := mendLine(rest[1:], nil)
		l.text, l.conf = l.shown+" "+text, min(l.conf, 0.985*conf)
		return
	}
	l.text = ""
	l.longTitle(rest)
}

// A block is what stands above a signature: the lines of the title and the name,
// each in the middle of the same column.
type block struct {
	closing closing
	lines   []titleLine
	title   record.Field
	name    record.Field
	signed  []token // of the name
}

// doubt lowers the trust in what is not at its place: a line whose middle is
// beside that of the others has lost a word at one end, a title that begins below
// its place has lost a line, one without a name lies where nothing could be read.
func (b *block) doubt() {
	unit := b.closing.sheet.unit
	if b.besideAnother() {
		b.title.Confidence, b.name.Confidence = min(b.title.Confidence, offPlace), min(b.name.Confidence, offPlace)
	}
	if len(b.lines) > 0 && b.late() {
		b.title.Confidence = min(b.title.Confidence, offPlace)
	}
	if b.signed == nil {
		if !b.whole() {
			b.title.Confidence = min(b.title.Confidence, halfRead)
		}
		return
	}
	name := rowOf(slices.Clone(b.signed), unit)
	for _, l := range b.lines {
		line := rowOf(slices.Clone(l.tokens), unit)
		if abs(line.mid()-name.mid()) > 0.55*unit {
			b.title.Confidence = min(b.title.Confidence, offPlace)
			b.name.Confidence = min(b.name.Confidence, b.nameDoubt())
		}
	}
}

// bothAgree is for a title whose lines and whose place confirm each other.
const bothAgree = 0.9

// agreed reports whether the title can be no other, though a seal took letters of it:
// KT. and the office that heads the agency, and right below it its deputy, in one
// column; or the head alone, whose line has the middle of the name below it, so that
// nothing is lost at either end.
func (b *block) agreed() bool {
	n := len(b.lines)
	if n == 0 || b.closing.chief == "" || b.besideAnother() || slices.ContainsFunc(b.lines, func(l titleLine) bool { return l.guessed }) {
		return false
	}
	last := b.lines[n-1]
	before := b.lines[:n-1]
	if chiefOf(last.office) == b.closing.chief && n > 1 {
		chief := b.lines[n-2]
		before = b.lines[:n-2]
		if chief.authority != "KT." || chief.office != b.closing.chief || abs(b.middle(chief.tokens)-b.middle(last.tokens)) > b.closing.sheet.unit {
			return false
		}
	} else if last.office != b.closing.chief || len(b.signed) < 2 || abs(b.middle(last.tokens)-b.middle(b.signed)) > 0.35*b.closing.sheet.unit {
		return false
	}
	return last.authority == "" && (len(before) == 0 || len(before) == 1 && before[0].body())
}

// body reports whether the line is "TM." and one of the bodies.
func (l titleLine) body() bool {
	return l.authority == "TM." && slices.Contains(bodies, strings.TrimPrefix(l.text, l.shown+" "))
}

func (b *block) middle(tokens []token) float64 {
	return rowOf(slices.Clone(tokens), b.closing.sheet.unit).mid()
}

// besideAnother reports whether somebody else signs in the left half, on one level
// with the title: joint circulars, contracts and minutes have two signers.
func (b *block) besideAnother() bool {
	s, unit := b.closing.sheet, b.closing.sheet.unit
	at := rowOf(slices.Clone(b.lines[0].tokens), unit).middle()
	for _, r := range leftHalf(within(s.rows, at-1.5*unit, at+1.5*unit), s) {
		tokens := splitAuthority(trimLetters(clean(r.tokens)))
		if _, authority := authorityOf(tokens); authority && r.x1 < 0.55*s.width || len(tokens) > 1 && isOffice(tokens, 0.85) {
			return true
		}
	}
	return false
}

// nameDoubt spares a name that a title of several lines is beside: then the other
// lines tell which of them lost a word.
func (b *block) nameDoubt() float64 {
	unit := b.closing.sheet.unit
	name := rowOf(slices.Clone(b.signed), unit)
	for _, l := range b.lines {
		if line := rowOf(slices.Clone(l.tokens), unit); abs(line.mid()-name.mid()) < 0.4*unit {
			return 1
		}
	}
	return offPlace
}

// late reports whether the title begins below the level of "Nơi nhận" and with no
// authority, as a title does whose first line was lost.
func (b *block) late() bool {
	first := b.lines[0]
	at := rowOf(slices.Clone(first.tokens), b.closing.sheet.unit).middle()
	return b.closing.level > 0 && first.authority == "" && at-b.closing.level > 1.1*b.closing.sheet.unit
}

// whole reports whether the title is one that no line is missing of, read surely.
func (b *block) whole() bool {
	for _, l := range b.lines {
		if trust(l.tokens) < 0.9 {
			return false
		}
	}
	last := b.lines[len(b.lines)-1]
	return len(b.lines) > 1 && last.office != "" && last.authority == ""
}

// deputyOf is the office that must sign under "KT. <chief>": the chief's first
// deputy in the list.
func deputyOf(above titleLine) (office, bool) {
	for _, o := range offices() {
		if above.authority == "KT." && above.office != "" && o.chief == above.office {
			return o, true
		}
	}
	return office{}, false
}
