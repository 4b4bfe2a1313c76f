package verify

import (
	"fmt"
	"io"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// An extent is what a signature says that it covers, and where its value stands.
type extent struct {
	ranges     [4]int64
	start, end int64 // of the Contents token, delimiters included
	coverage   record.Coverage
}

// extentOf reads the byte range of s and checks it against the place of its own
// /Contents token and the end of its revision (ISO 32000-1, 12.8.1). Each error is
// a FORMAT_FAILURE; readable tells whether the ranges can be digested all the same.
func (d *document) extentOf(s *found) (e extent, readable bool, err error) {
	e.coverage = record.CoverUnclear
	g := d.at(s.revision)
	list := g.Array(s.dict["ByteRange"])
	if len(list) != 4 {
		return e, false, fmt.Errorf("/ByteRange has %d numbers", len(list))
	}
	for i, v := range list {
		n, ok := v.(int64)
		if !ok || n < 0 || n > d.size {
			return e, false, fmt.Errorf("/ByteRange %v does not fit a file of %d bytes", list, d.size)
		}
		e.ranges[i] = n
	}
	first, gap, rest := e.ranges[1], e.ranges[2], e.ranges[3]
	if e.ranges[0] != 0 || gap < first || rest > d.size-gap {
		return e, false, fmt.Errorf("/ByteRange %v does not fit a file of %d bytes", list, d.size)
	}
	return e, true, d.checkExtent(s, &e)
}

func (d *document) checkExtent(s *found, e *extent) error {
	g := d.at(s.revision)
	if s.ref == (pdf.Ref{}) {
		return fmt.Errorf("the signature dictionary is no object of its own")
	}
	for _, key := range []pdf.Name{"ByteRange", "SubFilter", "Contents"} {
		var ok bool
		if e.start, e.end, ok = g.ValueSpan(s.ref, key); !ok {
			return fmt.Errorf("object %d: /%s does not stand there once, in the file itself", s.ref.Num, key)
		}
	}
	if e.ranges[1] != e.start || e.ranges[2] != e.end {
		return fmt.Errorf("the bytes left out are %d to %d, the signature value stands at %d to %d", e.ranges[1], e.ranges[2], e.start, e.end)
	}
	if err := d.checkHex(e.start, e.end); err != nil {
		return err
	}
	own := d.revisions[s.revision]
	covered := e.ranges[2] + e.ranges[3]
	if covered < own.EOF || covered > own.End {
		return fmt.Errorf("the signature covers %d bytes, its revision ends at byte %d", covered, own.End)
	}
	e.coverage = record.CoversRevision
	if s.revision == len(d.revisions)-1 && d.size == own.End {
		e.coverage = record.CoversFile
	}
	return nil
}

// checkHex looks whether the token is one hexadecimal string of whole bytes:
// nothing else may hide in the only place that the signature does not cover.
func (d *document) checkHex(start, end int64) error {
	n := end - start
	if n < 2 || n%2 != 0 {
		return fmt.Errorf("/Contents has %d characters, not an even number", n)
	}
	buf := make([]byte, 32<<10)
	for at := start; at < end; at += int64(len(buf)) {
		part := buf[:min(int64(len(buf)), end-at)]
		if _, err := d.r.ReadAt(part, at); err != nil && err != io.EOF {
			return fmt.Errorf("read /Contents: %w", err)
		}
		for i, c := range part {
			switch p := at + int64(i); {
			case p == start && c == '<', p == end-1 && c == '>':
			case p == start || p == end-1 || !isHex(c):
				return fmt.Errorf("/Contents is no plain hexadecimal string")
			}
		}
	}
	return nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
