package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Algorithms are days from which something is not relied on any more. Nothing is
// said of what has no day. It is the one table for those who sign and those who
// verify: a day before Dated has come to pass and counts for both; a later one is a
// forecast, before which seals are renewed, and which no verdict follows yet.
type Algorithms struct {
	Source  string               `json:"source,omitempty"`
	Dated   time.Time            `json:"dated,omitzero"`
	Digests map[string]time.Time `json:"digests"` // "SHA-256", as crypto.Hash names it
	RSA     []KeyEnd             `json:"rsa"`     // by bits, ascending: the last row that a key reaches counts
	ECDSA   []KeyEnd             `json:"ecdsa"`
}

// A KeyEnd is one row: keys of at least so many bits.
type KeyEnd struct {
	Bits int       `json:"bits"`
	End  time.Time `json:"end,omitzero"` // zero: no end is set
}

func day(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// TS119312 is the table of ETSI TS 119 312 V1.5.1 (for MD5 and ECDSA below 163 bits
// TS 102 176-1 V2.1.1) as EU DSS 6.4 applies it. RSA is by PKCS #1 v1.5, which it sets
// an end to for keys of any length.
func TS119312() Algorithms {
	never := time.Time{}
	return Algorithms{
		Source: "ETSI TS 119 312 V1.5.1", Dated: time.Date(2024, time.October, 13, 0, 0, 0, 0, time.UTC),
		Digests: map[string]time.Time{
			"MD5": day(2004, time.August), "SHA-1": day(2012, time.August), "SHA-224": day(2029, time.January),
			"SHA-256": never, "SHA-384": never, "SHA-512": never, "SHA3-256": never, "SHA3-384": never, "SHA3-512": never,
		},
		RSA:   []KeyEnd{{786, day(2010, time.August)}, {1024, day(2019, time.October)}, {1900, day(2029, time.January)}},
		ECDSA: []KeyEnd{{160, day(2012, time.August)}, {224, day(2021, time.October)}, {256, time.Time{}}},
	}
}

const maxTableBytes = 1 << 20

// LoadAlgorithms reads a table in JSON, which takes the place of [TS119312]. An
// empty path is that one.
func LoadAlgorithms(path string) (Algorithms, error) {
	if path == "" {
		return TS119312(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return Algorithms{}, fmt.Errorf("read the table of algorithms: %w", err)
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, maxTableBytes))
	d.DisallowUnknownFields()
	var a Algorithms
	if err := d.Decode(&a); err != nil {
		return Algorithms{}, fmt.Errorf("read the table of algorithms %s: %w", path, err)
	}
	return a, nil
}

// DigestEnd is when h ends, zero for never.
func (a Algorithms) DigestEnd(h crypto.Hash) time.Time { return a.Digests[h.String()] }

// KeyEnd is when a public key ends, zero for never. A key shorter than all rows
// has ended long ago.
func (a Algorithms) KeyEnd(key any) time.Time {
	rows, bits := a.rows(key)
	if len(rows) == 0 {
		return time.Time{}
	}
	end := time.Unix(0, 0)
	for _, row := range rows {
		if bits >= row.Bits {
			end = row.End
		}
	}
	return end
}

func (a Algorithms) rows(key any) ([]KeyEnd, int) {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return a.RSA, key.N.BitLen()
	case *ecdsa.PublicKey:
		return a.ECDSA, key.Curve.Params().BitSize
	}
	return nil, 0
}

// WeakDigest says why h is not good enough at t, "" if it is. What the table does
// not name is good at no time.
func (a Algorithms) WeakDigest(h crypto.Hash, t time.Time) string {
	end, known := a.Digests[h.String()]
	switch {
	case !known:
		return fmt.Sprintf("digest %v is not relied on", h)
	case a.over(end, t):
		return fmt.Sprintf("digest %v is not relied on after %s", h, end.Format(time.DateOnly))
	}
	return ""
}

// WeakKey says why a public key is not good enough at t, "" if it is. Of Ed25519 the
// table says nothing; it is no weaker than ECDSA P-256.
func (a Algorithms) WeakKey(key any, t time.Time) string {
	rows, bits := a.rows(key)
	if _, is := key.(ed25519.PublicKey); is {
		return ""
	}
	end := a.KeyEnd(key)
	switch {
	case len(rows) == 0:
		return fmt.Sprintf("a key of type %T is not relied on", key)
	case bits < rows[0].Bits:
		return fmt.Sprintf("a key of %d bits is not relied on", bits)
	case a.over(end, t):
		return fmt.Sprintf("a key of %d bits is not relied on after %s", bits, end.Format(time.DateOnly))
	}
	return ""
}

// over reports whether an end that is no forecast lies before t.
func (a Algorithms) over(end, t time.Time) bool {
	return !end.IsZero() && !end.After(a.Dated) && !t.Before(end)
}

// Name tells one table from another: the digest of what it says.
func (a Algorithms) Name() string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // maps of times, and numbers
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// End is when a signature with a certificate and digests ends: the end of the
// certificate, or of an algorithm that is relied on for it if that is earlier.
func (a Algorithms) End(c *x509.Certificate, digests ...crypto.Hash) time.Time {
	end := c.NotAfter
	ends := []time.Time{a.KeyEnd(c.PublicKey)}
	for _, h := range digests {
		ends = append(ends, a.DigestEnd(h))
	}
	for _, t := range ends {
		if !t.IsZero() && t.Before(end) {
			end = t
		}
	}
	return end
}
