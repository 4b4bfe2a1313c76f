package pdf

import (
	"bytes"
	"fmt"
	"io"
)

// A File is a PDF that is open for reading.
type File struct {
	r       io.ReaderAt
	size    int64
	header  int64 // offset of %PDF-
	version string
	limits  Limits

	sections  []*section // newest first
	revisions []Revision // oldest first
	objects   map[int]Entry
	trailer   Dict
	repaired  bool
	lock      *lock // of the newest revision, once [File.Unlock] found it
	search    int64 // bytes that a repair may still search for the ends of streams

	busy    int // objects being read inside each other
	streams map[int]*objectStream
	held    int64 // decoded bytes in streams
	work    int64 // bytes parsed and decoded so far
	clock   int   // counts uses of streams
}

// Open reads the cross-reference sections of a file of size bytes. Encrypted
// files open too: see [File.Encrypted].
//
// It fails with ErrNotPDF, ErrDamaged, ErrLimit or what r says.
func Open(r io.ReaderAt, size int64, l Limits) (*File, error) {
	f, err := open(r, size, l)
	if err != nil {
		return nil, err
	}
	start, err := f.lastStart()
	if err != nil {
		return nil, err
	}
	if err := f.readSections(start); err != nil {
		return nil, err
	}
	f.divide()
	f.index()
	return f, nil
}

func open(r io.ReaderAt, size int64, l Limits) (*File, error) {
	f := &File{r: r, size: size, limits: l, streams: map[int]*objectStream{}}
	head := make([]byte, min(size, 1024+16))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	at := bytes.Index(head, []byte("%PDF-"))
	if at < 0 {
		return nil, fmt.Errorf("no %%PDF- in the first 1024 bytes: %w", ErrNotPDF)
	}
	f.header = int64(at)
	version := head[at+5:]
	if end := bytes.IndexFunc(version, func(r rune) bool { return r != '.' && !isDigit(int(r)) }); end >= 0 {
		version = version[:end]
	}
	f.version = string(version)
	return f, nil
}

// index lays the sections over each other: the newest entry of a number counts.
func (f *File) index() {
	f.objects = map[int]Entry{}
	f.trailer = Dict{}
	if len(f.sections) > 0 {
		f.trailer = f.sections[0].trailer
	}
	if len(f.sections) == 1 {
		f.objects = f.sections[0].entries
		return
	}
	for _, s := range f.sections {
		for num, e := range s.entries {
			if _, ok := f.objects[num]; !ok {
				f.objects[num] = e
			}
		}
	}
}

// Version is that of the header, e.g. "1.7". The catalog may name a later one.
func (f *File) Version() string { return f.version }

// Size is the length in bytes that the file had when it was opened, or after its
// revision for a file made by [File.AsOf].
func (f *File) Size() int64 { return f.size }

// Trailer returns the newest trailer dictionary. Do not change it.
func (f *File) Trailer() Dict { return f.trailer }

// Encrypted reports whether a trailer names an encryption dictionary. Strings and
// streams of such a file are returned as they stand until [File.Unlock].
func (f *File) Encrypted() bool {
	for _, s := range f.sections {
		if s.trailer["Encrypt"] != nil {
			return true
		}
	}
	return false
}

// Catalog returns the document catalog.
func (f *File) Catalog() (Dict, error) {
	root, ok := f.trailer["Root"].(Ref)
	if !ok {
		return nil, fmt.Errorf("read catalog: trailer has no reference as /Root: %w", ErrDamaged)
	}
	v, err := f.Get(root)
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("read catalog: object %d is no dictionary: %w", root.Num, ErrDamaged)
	}
	return d, nil
}

// Objects returns the entries that count, by object number. Do not change it.
func (f *File) Objects() map[int]Entry { return f.objects }

// Get reads an object. It returns nil for one that is free or missing, and a new
// value each time: callers may change it.
func (f *File) Get(r Ref) (any, error) {
	e, ok := f.objects[r.Num]
	if !ok || e.Kind == Free {
		return nil, nil
	}
	if f.busy++; f.busy > f.limits.Depth {
		f.busy--
		return nil, fmt.Errorf("read object %d: objects need each other: %w", r.Num, ErrDamaged)
	}
	defer func() { f.busy-- }()
	if e.Kind == Compressed {
		if r.Gen != 0 {
			return nil, nil
		}
		v, err := f.compressed(r.Num, e, nil)
		if err != nil {
			return nil, fmt.Errorf("read object %d: %w", r.Num, err)
		}
		return v, nil
	}
	if e.Gen != r.Gen {
		return nil, nil
	}
	v, _, err := f.readAt(r, e.Offset, nil)
	if err != nil {
		return nil, fmt.Errorf("read object %d: %w", r.Num, err)
	}
	return v, nil
}

// A span is a part of the file.
type span struct{ start, end int64 }

// readAt reads "n g obj … endobj" at an offset and returns where it stands.
func (f *File) readAt(want Ref, at int64, members func(int, member)) (any, span, error) {
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(at)
	s.skip()
	place := span{start: s.pos}
	v, err := f.readObject(s, want, members)
	f.work += max(s.pos-at, 0)
	if err != nil {
		return nil, span{}, err
	}
	place.end = s.pos
	return v, place, nil
}

func (f *File) readObject(s *scanner, want Ref, members func(int, member)) (any, error) {
	at := s.pos
	r, err := s.objectHeader()
	if err != nil {
		return nil, err
	}
	if r != want {
		return nil, s.damaged(at, "object %d %d stands where the cross-reference has %d %d", r.Num, r.Gen, want.Num, want.Gen)
	}
	v, err := s.value(0, members)
	if err != nil {
		return nil, err
	}
	s.skip()
	word := s.word()
	if d, ok := v.(Dict); ok && word == "stream" {
		if v, err = f.stream(s, d); err != nil {
			return nil, err
		}
		s.skip()
		word = s.word()
	}
	if word != "endobj" {
		return nil, s.damaged(s.pos, "%q stands where endobj belongs", word)
	}
	if f.lock != nil {
		return f.lock.decrypt(want, v)
	}
	return v, nil
}

// objectHeader reads "n g obj".
func (s *scanner) objectHeader() (Ref, error) {
	num, err := s.integer()
	if err != nil {
		return Ref{}, err
	}
	gen, err := s.integer()
	if err != nil {
		return Ref{}, err
	}
	if num > 1<<31 || gen > 65535 {
		return Ref{}, s.damaged(s.pos, "object number %d %d", num, gen)
	}
	return Ref{int(num), int(gen)}, s.keyword("obj")
}

// stream finds the bytes of a stream whose dictionary and keyword have been read,
// and leaves s behind endstream.
func (f *File) stream(s *scanner, d Dict) (*Stream, error) {
	at := s.pos
	if s.peek() == ' ' { // seen in the wild; 7.3.8.1 wants the end of the line
		s.pos++
	}
	if s.peek() != '\r' && s.peek() != '\n' {
		return nil, s.damaged(at, "no end of line after stream")
	}
	s.eol()
	out := &Stream{Dict: d, Offset: s.pos}
	n, ok := f.Resolve(d["Length"]).(int64)
	if ok && n >= 0 && n <= s.end-s.pos {
		s.seek(out.Offset + n)
		if s.white(); s.word() == "endstream" {
			out.Length = n
			return out, nil
		}
	}
	if !f.repaired {
		return nil, s.damaged(out.Offset, "a stream does not end after its /Length %v", d["Length"])
	}
	end, err := f.find(out.Offset, []byte("endstream"))
	if err != nil {
		return nil, err
	}
	out.Length = end - out.Offset
	s.seek(end + int64(len("endstream")))
	return out, nil
}

// find returns the offset of the first occurrence of what at or behind from.
func (f *File) find(from int64, what []byte) (int64, error) {
	buf := make([]byte, 64<<10)
	for at := from; at < f.size; at += int64(len(buf) - len(what) + 1) {
		n, err := f.r.ReadAt(buf[:min(int64(len(buf)), f.size-at)], at)
		if f.search -= int64(n); f.search < 0 {
			return 0, fmt.Errorf("look for %q: too many streams without their end: %w", what, ErrLimit)
		}
		if i := bytes.Index(buf[:n], what); i >= 0 {
			return at + int64(i), nil
		}
		if err != nil && err != io.EOF {
			return 0, err
		}
	}
	return 0, fmt.Errorf("no %q after byte %d: %w", what, from, ErrDamaged)
}
