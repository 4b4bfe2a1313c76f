package field

import (
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

var (
	greeting     = fold("Kính gửi")
	concerning   = fold("Về việc")
	textOpenings = foldAll("Căn cứ", "Kính gửi", "Thực hiện", "Theo đề nghị", "Xét đề nghị", "Điều 1", "Chương I", "Phần I", "Thi hành", "Kính trình")
)

// titleSubject returns the rows of the subject below the type's name: centred,
// close together, until a gap, a rule or the authority that decides.
func titleSubject(h header, t title) [][]token {
	var out [][]token
	unit := h.sheet.unit
	if rest := tidy(clean(h.below[t.row].tokens)); len(rest) > t.words {
		out = append(out, rest[t.words:])
	}
	last := h.below[t.row]
	for _, r := range h.below[t.row+1:] {
		tokens := clean(r.tokens)
		if len(tokens) == 0 {
			continue
		}
		pitch := r.middle() - last.middle()
		limit := 2.05 * unit
		if len(out) == 0 {
			limit = 2.6 * unit
		}
		if pitch > limit || len(out) > 8 || isMark(tokens) || endsSubject(tokens) || abs(r.mid()-textMid(h.sheet)) > 0.08*h.sheet.width {
			break
		}
		out, last = append(out, tidy(r.tokens)), r
	}
	return out
}

// endsSubject reports whether the row is the beginning of the text.
func endsSubject(tokens []token) bool {
	if n, _ := beginsAny(tokens, textOpenings, 0.85); n > 0 {
		return true
	}
	text := row{tokens: tokens}.text()
	return isCaps(text) && len(tokens) >= 2 && decides(tokens)
}

// decides reports whether a row in capitals names who decides ("BỘ TRƯỞNG BỘ …",
// "ỦY BAN NHÂN DÂN TỈNH …", "HỘI ĐỒNG NHÂN DÂN …").
func decides(tokens []token) bool {
	line, _ := mendLine(tokens)
	return beginsAgency(line) || startsWithOffice(tokens)
}

// letterSubject returns the rows under the number that begin with V/v.
func letterSubject(h header, n numberLine, hasNumber bool) []row {
	if !hasNumber {
		return nil
	}
	var out []row
	last := n.row
	for _, r := range leftOnly(h, n.row.middle()+0.4*h.sheet.unit) {
		tokens := clean(r.tokens)
		if len(tokens) == 0 {
			continue
		}
		pitch := (r.middle() - last.middle()) / h.sheet.unit
		if len(out) == 0 && !beginsLetterSubject(tokens) {
			if pitch > 3.5 {
				break
			}
			continue
		}
		greets, _ := begins(tokens, greeting, 0.8)
		if greets > 0 || isMark(tokens) || (len(out) > 0 && pitch > 2.05) || len(out) > 8 {
			break
		}
		r.tokens = tidy(r.tokens)
		out, last = append(out, r), r
	}
	return out
}

// leftOnly returns the rows of the left column below y until a row runs across
// both columns.
func leftOnly(h header, y float64) []row {
	var out []row
	for _, r := range h.sheet.rows {
		if r.middle() < y || r.middle() > y+16*h.sheet.unit {
			continue
		}
		l, rt := columns([]row{r}, h.divide, h.sheet.unit)
		if len(l) == 0 {
			continue
		}
		if len(rt) > 0 && rt[0].x0-l[0].x1 < 1.1*h.sheet.unit {
			if r.middle() > h.bottom {
				break
			}
		}
		out = append(out, l[0])
	}
	return out
}

func beginsLetterSubject(tokens []token) bool {
	first := plain(tokens[0].text)
	if first == "vv" || first == "viv" || first == "vlv" || first == "vn" && strings.Contains(tokens[0].text, "/") {
		return true
	}
	if n, _ := begins(tokens, concerning, 0.8); n > 0 {
		return true
	}
	return strings.HasPrefix(first, "vv") && strings.Contains(tokens[0].text, "/")
}

// tidy drops the specks at both ends of a row and keeps dashes and the like
// within it.
func tidy(tokens []token) []token {
	speck := func(t token) bool {
		return !isWord(t.text) || t.conf < 0.6 && letters(t.text) < 2 && !strings.ContainsFunc(t.text, isDigit)
	}
	for len(tokens) > 0 && speck(tokens[0]) && !strings.HasPrefix(tokens[0].text, "\\") {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && speck(tokens[len(tokens)-1]) {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// subjectField joins the rows and puts the fixed opening words right.
func subjectField(rows [][]token, rule string) (record.Field, bool) {
	if len(rows) == 0 {
		return record.Field{}, false
	}
	lines := make([]string, len(rows))
	var all []token
	for i, tokens := range rows {
		lines[i] = row{tokens: tokens}.text()
		all = append(all, tokens...)
	}
	lines[0] = mendOpening(lines[0])
	lines[len(lines)-1] = strings.TrimRight(lines[len(lines)-1], " -_—–.:;|")
	value := strings.Join(lines, "\n")
	return record.Field{Value: value, Normal: oneSpace(value), Confidence: round(subjectTrust(all)),
		Status: record.Read, Rule: rule, Evidence: evidence(rows...)}, true
}

// mendOpening restores "Về việc" and "V/v", which nearly every subject opens with.
func mendOpening(line string) string {
	words := strings.Fields(line)
	if len(words) < 2 {
		return line
	}
	if plain(words[1]) == "viec" && letters(words[0]) <= 3 {
		words[0], words[1] = matchCase("Về", words[0]), matchCase("việc", words[1])
	} else if f := plain(words[0]); (f == "vv" || f == "viv" || f == "vlv") && !strings.Contains(words[0], "/") {
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
	p, wrong, runes := 0.96, 0.0, 0
	for _, t := range tokens {
		runes += len([]rune(t.text)) + 1
		if strings.ContainsFunc(t.text, unicode.IsDigit) {
			p *= right(t.conf)
			continue
		}
		wrong += 1.4 * (1 - right(t.conf))
	}
	if allowed := 0.03 * float64(runes); wrong > 0.5*allowed {
		p *= max(0.2, 1-0.5*(wrong-0.5*allowed)/max(allowed, 0.1))
	}
	return p
}
