package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
)

// A Writer writes a whole file as a stream: a header, objects as they come, one
// classic cross-reference table. It keeps eight bytes for each object.
//
// The first error stays: every later call returns it.
type Writer struct {
	w       io.Writer
	sum     hash.Hash
	at      int64
	offsets []int64 // by object number - 1; 0: not written yet
	err     error
}

// NewWriter writes the header for the version, e.g. "1.7", and the comment of
// bytes above 127 that ISO 19005-2, 6.1.2 asks for.
func NewWriter(w io.Writer, version string) *Writer {
	out := &Writer{w: w, sum: sha256.New()}
	out.write([]byte("%PDF-" + version + "\n%\xe2\xe3\xcf\xd3\n"))
	return out
}

// Alloc returns the reference of an object that will be written later.
func (w *Writer) Alloc() Ref {
	w.offsets = append(w.offsets, 0)
	return Ref{Num: len(w.offsets)}
}

// WriteObject writes v as the object r.
func (w *Writer) WriteObject(r Ref, v any) error {
	if err := w.begin(r); err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d %d obj\n", r.Num, r.Gen)
	WriteObject(&b, v)
	b.WriteString("\nendobj\n")
	return w.write(b.Bytes())
}

// WriteStream writes the length bytes of data as the stream r. It fails if data
// has fewer or more.
func (w *Writer) WriteStream(r Ref, d Dict, data io.Reader, length int64) error {
	if err := w.begin(r); err != nil {
		return err
	}
	d = maps.Clone(d)
	d["Length"] = length
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d %d obj\n", r.Num, r.Gen)
	WriteObject(&b, d)
	b.WriteString("\nstream\n")
	if err := w.write(b.Bytes()); err != nil {
		return err
	}
	if err := w.copy(data, length); err != nil {
		return fmt.Errorf("write stream %d: %w", r.Num, err)
	}
	return w.write([]byte("\nendstream\nendobj\n"))
}

// WriteFlate writes what data holds, whatever its length, as the compressed
// stream r and returns how many bytes data had. /Length is an object of its own.
func (w *Writer) WriteFlate(r Ref, d Dict, data io.Reader) (int64, error) {
	if err := w.begin(r); err != nil {
		return 0, err
	}
	d = maps.Clone(d)
	length := w.Alloc()
	d["Length"], d["Filter"] = length, Name("FlateDecode")
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d %d obj\n", r.Num, r.Gen)
	WriteObject(&b, d)
	b.WriteString("\nstream\n")
	if err := w.write(b.Bytes()); err != nil {
		return 0, err
	}
	start := w.at
	n, err := w.deflate(data)
	if err != nil {
		w.err = fmt.Errorf("write stream %d: %w", r.Num, err)
		return n, w.err
	}
	end := w.at
	if err := w.write([]byte("\nendstream\nendobj\n")); err != nil {
		return n, err
	}
	return n, w.WriteObject(length, end-start)
}

func (w *Writer) deflate(data io.Reader) (int64, error) {
	z := zlib.NewWriter(writerFunc(func(p []byte) (int, error) { return len(p), w.write(p) }))
	n, err := io.Copy(z, data)
	return n, errors.Join(err, z.Close())
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func (w *Writer) copy(data io.Reader, length int64) error {
	n, err := io.Copy(io.MultiWriter(w.w, w.sum), io.LimitReader(data, length))
	w.at += n
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		if m, _ := io.ReadFull(data, make([]byte, 1)); m > 0 {
			err = fmt.Errorf("data is longer than %d bytes", length)
		}
	}
	w.err = err
	return err
}

// lastOffset is the largest number of ten digits.
const lastOffset = 9_999_999_999

// begin notes where the object r starts.
func (w *Writer) begin(r Ref) error {
	if w.err != nil {
		return w.err
	}
	if r.Num < 1 || r.Num > len(w.offsets) || r.Gen != 0 || w.offsets[r.Num-1] != 0 {
		w.err = fmt.Errorf("write object %d %d: not allocated, or written before", r.Num, r.Gen)
		return w.err
	}
	if w.at > lastOffset {
		w.err = fmt.Errorf("write object %d: the file is longer than a cross-reference table can say", r.Num)
		return w.err
	}
	w.offsets[r.Num-1] = w.at
	return nil
}

func (w *Writer) write(b []byte) error {
	if w.err != nil {
		return w.err
	}
	n, err := w.w.Write(b)
	w.sum.Write(b[:n])
	w.at += int64(n)
	w.err = err
	return err
}

// Close writes the cross-reference table and the trailer. A zero info is left
// out; an empty id becomes one made of the bytes written so far. The underlying
// writer is not closed.
func (w *Writer) Close(root, info Ref, id [2][]byte) error {
	if w.err != nil {
		return w.err
	}
	for i, at := range w.offsets {
		if at == 0 {
			w.err = fmt.Errorf("close: object %d was allocated and never written", i+1)
			return w.err
		}
	}
	for i := range id {
		if len(id[i]) == 0 {
			id[i] = w.sum.Sum(nil)[:16]
		}
	}
	start := w.at
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, at := range w.offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	trailer := Dict{"Size": len(w.offsets) + 1, "Root": root, "ID": Array{hexString(id[0]), hexString(id[1])}}
	if info != (Ref{}) {
		trailer["Info"] = info
	}
	writeTrailer(&b, trailer, start)
	if err := w.write(b.Bytes()); err != nil {
		return err
	}
	w.err = errors.New("closed")
	return nil
}

// hexString is b in hexadecimal, however plain its bytes are: an /ID looks the
// same in every file.
func hexString(b []byte) Raw { return fmt.Appendf(nil, "<%x>", b) }

func writeTrailer(b *bytes.Buffer, d Dict, start int64) {
	b.WriteString("trailer\n")
	WriteObject(b, d)
	fmt.Fprintf(b, "\nstartxref\n%d\n%%%%EOF\n", start)
}
