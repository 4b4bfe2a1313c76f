package pdf

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

func TestSourceLaidOver(t *testing.T) {
	var s Source = bytes.NewReader([]byte("0123456789"))
	s = Append(s, []byte("abcdef"))
	s = Replace(s, 8, []byte("XYZ_"))
	s = Append(s, []byte("!"))
	const want = "01234567XYZ_cdef!"
	if s.Size() != int64(len(want)) {
		t.Errorf("Size = %d; want %d", s.Size(), len(want))
	}
	if err := iotest.TestReader(io.NewSectionReader(s, 0, s.Size()), []byte(want)); err != nil {
		t.Error(err)
	}
	for from := range want {
		for to := from; to <= len(want)+2; to++ {
			p := make([]byte, to-from)
			n, err := s.ReadAt(p, int64(from))
			if got, end := string(p[:n]), min(to, len(want)); got != want[from:end] || (err == io.EOF) != (to > end) {
				t.Fatalf("ReadAt(%d to %d) = %q, %v; want %q", from, to, got, err, want[from:end])
			}
		}
	}
}
