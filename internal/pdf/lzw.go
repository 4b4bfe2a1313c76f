package pdf

import (
	"fmt"
	"io"
)

// unLZW undoes LZWDecode (ISO 32000-1, 7.4.4): codes of 9 to 12 bits, highest
// bit first; early says that codes grow one code early, as they do by default.
func (f *File) unLZW(r io.Reader, early bool) ([]byte, error) {
	raw, err := f.readAll(r)
	if err != nil {
		return nil, err
	}
	const clear, end = 256, 257
	var prefix [4096]int
	var last [4096]byte
	shift := 0
	if early {
		shift = 1
	}
	var out, chain []byte
	next, width, old := end+1, 9, -1
	bits, have := uint32(0), 0
	for {
		for have < width {
			if len(raw) == 0 {
				return out, nil
			}
			bits, raw, have = bits<<8|uint32(raw[0]), raw[1:], have+8
		}
		code := int(bits >> (have - width) & (1<<width - 1))
		have -= width
		switch {
		case code == end:
			return out, nil
		case code == clear:
			next, width, old = end+1, 9, -1
			continue
		case code > next || code == next && old < 0:
			return nil, fmt.Errorf("a code stands before its meaning: %w", ErrDamaged)
		}
		chain = chain[:0]
		at := code
		if code == next {
			at = old
		}
		for ; at > end; at = prefix[at] {
			chain = append(chain, last[at])
		}
		first := byte(at)
		out = append(out, first)
		for i := len(chain) - 1; i >= 0; i-- {
			out = append(out, chain[i])
		}
		if code == next {
			out = append(out, first)
		}
		if int64(len(out)) > f.limits.StreamBytes {
			return nil, fmt.Errorf("more than %d bytes: %w", f.limits.StreamBytes, ErrLimit)
		}
		if old >= 0 && next < len(prefix) {
			prefix[next], last[next] = old, first
			next++
			if next+shift >= 1<<width && width < 12 {
				width++
			}
		}
		old = code
	}
}
