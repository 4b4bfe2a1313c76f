package pdf

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Anomalies returns what a verifier must hear about the file: each entry is one
// sentence in English that names the place. A file of ours has none. It looks at
// every object of every revision as that revision left it:
//
//   - bytes that belong to nothing a cross-reference reaches, in front of the
//     header, between objects, behind the last %%EOF, in object streams;
//   - sections that lie elsewhere than startxref says, list an object twice, or
//     point outside of their own revision at something new;
//   - objects that overlap, cannot be read or have a key twice;
//   - references to objects that are free or missing;
//   - an encryption that changes, if the file was unlocked.
//
// Of each kind ten are named and the others counted.
func (f *File) Anomalies() []string {
	a := audit{
		f: f, places: map[int64]bool{}, counts: map[string]int{}, budget: f.work + 16*f.size + 64<<20,
		view: &File{r: f.r, limits: f.limits, objects: map[int]Entry{}},
	}
	if f.repaired {
		a.note("the cross-reference had to be made anew")
		return a.found
	}
	if f.header != 0 {
		a.note("%d bytes before the header", f.header)
	}
	for i := range f.revisions {
		if !a.revision(i, &f.revisions[i]) {
			a.note("objects overlap or swell so much that not all were looked at")
			return a.result()
		}
	}
	a.gaps()
	return a.result()
}

// An audit goes through the revisions from the oldest to the newest.
type audit struct {
	f        *File
	view     *File // the file as of the revision that is looked at
	spans    []span
	places   map[int64]bool // offsets of objects that were read
	carriers []int          // object streams of the revision
	kinds    []string
	counts   map[string]int
	found    []string
	budget   int64
}

// namedOfAKind is the number of findings of one kind that are named.
const namedOfAKind = 10

// note adds a finding; the format is its kind.
func (a *audit) note(format string, args ...any) {
	if a.counts[format]++; a.counts[format] == 1 {
		a.kinds = append(a.kinds, format)
	}
	if a.counts[format] <= namedOfAKind {
		a.found = append(a.found, fmt.Sprintf(format, args...))
	}
}

func (a *audit) result() []string {
	for _, k := range a.kinds {
		if more := a.counts[k] - namedOfAKind; more > 0 {
			a.found = append(a.found, fmt.Sprintf("and %d more like %q", more, k))
		}
	}
	return a.found
}

// revision looks at one revision; false if there is too much to look at.
func (a *audit) revision(i int, r *Revision) bool {
	before := map[int]Entry{}
	for num := range r.Entries {
		if e, ok := a.view.objects[num]; ok {
			before[num] = e
		}
	}
	a.view.size, a.view.trailer, a.view.lock = r.End, r.Trailer, r.lock
	if i > 0 && r.lock != a.f.revisions[i-1].lock {
		a.note("revision %d: it is encrypted in another way than the revision before", i)
	}
	a.view.streams, a.view.held = map[int]*objectStream{}, 0
	maps.Copy(a.view.objects, r.Entries)
	for _, odd := range r.odd {
		a.note("revision %d: %s", i, odd)
	}
	for _, sec := range r.sections {
		a.section(i, sec)
	}
	for _, num := range slices.Sorted(maps.Keys(r.Entries)) {
		a.entry(i, r, num, before[num])
		if a.view.work > a.budget {
			return false
		}
	}
	for _, num := range a.carriers {
		a.hidden(i, num)
	}
	a.carriers = nil
	return a.view.work <= a.budget
}

func (a *audit) section(i int, sec *section) {
	for ; sec != nil; sec = sec.hybrid {
		if sec.odd != "" {
			a.note("revision %d: %s", i, sec.odd)
		}
		for _, num := range sec.repeats {
			a.note("revision %d: object %d is listed twice", i, num)
		}
		a.spans = append(a.spans, span{sec.start, sec.end})
		if sec.tail > sec.end {
			a.spans = append(a.spans, span{sec.end, sec.tail})
		}
	}
}

// entry looks at what an entry says; old is what the revisions before said.
func (a *audit) entry(i int, r *Revision, num int, old Entry) {
	e := r.Entries[num]
	if e == old || e.Kind == Free {
		return
	}
	current := a.f.objects[num] == e
	listen := func(_ int, m member) {
		if m.repeated {
			a.note("object %d has /%s more than once", num, m.key)
		}
	}
	var v any
	var err error
	if e.Kind == Compressed {
		v, err = a.view.compressed(num, e, listen)
	} else if a.places[e.Offset] {
		a.note("revision %d: object %d lies where another entry has its own", i, num)
		return
	} else {
		if e.Offset < r.Start || e.Offset >= r.End {
			a.note("revision %d: object %d lies at byte %d, outside of the revision", i, num, e.Offset)
		}
		var place span
		v, place, err = a.view.readAt(Ref{num, e.Gen}, e.Offset, listen)
		if err == nil {
			a.places[e.Offset] = true
			a.spans = append(a.spans, place)
		}
	}
	if err != nil {
		a.note("revision %d: object %d cannot be read: %v", i, num, err)
		return
	}
	if current {
		a.dangling(num, v)
	}
	if s, ok := v.(*Stream); ok && s.Dict["Type"] == Name("ObjStm") {
		a.carriers = append(a.carriers, num)
	}
}

// dangling looks for references to nothing inside the object num.
func (a *audit) dangling(num int, v any) {
	eachRef(v, func(r Ref) {
		if e, ok := a.f.objects[r.Num]; !ok || e.Kind == Free || e.Kind == InUse && e.Gen != r.Gen || e.Kind == Compressed && r.Gen != 0 {
			a.note("object %d refers to %d %d, which does not exist", num, r.Num, r.Gen)
		}
	})
}

// eachRef calls visit for every reference inside v.
func eachRef(v any, visit func(Ref)) {
	switch v := v.(type) {
	case Ref:
		visit(v)
	case Array:
		for _, x := range v {
			eachRef(x, visit)
		}
	case Dict:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			eachRef(v[k], visit)
		}
	case *Stream:
		eachRef(v.Dict, visit)
	}
}

// hidden looks for objects in an object stream that no entry names.
func (a *audit) hidden(i, num int) {
	o, err := a.view.objectStream(num)
	if err != nil {
		a.note("revision %d: object stream %d cannot be read: %v", i, num, err)
		return
	}
	for place, n := range o.nums {
		if e := a.view.objects[n]; e != (Entry{Kind: Compressed, Stream: num, Index: place}) {
			a.note("revision %d: object stream %d holds an object %d that no cross-reference reaches", i, num, n)
		}
	}
}

// gaps looks at the bytes between the places that were read.
func (a *audit) gaps() {
	slices.SortFunc(a.spans, func(x, y span) int { return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.end, y.end)) })
	a.spans = slices.Compact(a.spans)
	at := int64(0)
	for _, s := range a.spans {
		if s.start < at {
			a.note("what lies at byte %d overlaps what lies before it", s.start)
		} else {
			a.gap(at, s.start)
		}
		at = max(at, s.end)
	}
	a.gap(at, a.f.size)
}

// gap looks at a part of the file that nothing reaches: white space and comments
// may stand there.
func (a *audit) gap(start, end int64) {
	s := newScanner(a.f.r, end, &a.f.limits)
	if s.seek(start); start == 0 {
		s.seek(a.f.header)
	}
	if s.skip(); s.peek() >= 0 {
		a.note("%d bytes at byte %d belong to nothing that a cross-reference reaches", end-s.pos, s.pos)
	}
}

// Unreachable returns the numbers of objects that no chain of references from the
// trailer leads to, in order; cross-reference streams, object streams and the
// dictionary of a linearized file are not among them.
func (f *File) Unreachable() []int {
	seen := map[int]bool{}
	var todo []Ref
	push := func(r Ref) {
		if !seen[r.Num] {
			seen[r.Num] = true
			todo = append(todo, r)
		}
	}
	eachRef(f.trailer, push)
	for len(todo) > 0 {
		r := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v, err := f.Get(r); err == nil {
			eachRef(v, push)
		}
	}
	var out []int
	for _, num := range slices.Sorted(maps.Keys(f.objects)) {
		if e := f.objects[num]; e.Kind != Free && !seen[num] && !f.structural(Ref{num, e.Gen}) {
			out = append(out, num)
		}
	}
	return out
}

// structural reports whether an object carries other objects or belongs to the
// file's own order.
func (f *File) structural(r Ref) bool {
	d := f.Dict(r)
	return d["Type"] == Name("XRef") || d["Type"] == Name("ObjStm") || d["Linearized"] != nil
}
