package trust_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

var day = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func certificate(t *testing.T, name string) *x509.Certificate {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: day, NotAfter: day.AddDate(10, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestListKeepsItsHistory(t *testing.T) {
	root, tsa := certificate(t, "Gốc"), certificate(t, "TSA")
	var l trust.List
	for _, step := range []struct {
		name string
		do   func() error
		want error
	}{
		{"grant", func() error {
			return l.Add(root, trust.Signing, time.Time{}, "trang của cơ quan, đối chiếu qua điện thoại")
		}, nil},
		{"grant again", func() error { return l.Add(root, trust.Signing, time.Time{}, "") }, record.ErrConflict},
		{"grant for what does not exist", func() error { return l.Add(tsa, "coffee", time.Time{}, "") }, record.ErrInvalid},
		{"grant from a day on", func() error { return l.Add(tsa, trust.Timestamp, day, "") }, nil},
		{"withdraw", func() error { return l.Withdraw(record.DigestOf(root.Raw), day.AddDate(1, 0, 0)) }, nil},
		{"withdraw again", func() error { return l.Withdraw(record.DigestOf(root.Raw), day) }, record.ErrNotFound},
	} {
		if err := step.do(); !errors.Is(err, step.want) {
			t.Errorf("%s = %v; want %v", step.name, err, step.want)
		}
	}
	anchors, err := l.Anchors()
	if err != nil || len(anchors) != 2 || l.Number != 3 {
		t.Fatalf("Anchors = %v, %v, number %d; want 2, number 3", anchors, err, l.Number)
	}
	for _, test := range []struct {
		anchor  int
		service trust.Service
		at      time.Time
		want    bool
	}{
		{0, trust.Signing, day, true}, {0, trust.Timestamp, day, false}, {0, trust.Signing, day.AddDate(1, 0, 0), false},
		{1, trust.Timestamp, day, true}, {1, trust.Timestamp, day.Add(-time.Second), false}, {1, trust.Signing, day, false},
	} {
		if got := anchors[test.anchor].Holds(test.service, test.at); got != test.want {
			t.Errorf("anchor %d Holds(%s, %v) = %v; want %v", test.anchor, test.service, test.at, got, test.want)
		}
	}
}

func TestOnlyTheOperatorsListIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trust.key")
	key, err := trust.NewKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := trust.LoadKey(file); err != nil || !again.Equal(key) {
		t.Errorf("LoadKey = %v; want the key that NewKey wrote", err)
	}
	if _, err := trust.NewKey(file); err == nil {
		t.Error("NewKey overwrote a key")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v, %v; want 0600", info.Mode(), err)
	}
	public, err := trust.MarshalPublic(key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := trust.ParsePublic(public)
	if err != nil {
		t.Fatal(err)
	}
	var l trust.List
	if err := l.Add(certificate(t, "Gốc <&>"), "", day, "nguồn"); err != nil {
		t.Fatal(err)
	}
	sound, err := l.Sign(key, day)
	if err != nil {
		t.Fatal(err)
	}
	other, _, _ := ed25519.GenerateKey(nil)
	for _, test := range []struct {
		name string
		file []byte
		key  ed25519.PublicKey
		want record.Reason
	}{
		{"sound", sound, reader, ""},
		{"another key", sound, other, record.TrustUnreadable},
		{"one letter changed", bytes.Replace(sound, []byte("nguồn"), []byte("nguốn"), 1), reader, record.TrustUnreadable},
		{"service changed", bytes.Replace(sound, []byte(`"status": "granted"`), []byte(`"service":"timestamp","status":"granted"`), 1), reader, record.TrustUnreadable},
		{"cut", sound[:len(sound)/2], reader, record.TrustUnreadable},
		{"empty", nil, reader, record.TrustUnreadable},
	} {
		if got, err := trust.Open(test.file, test.key); record.ReasonOf(err) != test.want || err == nil && len(got.Entries) != 1 {
			t.Errorf("%s: Open = %v, %v; want reason %q", test.name, got, err, test.want)
		}
	}
}

func TestLoadPEM(t *testing.T) {
	dir := t.TempDir()
	a, b := certificate(t, "A"), certificate(t, "B")
	block := func(c *x509.Certificate) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	for name, test := range map[string]struct {
		content []byte
		want    int
	}{
		"one":             {block(a), 1},
		"two":             {append(block(a), block(b)...), 2},
		"DER":             {a.Raw, 1},
		"a key beside it": {append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{1}}), block(a)...), 1},
		"nothing":         {[]byte("x"), 0},
		"broken":          {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}}), 0},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := trust.LoadPEM(file)
		if len(got) != test.want || (test.want == 0) != (record.ReasonOf(err) == record.TrustUnreadable) {
			t.Errorf("LoadPEM(%s) = %d certificates, %v; want %d", name, len(got), err, test.want)
		}
	}
	if _, err := trust.LoadPEM(filepath.Join(dir, "none")); record.ReasonOf(err) != record.TrustUnreadable {
		t.Errorf("LoadPEM of a missing file = %v; want %s", err, record.TrustUnreadable)
	}
}
