package trust

import (
	"bytes"
	"crypto/ed25519"
	"testing"
)

// FuzzOpen: no list is taken that the operator's key did not sign.
func FuzzOpen(f *testing.F) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	for _, text := range []string{"", "{}", "null", `{"list":null,"key":"","signature":""}`, `{"list":{"version":1},"signature":"AAAA"}`, `{"list":[[[[`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if l, err := Open(file, key.Public().(ed25519.PublicKey)); err == nil {
			t.Errorf("%q is taken for the list %+v", file, l)
		}
	})
}

// FuzzPEM: what is taken for certificates has a public key each.
func FuzzPEM(f *testing.F) {
	for _, text := range []string{"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN PKCS7-----\nMAMCAQE=\n-----END PKCS7-----\n", "\x30\x80"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := ParsePEM(b)
		for _, c := range all {
			if err == nil && (c == nil || len(c.Raw) == 0) {
				t.Errorf("%q gives an empty certificate", b)
			}
		}
	})
}
