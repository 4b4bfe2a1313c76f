package pdf

import (
	"bytes"
	"fmt"
	"io"
	"slices"
)

// OpenRepaired opens a file that [Open] refuses: it looks for objects from the
// first byte to the last, and of several with one number the last counts. What
// it finds may differ from what other readers find: it is for recognition, never
// for a verdict. Such a file has one revision.
func OpenRepaired(r io.ReaderAt, size int64, l Limits) (*File, error) {
	f, err := open(r, size, l)
	if err != nil {
		return nil, err
	}
	f.repaired, f.search = true, 16*size+1<<20
	found := &section{entries: map[int]Entry{}, trailer: Dict{}, end: size}
	f.sections = []*section{found}
	f.objects = found.entries
	if err := f.collectObjects(found); err != nil {
		return nil, fmt.Errorf("repair: %w", err)
	}
	if err := f.collectTrailers(found); err != nil {
		return nil, fmt.Errorf("repair: %w", err)
	}
	f.openStreams(found)
	f.divide()
	f.index()
	if f.trailer["Root"] == nil {
		return nil, fmt.Errorf("repair: no catalog found: %w", ErrDamaged)
	}
	return f, nil
}

// each calls visit for every occurrence of what in the file, until it fails.
func (f *File) each(what []byte, visit func(at int64) error) error {
	buf := make([]byte, 64<<10)
	for at := int64(0); at < f.size; {
		n, err := f.r.ReadAt(buf[:min(int64(len(buf)), f.size-at)], at)
		if n == 0 {
			return err
		}
		for from := 0; ; {
			i := bytes.Index(buf[from:n], what)
			if i < 0 {
				break
			}
			if err := visit(at + int64(from+i)); err != nil {
				return err
			}
			from += i + len(what)
		}
		if at += int64(n); at < f.size {
			at -= min(int64(n-1), int64(len(what)-1))
		}
	}
	return nil
}

// collectObjects notes every "n g obj".
func (f *File) collectObjects(found *section) error {
	return f.each([]byte("obj"), func(at int64) error {
		start, r, ok := f.before(at)
		if !ok {
			return nil
		}
		if len(found.entries) >= f.limits.Objects {
			return fmt.Errorf("more than %d objects: %w", f.limits.Objects, ErrLimit)
		}
		found.entries[r.Num] = Entry{Kind: InUse, Gen: r.Gen, Offset: start}
		return nil
	})
}

// before reads the two numbers that stand before the keyword obj at an offset.
func (f *File) before(at int64) (start int64, r Ref, ok bool) {
	var room [32]byte
	from := max(0, at-int64(len(room)))
	n, _ := f.r.ReadAt(room[:at-from], from)
	head := bytes.TrimRightFunc(room[:n], isBlank)
	gen := bytes.LastIndexFunc(head, notDigit) + 1
	rest := bytes.TrimRightFunc(head[:gen], isBlank)
	num := bytes.LastIndexFunc(rest, notDigit) + 1
	if gen == len(head) || num == len(rest) || len(rest) == gen {
		return 0, r, false
	}
	start = from + int64(num)
	s := newScanner(f.r, f.size, &f.limits)
	s.seek(start)
	r, err := s.objectHeader()
	return start, r, err == nil
}

func isBlank(r rune) bool { return r < 0x80 && isSpace(byte(r)) }

func notDigit(r rune) bool { return r < '0' || r > '9' }

// collectTrailers lays the trailers over each other, the last on top.
func (f *File) collectTrailers(found *section) error {
	return f.each([]byte("trailer"), func(at int64) error {
		s := newScanner(f.r, f.size, &f.limits)
		s.seek(at + int64(len("trailer")))
		if v, err := s.value(0, nil); err == nil {
			adopt(found, v)
		}
		return nil
	})
}

// adopt takes over what a trailer dictionary says.
func adopt(found *section, v any) {
	d, _ := v.(Dict)
	for _, k := range []Name{"Root", "Info", "ID", "Encrypt"} {
		if d[k] != nil {
			found.trailer[k] = d[k]
		}
	}
}

// openStreams adds the objects inside object streams and reads the trailers that
// are cross-reference streams; without any trailer it looks for the catalog.
func (f *File) openStreams(found *section) {
	var catalog Ref
	for _, num := range f.numbers() {
		r := Ref{num, found.entries[num].Gen}
		v, err := f.Get(r)
		if err != nil {
			continue
		}
		switch d := f.Dict(v); {
		case d["Type"] == Name("XRef"):
			adopt(found, d)
		case d["Type"] == Name("ObjStm"):
			f.openStream(found, num)
		case d["Type"] == Name("Catalog"):
			catalog = r
		}
	}
	for num, e := range found.entries {
		if e.Kind == Compressed && f.Dict(Ref{Num: num})["Type"] == Name("Catalog") {
			catalog = Ref{Num: num}
		}
	}
	if f.Dict(found.trailer["Root"]) == nil && catalog != (Ref{}) {
		found.trailer["Root"] = catalog
	}
}

func (f *File) openStream(found *section, num int) {
	o, err := f.objectStream(num)
	if err != nil {
		return
	}
	for i, n := range o.nums {
		if e, ok := found.entries[n]; (!ok || e.Kind == Compressed) && len(found.entries) < f.limits.Objects {
			found.entries[n] = Entry{Kind: Compressed, Stream: num, Index: i}
		}
	}
}

// numbers returns the numbers of the objects in the order of the file.
func (f *File) numbers() []int {
	var all []int
	for n := range f.objects {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b int) int {
		x, y := f.objects[a], f.objects[b]
		return int(min(max(x.Offset-y.Offset, -1), 1))
	})
	return all
}
