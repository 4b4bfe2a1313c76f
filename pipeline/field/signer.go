package field

import (
	"math"
	"strings"

	"github.com/sohoa/sohoa/record"
)

var recipients = fold("Nơi nhận")

// A closing is the right half of a document's end: the rows in which title and
// name of the signer stand.
type closing struct {
	sheet sheet
	rows  []row
	level float64 // of "Nơi nhận", beside which the first line of the title stands; 0 if there is none
	chief string  // the office that heads the document's agency, "" if that does not tell
}

// findClosing looks for "Nơi nhận", and beside it for the signer's block; without
// it, for a title in capitals in the right half. The first is the document's own,
// later ones belong to its attachments.
func findClosing(sheets []sheet, from float64) (closing, bool) {
	if c, ok := firstRow(sheets, from, func(s sheet, r row) (closing, bool) {
		n, _ := begins(clean(r.tokens), recipients, 0.72)
		if n == 0 || r.x0 > 0.4*s.width {
			return closing{}, false
		}
		return closing{s, rightHalf(within(s.rows, r.middle()-9*s.unit, copyBelow(s, r.middle())), s), r.middle(), ""}, true
	}); ok {
		return c, true
	}
	return firstRow(sheets, from, func(s sheet, r row) (closing, bool) {
		for _, half := range rightHalf([]row{r}, s) {
			tokens := splitAuthority(clean(half.tokens))
			_, authority := authorityOf(tokens)
			if half.mid() > 0.56*s.width && (authority || isOffice(tokens, 0.9)) {
				return closing{s, rightHalf(within(s.rows, r.middle()-0.5*s.unit, math.Inf(1)), s), 0, ""}, true
			}
		}
		return closing{}, false
	})
}

var copied = foldAll("SAO Y", "SAO Y BẢN CHÍNH", "SAO LỤC", "TRÍCH SAO", "BẢN SAO", "BẢN SAO Y", "BẢN SAO LỤC", "BẢN TRÍCH SAO", "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH")

// copyBelow is where the form of a certified copy begins below the document's
// close (NĐ 30/2020, article 27): it has a date, a number and a signer of its own.
func copyBelow(s sheet, y float64) float64 {
	for _, half := range rightHalf(within(s.rows, y+2*s.unit, math.Inf(1)), s) {
		tokens := clean(half.tokens)
		n, _ := beginsAny(tokens, copied, 0.85)
		if p, dated := splitDate(tokens); n > 0 && n == len(tokens) || dated && p.frame[2].text != "" {
			return half.middle() - 0.8*s.unit
		}
	}
	return math.Inf(1)
}

// firstRow tries the rows of the sheets in order, the first sheet's below from.
func firstRow(sheets []sheet, from float64, try func(sheet, row) (closing, bool)) (closing, bool) {
	for i, s := range sheets {
		top := math.Inf(-1)
		if i == 0 {
			top = from
		}
		for _, r := range within(s.rows, top, math.Inf(1)) {
			if c, ok := try(s, r); ok {
				return c, true
			}
		}
	}
	return closing{}, false
}

// A titleLine is one line of the signer's title as the lists have it.
type titleLine struct {
	text      string
	tokens    []token
	conf      float64
	authority string // TM., KT., TL., TUQ., Q., QUYỀN
	shown     string // the authority as printed: the party writes T/M
	office    string // as in the list, "" if the list does not have it
}

func isOffice(tokens []token, least float64) bool {
	text := row{tokens: tokens}.text()
	_, s := bestOffice(fold(text), titleLine{}, "")
	return s >= least && mostlyCaps(text)
}

// bestOffice returns the office that is read. Under "KT. <chief>" only a deputy
// of that chief can sign; under a bare chief's title a deputy is likelier than
// anybody else, and so are the head of the agency and the head's deputies.
func bestOffice(read folded, above titleLine, chief string) (office, float64) {
	var best office
	score := 0.0
	for _, o := range offices {
		s := read.like(o.name, 0.6)
		if s > 0 && s < 0.995 && above.office != "" && o.chief == above.office {
			s += 0.08
		}
		if s > 0 && s < 0.995 && chief != "" && (o.name.text == chief || o.chief == chief) {
			s += 0.08
		}
		if above.office != "" && o.chief == above.office && len(read.bases) >= 4 && strings.HasSuffix(plain(o.name.text), string(read.bases)) {
			s = max(s, 0.8) // the end of the deputy's line
		}
		if s > score {
			best, score = o, s
		}
	}
	return best, min(score, 1)
}

// readTitle reads the lines of the title from the top of the closing; next is
// the row after it.
func readTitle(c closing) (lines []titleLine, next int) {
	for i, r := range c.rows {
		if len(lines) > 0 {
			reach := 3.4 * c.sheet.unit
			if a := lines[len(lines)-1].authority; a != "" && a != "Q." {
				reach = 4.6 * c.sheet.unit // somebody must sign for them
			}
			if r.middle()-c.rows[next-1].middle() > reach {
				break
			}
		}
		tokens := clean(r.tokens)
		line, ok := readTitleLine(tokens, lines, c.chief)
		if !ok && len(lines) > 0 && goesOnBelow(lines[len(lines)-1], r, tokens, c.sheet.unit) {
			lines[len(lines)-1].goOn(tokens)
			next = i + 1
			continue
		}
		if !ok {
			continue
		}
		if something, acting := lostAuthority(r.tokens, tokens, c.sheet.unit); something && line.authority == "" {
			line.conf = min(line.conf, 0.6)
			if acting && line.office != "" && (len(lines) == 0 || lines[len(lines)-1].authority != "KT.") {
				line.authority, line.text = "Q.", "Q. "+line.text
			}
		}
		lines, next = append(lines, line), i+1
	}
	return lines, next
}

// trimLetters drops single letters at the ends of a title's line that are scraps of
// a seal: no title ends in one, and only Q. begins it.
func trimLetters(tokens []token) []token {
	for n := len(tokens); n > 1 && letters(tokens[n-1].text) < 2 && !strings.ContainsFunc(tokens[n-1].text, isDigit); n = len(tokens) {
		tokens = tokens[:n-1]
	}
	for len(tokens) > 1 && letters(tokens[0].text) < 2 && tokens[0].conf < 0.9 && authorities[strings.ToUpper(bare(tokens[0].text))] == "" {
		tokens = tokens[1:]
	}
	return tokens
}

func readTitleLine(tokens []token, before []titleLine, chief string) (titleLine, bool) {
	if len(tokens) == 0 || !mostlyCaps(row{tokens: tokens}.text()) {
		return titleLine{}, false
	}
	tokens = trimLetters(splitAuthority(tokens))
	line := titleLine{tokens: tokens, conf: 0.985}
	rest := tokens
	if acting := plain(tokens[0].text) == "quyen" && len(tokens) > 2; acting {
		line.authority, line.shown, rest = "QUYỀN", "QUYỀN", tokens[1:]
	} else if a, ok := authorityOf(tokens); ok {
		line.authority, line.shown, rest = a, a, tokens[1:]
		if strings.Contains(tokens[0].text, "/") {
			line.shown = strings.ToUpper(bare(tokens[0].text))
		}
		if bare(tokens[0].text) != strings.TrimSuffix(a, ".") {
			line.conf = 0.78
		}
	}
	above := titleLine{}
	if n := len(before); n > 0 {
		above = before[n-1]
	}
	text := fold(strings.Trim(row{tokens: rest}.text(), " .,:;"))
	o, s := bestOffice(text, above, chief)
	switch {
	case strings.HasPrefix(line.authority, "TM") && s < 0.97:
		name, conf := mendLine(rest, nil) // it names a body, which no office is like
		line.text = name
		line.conf *= conf
	case s < 0.95 && goesOnAfter(rest) && line.longTitle(rest):
	case s >= 0.72 && (abs(float64(len(text.runes)-len(o.name.runes))) <= 3 || above.office != "" && o.chief == above.office):
		line.setOffice(o, s, above)
	case !line.longTitle(rest):
		return titleLine{}, false
	}
	if line.authority != "" {
		line.text = line.shown + " " + line.text
	}
	return line, true
}

// goesOnAfter reports whether the row is an office, letter by letter, and more.
func goesOnAfter(tokens []token) bool {
	_, n, s := officeBefore(tokens)
	return s > 0.99 && n < len(tokens) && letters(row{tokens: tokens[n:]}.text()) > 2
}

// setOffice takes the list's office. What reads like another one right under
// "KT. <chief>" is the chief's deputy: nobody else can sign there.
func (l *titleLine) setOffice(o office, score float64, above titleLine) {
	if d, ok := deputyOf(above); ok && o.chief != above.office && (score < 0.97 || o.name.text == above.office) {
		o, score = d, min(score, 0.7)
	}
	l.office, l.text = o.name.text, strings.ToUpper(o.name.text)
	if read := trust(l.tokens); read < 0.75 {
		l.conf = min(l.conf, max(read, 0.6))
	}
	if score < 0.9 {
		l.conf *= score
	}
	if missing := len(o.name.runes) - letters(row{tokens: l.tokens}.text()); missing >= 2 && l.authority == "" {
		l.conf = min(l.conf, offPlace) // P. HIỆU TRƯỞNG: what was printed is shorter
	}
}

// longTitle reads a title that goes on after the office ("GIÁM ĐỐC SỞ …").
func (l *titleLine) longTitle(tokens []token) bool {
	if o, n, s := officeBefore(tokens); n > 0 {
		rest, conf := mendLine(mendWording(tokens[n:], nil), nil)
		l.text = oneSpace(strings.ToUpper(o.name.text) + " " + rest)
		l.conf = min(0.985, s) * conf
	}
	if l.text == "" && l.authority != "" {
		l.text, _ = mendLine(tokens, nil)
		l.conf *= trust(tokens)
	}
	return l.text != ""
}

// officeBefore finds the office that a title begins with, the longest of those that
// are read best; n is how many words it takes, 0 for none.
func officeBefore(tokens []token) (best office, n int, score float64) {
	for _, o := range offices {
		k, s := begins(tokens, o.name, 0.85)
		if k >= o.name.words && k >= 2 && (s > score+0.01 || s > score-0.01 && k > n) {
			best, n, score = o, k, s
		}
	}
	return best, n, score
}

// titleField joins the lines. A deputy below a chief signs for the chief (KT.),
// whatever recognition made of the two letters.
func titleField(lines []titleLine) (record.Field, bool) {
	if len(lines) == 0 {
		return record.Field{}, false
	}
	conf := 1.0
	texts := make([]string, len(lines))
	var rows [][]token
	for i, l := range lines {
		if i > 0 && l.office != "" && l.office == lines[i-1].office && l.authority == "" && lines[i-1].authority == "" {
			conf = min(conf, 0.6) // PHÓ was lost before the second
		}
		if next := i + 1; next < len(lines) && l.authority == "" && l.office != "" && chiefOf(lines[next].office) == l.office {
			l.text = "KT. " + l.text
			l.conf = min(l.conf, 0.75)
		}
		texts[i] = l.text
		rows = append(rows, l.tokens)
		conf *= l.conf
	}
	if unheard(lines) {
		conf = min(conf, 0.6)
	}
	last := lines[len(lines)-1]
	if last.authority == "KT." || strings.HasPrefix(last.authority, "T") {
		conf = min(conf, 0.5) // who signs for them is missing
	}
	value := strings.Join(texts, "\n")
	f := record.Field{Value: value, Normal: oneSpace(value), Confidence: round(conf),
		Status: record.Read, Rule: "signer/title", Evidence: evidence(rows...)}
	if deputy, ok := deputyOf(last); ok {
		f.Normal, f.Rule, f.Confidence = f.Normal+" "+strings.ToUpper(deputy.name.text), "signer/title-expected", min(round(conf*1.2), expectedBy)
	}
	return f, true
}

// unheard reports whether a deputy signs and the chief's line is not there: a line
// was lost.
func unheard(lines []titleLine) bool {
	last := lines[len(lines)-1]
	if chiefOf(last.office) == "" || last.authority != "" {
		return false
	}
	if len(lines) == 1 {
		return true
	}
	above := lines[len(lines)-2]
	return above.authority == "TM." && strings.Contains(above.text, "NHÂN DÂN") || above.authority == "Q." // under a BAN deputies sign by themselves
}

func chiefOf(name string) string {
	for _, o := range offices {
		if name != "" && o.name.text == name {
			return o.chief
		}
	}
	return ""
}

// startsWithOffice reports whether the row begins with an office of two words or more.
func startsWithOffice(tokens []token) bool {
	for _, o := range offices {
		if n, _ := begins(tokens, o.name, 0.88); n >= o.name.words && n >= 2 {
			return true
		}
	}
	return false
}
