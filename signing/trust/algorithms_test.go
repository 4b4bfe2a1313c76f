package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
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

// What has ended by the day of the table weakens what is used afterwards; a forecast
// weakens nothing yet.
func TestWeakByTheTable(t *testing.T) {
	a := TS119312()
	rsaKey := func(bits int) *rsa.PublicKey {
		return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1)), E: 65537}
	}
	for _, c := range []struct {
		what string
		got  string
		weak bool
	}{
		{"SHA-1 in 2011", a.WeakDigest(crypto.SHA1, day(2011, time.January)), false},
		{"SHA-1 in 2013", a.WeakDigest(crypto.SHA1, day(2013, time.January)), true},
		{"SHA-224 in 2035, a forecast", a.WeakDigest(crypto.SHA224, day(2035, time.January)), false},
		{"SHA-256 in 2050", a.WeakDigest(crypto.SHA256, day(2050, time.January)), false},
		{"a digest that is not in the table", a.WeakDigest(crypto.RIPEMD160, day(2000, time.January)), true},
		{"RSA 1024 in 2018", a.WeakKey(rsaKey(1024), day(2018, time.January)), false},
		{"RSA 1024 in 2020", a.WeakKey(rsaKey(1024), day(2020, time.January)), true},
		{"RSA 2048 in 2035, a forecast", a.WeakKey(rsaKey(2048), day(2035, time.January)), false},
		{"RSA 512", a.WeakKey(rsaKey(512), day(2000, time.January)), true},
		{"P-224 in 2022", a.WeakKey(&ecdsa.PublicKey{Curve: elliptic.P224()}, day(2022, time.January)), true},
		{"P-256", a.WeakKey(&ecdsa.PublicKey{Curve: elliptic.P256()}, day(2050, time.January)), false},
		{"Ed25519", a.WeakKey(ed25519.PublicKey(make([]byte, 32)), day(2050, time.January)), false},
		{"a key of no kind", a.WeakKey(nil, day(2000, time.January)), true},
	} {
		if (c.got != "") != c.weak {
			t.Errorf("%s: %q; want weak %v", c.what, c.got, c.weak)
		}
	}
	a.Dated = day(2030, time.January)
	if a.WeakKey(rsaKey(2048), day(2035, time.January)) == "" {
		t.Error("RSA 2048 in 2035 by a table of 2030 is not weak; want it, for its end has come to pass")
	}
	first, again := TS119312(), TS119312()
	if a.Name() == first.Name() || first.Name() != again.Name() {
		t.Error("tables have no names of their own")
	}
}
