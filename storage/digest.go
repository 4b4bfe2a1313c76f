package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/sohoa/sohoa/record"
)

// A digestReader hashes what passes and ends with an error instead of io.EOF when
// the bytes are not those that were announced.
type digestReader struct {
	r    io.Reader
	want record.Digest
	size int64
	n    int64
	h    hash.Hash
}

func (d *digestReader) start() io.Reader {
	d.h = sha256.New()
	return d
}

func (d *digestReader) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	d.n += int64(n)
	d.h.Write(p[:n])
	if d.n == d.size && n > 0 || err == io.EOF {
		// The client may never ask beyond the last byte: the check comes with it.
		if got := record.Digest(hex.EncodeToString(d.h.Sum(nil))); got != d.want || d.n != d.size {
			return 0, fmt.Errorf("there are %d bytes with digest %s in place of %d with digest %s: %w", d.n, got, d.size, d.want, ErrDamaged)
		}
	}
	return n, err
}

// Check wraps the reader of an object so that its last read fails with
// ErrDamaged when the bytes do not have the digest: a damaged object never reads
// to io.EOF.
func Check(r io.Reader, size int64, d record.Digest) io.Reader {
	return (&digestReader{r: r, want: d, size: size}).start()
}
