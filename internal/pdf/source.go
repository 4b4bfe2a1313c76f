package pdf

import "io"

// A Source is the bytes of a file: a bytes.Reader, an io.SectionReader, or one of
// these with [Append] and [Replace] laid over it.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Append returns base with tail behind it. Neither is copied.
func Append(base Source, tail []byte) Source { return &appended{base, tail} }

type appended struct {
	Source
	tail []byte
}

func (a *appended) Size() int64 { return a.Source.Size() + int64(len(a.tail)) }

func (a *appended) ReadAt(p []byte, at int64) (int, error) {
	size := a.Source.Size()
	n := 0
	if at < size {
		var err error
		want := p[:min(int64(len(p)), size-at)]
		if n, err = a.Source.ReadAt(want, at); n < len(want) {
			return n, err
		}
	}
	if n == len(p) {
		return n, nil
	}
	start := at + int64(n) - size
	if start < int64(len(a.tail)) {
		n += copy(p[n:], a.tail[start:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Replace returns base with other bytes from an offset on, as long a file as
// before. Neither is copied.
func Replace(base Source, at int64, b []byte) Source { return &replaced{base, at, b} }

type replaced struct {
	Source
	at int64
	b  []byte
}

func (r *replaced) ReadAt(p []byte, at int64) (int, error) {
	n, err := r.Source.ReadAt(p, at)
	from, to := max(at, r.at), min(at+int64(n), r.at+int64(len(r.b)))
	if from < to {
		copy(p[from-at:to-at], r.b[from-r.at:])
	}
	return n, err
}
