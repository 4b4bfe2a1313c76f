package pdf

import (
	"fmt"
	"slices"
)

// A Revision is one saving of the file: what an incremental update appended, or
// the file as it was first written (both sections of a linearized file).
//
// Every byte up to the last %%EOF belongs to exactly one revision.
type Revision struct {
	Start     int64 // the end of the revision before
	EOF       int64 // behind the %%EOF itself; a writer that signs may have ended here
	End       int64 // behind %%EOF and its end-of-line marker
	StartXref int64 // where the revision says that its cross-reference lies
	Section   int64 // where it does lie
	Trailer   Dict
	Entries   map[int]Entry // what this revision defines or frees, by object number

	XRefStream bool // a cross-reference stream instead of a table
	Hybrid     bool // a table with a stream beside it

	sections []*section // newest first
	odd      []string
	lock     *lock // nil: not encrypted, or not unlocked
}

// Revisions returns the revisions, oldest first. Do not change their maps.
func (f *File) Revisions() []Revision { return f.revisions }

// AsOf returns the file as it was after revision i of [File.Revisions].
func (f *File) AsOf(i int) (*File, error) {
	if i < 0 || i >= len(f.revisions) {
		return nil, fmt.Errorf("revision %d of %d does not exist", i, len(f.revisions))
	}
	g := &File{
		r: f.r, size: f.revisions[i].End, header: f.header, version: f.version, limits: f.limits,
		revisions: f.revisions[: i+1 : i+1], repaired: f.repaired, lock: f.revisions[i].lock, streams: map[int]*objectStream{},
	}
	for _, r := range slices.Backward(g.revisions) {
		g.sections = append(g.sections, r.sections...)
	}
	g.index()
	return g, nil
}

// divide makes the revisions out of the sections.
func (f *File) divide() {
	var all []Revision // newest first
	for i, sec := range f.sections {
		if i > 0 && sec.start > f.sections[i-1].start {
			last := &all[len(all)-1]
			last.sections = append(last.sections, sec)
			continue
		}
		all = append(all, Revision{sections: []*section{sec}})
	}
	slices.Reverse(all)
	for _, r := range all {
		f.finish(&r)
		if n := len(f.revisions); n > 0 {
			old := &f.revisions[n-1]
			if r.End <= old.End {
				old.sections = append(r.sections, old.sections...)
				old.odd = append(old.odd, "cross-reference sections do not follow each other in the file")
				continue
			}
			r.Start = old.End
		}
		f.revisions = append(f.revisions, r)
	}
	for i := range f.revisions {
		f.revisions[i].collect()
	}
}

// finish finds where the revision ends.
func (f *File) finish(r *Revision) {
	for _, sec := range r.sections {
		sec.tail = sec.end
		start, eof, end, odd := f.tail(sec.end)
		if odd != "" {
			r.odd = append(r.odd, odd)
		} else {
			sec.tail = end
		}
		if end > r.End {
			r.StartXref, r.EOF, r.End = start, eof, end
		}
	}
	if first := r.sections[0]; len(r.odd) == 0 && r.StartXref != first.start && r.StartXref != first.asked {
		r.odd = append(r.odd, fmt.Sprintf("startxref says byte %d, the cross-reference lies at byte %d", r.StartXref, first.start))
	}
}

// tail reads the startxref and %%EOF that follow a section which ends at an offset.
func (f *File) tail(at int64) (start, eof, end int64, odd string) {
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(at)
	s.skip() // some writers put their name there as a comment
	if s.word() != "startxref" {
		return 0, at, at, "no startxref after the cross-reference section"
	}
	start, err := s.integer()
	if err != nil {
		return 0, at, at, "no offset after startxref"
	}
	s.white()
	for _, c := range []byte("%%EOF") {
		if s.next() != int(c) {
			return start, at, at, "no %%EOF after startxref"
		}
	}
	eof = s.pos
	s.eol()
	return start, eof, s.pos, ""
}

// collect lays the sections of the revision over each other.
func (r *Revision) collect() {
	first := r.sections[0]
	r.Section, r.Trailer = first.start, first.trailer
	r.XRefStream, r.Hybrid = first.stream != Ref{}, first.hybrid != nil
	r.Entries = first.entries
	if len(r.sections) == 1 {
		return
	}
	r.Entries = map[int]Entry{}
	for _, sec := range r.sections {
		for num, e := range sec.entries {
			if _, ok := r.Entries[num]; !ok {
				r.Entries[num] = e
			}
		}
	}
}
