package field

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A Difference is a field that reading again gives another value.
type Difference struct {
	Name          string
	Before, After record.Field // zero: not there
	Kept          bool         // a person confirmed it or took it out: it stays
}

// Again joins what is read now, by newer rules, with the fields as they stand.
// first is what the machine read at first: what was there and is gone was taken
// out by a person. What people confirmed or took out stays.
func Again(first, now, read record.Fields) (record.Fields, []Difference) {
	next := record.Fields{}
	var all []Difference
	for _, name := range namesOf(first, now, read) {
		before, there := now[name]
		after, found := read[name]
		_, was := first[name]
		kept := there && before.Status == record.Confirmed || !there && was
		switch {
		case kept && there:
			next[name] = before
		case !kept && found:
			next[name] = after
		}
		if there != found || before.Normal != after.Normal || !kept && (before.Status != after.Status || before.Code != after.Code) {
			all = append(all, Difference{name, before, after, kept})
		}
	}
	return next, all
}

func namesOf(sets ...record.Fields) []string {
	all := record.Fields{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return slices.Sorted(maps.Keys(all))
}

// A Change is a list or a word of the particulars that reading again gives
// otherwise.
type Change struct {
	Name          string // as in the record's JSON form
	Before, After string // in words
}

// Compare tells what of the particulars differs.
func Compare(before, after record.Particulars) []Change {
	b, a := inWords(before), inWords(after)
	var all []Change
	for i := range b {
		if b[i].text != a[i].text {
			all = append(all, Change{b[i].name, b[i].text, a[i].text})
		}
	}
	return all
}

type named struct{ name, text string }

// inWords lists what particulars say, one line for each of their keys.
func inWords(p record.Particulars) []named {
	normals := func(all []record.Field) string {
		var out []string
		for _, f := range all {
			out = append(out, f.Normal)
		}
		return strings.Join(out, "; ")
	}
	var codes, parts, form []string
	for _, c := range p.Codes {
		codes = append(codes, string(c.Kind)+" "+c.Normal)
	}
	for _, part := range p.Parts {
		parts = append(parts, fmt.Sprintf("%s %d-%d", part.Kind, part.From, part.To))
		for _, name := range slices.Sorted(maps.Keys(part.Fields)) {
			parts[len(parts)-1] += ", " + name + " " + part.Fields[name].Normal
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.FormFields)) {
		form = append(form, name+" "+p.FormFields[name].Normal)
	}
	filed := ""
	if p.Filed != nil {
		filed = p.Filed.Normal
	}
	return []named{
		{"addressees", normals(p.Addressees)}, {"bases", normals(p.Bases)}, {"recipients", normals(p.Recipients)}, {"filed", filed},
		{"language", p.Language}, {"codes", strings.Join(codes, "; ")}, {"parts", strings.Join(parts, "; ")}, {"form", p.Form}, {"formFields", strings.Join(form, "; ")},
	}
}

// A Ledger counts by rule what people made of its readings.
type Ledger map[string]*RuleCount

// A RuleCount is of one rule; values that no rule read are counted under the
// rule "(not found) NAME".
type RuleCount struct {
	Rule      string `json:"rule"`
	Read      int    `json:"read"`      // values that a person looked at
	Confirmed int    `json:"confirmed"` // as they were
	Corrected int    `json:"corrected"`
	Removed   int    `json:"removed"`
	Silent    int    `json:"silent"` // corrected or removed, and had been trusted
}

// Add counts a document that a person has been at: first is what the machine
// read, now what stands.
func (l Ledger) Add(first, now record.Fields) {
	for _, name := range namesOf(first, now) {
		read, was := first[name]
		stands, there := now[name]
		switch {
		case there && stands.Status != record.Confirmed:
		case !was:
			l.of("(not found) "+name).Corrected++
			l.of("(not found) "+name).Read++
		default:
			l.judge(read, stands, there)
		}
	}
}

func (l Ledger) judge(read, stands record.Field, there bool) {
	c := l.of(read.Rule)
	c.Read++
	switch {
	case there && read.Normal == stands.Normal:
		c.Confirmed++
		return
	case there:
		c.Corrected++
	default:
		c.Removed++
	}
	if read.Status == record.Read && read.Confidence >= sure {
		c.Silent++
	}
}

func (l Ledger) of(rule string) *RuleCount {
	if l[rule] == nil {
		l[rule] = &RuleCount{Rule: rule}
	}
	return l[rule]
}

// Worst returns the rules by how often people changed what they read, worst first.
func (l Ledger) Worst() []RuleCount {
	var all []RuleCount
	for _, rule := range slices.Sorted(maps.Keys(l)) {
		all = append(all, *l[rule])
	}
	slices.SortStableFunc(all, func(a, b RuleCount) int {
		return cmp.Or(cmp.Compare(b.Corrected+b.Removed, a.Corrected+a.Removed), cmp.Compare(b.Silent, a.Silent))
	})
	return all
}
