package timestamp

import (
	"crypto"
	"testing"
)

// Answers of authorities are strangers' bytes: whatever they are, the reader ends
// with an error or with a token that can be held against the imprint.
func FuzzResponse(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x30, 0x01, 0x02})
	f.Add([]byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00})
	f.Add([]byte("not DER at all"))
	imprint := make([]byte, 32)
	f.Fuzz(func(t *testing.T, b []byte) {
		token, refusal, err := response(b)
		if err == nil && refusal == "" && len(token) == 0 {
			t.Error("neither a token nor a refusal nor an error")
		}
		for _, in := range [][]byte{token, b} {
			if info, err := Check(in, crypto.SHA256, imprint); err == nil && info.Certificate == nil {
				t.Error("a token that holds, by nobody")
			}
		}
	})
}
