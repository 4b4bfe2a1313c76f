package pdf

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// FuzzOpen does with a file all that other rooms do. Nothing may panic, hang or
// swell, and what Open takes must obey the promises of revisions and writers.
func FuzzOpen(f *testing.F) {
	for _, b := range []*builder{classic(), updated(), compressed(), hybrid(), linearized()} {
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()/2])
	}
	f.Add([]byte(prevLoop()))
	limits := DefaultLimits()
	limits.StreamBytes, limits.Objects, limits.StringBytes = 1<<20, 10_000, 1<<16
	f.Fuzz(func(t *testing.T, data []byte) {
		if repaired, err := OpenRepaired(bytes.NewReader(data), int64(len(data)), limits); err == nil {
			visit(t, repaired)
		}
		file, err := Open(bytes.NewReader(data), int64(len(data)), limits)
		if err != nil {
			expected(t, err)
			return
		}
		if err := file.Unlock(); err != nil {
			expected(t, err)
		}
		visit(t, file)
		file.Anomalies()
		file.Unreachable()
		at := int64(0)
		for i, r := range file.Revisions() {
			if r.Start != at || r.End < r.EOF || r.End > int64(len(data)) || r.EOF < r.Start {
				t.Errorf("revision %d is %d-%d-%d of %d bytes after %d", i, r.Start, r.EOF, r.End, len(data), at)
			}
			at = r.End
			if old, err := file.AsOf(i); err != nil {
				t.Errorf("AsOf(%d) = %v", i, err)
			} else {
				visit(t, old)
			}
		}
		update(t, file, data)
	})
}

func expected(t *testing.T, err error) {
	for _, kind := range []error{ErrNotPDF, ErrDamaged, ErrLimit, ErrEncrypted} {
		if errors.Is(err, kind) {
			return
		}
	}
	t.Errorf("error without a kind: %v", err)
}

func visit(t *testing.T, f *File) {
	if _, err := f.Pages(); err != nil {
		expected(t, err)
	}
	for num, e := range f.Objects() {
		r := Ref{num, e.Gen}
		v, err := f.Get(r)
		if err != nil {
			expected(t, err)
		}
		if s, ok := v.(*Stream); ok {
			if _, err := f.Decoded(s); err != nil {
				expected(t, err)
			}
			n, err := io.Copy(io.Discard, f.RawStream(s))
			if s.lock != nil && err != nil {
				expected(t, err)
			} else if err != nil || n != s.Length && (s.lock == nil || n > s.Length) {
				t.Errorf("RawStream of %v gives %d bytes, %v; want %d", r, n, err, s.Length)
			}
		}
		f.DictSpans(r)
	}
}

// update appends a revision and reads it back.
func update(t *testing.T, f *File, data []byte) {
	u, err := NewUpdate(f)
	if err != nil {
		return
	}
	r := u.Add(String("added"))
	var b bytes.Buffer
	if _, err := u.WriteTo(&b); err != nil {
		t.Errorf("WriteTo = %v", err)
	}
	whole := append(bytes.Clone(data), b.Bytes()...)
	g, err := Open(bytes.NewReader(whole), int64(len(whole)), DefaultLimits())
	if err != nil {
		t.Errorf("Open of the updated file = %v", err)
	} else if v, err := g.Get(r); string(g.String(v)) != "added" {
		t.Errorf("Get of the added object = %v, %v", v, err)
	}
}
