package pdf

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// A Kind says what a cross-reference entry states about its object.
type Kind byte

// The kinds, as numbered in cross-reference streams (ISO 32000-1, table 18).
const (
	Free       Kind = 0
	InUse      Kind = 1
	Compressed Kind = 2
)

// An Entry is one entry of a cross-reference section.
type Entry struct {
	Kind   Kind
	Gen    int   // Free, InUse
	Offset int64 // InUse: of the object in the file
	Stream int   // Compressed: number of the object stream
	Index  int   // Compressed: place in the object stream
}

// A section is one cross-reference table or stream, a hybrid table with its stream.
type section struct {
	asked   int64 // where startxref or /Prev says that it lies
	start   int64 // of the keyword xref, or of the stream's object
	end     int64 // behind the trailer dictionary, or behind endobj
	tail    int64 // behind the %%EOF that follows; end if none does
	stream  Ref   // of a cross-reference stream
	hybrid  *section
	trailer Dict
	entries map[int]Entry
	repeats []int // numbers that the section lists more than once
	odd     string
}

// lastStart reads the offset behind the last startxref of the file.
func (f *File) lastStart() (int64, error) {
	n := min(f.size, 2048)
	tail := make([]byte, n)
	if m, err := f.r.ReadAt(tail, f.size-n); err != nil && (err != io.EOF || int64(m) < n) {
		return 0, err
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return 0, fmt.Errorf("no startxref in the last %d bytes: %w", n, ErrDamaged)
	}
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(f.size - n + int64(i+len("startxref")))
	return s.integer()
}

// readSections follows the chain of /Prev from the section at start.
func (f *File) readSections(start int64) error {
	seen := map[int64]bool{}
	left := f.limits.Objects
	for at, more := start, true; more; {
		if seen[at] {
			return fmt.Errorf("cross-reference at byte %d is its own predecessor: %w", at, ErrDamaged)
		}
		seen[at] = true
		if len(f.sections) >= f.limits.Revisions {
			return fmt.Errorf("more than %d cross-reference sections: %w", f.limits.Revisions, ErrLimit)
		}
		sec, err := f.readSection(at, &left)
		if err != nil {
			return fmt.Errorf("read cross-reference at byte %d: %w", at, err)
		}
		f.sections = append(f.sections, sec)
		if at, more, err = sec.prev(); err != nil {
			return err
		}
	}
	return nil
}

// prev returns the offset of the section before this one.
func (sec *section) prev() (at int64, ok bool, err error) {
	switch v := sec.trailer["Prev"].(type) {
	case nil:
		return 0, false, nil
	case int64:
		return v, true, nil
	default:
		return 0, false, fmt.Errorf("trailer at byte %d: /Prev is no direct integer: %w", sec.start, ErrDamaged)
	}
}

func (f *File) readSection(at int64, left *int) (*section, error) {
	if at < 0 || at >= f.size {
		return nil, fmt.Errorf("outside of the file's %d bytes: %w", f.size, ErrDamaged)
	}
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(at)
	s.white()
	sec := &section{asked: at, start: s.pos, entries: map[int]Entry{}}
	if isDigit(s.peek()) {
		return sec, f.readXRefStream(sec, left)
	}
	if err := s.keyword("xref"); err != nil {
		return nil, err
	}
	free := map[int]Entry{}
	if err := sec.readTable(s, free, left); err != nil {
		return nil, err
	}
	v, err := s.value(0, sec.repeatedKey)
	if err != nil {
		return nil, fmt.Errorf("trailer: %w", err)
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("trailer is no dictionary: %w", ErrDamaged)
	}
	sec.trailer, sec.end = d, s.pos
	if at, ok := d["XRefStm"].(int64); ok {
		if err := f.readHybrid(sec, at, left); err != nil {
			return nil, fmt.Errorf("/XRefStm: %w", err)
		}
	}
	for num, e := range free {
		if sec.hybrid == nil || sec.hybrid.entries[num].Kind == Free {
			sec.add(num, e)
		}
	}
	return sec, nil
}

func (sec *section) repeatedKey(_ int, m member) {
	if m.repeated {
		sec.odd = fmt.Sprintf("trailer has /%s more than once", m.key)
	}
}

// readTable reads the subsections of a table up to the keyword trailer. Free
// entries are kept apart: in a hybrid file the stream may say more about them
// (ISO 32000-1, 7.5.8.4).
func (sec *section) readTable(s *scanner, free map[int]Entry, left *int) error {
	for {
		s.skip()
		if !isDigit(s.peek()) {
			return s.keyword("trailer")
		}
		first, err := s.integer()
		if err != nil {
			return err
		}
		count, err := s.integer()
		if err != nil {
			return err
		}
		if first > 1<<31 || count > 1<<31 {
			return s.damaged(s.pos, "subsection %d %d", first, count)
		}
		for i := range count {
			if *left--; *left < 0 {
				return s.limit(s.pos, "cross-reference entries", s.limits.Objects)
			}
			e, err := sec.readEntry(s, int(first+i))
			if err != nil {
				return err
			}
			if num := int(first + i); e.Kind == Free {
				free[num] = e
			} else {
				sec.add(num, e)
			}
		}
	}
}

// readEntry reads the entry of object num. Ghostscript gives the head of the list of
// free objects one generation more than there are; no object can be meant by it.
func (sec *section) readEntry(s *scanner, num int) (Entry, error) {
	s.white()
	at := s.pos
	offset, err := s.integer()
	if err != nil {
		return Entry{}, err
	}
	gen, err := s.integer()
	if err != nil {
		return Entry{}, err
	}
	s.skip()
	kind := s.word()
	if num == 0 && kind == "f" && gen == 65536 {
		gen = 65535
	}
	if gen > 65535 {
		return Entry{}, s.damaged(at, "generation %d", gen)
	}
	if a, b := s.next(), s.peek(); s.pos-at != 19 || b < 0 || !isSpace(byte(a)) || !isSpace(byte(b)) {
		sec.odd = "cross-reference entries are not 20 bytes long"
	}
	switch kind {
	case "n":
		if offset == 0 {
			sec.odd = "cross-reference entries in use at byte 0"
			return Entry{Kind: Free, Gen: int(gen)}, nil
		}
		return Entry{Kind: InUse, Gen: int(gen), Offset: offset}, nil
	case "f":
		return Entry{Kind: Free, Gen: int(gen)}, nil
	default:
		return Entry{}, s.damaged(at, "entry of type %q", kind)
	}
}

// add notes an entry; the first one of a number counts.
func (sec *section) add(num int, e Entry) {
	if old, ok := sec.entries[num]; ok {
		if old != e {
			sec.repeats = append(sec.repeats, num)
		}
		return
	}
	sec.entries[num] = e
}

// readHybrid adds what the stream of a hybrid table says.
func (f *File) readHybrid(sec *section, at int64, left *int) error {
	if at < 0 || at >= f.size {
		return fmt.Errorf("byte %d is outside of the file: %w", at, ErrDamaged)
	}
	sec.hybrid = &section{start: at, entries: map[int]Entry{}}
	if err := f.readXRefStream(sec.hybrid, left); err != nil {
		return err
	}
	for num, e := range sec.hybrid.entries {
		if e.Kind != Free {
			sec.add(num, e)
		}
	}
	return nil
}

// readXRefStream reads the cross-reference stream at sec.start (7.5.8).
func (f *File) readXRefStream(sec *section, left *int) error {
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(sec.start)
	r, err := s.objectHeader()
	if err != nil {
		return err
	}
	v, place, err := f.readAt(r, sec.start, sec.repeatedKey)
	if err != nil {
		return err
	}
	stream, ok := v.(*Stream)
	if !ok || stream.Dict["Type"] != Name("XRef") {
		return fmt.Errorf("object %d is no cross-reference stream: %w", r.Num, ErrDamaged)
	}
	sec.stream, sec.start, sec.end, sec.trailer = r, place.start, place.end, stream.Dict
	data, err := f.Decoded(stream)
	if err != nil {
		return err
	}
	return sec.readRows(stream.Dict, data, left, f.limits.Objects)
}

// readRows reads the decoded rows of a cross-reference stream.
func (sec *section) readRows(d Dict, data []byte, left *int, limit int) error {
	var w [3]int
	widths, _ := d["W"].(Array)
	if len(widths) != 3 {
		return fmt.Errorf("/W has not three numbers: %w", ErrDamaged)
	}
	for i, v := range widths {
		n, ok := v.(int64)
		if !ok || n < 0 || n > 8 {
			return fmt.Errorf("/W is %v: %w", widths, ErrDamaged)
		}
		w[i] = int(n)
	}
	row := w[0] + w[1] + w[2]
	index, ok := d["Index"].(Array)
	if !ok {
		index = Array{int64(0), d["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(int64)
		count, ok2 := index[i+1].(int64)
		if !ok1 || !ok2 || row == 0 || first < 0 || first > 1<<31 || count < 0 || count > int64(len(data)/row) {
			return fmt.Errorf("/Index %v and /Size %v do not fit %d bytes: %w", d["Index"], d["Size"], len(data), ErrDamaged)
		}
		for k := range count {
			if *left--; *left < 0 {
				return fmt.Errorf("more than %d cross-reference entries: %w", limit, ErrLimit)
			}
			if e, ok := readRow(data[:row], w); ok {
				sec.add(int(first+k), e)
			}
			data = data[row:]
		}
	}
	if len(data) > 0 {
		sec.odd = strconv.Itoa(len(data)) + " bytes too many in a cross-reference stream"
	}
	return nil
}

// readRow reads one row; ok is false for a type that means null (table 18).
func readRow(b []byte, w [3]int) (e Entry, ok bool) {
	field := [3]int64{1, 0, 0}
	for i, n := range w {
		if n > 0 {
			field[i] = 0
		}
		for range n {
			field[i] = field[i]<<8 | int64(b[0])
			b = b[1:]
		}
	}
	kind, a, c := field[0], field[1], field[2]
	switch {
	case kind == 0:
		return Entry{Kind: Free, Gen: int(c & 0xffff)}, true
	case kind == 1 && c >= 0 && c <= 65535:
		return Entry{Kind: InUse, Offset: a, Gen: int(c)}, true
	case kind == 2 && a >= 0 && a <= 1<<31 && c >= 0 && c <= 1<<31:
		return Entry{Kind: Compressed, Stream: int(a), Index: int(c)}, true
	}
	return Entry{}, false
}
