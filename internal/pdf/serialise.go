package pdf

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// WriteObject writes the value v as PDF: dictionary keys sorted, strings that
// would need an escape in hexadecimal, numbers without exponent. A value that is
// no PDF value is written as null. Of a *Stream made by [NewStream] everything
// is written, with its /Length; of one that was read only the dictionary.
func WriteObject(w *bytes.Buffer, v any) {
	switch v := v.(type) {
	case bool:
		fmt.Fprintf(w, "%t", v)
	case int:
		w.WriteString(strconv.Itoa(v))
	case int64:
		w.WriteString(strconv.FormatInt(v, 10))
	case float64:
		writeReal(w, v)
	case Name:
		writeName(w, v)
	case String:
		writeString(w, v)
	case Raw:
		w.Write(v)
	case Ref:
		fmt.Fprintf(w, "%d %d R", v.Num, v.Gen)
	case Array:
		writeArray(w, v)
	case Dict:
		writeDict(w, v)
	case *Stream:
		writeStream(w, v)
	default:
		w.WriteString("null")
	}
}

func writeReal(w *bytes.Buffer, f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	b := strconv.AppendFloat(nil, f, 'f', 5, 64)
	b = bytes.TrimRight(b, "0")
	b = bytes.TrimSuffix(b, []byte("."))
	if string(b) == "-0" {
		b = b[1:]
	}
	w.Write(b)
}

func writeName(w *bytes.Buffer, n Name) {
	w.WriteByte('/')
	for _, b := range []byte(n) {
		if b <= ' ' || b > '~' || b == '#' || isDelimiter(b) {
			fmt.Fprintf(w, "#%02X", b)
			continue
		}
		w.WriteByte(b)
	}
}

// writeString uses the literal form only where it needs no escape: a signing
// library that copies strings without decoding them must not damage ours.
func writeString(w *bytes.Buffer, s String) {
	plain := func(b byte) bool { return b >= ' ' && b <= '~' && b != '(' && b != ')' && b != '\\' }
	if !slices.ContainsFunc(s, func(b byte) bool { return !plain(b) }) {
		w.WriteByte('(')
		w.Write(s)
		w.WriteByte(')')
		return
	}
	w.WriteByte('<')
	w.Write(hex.AppendEncode(nil, s))
	w.WriteByte('>')
}

func writeArray(w *bytes.Buffer, a Array) {
	w.WriteByte('[')
	for i, v := range a {
		if i > 0 {
			w.WriteByte(' ')
		}
		WriteObject(w, v)
	}
	w.WriteByte(']')
}

func writeDict(w *bytes.Buffer, d Dict) {
	w.WriteString("<<")
	for i, k := range slices.Sorted(maps.Keys(d)) {
		if i > 0 {
			w.WriteByte(' ')
		}
		writeName(w, k)
		w.WriteByte(' ')
		WriteObject(w, d[k])
	}
	w.WriteString(">>")
}

func writeStream(w *bytes.Buffer, s *Stream) {
	d := maps.Clone(s.Dict)
	if d == nil {
		d = Dict{}
	}
	d["Length"] = s.Length
	writeDict(w, d)
	if s.data == nil && s.Length > 0 {
		return
	}
	w.WriteString("\nstream\n")
	w.Write(s.data)
	w.WriteString("\nendstream")
}
