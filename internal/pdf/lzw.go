package pdf

import (
	"fmt"
	"io"
	"slices"
)

// The codes of LZWDecode that are no bytes (ISO 32000-1, 7.4.4).
const (
	lzwClear = 256
	lzwEnd   = 257
)

// An lzwReader reads codes of 9 to 12 bits, highest bit first.
type lzwReader struct {
	raw    []byte
	bits   uint32
	have   int
	prefix [4096]int // of codes behind lzwEnd: the code that they lengthen
	last   [4096]byte
}

// code returns the next code, lzwEnd behind the last byte.
func (z *lzwReader) code(width int) int {
	for z.have < width {
		if len(z.raw) == 0 {
			return lzwEnd
		}
		z.bits, z.raw, z.have = z.bits<<8|uint32(z.raw[0]), z.raw[1:], z.have+8
	}
	z.have -= width
	return int(z.bits >> z.have & (1<<width - 1))
}

// expand appends what a code stands for.
func (z *lzwReader) expand(out []byte, code int) []byte {
	start := len(out)
	for ; code > lzwEnd; code = z.prefix[code] {
		out = append(out, z.last[code])
	}
	out = append(out, byte(code))
	slices.Reverse(out[start:])
	return out
}

// unLZW undoes LZWDecode; early says that codes grow one code early, as they do
// by default.
func (f *File) unLZW(r io.Reader, early bool) ([]byte, error) {
	raw, err := f.readAll(r)
	if err != nil {
		return nil, err
	}
	z := lzwReader{raw: raw}
	shift := 0
	if early {
		shift = 1
	}
	var out []byte
	next, width, old := lzwEnd+1, 9, -1
	for code := z.code(width); code != lzwEnd; code = z.code(width) {
		if code == lzwClear {
			next, width, old = lzwEnd+1, 9, -1
			continue
		}
		if code > next || code == next && old < 0 {
			return nil, fmt.Errorf("a code stands before its meaning: %w", ErrDamaged)
		}
		start := len(out)
		if code == next { // what the last code stood for, and its first byte again
			out = z.expand(out, old)
			out = append(out, out[start])
		} else {
			out = z.expand(out, code)
		}
		if int64(len(out)) > f.limits.StreamBytes {
			return nil, fmt.Errorf("more than %d bytes: %w", f.limits.StreamBytes, ErrLimit)
		}
		if old >= 0 && next < len(z.prefix) {
			z.prefix[next], z.last[next] = old, out[start]
			next++
			if next+shift >= 1<<width && width < 12 {
				width++
			}
		}
		old = code
	}
	return out, nil
}
