package field

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A Form describes a kind of paper: how it is known, and where which fact stands
// on it. It is data: docs and the files in forms/ say how it is written.
type Form struct {
	ID       string // short name: giay-khai-sinh
	Name     string // as people call it
	Code     string // in a list of the law: KQ.G15.000031
	Type     string // typeName code of TT 05/2025/TT-BNV
	Language string // vi, en, fr
	Valid    string // how long such a paper holds: "permanent", "6 months", "" unknown
	Titles   []string
	Needs    [][]string // words that must stand on the first page besides the title: one of each line
	Lists    map[string][]string
	Fields   []FormField

	titles []folded
	needs  [][]folded
}

// A FormField is one fact on a form.
type FormField struct {
	Name     string
	Required bool
	Labels   []string // any of which stands before the value
	Take     string   // where the value stands: "right" of the label, "below" it, or "both": right and on the rows below
	Rows     int      // how many rows the value may take, 1 unless told
	Side     string   // "left" or "right": in which half of the page label and value stand, "" for either
	Until    []string // words that end the value in its row
	As       string   // what it is: text, name, address, area, date, number, personId, taxCode, phone, list
	List     string   // of which list, for list
	Pattern  *regexp.Regexp
	Card     record.CodeKind // what an identity card's code on the same pages says of it: holder, birthDate, personId; "" nothing

	labels, until []folded
}

// What a value can be, and where it can stand.
var (
	valueKinds = []string{"text", "name", "address", "area", "date", "number", "personId", "taxCode", "phone", "list"}
	takes      = []string{"right", "below", "both"}
	onCards    = []record.CodeKind{record.Holder, record.BirthDate, record.PersonID}
	formName   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,40}$`)
	fieldName  = regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,40}$`)
)

// Limits of a form file: a records office writes some hundred lines.
const (
	maxFormLines  = 2000
	maxFormFields = 200
)

// ParseForm reads a form. All that is wrong with it is told at once: the error
// joins one *FileError for each line.
func ParseForm(file string, r io.Reader) (Form, error) {
	p := formParser{problems: problems{file: file}, form: Form{Lists: map[string][]string{}}}
	lines := bufio.NewScanner(io.LimitReader(r, 1<<20))
	for lines.Scan() {
		p.line++
		if p.line > maxFormLines {
			p.wrong("more than %d lines", maxFormLines)
			break
		}
		text, _, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(text) != "" {
			p.directive(text)
		}
	}
	if err := lines.Err(); err != nil {
		return Form{}, fmt.Errorf("read form %s: %w", file, err)
	}
	p.finish()
	return p.form, p.err()
}

type formParser struct {
	problems
	form Form
}

// directive takes one line: a word and what it says. An indented line belongs to
// the field above it.
func (p *formParser) directive(text string) {
	indented := text[0] == ' ' || text[0] == '\t'
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	if rest == "" {
		p.wrong("%q says nothing", word)
		return
	}
	if indented {
		p.fieldDirective(word, rest)
		return
	}
	switch word {
	case "form":
		if !formName.MatchString(rest) {
			p.wrong("%q is no form's name: small letters, digits and dashes", rest)
		}
		p.form.ID = rest
	case "name":
		p.form.Name = rest
	case "code":
		p.form.Code = rest
	case "type":
		if !slices.ContainsFunc(kinds(), func(k kind) bool { return k.code == rest }) {
			p.wrong("type %q is none of TT 05/2025 (01 to 32)", rest)
		}
		p.form.Type = rest
	case "language":
		if !slices.Contains([]string{"vi", "en", "fr"}, rest) {
			p.wrong("language %q is none of vi, en, fr", rest)
		}
		p.form.Language = rest
	case "valid":
		p.form.Valid = rest
	case "title":
		p.form.Titles = append(p.form.Titles, alternatives(rest)...)
	case "needs":
		p.form.Needs = append(p.form.Needs, alternatives(rest))
		p.form.needs = append(p.form.needs, foldAll(alternatives(rest)...))
	case "list":
		name, items, _ := strings.Cut(rest, " ")
		p.form.Lists[name] = alternatives(items)
	case "field":
		p.newField(rest)
	default:
		p.wrong("%q is no directive: form, name, code, type, language, valid, title, needs, list, field", word)
	}
}

func (p *formParser) newField(rest string) {
	words := strings.Fields(rest)
	f := FormField{Name: words[0], Take: "right", Rows: 1, As: "text"}
	switch {
	case !fieldName.MatchString(f.Name):
		p.wrong("%q is no field's name: a small letter, then letters and digits", f.Name)
	case slices.ContainsFunc(p.form.Fields, func(g FormField) bool { return g.Name == f.Name }):
		p.wrong("field %q is there twice", f.Name)
	case len(p.form.Fields) >= maxFormFields:
		p.wrong("more than %d fields", maxFormFields)
	}
	for _, w := range words[1:] {
		if w != "required" {
			p.wrong("%q after a field's name: only required can stand there", w)
		}
		f.Required = true
	}
	p.form.Fields = append(p.form.Fields, f)
}

func (p *formParser) fieldDirective(word, rest string) {
	if len(p.form.Fields) == 0 {
		p.wrong("%q is indented and there is no field above it", word)
		return
	}
	f := &p.form.Fields[len(p.form.Fields)-1]
	switch word {
	case "label":
		f.Labels = append(f.Labels, alternatives(rest)...)
	case "until":
		f.Until = append(f.Until, alternatives(rest)...)
	case "take":
		if !slices.Contains(takes, rest) {
			p.wrong("take %q is none of %s", rest, strings.Join(takes, ", "))
		}
		f.Take = rest
	case "side":
		if rest != "left" && rest != "right" {
			p.wrong("side %q is neither left nor right", rest)
		}
		f.Side = rest
	case "rows":
		if n, err := fmt.Sscan(rest, &f.Rows); n != 1 || err != nil || f.Rows < 1 || f.Rows > 10 {
			p.wrong("rows %q is no number from 1 to 10", rest)
		}
	case "as":
		p.as(f, rest)
	case "card":
		if f.Card = record.CodeKind(rest); !slices.Contains(onCards, f.Card) {
			p.wrong("card %q is none of holder, birthDate, personId", rest)
		}
	case "pattern":
		re, err := regexp.Compile("^(?:" + rest + ")$")
		if err != nil {
			p.wrong("pattern %q: %v", rest, err)
		}
		f.Pattern = re
	default:
		p.wrong("%q is nothing that a field has: label, until, take, side, rows, as, card, pattern", word)
	}
}

func (p *formParser) as(f *FormField, rest string) {
	f.As, f.List, _ = strings.Cut(rest, " ")
	if !slices.Contains(valueKinds, f.As) {
		p.wrong("as %q is none of %s", f.As, strings.Join(valueKinds, ", "))
	}
	if (f.As == "list") != (f.List != "") {
		p.wrong("as list wants the list's name, and only it")
	}
}

// finish checks the form as a whole.
func (p *formParser) finish() {
	f := &p.form
	p.line = 0
	if f.ID == "" {
		p.wrong("no form: the line that names it is missing")
	}
	if len(f.Titles) == 0 {
		p.wrong("no title: nothing would tell this form from another")
	}
	if len(f.Fields) == 0 {
		p.wrong("no field")
	}
	for i := range f.Fields {
		g := &f.Fields[i]
		if len(g.Labels) == 0 {
			p.wrong("field %q has no label", g.Name)
		}
		if _, ok := f.Lists[g.List]; g.As == "list" && !ok {
			p.wrong("field %q: there is no list %q", g.Name, g.List)
		}
		g.labels, g.until = foldAll(g.Labels...), foldAll(g.Until...)
	}
	f.titles = foldAll(f.Titles...)
}

// alternatives are parted by bars.
func alternatives(s string) []string {
	var out []string
	for a := range strings.SplitSeq(s, "|") {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, a)
		}
	}
	return out
}
