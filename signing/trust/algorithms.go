package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Algorithms are days from which something is not relied on any more. Nothing is
// said of what has no day.
type Algorithms struct {
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

// TS119312 is the table of ETSI TS 119 312 V1.5.1, as common validators apply it
// (RSA is by PKCS #1 v1.5, which it sets an end to for keys of any length).
func TS119312() Algorithms {
	return Algorithms{
		Digests: map[string]time.Time{"SHA-1": day(2012, time.August), "SHA-224": day(2029, time.January)},
		RSA:     []KeyEnd{{786, day(2010, time.August)}, {1024, day(2019, time.October)}, {1900, day(2029, time.January)}},
		ECDSA:   []KeyEnd{{160, day(2012, time.August)}, {224, day(2021, time.October)}, {256, time.Time{}}},
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
	var rows []KeyEnd
	bits := 0
	switch key := key.(type) {
	case *rsa.PublicKey:
		rows, bits = a.RSA, key.N.BitLen()
	case *ecdsa.PublicKey:
		rows, bits = a.ECDSA, key.Curve.Params().BitSize
	}
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
