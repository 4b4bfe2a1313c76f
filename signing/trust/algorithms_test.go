package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestEndOfAlgorithms(t *testing.T) {
	rsaKey := func(bits int) *rsa.PublicKey {
		return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1)), E: 65537}
	}
	p256 := &ecdsa.PublicKey{Curve: elliptic.P256()}
	until := day(2040, time.May)
	file := filepath.Join(t.TempDir(), "algorithms.json")
	if err := os.WriteFile(file, []byte(`{"digests": {"SHA-256": "2035-01-01T00:00:00Z"}, "rsa": [{"bits": 2048}], "ecdsa": [{"bits": 256, "end": "2037-01-01T00:00:00Z"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := LoadAlgorithms(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what   string
		table  Algorithms
		key    any
		digest crypto.Hash
		want   time.Time
	}{
		{"no table", Algorithms{}, rsaKey(1024), crypto.SHA256, until},
		{"the certificate ends first", TS119312(), p256, crypto.SHA256, until},
		{"RSA by PKCS #1 v1.5", TS119312(), rsaKey(4096), crypto.SHA256, day(2029, time.January)},
		{"short RSA", TS119312(), rsaKey(1024), crypto.SHA256, day(2019, time.October)},
		{"SHA-1", TS119312(), p256, crypto.SHA1, day(2012, time.August)},
		{"SHA-256 by another table", own, rsaKey(2048), crypto.SHA256, day(2035, time.January)},
		{"SHA-512 by another table", own, rsaKey(2048), crypto.SHA512, until},
		{"P-256 by another table", own, p256, crypto.SHA512, day(2037, time.January)},
		{"a key shorter than all rows", own, rsaKey(1024), crypto.SHA512, time.Unix(0, 0)},
	} {
		if got := c.table.End(&x509.Certificate{NotAfter: until, PublicKey: c.key}, c.digest); !got.Equal(c.want) {
			t.Errorf("%s: End = %v; want %v", c.what, got, c.want)
		}
	}
	if err := os.WriteFile(file, []byte(`{"hashes": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadAlgorithms(file); err == nil {
		t.Error("LoadAlgorithms(unknown entry) = nil; want an error")
	}
	if def, err := LoadAlgorithms(""); err != nil || len(def.RSA) == 0 {
		t.Errorf("LoadAlgorithms() = %v, %v; want the table of the standard", def, err)
	}
}
