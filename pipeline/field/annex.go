package field

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// annexNumber is what tells one attachment from the next: PHỤ LỤC I, MẪU SỐ 01.
var annexNumber = regexp.MustCompile(`^(?:[IVX]{1,5}|\d{1,3}[a-z]?|[A-H])$`)

// annexHead reads the head of an attachment: PHỤ LỤC I / Danh mục … / (Kèm theo
// Quyết định số …): its type, its number, its title, and what it belongs to.
func annexHead(out record.Fields, s sheet) {
	var rows [][]token
	for _, tokens := range headRows(s) {
		if first := tokens[0].text; strings.HasPrefix(first, "(") || len(rows) > 0 && strings.Contains(plain(row{tokens: tokens}.text()), "kemtheo") || len(out[record.AttachedTo].Evidence) > 0 {
			attach(out, tokens)
			continue
		}
		rows = append(rows, tokens)
	}
	if len(rows) == 0 {
		return
	}
	rows = annexType(out, rows)
	if f, ok := subjectField(rows, "subject/annex", 1, nil); ok {
		out[record.Subject] = f
	}
}

// headRows are the rows in the middle at the top of an attachment, close together.
func headRows(s sheet) [][]token {
	var rows [][]token
	var last row
	for _, r := range within(s.rows, 0, 0.5*s.height) {
		tokens := tidy(r.tokens)
		if len(clean(tokens)) == 0 || len(rows) == 0 && (len(tokens) < 2 && letters(r.text()) < 4 || r.middle() < 0.09*s.height && r.width() < 0.1*s.width) {
			continue
		}
		if len(rows) > 0 && (r.middle()-last.middle() > 2.3*s.unit || abs(r.mid()-last.mid()) > 0.1*s.width) || len(rows) > 7 {
			break
		}
		rows, last = append(rows, tokens), r
	}
	return rows
}

// attach reads "(Kèm theo Quyết định số 12/QĐ-UBND ngày … của …)": the normal form
// is the number and notation, or the words if there is none.
func attach(out record.Fields, tokens []token) {
	line := listField("part/attached-to", [][]token{tokens})
	f, there := out[record.AttachedTo]
	if there {
		line.Value = f.Value + "\n" + line.Value
		line.Confidence = min(f.Confidence, line.Confidence)
		line.Evidence = append(slices.Clone(f.Evidence), line.Evidence...)
	}
	line.Normal = strings.Trim(oneSpace(line.Value), "() .;")
	if all := cited.FindAllString(strings.NewReplacer(" /", "/", "/ ", "/", "- ", "-").Replace(line.Normal), -1); len(all) > 0 {
		line.Code = all[0]
	}
	out[record.AttachedTo] = line
}

// annexType takes type and number from the first row and returns the rows that are
// left for the title.
func annexType(out record.Fields, rows [][]token) [][]token {
	tokens := clean(rows[0])
	for _, t := range annexTitles {
		n, s := begins(tokens, t, 0.85)
		if n == 0 || !isCaps(row{tokens: tokens[:n]}.text()) {
			continue
		}
		name := strings.ToUpper(t.text)
		typ := record.Field{Value: name, Normal: name, Confidence: round(0.97 * s), Status: record.Read, Rule: "kind/annex", Evidence: evidence(tokens[:n])}
		if i := slices.IndexFunc(kinds(), func(k kind) bool { return strings.EqualFold(k.name.text, t.text) }); i >= 0 {
			typ.Code = kinds()[i].code
		}
		rest := mendRomans(tokens[n:], nil)
		if len(rest) > 0 && annexNumber.MatchString(strings.Trim(rest[0].text, ".:-")) {
			number := strings.Trim(rest[0].text, ".:-")
			out[record.CodeNumber] = record.Field{Value: number, Normal: number, Confidence: round(0.95 * right(rest[0].conf)), Status: record.Read,
				Rule: "number/annex", Evidence: evidence(rest[:1])}
			rest = rest[1:]
		}
		out[record.TypeName] = typ
		if rows = rows[1:]; len(rest) > 0 {
			rows = append([][]token{rest}, rows...)
		}
		break
	}
	return rows
}
