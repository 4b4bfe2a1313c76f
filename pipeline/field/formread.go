package field

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

//go:embed forms/*.form
var formFiles embed.FS

// Forms returns the forms that come with the program.
func Forms() []Form { return slices.Clone(ownForms()) }

var ownForms = sync.OnceValue(func() []Form {
	forms, err := LoadForms(formFiles, "forms")
	if err != nil {
		panic(err) // an embedded file is wrong; the tests read them all
	}
	return forms
})

// LoadForms reads all *.form files of a folder. One that is wrong does not hide
// the others: its errors are joined, the good ones are returned.
func LoadForms(fsys fs.FS, dir string) ([]Form, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.form"))
	if err != nil {
		return nil, fmt.Errorf("list the forms in %s: %w", dir, err)
	}
	var forms []Form
	var errs []error
	for _, name := range names {
		f, err := fsys.Open(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("open form: %w", err))
			continue
		}
		form, err := ParseForm(name, f)
		f.Close()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		forms = append(forms, form)
	}
	return forms, errors.Join(errs...)
}

// ReadForm finds the form that the pages are, by its title and what it needs, and
// reads its fields. ok is false if they are none of the forms.
func ReadForm(pages []record.Page, forms []Form) (form Form, fields record.Fields, ok bool) {
	var sheets []sheet
	for _, p := range pages {
		sheets = append(sheets, layout(p))
	}
	return readForm(sheets, forms)
}

func readForm(sheets []sheet, forms []Form) (form Form, fields record.Fields, ok bool) {
	best := 0.0
	head := headTokens(sheets)
	for _, f := range forms {
		if s := f.known(sheets, head); s > best {
			form, best = f, s
		}
	}
	if best == 0 {
		return Form{}, nil, false
	}
	return form, calibrated(form.read(sheets)), true
}

// headTokens are the rows of the first page in which a title may stand.
func headTokens(sheets []sheet) [][]token {
	if len(sheets) == 0 {
		return nil
	}
	var out [][]token
	for _, r := range within(sheets[0].rows, 0, 0.6*sheets[0].height) {
		if tokens := clean(r.tokens); len(tokens) > 0 {
			out = append(out, tokens)
		}
	}
	return out
}

// known is how well the form's title is read on the first page, 0 if not at all.
func (f Form) known(sheets []sheet, head [][]token) float64 {
	best := 0.0
	for _, tokens := range head {
		for _, t := range f.titles {
			if len(tokens) > t.words+7 {
				continue // a line of text
			}
			n, s := begins(tokens, t, 0.85)
			if n > 0 && len(tokens) <= n+6 && s+0.001*float64(len(t.runes)) > best {
				best = s + 0.001*float64(len(t.runes)) // the longer of two titles
			}
		}
	}
	if best == 0 {
		return 0
	}
	for _, needed := range f.needs {
		if !slices.ContainsFunc(needed, sheets[0].says) {
			return 0
		}
	}
	return best
}

// says reports whether the phrase stands on the page.
func (s sheet) says(phrase folded) bool {
	return slices.ContainsFunc(s.rows, func(r row) bool { _, ok := locate(r.tokens, phrase, 0.8); return ok })
}

// read reads the form's fields: each label's first place counts.
func (f Form) read(sheets []sheet) record.Fields {
	out := record.Fields{}
	var labels []folded
	for _, g := range f.Fields {
		labels = append(labels, g.labels...)
	}
	for _, g := range f.Fields {
		v, ok := f.readOn(g, sheets, labels)
		if !ok && g.Side != "" {
			v, ok = f.readOn(f.anywhere(g), sheets, labels)
		}
		if ok {
			out[g.Name] = v
		}
	}
	return out
}

func (f Form) readOn(g FormField, sheets []sheet, labels []folded) (record.Field, bool) {
	for _, s := range sheets {
		if v, ok := f.readField(g, s, labels); ok {
			return v, true
		}
	}
	return record.Field{}, false
}

// anywhere is the field with the labels that no other field has, in either half:
// the same facts may stand below one another.
func (f Form) anywhere(g FormField) FormField {
	shared := func(l folded) bool {
		return slices.ContainsFunc(f.Fields, func(o FormField) bool { return o.Name != g.Name && slices.Contains(o.Labels, l.text) })
	}
	g.Side, g.labels = "", slices.DeleteFunc(slices.Clone(g.labels), shared)
	return g
}

func (f Form) readField(g FormField, s sheet, labels []folded) (record.Field, bool) {
	s.rows = onSide(s, g.Side)
	for i, r := range s.rows {
		for _, label := range g.labels {
			at, ok := locate(r.tokens, label, labelLikeness(label))
			if !ok || at.from > 2 && !startsLabel(r.tokens, at.from, label) || longerLabel(r.tokens[at.from:], label, labels) || g.closerLabel(r.tokens[at.from:], label, at.score, labels) {
				continue
			}
			rows := valueRows(g, s, i, at, labels)
			if v, ok := f.value(g, rows); ok {
				return v, true
			}
		}
	}
	return record.Field{}, false
}

// onSide are the rows of one half of the page, for papers that have two columns.
func onSide(s sheet, side string) []row {
	if side == "" {
		return s.rows
	}
	var out []row
	for _, r := range s.rows {
		if runsAcross(r, s) {
			continue
		}
		tokens := slices.DeleteFunc(slices.Clone(r.tokens), func(t token) bool { return (t.mid() < s.width/2) != (side == "left") })
		if len(tokens) > 0 {
			out = append(out, rowOf(tokens, s.unit))
		}
	}
	return out
}

// runsAcross reports whether a row goes on over the middle of the page without a gap.
func runsAcross(r row, s sheet) bool {
	for i := 1; i < len(r.tokens); i++ {
		a, b := r.tokens[i-1], r.tokens[i]
		if a.mid() < s.width/2 && b.mid() >= s.width/2 {
			return b.x0-a.x1 < 0.8*s.unit
		}
	}
	return false
}

// labelLikeness is stricter for short labels.
func labelLikeness(label folded) float64 {
	if len(label.runes) < 6 {
		return 0.9
	}
	return 0.82
}

// startsLabel reports whether the label can begin at tokens[at]: at the beginning
// of a row or after a value, not in the midst of a sentence.
func startsLabel(tokens []token, at int, label folded) bool {
	if at > 0 && strings.ContainsAny(tokens[at-1].text, ":;.,)…") {
		return true
	}
	first := []rune(tokens[at].text)[0]
	return label.words > 1 && unicode.IsUpper(first)
}

// longerLabel reports whether a label of more words stands there: "Số tầng" is no "Số".
func longerLabel(tokens []token, label folded, labels []folded) bool {
	for _, l := range labels {
		if l.words > label.words {
			if n, _ := begins(tokens, l, 0.9); n > 0 {
				return true
			}
		}
	}
	return false
}

// closerLabel reports whether another field's label reads better there: tên người
// mẹ is no tên người cha.
func (g FormField) closerLabel(tokens []token, label folded, score float64, labels []folded) bool {
	for _, l := range labels {
		if l.words < label.words || slices.ContainsFunc(g.labels, func(own folded) bool { return own.text == l.text }) {
			continue
		}
		if n, s := begins(tokens, l, 0.9); n > 0 && s > score {
			return true
		}
	}
	return false
}

// valueRows collects the tokens of the value: behind the label to the next label
// or the end of the row, and the rows below as far as the field reaches.
func valueRows(g FormField, s sheet, i int, at place, labels []folded) [][]token {
	var out [][]token
	if g.Take != "below" {
		if rest := untilLabel(s.rows[i].tokens[at.to:], g, labels); len(rest) > 0 {
			out = append(out, rest)
		}
	}
	if g.Take == "right" && (len(out) == 0 || len(out) == g.Rows) {
		return out
	}
	last := s.rows[i]
	for _, r := range s.rows[i+1:] {
		if len(out) >= g.Rows || r.middle()-last.middle() > 2.6*s.unit {
			break
		}
		rest := untilLabel(r.tokens, g, labels)
		if len(rest) == 0 || opensEntry(r.tokens) || g.Take == "right" && len(rest) < len(withoutLeaders(r.tokens)) {
			break
		}
		out, last = append(out, rest), r
	}
	return out
}

// opensEntry reports whether a row begins an entry that the form does not know: a few
// words and a colon.
func opensEntry(tokens []token) bool {
	for i, t := range tokens[:min(len(tokens), 6)] {
		if strings.HasSuffix(t.text, ":") {
			return i+1 < len(tokens) || i > 0
		}
	}
	return false
}

// untilLabel cuts the tokens before the next label, without colons and leaders.
func untilLabel(tokens []token, g FormField, labels []folded) []token {
	tokens = withoutLeaders(tokens)
	for i := range tokens {
		if n, _ := beginsAny(tokens[i:], g.until, 0.88); n > 0 {
			return withoutLeaders(tokens[:i])
		}
		for _, stop := range labels {
			if n, _ := begins(tokens[i:], stop, 0.88); n > 0 && startsLabel(tokens, i, stop) {
				return withoutLeaders(tokens[:i])
			}
		}
	}
	return tokens
}

// withoutLeaders drops colons, dots and dashes that lead to a value or fill its line.
func withoutLeaders(tokens []token) []token {
	for len(tokens) > 0 && !isWord(tokens[0].text) {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && !isWord(tokens[len(tokens)-1].text) {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// value makes the field of the tokens, if they are what the field is.
func (f Form) value(g FormField, rows [][]token) (record.Field, bool) {
	var texts []string
	var all []token
	for _, tokens := range rows {
		texts = append(texts, row{tokens: tokens}.text())
		all = append(all, tokens...)
	}
	text := strings.Trim(strings.Join(texts, "\n"), " .:;,…_\n")
	if !isWord(text) {
		return record.Field{}, false
	}
	out := record.Field{Value: text, Status: record.Read, Rule: "form/" + f.ID, Evidence: evidence(rows...)}
	normal, conf, ok := valueAs(g, f.Lists[g.List], oneSpace(text), all)
	if !ok {
		return record.Field{}, false
	}
	if g.Pattern != nil && !g.Pattern.MatchString(normal) {
		conf = min(conf, 0.4)
	}
	out.Normal, out.Confidence = normal, round(0.98*conf)
	return out, true
}
