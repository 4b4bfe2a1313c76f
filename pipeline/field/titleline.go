package field

import (
	"slices"
	"strings"
	"sync"
)

// A titleLine is one line of the signer's title as the lists have it.
type titleLine struct {
	text      string
	tokens    []token
	conf      float64
	authority string // TM., KT., TL., TUQ., Q., QUYỀN
	shown     string // the authority as printed: the party writes T/M
	office    string // as in the list, "" if the list does not have it
	guessed   bool   // by the width of what is left of it, or as the only one that can stand there
}

// setAuthority puts another authority before the line.
func (l *titleLine) setAuthority(a string) {
	l.text = a + strings.TrimPrefix(l.text, l.shown)
	l.authority, l.shown = a, a
}

func isOffice(tokens []token, least float64) bool {
	text := row{tokens: tokens}.text()
	if !mostlyCaps(text) {
		return false
	}
	_, s := bestOffice(fold(text), titleLine{}, "")
	return s >= least
}

// bestOffice returns the office that is read. Under "KT. <chief>" only a deputy
// of that chief can sign; under a bare chief's title a deputy is likelier than
// anybody else, and so are the head of the agency and the head's deputies.
func bestOffice(read folded, above titleLine, chief string) (office, float64) {
	var best office
	score := 0.0
	for _, o := range offices() {
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
	column := sync.OnceValues(c.axis)
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
		tokens := withoutScraps(clean(r.tokens))
		line, ok := readTitleLine(tokens, lines, c.chief)
		if cut := len(tokens) > 0 && (!ok || line.authority == "" && len(tokens) < len(strings.Fields(line.office))); cut || ok && line.office != "" && scrapBefore(r.tokens, tokens, c.sheet.unit) {
			if axis, named := column(); named {
				line, ok = c.mendByShape(line, ok, r.tokens, lines, axis)
			}
		}
		if !ok && len(lines) > 0 && goesOnBelow(lines[len(lines)-1], r, tokens, c.sheet.unit) {
			lines[len(lines)-1].goOn(tokens)
			next = i + 1
			continue
		}
		if !ok {
			continue
		}
		if next > 0 && r.middle()-c.rows[next-1].middle() < 0.5*c.sheet.unit {
			continue // one line, read twice
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

// mendByShape is the line that a row was, told by its width: one that was not read
// or only in part, or a chief's before which "Q." was lost.
func (c closing) mendByShape(line titleLine, read bool, tokens []token, lines []titleLine, axis float64) (titleLine, bool) {
	above := last(lines)
	if read && len(line.tokens) >= len(strings.Fields(line.office)) {
		if acting, fits := c.byShape(line.tokens, axis, above); fits && acting.authority == "Q." && acting.office == line.office {
			return acting, true
		}
		return line, true
	}
	if whole, fits := c.byShape(tokens, axis, above); fits {
		return whole, true
	}
	if above.guessed {
		if whole, fits := c.byShape(tokens, axis, titleLine{authority: "TL.", text: "TL."}); fits {
			lines[len(lines)-1].setAuthority("TL.") // no deputy stands below it
			return whole, true
		}
	}
	return line, read
}

// withoutScraps drops what recognition does not believe before a row's first word
// that it does.
func withoutScraps(tokens []token) []token {
	for len(tokens) > 1 && !believed(tokens[0]) && tokens[0].conf < 0.5 && !strings.Contains(tokens[0].text, ".") {
		tokens = tokens[1:]
	}
	return tokens
}

// last is the last of the lines, none for none.
func last(lines []titleLine) titleLine {
	if len(lines) == 0 {
		return titleLine{}
	}
	return lines[len(lines)-1]
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
	above := last(before)
	if name, _ := bodyOf(rest, 1); line.authority == "" && len(before) == 0 && slices.Contains(bodies, name) {
		line.authority, line.shown, line.conf = "TM.", "TM.", halfRead // nobody signs as a body: TM. was lost
	}
	text := fold(strings.Trim(row{tokens: rest}.text(), " .,:;"))
	o, s := bestOffice(text, above, chief)
	switch {
	case strings.HasPrefix(line.authority, "TM") && s < 0.97:
		line.text, line.conf = bodyOf(rest, line.conf) // it names a body, which no office is like
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
		o, score, l.guessed = d, min(score, 0.7), true
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
	for _, o := range offices() {
		k, s := begins(tokens, o.name, 0.85)
		if k >= o.name.words && k >= 2 && (s > score+0.01 || s > score-0.01 && k > n) {
			best, n, score = o, k, s
		}
	}
	return best, n, score
}
