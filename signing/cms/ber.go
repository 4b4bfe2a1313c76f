package cms

import (
	"encoding/binary"
	"fmt"
)

// Limits on one structure. A CMS of a state file measures 2 to 10 kB, one with
// embedded revocation lists a few megabytes.
const (
	MaxBytes    = 32 << 20
	maxDepth    = 40
	maxElements = 1 << 20
)

const (
	constructed = 0x20
	indefinite  = -1
)

// A transcoder turns BER into DER: definite and minimal lengths, octet strings
// in one piece. It does not sort sets and leaves primitive contents alone, so
// DER comes out as it went in.
type transcoder struct {
	elements int
}

// toDER returns the first element of in as DER, and the bytes behind it.
func toDER(in []byte) (der, rest []byte, err error) {
	if len(in) > MaxBytes {
		return nil, nil, fmt.Errorf("%w: %d bytes, more than %d", ErrStructure, len(in), MaxBytes)
	}
	var t transcoder
	return t.element(in, 0)
}

func (t *transcoder) element(in []byte, depth int) (der, rest []byte, err error) {
	t.elements++
	if depth > maxDepth || t.elements > maxElements {
		return nil, nil, fmt.Errorf("%w: nested too deeply or too many elements", ErrStructure)
	}
	tag, body, err := splitTag(in)
	if err != nil {
		return nil, nil, err
	}
	length, body, err := splitLength(body)
	if err != nil {
		return nil, nil, err
	}
	if length == indefinite && tag[0]&constructed == 0 {
		return nil, nil, fmt.Errorf("%w: primitive element of indefinite length", ErrStructure)
	}
	if tag[0]&constructed == 0 {
		return wrap(tag, body[:length]), body[length:], nil
	}
	return t.nested(tag, length, body, depth)
}

// nested transcodes the children of a constructed element.
func (t *transcoder) nested(tag []byte, length int, body []byte, depth int) (der, rest []byte, err error) {
	in := body
	if length != indefinite {
		in, rest = body[:length], body[length:]
	}
	inOnePiece := len(tag) == 1 && tag[0] == 0x24
	var content []byte
	for {
		if length != indefinite && len(in) == 0 {
			break
		}
		if length == indefinite && len(in) >= 2 && in[0] == 0 && in[1] == 0 {
			rest = in[2:]
			break
		}
		var child []byte
		if child, in, err = t.element(in, depth+1); err != nil {
			return nil, nil, err
		}
		if inOnePiece {
			if child[0] != 0x04 {
				return nil, nil, fmt.Errorf("%w: octet string made of something else", ErrStructure)
			}
			_, child, _ = splitLength(child[1:])
		}
		content = append(content, child...)
	}
	if inOnePiece {
		tag = []byte{0x04}
	}
	return wrap(tag, content), rest, nil
}

func splitTag(in []byte) (tag, rest []byte, err error) {
	if len(in) == 0 {
		return nil, nil, fmt.Errorf("%w: it ends too early", ErrStructure)
	}
	n := 1
	if in[0]&0x1f == 0x1f {
		for n < len(in) && n < 5 && in[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if n > len(in) || n > 5 {
		return nil, nil, fmt.Errorf("%w: bad tag", ErrStructure)
	}
	return in[:n], in[n:], nil
}

// splitLength reads a length and checks it against what is there.
func splitLength(in []byte) (length int, rest []byte, err error) {
	if len(in) == 0 {
		return 0, nil, fmt.Errorf("%w: it ends too early", ErrStructure)
	}
	first, rest := in[0], in[1:]
	switch n := int(first & 0x7f); {
	case first == 0x80:
		return indefinite, rest, nil
	case first < 0x80:
		length = n
	case n > 8 || n > len(rest):
		return 0, nil, fmt.Errorf("%w: bad length", ErrStructure)
	default:
		var wide [8]byte
		copy(wide[8-n:], rest[:n])
		v := binary.BigEndian.Uint64(wide[:])
		if v > MaxBytes {
			return 0, nil, fmt.Errorf("%w: element of %d bytes", ErrStructure, v)
		}
		length, rest = int(v), rest[n:]
	}
	if length > len(rest) {
		return 0, nil, fmt.Errorf("%w: an element of %d bytes, %d are left", ErrStructure, length, len(rest))
	}
	return length, rest, nil
}

// wrap puts a tag and a minimal length before content.
func wrap(tag, content []byte) []byte {
	out := make([]byte, 0, len(tag)+9+len(content))
	out = append(out, tag...)
	n := len(content)
	if n < 0x80 {
		out = append(out, byte(n))
	} else {
		var wide [8]byte
		binary.BigEndian.PutUint64(wide[:], uint64(n))
		i := 0
		for wide[i] == 0 {
			i++
		}
		out = append(out, 0x80|byte(8-i))
		out = append(out, wide[i:]...)
	}
	return append(out, content...)
}
