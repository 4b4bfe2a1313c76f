package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// A change is what one revision did to the file before it.
type change struct {
	class  record.Changes
	other  []string  // what is on no list of harmless changes
	filled []string  // names of the fields whose value changed
	shown  []pdf.Ref // signature fields that show something on a page
}

var changeOrder = []record.Changes{record.ChangesNone, record.ChangesArchive, record.ChangesSignatures, record.ChangesForm, record.ChangesOther}

func worse(a, b record.Changes) record.Changes {
	return changeOrder[max(slices.Index(changeOrder, a), slices.Index(changeOrder, b))]
}

// changes classes every revision that follows a signature.
func (d *document) changes(ctx context.Context, signatures []found) ([]change, error) {
	all := make([]change, len(d.revisions))
	first := len(d.revisions)
	for _, s := range signatures {
		first = min(first, s.revision)
	}
	if first >= len(d.revisions)-1 {
		return all, nil
	}
	g, err := newGraph(d, first)
	if err != nil {
		return nil, err
	}
	for i := first + 1; i < len(d.revisions); i++ {
		if err := g.moveTo(i - 1); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		u := update{doc: d, graph: g, signatures: signatures, revision: i, old: d.at(i - 1), new: d.at(i),
			changed: map[int]bool{}, allowed: map[int]bool{}}
		u.judge()
		slices.Sort(u.out.other)
		u.out.other = slices.Compact(u.out.other)
		all[i] = u.out
	}
	return all, nil
}

// An update is one revision while it is judged. The rule is a whitelist: what
// no step below allows is "other".
type update struct {
	doc        *document
	graph      *graph
	signatures []found
	revision   int
	old, new   *pdf.File
	changed    map[int]bool // objects that are not what they were
	allowed    map[int]bool // those of them that a step allows
	referred   map[int]bool // objects that changed ones refer to, once asked for
	out        change
}

func (u *update) judge() {
	u.out.class = record.ChangesNone
	for num := range u.doc.revisions[u.revision].Entries {
		was, is := u.old.Objects()[num], u.new.Objects()[num]
		if was.Gen != is.Gen || !u.doc.same(u.get(u.old, num), u.get(u.new, num)) {
			u.changed[num] = true
		}
	}
	u.allowStructure()
	u.trailer()
	u.catalog()
	u.pages()
	for _, num := range slices.Sorted(maps.Keys(u.changed)) {
		if !u.allowed[num] && !u.idle(num) {
			u.otherf("%s", u.describe(num))
		}
	}
}

func (u *update) otherf(format string, args ...any) {
	const enough = 50
	if len(u.out.other) < enough {
		u.out.other = append(u.out.other, fmt.Sprintf(format, args...))
	}
	u.out.class = record.ChangesOther
}

func (u *update) atLeast(c record.Changes) { u.out.class = worse(u.out.class, c) }

// get reads object num, whatever its generation; nil if it is free, missing or damaged.
func (u *update) get(f *pdf.File, num int) any {
	v, err := f.Get(pdf.Ref{Num: num, Gen: f.Objects()[num].Gen})
	if err != nil {
		return fmt.Sprintf("damaged in revision %d: %v", u.revision, err)
	}
	return v
}

// existed reports whether num was anything before, or was referred to.
func (u *update) existed(num int) bool { return u.get(u.old, num) != nil }

// describe says what an object is, for people.
func (u *update) describe(num int) string {
	what := "changed"
	v := u.get(u.new, num)
	switch {
	case v == nil:
		what, v = "removed", u.get(u.old, num)
	case !u.existed(num):
		what = "added"
	}
	kind := "object"
	dict, _ := v.(pdf.Dict)
	if s, ok := v.(*pdf.Stream); ok {
		kind, dict = "stream", s.Dict
	}
	for _, key := range []pdf.Name{"Type", "Subtype"} {
		if n, ok := dict[key].(pdf.Name); ok {
			kind += " " + strings.ToValidUTF8(string(n[:min(len(n), 40)]), "")
		}
	}
	return fmt.Sprintf("%s %d %s", kind, num, what)
}

// idle reports whether object num is new and nothing refers to it, before or
// after: such an object shows nothing.
func (u *update) idle(num int) bool {
	if u.existed(num) || len(u.graph.in[num]) > 0 {
		return false
	}
	if u.referred == nil {
		u.referred = map[int]bool{}
		for n := range u.changed {
			u.refer(u.get(u.new, n))
		}
		u.refer(u.new.Trailer())
	}
	return !u.referred[num]
}

// refer notes the objects that v refers to.
func (u *update) refer(v any) {
	switch v := v.(type) {
	case pdf.Ref:
		u.referred[v.Num] = true
	case pdf.Array:
		for _, e := range v {
			u.refer(e)
		}
	case pdf.Dict:
		for _, e := range v {
			u.refer(e)
		}
	case *pdf.Stream:
		u.refer(v.Dict)
	}
}

// allowStructure allows cross-reference and object streams under new numbers. An
// object stream that takes the place of another would change what its old
// members are, though no entry says so.
func (u *update) allowStructure() {
	streams := map[int]bool{}
	for num := range u.changed {
		s, ok := u.get(u.new, num).(*pdf.Stream)
		if !ok {
			continue
		}
		old, _ := u.get(u.old, num).(*pdf.Stream)
		switch s.Dict["Type"] {
		case pdf.Name("XRef"):
			streams[num] = !u.existed(num) || old != nil && old.Dict["Type"] == pdf.Name("XRef")
		case pdf.Name("ObjStm"):
			streams[num] = !u.existed(num)
		}
	}
	for num, fine := range streams {
		u.allowed[num] = fine && len(u.graph.in[num]) == 0
	}
}
