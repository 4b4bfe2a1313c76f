package sandbox

import (
	"bytes"
	"testing"
)

// FuzzMessage: whatever a child that was taken over writes, its parent reads a whole
// message or an error.
func FuzzMessage(f *testing.F) {
	for _, b := range []string{"", "\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x02{}", "\x00\x00\x00\x09{}", "\xff\xff\xff\xff{}", "\x0f\xff\xff\xff{}"} {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		message, err := readMessage(bytes.NewReader(b))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeMessage(&again, message); err != nil || !bytes.HasPrefix(b, again.Bytes()) {
			t.Errorf("%q is read as %q, %v", b, message, err)
		}
	})
}
