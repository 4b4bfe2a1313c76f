package field

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

var (
	greeting     = fold("Kính gửi")
	concerning   = fold("Về việc")
	textOpenings = foldAll("Căn cứ", "Kính gửi", "Theo đề nghị", "Xét đề nghị", "Xét đơn đề nghị", "Điều 1", "Chương I", "Phần I", "Kính trình", "Hôm nay")
)

// titleSubject returns the rows of the subject below the type's name: centred,
// close together, until a gap, a rule or the authority that decides. cut says that
// it ends at a row that is close and yet not centred: it may go on there.
func titleSubject(h header, t title) (out [][]token, cut bool) {
	unit := h.sheet.unit
	last := h.below[t.row]
	if rest := tidy(clean(last.tokens)[t.words:]); len(rest) > 0 {
		out = append(out, rest)
	}
	for i, r := range h.below[t.row+1:] {
		tokens := clean(r.tokens)
		if len(tokens) == 0 || !slices.ContainsFunc(tokens, believed) {
			continue
		}
		limit := 2.05 * unit
		if len(out) == 0 {
			limit = 2.6 * unit
		}
		if sure := core(r, unit); sure.middle()-last.middle() > limit || len(out) > 8 || isMark(tokens) || endsSubject(tokens) {
			break
		}
		if !centredUnder(r, h.below[t.row], h.sheet) || opensText(h.below[t.row+1:], i, unit) {
			return out, true
		}
		out, last = append(out, tidy(withoutStamp(r.tokens, h.sheet.marks))), r
	}
	return out, len(out) > 0 && goesUnder(last, h.sheet)
}

// withoutStamp drops the words in capitals at the end of a row in small letters that
// a stamp lies over.
func withoutStamp(tokens []token, marks []record.Region) []token {
	n := len(tokens)
	for n > 1 && !strings.ContainsFunc(tokens[n-1].text, unicode.IsLower) && letters(tokens[n-1].text) > 0 && !strings.ContainsFunc(tokens[n-1].text, isDigit) && tokens[n-1].likely < 0.5 && inStamp(tokens[n-1:n], marks) {
		n--
	}
	if isCaps(row{tokens: tokens[:n]}.text()) {
		return tokens
	}
	return tokens[:n]
}

// goesUnder reports whether a row that fills its line ends above a mark that was put
// on the paper: its last words may lie under it.
func goesUnder(r row, s sheet) bool {
	left, right := textMargins(s)
	if r.width() < 0.8*(right-left) {
		return false
	}
	foot := float64(r.tokens[0].box[3])
	return slices.ContainsFunc(s.marks, func(m record.Region) bool {
		top, end := float64(m.Box[1]), float64(m.Box[3])
		return top < foot+2.6*s.unit && end > foot+0.2*s.unit && float64(m.Box[2]) > r.x0 && float64(m.Box[0]) < r.x1
	})
}

// loneSubject returns the rows in the middle of the page right below the header,
// for a title that could not be read above them.
func loneSubject(h header) [][]token {
	for i, r := range h.below[:min(len(h.below), 6)] {
		tokens := tidy(clean(r.tokens))
		middle := abs(r.mid()-textMid(h.sheet)) < 0.06*h.sheet.width
		if len(tokens) < 3 || !middle || isMark(tokens) || endsSubject(tokens) || r.x0 < 0.17*h.sheet.width {
			continue
		}
		rows, _ := titleSubject(h, title{row: i})
		return rows
	}
	return nil
}

// centredUnder reports whether the row has the title's middle. A row that leaves
// wide margins may miss it by more: a word at its end may be lost.
func centredUnder(r, title row, s sheet) bool {
	if n, _ := beginsAny(r.tokens, aboutWords, 0.8); n > 0 {
		return true
	}
	left, right := textMargins(s)
	for _, a := range []row{r, core(r, s.unit), sureOf(r, s.unit)} {
		for _, b := range []row{title, core(title, s.unit)} {
			off := abs(a.mid() - b.mid())
			if off < 0.9*s.unit || off < 2.5*s.unit && a.x0 > left+2.5*s.unit && a.x1 < right-2.5*s.unit {
				return true
			}
		}
	}
	return false
}

// believed reports whether recognition believes the word at all: ink of a stamp it
// does not.
func believed(t token) bool { return t.likely >= 0.2 || t.likely == 0 && t.conf >= 0.5 }

// aboutWords open a subject and no paragraph.
var aboutWords = foldAll("Về việc", "V/v")

// sureOf is the row without the words that a stamp may have left beside its own.
func sureOf(r row, unit float64) row {
	sure := slices.DeleteFunc(slices.Clone(r.tokens), func(t token) bool { return t.conf < 0.9 || t.likely < 0.95 || letters(t.text) > 1 && isCaps(t.text) })
	if len(sure) < 2 {
		return r
	}
	return rowOf(sure, unit)
}

// core is the row without what recognition does not believe.
func core(r row, unit float64) row {
	read := slices.DeleteFunc(slices.Clone(r.tokens), func(t token) bool { return t.conf < 0.5 || t.conf < 0.6 && letters(t.text) < 4 || !isWord(t.text) })
	if len(read) == 0 {
		return r
	}
	return rowOf(read, unit)
}

// opensText reports whether the row opens a paragraph: it ends in a colon, or,
// right below the type, the next row begins at the same place with another middle.
func opensText(rows []row, i int, unit float64) bool {
	r := rows[i]
	if strings.HasSuffix(r.tokens[len(r.tokens)-1].text, ":") {
		return true
	}
	if i > 0 || i+1 >= len(rows) {
		return false
	}
	r, next := core(r, unit), core(rows[i+1], unit)
	return abs(next.x0-r.x0) < 0.15*unit && abs(next.mid()-r.mid()) > 1.5*unit && next.middle()-r.middle() < 2.05*unit
}

// endsSubject reports whether the row is the beginning of the text, or names who
// decides ("BỘ TRƯỞNG BỘ …", "ỦY BAN NHÂN DÂN TỈNH …", "HỘI ĐỒNG NHÂN DÂN …").
func endsSubject(tokens []token) bool {
	if n, _ := beginsAny(tokens, textOpenings, 0.85); n > 0 {
		return true
	}
	if len(tokens) < 2 || !isCaps(row{tokens: tokens}.text()) {
		return false
	}
	line, _ := mendLine(tokens, nil)
	return beginsAgency(line) || startsWithOffice(tokens)
}

// tidy drops the specks at both ends of a row and keeps dashes and the like.
func tidy(tokens []token) []token {
	speck := func(t token) bool {
		if !isWord(t.text) {
			return t.conf < 0.6 || !strings.ContainsAny(t.text, "-–&")
		}
		return t.conf < 0.6 && letters(t.text) < 2 && !strings.ContainsFunc(t.text, isDigit)
	}
	for len(tokens) > 1 && (speck(tokens[0]) && plain(tokens[1].text) != "viec" || bare(tokens[0].text) == "ĐẾN" && !isCaps(tokens[1].text)) {
		tokens = tokens[1:] // the stamp of what came in says ĐẾN
	}
	for len(tokens) > 0 && speck(tokens[len(tokens)-1]) {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// subjectField joins the rows and puts the fixed opening words right.
func subjectField(rows [][]token, rule string, atMost float64, r *recall) (record.Field, bool) {
	var lines []string
	var all []token
	rows, filled := r.repeated(rows)
	if filled {
		rule, atMost = rule+"-repeated", min(atMost, offPlace)
	}
	around := slices.Concat(rows...)
	for _, tokens := range rows {
		tokens = mendWording(mendRomans(tokens, around), r)
		lines = append(lines, row{tokens: tokens}.text())
		all = append(all, tokens...)
	}
	if len(all) == 0 {
		return record.Field{}, false
	}
	if !filled && slices.ContainsFunc(rows, hasHole) {
		atMost = min(atMost, offPlace)
	}
	lines[0] = mendOpening(lines[0])
	if rest, ok := strings.CutPrefix(lines[0], "và "); ok { // no subject begins so
		lines[0] = "Về " + rest
	}
	lines[len(lines)-1] = strings.TrimRight(lines[len(lines)-1], " -_—–.:;,|")
	value := strings.Join(lines, "\n")
	return record.Field{Value: value, Normal: oneSpace(value), Confidence: round(min(atMost, subjectTrust(all))),
		Status: record.Read, Rule: rule, Evidence: evidence(rows...)}, true
}

// hasHole reports whether a gap as wide as a word stands between two words of a row:
// recognition left one out.
func hasHole(tokens []token) bool {
	for i := 1; i < len(tokens); i++ {
		high := max(tokens[i].y1-tokens[i].y0, tokens[i-1].y1-tokens[i-1].y0) // a dash has hardly any
		if isWord(tokens[i].text) && isWord(tokens[i-1].text) {
			high = min(tokens[i].y1-tokens[i].y0, tokens[i-1].y1-tokens[i-1].y0)
		}
		if tokens[i].x0-tokens[i-1].x1 > 1.6*high && tokens[i].page == tokens[i-1].page {
			return true
		}
	}
	return false
}

// mendOpening restores "Về việc" and "V/v", which most subjects open with.
func mendOpening(line string) string {
	words := strings.Fields(line)
	if len(words) < 2 {
		return line
	}
	if plain(words[1]) == "viec" && letters(words[0]) <= 3 && (similar(words[0], "Về") >= 0.4 || letters(words[0]) == 1) {
		words[0], words[1] = matchCase("Về", words[1]), matchCase("việc", words[1])
	} else if f := plain(words[0]); f == "vv" || f == "viv" || f == "vlv" || strings.ToLower(words[0]) == "v/" {
		words[0] = "V/v"
	}
	return strings.Join(words, " ")
}

func matchCase(s, like string) string {
	if isCaps(like) {
		return strings.ToUpper(s)
	}
	return s
}

// subjectTrust is the chance that the subject is right but for a few letters:
// numerals must be right, other words may miss a mark.
func subjectTrust(tokens []token) float64 {
	p, wrong, runes := 0.97, 0.0, 0
	for _, t := range tokens {
		if torn(t.text) {
			p = min(p, offPlace)
		}
		runes += len([]rune(t.text)) + 1
		if !isWord(t.text) {
			continue // a dash says nothing that could be wrong
		}
		if strings.ContainsFunc(t.text, unicode.IsDigit) || romanLike.MatchString(bare(t.text)) {
			p *= right(t.conf)
			continue
		}
		slips := 1.0 // letters that a misread word usually has wrong
		if t.conf < 0.6 {
			slips = 2.5
		}
		wrong += slips * (1 - right(t.conf))
	}
	if allowed := 0.03 * float64(runes); wrong > 0.5*allowed {
		p *= max(0.2, 1-0.6*(wrong/max(allowed, 0.1)-0.5))
	}
	if shouts(tokens) {
		p = min(p, offPlace)
	}
	return p
}

// torn reports whether a capital letter stands between small ones: no word is
// written so.
func torn(word string) bool {
	runes := []rune(word)
	for i := 1; i+1 < len(runes); i++ {
		if unicode.IsUpper(runes[i]) && unicode.IsLower(runes[i-1]) && unicode.IsLower(runes[i+1]) {
			return true
		}
	}
	return false
}

// shouts reports whether two words in capitals that are no abbreviations end a
// subject in small letters: a stamp lies there.
func shouts(tokens []token) bool {
	n := len(tokens)
	if n < 4 || !isCaps(tokens[n-1].text) || !isCaps(tokens[n-2].text) {
		return false
	}
	small := 0
	for _, t := range tokens[:n-2] {
		if !isCaps(t.text) {
			small++
		}
	}
	return 2*small > n && strings.IndexFunc(tokens[n-1].text, marks) >= 0
}

// marks reports whether a letter bears a mark of Vietnamese.
func marks(r rune) bool { return base(r) != unicode.ToLower(r) }
