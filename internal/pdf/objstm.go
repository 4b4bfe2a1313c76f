package pdf

import (
	"bytes"
	"fmt"
)

// An objectStream is a decoded object stream (ISO 32000-1, 7.5.7).
type objectStream struct {
	nums    []int
	offsets []int64 // in data
	data    []byte
	used    int // last use, for dropping the oldest
}

// compressed reads an object out of its object stream.
func (f *File) compressed(num int, e Entry, members func(int, member)) (any, error) {
	o, err := f.objectStream(e.Stream)
	if err != nil {
		return nil, err
	}
	if e.Index >= len(o.nums) || o.nums[e.Index] != num {
		return nil, fmt.Errorf("object stream %d has no object %d at place %d: %w", e.Stream, num, e.Index, ErrDamaged)
	}
	s := newScanner(bytes.NewReader(o.data), int64(len(o.data)), &f.limits)
	s.seek(o.offsets[e.Index])
	v, err := s.value(0, members)
	if err != nil {
		return nil, fmt.Errorf("in object stream %d: %w", e.Stream, err)
	}
	return v, nil
}

// heldBytes bounds the decoded object streams that are kept.
const heldBytes = 16 << 20

func (f *File) objectStream(num int) (*objectStream, error) {
	f.clock++
	if o, ok := f.streams[num]; ok {
		o.used = f.clock
		return o, nil
	}
	if e := f.objects[num]; e.Kind != InUse {
		return nil, fmt.Errorf("object stream %d is not an object of the file itself: %w", num, ErrDamaged)
	}
	v, err := f.Get(Ref{num, f.objects[num].Gen})
	if err != nil {
		return nil, err
	}
	s, ok := v.(*Stream)
	if !ok || s.Dict["Type"] != Name("ObjStm") {
		return nil, fmt.Errorf("object %d is no object stream: %w", num, ErrDamaged)
	}
	o, err := f.openObjectStream(s)
	if err != nil {
		return nil, fmt.Errorf("object stream %d: %w", num, err)
	}
	f.hold(num, o)
	return o, nil
}

// hold keeps o and drops the ones that were not used for longest.
func (f *File) hold(num int, o *objectStream) {
	o.used = f.clock
	f.held += int64(len(o.data))
	for f.held > heldBytes && len(f.streams) > 0 {
		oldest := -1
		for n, s := range f.streams {
			if oldest < 0 || s.used < f.streams[oldest].used {
				oldest = n
			}
		}
		f.held -= int64(len(f.streams[oldest].data))
		delete(f.streams, oldest)
	}
	f.streams[num] = o
}

func (f *File) openObjectStream(s *Stream) (*objectStream, error) {
	n, ok1 := f.Int(s.Dict["N"])
	first, ok2 := f.Int(s.Dict["First"])
	data, err := f.Decoded(s)
	if err != nil {
		return nil, err
	}
	if !ok1 || !ok2 || n < 0 || first < 0 || first > int64(len(data)) || n > first/2+1 {
		return nil, fmt.Errorf("/N %v and /First %v do not fit %d bytes: %w", s.Dict["N"], s.Dict["First"], len(data), ErrDamaged)
	}
	o := &objectStream{data: data}
	sc := newScanner(bytes.NewReader(data), first, &f.limits)
	for range n {
		num, err := sc.integer()
		if err != nil {
			return nil, err
		}
		at, err := sc.integer()
		if err != nil {
			return nil, err
		}
		if num > 1<<31 || at > int64(len(data))-first {
			return nil, sc.damaged(sc.pos, "object %d at %d", num, at)
		}
		o.nums, o.offsets = append(o.nums, int(num)), append(o.offsets, first+at)
	}
	return o, nil
}
