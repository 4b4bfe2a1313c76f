package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rc4"
	"fmt"
	"io"
)

// unlocked returns the bytes of s as they were before encryption. A failure is
// that of the reader.
func (f *File) unlocked(s *Stream) io.Reader {
	raw := io.NewSectionReader(f.r, s.Offset, s.Length)
	kind, err := f.cipherOf(s)
	if err != nil {
		return failedReader{err}
	}
	switch key := s.lock.forObject(s.ref, kind); kind {
	case identity:
		return raw
	case cipherRC4:
		c, err := rc4.NewCipher(key)
		if err != nil {
			return failedReader{err}
		}
		return cipher.StreamReader{S: c, R: raw}
	default:
		return newCBC(raw, s.Length, key)
	}
}

// cipherOf says how s is encrypted: as its /Crypt filter says, which is the first
// of its filters (7.4.10), else as all streams are.
func (f *File) cipherOf(s *Stream) (cipherKind, error) {
	filters, err := f.Filters(s)
	if err != nil {
		return identity, err
	}
	switch {
	case len(filters) > 0 && filters[0].Name == "Crypt":
		if s.lock.filters == nil {
			return identity, fmt.Errorf("a crypt filter where there are none: %w", ErrDamaged)
		}
		return s.lock.filter(filters[0].Parms["Name"])
	case s.lock.clearXMP && s.Dict["Type"] == Name("Metadata"):
		return identity, nil
	}
	return s.lock.streams, nil
}

type failedReader struct{ err error }

func (r failedReader) Read([]byte) (int, error) { return 0, r.err }

// aesBlock is the length of a block, and of the initialisation vector before it.
const aesBlock = aes.BlockSize

// A cbcReader decrypts AES in CBC mode behind an initialisation vector and takes
// the padding off (7.6.3.1); whatever is no whole padding is damage.
type cbcReader struct {
	r    io.Reader
	left int64 // encrypted bytes that were not read yet
	key  []byte
	mode cipher.BlockMode // nil until the vector was read
	room [4096]byte
	buf  []byte // decrypted and not handed out
}

// newCBC reads n bytes from r.
func newCBC(r io.Reader, n int64, key []byte) *cbcReader {
	return &cbcReader{r: r, left: n, key: key}
}

func (c *cbcReader) Read(p []byte) (int, error) {
	for len(c.buf) == 0 {
		if c.left == 0 {
			return 0, io.EOF
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.buf)
	c.buf = c.buf[n:]
	return n, nil
}

func (c *cbcReader) fill() error {
	if c.mode == nil {
		if err := c.begin(); err != nil {
			return err
		}
	}
	part := c.room[:min(c.left, int64(len(c.room)))]
	if _, err := io.ReadFull(c.r, part); err != nil {
		return err
	}
	c.mode.CryptBlocks(part, part)
	if c.left -= int64(len(part)); c.left > 0 {
		c.buf = part
		return nil
	}
	pad := int(part[len(part)-1])
	if pad < 1 || pad > aesBlock || !bytes.Equal(part[len(part)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return fmt.Errorf("encrypted bytes without their padding: %w", ErrDamaged)
	}
	c.buf = part[:len(part)-pad]
	return nil
}

func (c *cbcReader) begin() error {
	if c.left%aesBlock != 0 || c.left < 2*aesBlock {
		return fmt.Errorf("%d encrypted bytes are not whole blocks: %w", c.left, ErrDamaged)
	}
	vector := make([]byte, aesBlock)
	if _, err := io.ReadFull(c.r, vector); err != nil {
		return err
	}
	block, err := aes.NewCipher(c.key)
	if err != nil {
		return err
	}
	c.left -= aesBlock
	c.mode = cipher.NewCBCDecrypter(block, vector)
	return nil
}
