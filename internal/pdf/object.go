package pdf

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// A Name is a name object, decoded, without its slash.
type Name string

// A Ref is an indirect reference. Object 0 is never in use, so the zero Ref
// stands for none.
type Ref struct{ Num, Gen int }

// A Dict is a dictionary. Its values are nil, bool, int64, float64, [Name],
// [String], [Array], Dict, [Ref] or *[Stream]; writers take int and [Raw] too.
// Of a key that occurs twice the last value counts.
type Dict map[Name]any

// An Array is an array; for its values see [Dict].
type Array []any

// A String is a string object, decoded to bytes.
type String []byte

// Raw is written as it stands. Readers never return it.
type Raw []byte

// A Stream is a stream object: its dictionary, and where its encoded bytes lie
// in the file or what they are.
type Stream struct {
	Dict   Dict
	Offset int64 // of the first encoded byte in the file
	Length int64 // of the encoded bytes, as they stand there

	data []byte // encoded bytes of a stream that is to be written
	lock *lock  // that opens it; nil: it is not encrypted
	ref  Ref    // its object, if it is encrypted
}

// NewStream returns a stream for the writers; data is encoded as d says.
func NewStream(d Dict, data []byte) *Stream {
	return &Stream{Dict: d, Length: int64(len(data)), data: data}
}

// TextString returns s as a text string (ISO 32000-1, 7.9.2.2): ASCII as it is,
// anything else in UTF-16BE with a byte order mark.
func TextString(s string) String {
	ascii := func(r rune) bool { return r >= 0x20 && r < 0x7f || r == '\n' || r == '\t' || r == '\r' }
	if !slices.ContainsFunc([]rune(s), func(r rune) bool { return !ascii(r) }) {
		return String(s)
	}
	out := String{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// Text decodes a text string: UTF-16BE or UTF-8 by its byte order mark, else
// PDFDocEncoding (ISO 32000-1, annex D.3).
func (s String) Text() string {
	switch {
	case len(s) >= 2 && s[0] == 0xfe && s[1] == 0xff:
		units := make([]uint16, 0, len(s)/2)
		for i := 2; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	case len(s) >= 3 && s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf:
		return string([]rune(string(s[3:])))
	}
	out := make([]rune, len(s))
	for i, b := range s {
		out[i] = docEncoding(b)
	}
	return string(out)
}

// docEncoding is PDFDocEncoding: Latin-1 but for two ranges.
func docEncoding(b byte) rune {
	const accents = "\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc"
	const signs = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž"
	switch {
	case b >= 0x18 && b <= 0x1f:
		return []rune(accents)[b-0x18]
	case b >= 0x80 && b <= 0x9e:
		return []rune(signs)[b-0x80]
	case b == 0xa0:
		return '€'
	case b == 0x7f || b == 0x9f || b == 0xad:
		return utf8.RuneError
	}
	return rune(b)
}
