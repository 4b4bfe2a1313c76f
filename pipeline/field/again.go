package field

import (
	"cmp"
	"maps"
	"slices"

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
