package verify

import (
	"bytes"
	"io"
	"math"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// same reports whether two values are equal; references are equal if they name
// the same object, streams if their dictionaries and their encoded bytes are.
func (d *document) same(a, b any) bool {
	switch a := a.(type) {
	case pdf.Dict:
		b, ok := b.(pdf.Dict)
		return ok && d.sameDict(a, b)
	case pdf.Array:
		b, ok := b.(pdf.Array)
		return ok && slices.EqualFunc(a, b, d.same)
	case pdf.String:
		b, ok := b.(pdf.String)
		return ok && bytes.Equal(a, b)
	case *pdf.Stream:
		b, ok := b.(*pdf.Stream)
		return ok && d.sameDict(a.Dict, b.Dict) && d.sameBytes(a, b)
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.IsNaN(a) && math.IsNaN(b))
	default:
		return a == b
	}
}

func (d *document) sameDict(a, b pdf.Dict) bool {
	return len(d.differing(a, b)) == 0
}

// differing lists the keys whose values differ; absent and null are the same.
func (d *document) differing(a, b pdf.Dict) []pdf.Name {
	var keys []pdf.Name
	for k, v := range a {
		if !d.same(v, b[k]) {
			keys = append(keys, k)
		}
	}
	for k, v := range b {
		if _, inBoth := a[k]; !inBoth && v != nil {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func (d *document) sameBytes(a, b *pdf.Stream) bool {
	if a.Length != b.Length {
		return false
	}
	if a.Offset == b.Offset {
		return true
	}
	one, other := d.last.RawStream(a), d.last.RawStream(b)
	bufA, bufB := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, err := io.ReadFull(one, bufA)
		m, errB := io.ReadFull(other, bufB)
		switch {
		case err != errB || !bytes.Equal(bufA[:n], bufB[:m]):
			return false
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return true
		case err != nil:
			return false
		}
	}
}
