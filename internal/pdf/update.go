package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
)

// An Update is one incremental update (ISO 32000-1, 7.5.6): what it writes is
// appended to the file, with a cross-reference of the kind that the newest one
// there has: a classic section, or a stream.
type Update struct {
	f       *File
	size    int // the next object number
	objects map[Ref]any
	offsets map[Ref]int64
	Trailer Dict // entries that replace those of the trailer before; nil values remove
}

// NewUpdate starts an update of f. It refuses encrypted files, and with
// ErrNotAppendable repaired ones and those with a table and a stream side by side.
func NewUpdate(f *File) (*Update, error) {
	if f.Encrypted() {
		return nil, fmt.Errorf("update: %w", ErrEncrypted)
	}
	if f.repaired || len(f.sections) == 0 || f.sections[0].hybrid != nil {
		return nil, fmt.Errorf("update: %w", ErrNotAppendable)
	}
	size, _ := f.trailer["Size"].(int64)
	for num := range f.objects {
		size = max(size, int64(num)+1)
	}
	return &Update{f: f, size: int(size), objects: map[Ref]any{}, offsets: map[Ref]int64{}, Trailer: Dict{}}, nil
}

// Add adds a new object.
func (u *Update) Add(v any) Ref {
	r := Ref{Num: u.size}
	u.size++
	u.objects[r] = v
	return r
}

// AddStream adds a new stream; data is encoded as d says.
func (u *Update) AddStream(d Dict, data []byte) Ref { return u.Add(NewStream(d, data)) }

// Set writes a new version of the object r.
func (u *Update) Set(r Ref, v any) { u.objects[r] = v }

// WriteTo writes the bytes that follow the file's own, and nothing of these.
func (u *Update) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	last := make([]byte, 1)
	if _, err := u.f.r.ReadAt(last, u.f.size-1); err != nil && err != io.EOF {
		return 0, fmt.Errorf("update: %w", err)
	}
	if last[0] != '\n' && last[0] != '\r' {
		b.WriteByte('\n')
	}
	refs := slices.SortedFunc(maps.Keys(u.objects), func(a, b Ref) int { return a.Num - b.Num })
	for _, r := range refs {
		u.offsets[r] = u.f.size + int64(b.Len())
		fmt.Fprintf(&b, "%d %d obj\n", r.Num, r.Gen)
		WriteObject(&b, u.objects[r])
		b.WriteString("\nendobj\n")
	}
	start := u.f.size + int64(b.Len())
	trailer := u.trailer(b.Bytes())
	if u.f.sections[0].stream != (Ref{}) {
		u.writeXRefStream(&b, refs, trailer, start)
	} else {
		u.writeTable(&b, refs)
		writeTrailer(&b, trailer, start)
	}
	n, err := w.Write(b.Bytes())
	return int64(n), err
}

// Offset returns where the object r will stand in the whole file; 0 before
// [Update.WriteTo].
func (u *Update) Offset(r Ref) int64 { return u.offsets[r] }

// trailer is the one before, with a new second /ID made of what was there and
// what is added.
func (u *Update) trailer(added []byte) Dict {
	d := Dict{}
	for _, k := range []Name{"Root", "Info", "ID"} {
		if v, ok := u.f.trailer[k]; ok {
			d[k] = v
		}
	}
	if id := u.f.Array(d["ID"]); len(id) == 2 {
		h := sha256.New()
		h.Write(u.f.String(id[1]))
		h.Write(added)
		d["ID"] = Array{hexString(u.f.String(id[0])), hexString(h.Sum(nil)[:16])}
	}
	for k, v := range u.Trailer {
		if d[k] = v; v == nil {
			delete(d, k)
		}
	}
	d["Size"] = u.size
	d["Prev"] = u.f.sections[0].start
	return d
}

// writeTable writes one subsection for each run of numbers.
func (u *Update) writeTable(b *bytes.Buffer, refs []Ref) {
	b.WriteString("xref\n")
	if len(refs) == 0 {
		b.WriteString("0 0\n")
	}
	for i := 0; i < len(refs); {
		n := 1
		for i+n < len(refs) && refs[i+n].Num == refs[i].Num+n {
			n++
		}
		fmt.Fprintf(b, "%d %d\n", refs[i].Num, n)
		for _, r := range refs[i : i+n] {
			fmt.Fprintf(b, "%010d %05d n \n", u.offsets[r], r.Gen)
		}
		i += n
	}
}

// writeXRefStream writes the cross-reference as a stream (ISO 32000-1, 7.5.8),
// which lists itself too.
func (u *Update) writeXRefStream(b *bytes.Buffer, refs []Ref, trailer Dict, start int64) {
	own := Ref{Num: u.size}
	u.offsets[own] = start
	var index Array
	var data []byte
	for _, r := range append(refs, own) {
		index = append(index, r.Num, 1)
		data = append(data, byte(InUse))
		data = binary.BigEndian.AppendUint64(data, uint64(u.offsets[r]))
		data = binary.BigEndian.AppendUint16(data, uint16(r.Gen))
	}
	maps.Copy(trailer, Dict{"Type": Name("XRef"), "W": Array{1, 8, 2}, "Index": index, "Size": u.size + 1})
	fmt.Fprintf(b, "%d %d obj\n", own.Num, own.Gen)
	WriteObject(b, NewStream(trailer, data))
	fmt.Fprintf(b, "\nendobj\nstartxref\n%d\n%%%%EOF\n", start)
}
