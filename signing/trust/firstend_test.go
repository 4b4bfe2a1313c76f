package trust

import (
	"crypto/x509"
	"testing"
	"time"
)

func TestFirstEnd(t *testing.T) {
	ends := func(year int) *x509.Certificate { return &x509.Certificate{NotAfter: day(year, time.May)} }
	for _, c := range []struct {
		what string
		all  []Anchor
		want time.Time
	}{
		{"none", nil, time.Time{}},
		{"the earlier of two", []Anchor{{Certificate: ends(2040)}, {Certificate: ends(2030)}}, day(2030, time.May)},
		{"one that is withdrawn does not count", []Anchor{{Certificate: ends(2030), Until: day(2026, time.May)}, {Certificate: ends(2040)}}, day(2040, time.May)},
	} {
		if got := FirstEnd(c.all); !got.Equal(c.want) {
			t.Errorf("%s: FirstEnd = %v; want %v", c.what, got, c.want)
		}
	}
}
