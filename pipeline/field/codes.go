package field

import (
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A codeRule finds one kind of identifier in a line of text.
type codeRule struct {
	kind   record.CodeKind
	name   string
	match  *regexp.Regexp
	near   []string // words of which one must stand before it, without marks; none: it speaks for itself
	weigh  func(code string) (normal string, conf float64)
	spaced bool   // digits may be written, or read, in groups
	digits int    // that every match has at least
	sign   string // that every match has
}

// mayMatch says without its pattern whether the rule may find something.
func (c codeRule) mayMatch(text string, digits int) bool {
	return digits >= c.digits && strings.Contains(text, c.sign)
}

// The rules in order: what an earlier one took, a later one leaves.
var codeRules = []codeRule{
	{kind: record.Email, name: "code/e-mail", sign: "@", match: regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`), weigh: asIs(0.9)},
	{kind: record.ResultID, name: "code/result", digits: 8, sign: "KQ", match: regexp.MustCompile(dossierForm + `-KQ\(?\d{1,3}\)?|\bKQ\.[A-Z]\d{2}\.\d{6}\b`), weigh: asIs(0.95)},
	{kind: record.DossierID, name: "code/dossier", digits: 12, sign: "-", match: regexp.MustCompile(dossierForm), weigh: weighDossier},
	{kind: record.Procedure, name: "code/procedure", digits: 16, sign: ".", match: regexp.MustCompile(`\b\d\.\d{6}\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:\.\d{2})?\b`), weigh: asIs(0.96)},
	{kind: record.Procedure, name: "code/procedure", digits: 7, sign: ".", match: regexp.MustCompile(`\b\d\.\d{3} ?\d{3}\b`), near: []string{"thutuc", "tthc", "maso"}, weigh: asIs(0.93)},
	{kind: record.OrganID, name: "code/organ", digits: 3, sign: ".", match: regexp.MustCompile(`\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}\b|\b[A-K]\d{2}(?:\.\d{1,3}){1,3}\b`), weigh: asIs(0.9)},
	{kind: record.OrganID, name: "code/organ", digits: 2, match: regexp.MustCompile(`\b[A-K]\d{2}\b`), near: []string{"madinhdanh"}, weigh: asIs(0.9)},
	{kind: record.TaxCode, name: "code/tax", digits: 10, match: regexp.MustCompile(`\b\d(?: ?\d){9}(?: ?- ?\d{3})?\b`), near: []string{"masothue", "mst", "masodoanhnghiep", "msdn", "masosongoi"}, weigh: weighTax, spaced: true},
	{kind: record.PersonID, name: "code/person", digits: 12, match: regexp.MustCompile(`\b\d(?: ?\d){11}\b`), near: []string{"cccd", "cancuoc", "dinhdanh", "cmnd", "cmtnd", "sogiayto"}, weigh: weighPerson, spaced: true},
	{kind: record.PersonID, name: "code/person-alone", digits: 12, match: regexp.MustCompile(`\b\d{12}\b`), weigh: func(c string) (string, float64) {
		n, conf := weighPerson(c)
		return n, min(conf, 0.7)
	}},
	{kind: record.OldID, name: "code/old-id", digits: 9, match: regexp.MustCompile(`\b\d(?: ?\d){8}\b`), near: []string{"cmnd", "cmtnd", "chungminh", "cmt"}, weigh: asIs(0.93), spaced: true},
	{kind: record.Phone, name: "code/phone", digits: 9, match: regexp.MustCompile(`(?:\+84|\b0)\d?(?:[ .-]?\d){8,9}\b`), near: []string{"dienthoai", "dt", "sdt", "tel", "hotline", "didong", "fax", "lienhe"}, weigh: weighPhone, spaced: true},
}

// dossierForm is mã số hồ sơ of both generations (TT 01/2018/TT-VPCP article 19;
// with the agency ids of QĐ 20/2020/QĐ-TTg since).
const dossierForm = `\b(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,3})-\d{6}-\d{4,6}`

// codes finds the identifiers on all pages.
func (d document) codes() []record.Code {
	var out []record.Code
	for _, s := range d.sheets {
		before := ""
		for _, r := range s.rows {
			out = append(out, codesIn(r.tokens, before)...)
			before = r.text()
		}
	}
	return out
}

// codesIn finds the identifiers of a line; before is the line above.
func codesIn(tokens []token, before string) []record.Code {
	text, starts := join(tokens)
	if !strings.ContainsAny(text, "0123456789@") {
		return nil
	}
	taken, count := make([]bool, len(text)), len(digits(text))
	var out []record.Code
	for _, rule := range codeRules {
		if !rule.mayMatch(text, count) {
			continue
		}
		for _, at := range rule.match.FindAllStringIndex(text, -1) {
			if taken[at[0]] || taken[at[1]-1] || !rule.stands(before, text[:at[0]]) {
				continue
			}
			normal, conf := rule.weigh(text[at[0]:at[1]])
			if normal == "" {
				continue
			}
			for i := at[0]; i < at[1]; i++ {
				taken[i] = true
			}
			words := tokensIn(tokens, starts, at[0], at[1])
			out = append(out, record.Code{Kind: rule.kind, Field: record.Field{Value: text[at[0]:at[1]], Normal: normal,
				Confidence: round(conf * trust(words)), Status: record.Read, Rule: rule.name, Evidence: evidence(words)}})
		}
	}
	return out
}

// stands reports whether one of the rule's words stands before the code, in its
// line or, when the code is near the line's beginning, at the end of the line above.
func (c codeRule) stands(above, before string) bool {
	if len(c.near) == 0 {
		return true
	}
	if len(before) < 12 {
		before = above + " " + before
	}
	words := plain(tail(before, 90))
	for _, w := range c.near {
		if i := strings.LastIndex(words, w); i >= 0 && (len(w) > 3 || strings.HasSuffix(strings.TrimRight(words, "0123456789so"), w)) {
			return true
		}
	}
	return false
}

// tail is the end of s, at most n bytes, cut between letters.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-n:], "")
}

// join is the line as text, and where in it each token begins.
func join(tokens []token) (string, []int) {
	var b strings.Builder
	starts := make([]int, len(tokens))
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		starts[i] = b.Len()
		b.WriteString(t.text)
	}
	return b.String(), starts
}

// tokensIn returns the tokens that text[from:to] touches.
func tokensIn(tokens []token, starts []int, from, to int) []token {
	var out []token
	for i, t := range tokens {
		if starts[i] < to && starts[i]+len(t.text) > from {
			out = append(out, t)
		}
	}
	return out
}
