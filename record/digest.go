package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// A Digest is a SHA-256 in lower-case hexadecimal, 64 characters. It is also the
// name of the object that has it.
type Digest string

// DigestOf returns the digest of b.
func DigestOf(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}

// ReadDigest reads r to its end and returns the digest and the number of bytes.
func ReadDigest(r io.Reader) (Digest, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return "", n, err
	}
	return Digest(hex.EncodeToString(h.Sum(nil))), n, nil
}

// ParseDigest returns s as a Digest, or an error of kind [ErrInvalid] if it is not one.
func ParseDigest(s string) (Digest, error) {
	if b, err := hex.DecodeString(s); err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != s {
		return "", fmt.Errorf("digest %.80q is not 64 lower-case hexadecimal digits: %w", s, ErrInvalid)
	}
	return Digest(s), nil
}
