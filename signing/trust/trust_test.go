package trust_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
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
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: day, NotAfter: day.AddDate(10, 0, 0),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign}
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

// bag is a .p7b file: a SignedData that nobody signed.
func bag(t *testing.T, certs ...*x509.Certificate) []byte {
	t.Helper()
	var raw []byte
	for _, c := range certs {
		raw = append(raw, c.Raw...)
	}
	type content struct {
		Type asn1.ObjectIdentifier
	}
	inner, err := asn1.Marshal(struct {
		Version int
		Digests asn1.RawValue
		Content content
		Certs   asn1.RawValue
		Signers asn1.RawValue
	}{1, asn1.RawValue{FullBytes: []byte{0x31, 0}}, content{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}},
		asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: raw}, asn1.RawValue{FullBytes: []byte{0x31, 0}}})
	if err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: inner}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestOnlyAuthoritiesAreAnchors: a list never trusts a signer's own certificate.
func TestOnlyAuthoritiesAreAnchors(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*x509.Certificate)
		want  record.Reason
	}{
		{"an authority", func(*x509.Certificate) {}, ""},
		{"a person", func(c *x509.Certificate) { c.IsCA = false }, record.NotAnAuthority},
		{"no constraints", func(c *x509.Certificate) { c.BasicConstraintsValid = false }, record.NotAnAuthority},
		{"may not issue", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }, record.NotAnAuthority},
		{"says nothing of its use", func(c *x509.Certificate) { c.KeyUsage = 0 }, ""},
	} {
		cert := certificate(t, "A")
		test.spoil(cert)
		var l trust.List
		if err := l.Add(cert, "", time.Time{}, ""); record.ReasonOf(err) != test.want {
			t.Errorf("Add of %s = %v; want %q", test.name, err, test.want)
		}
	}
}

func TestLoadReadsListsAndCertificates(t *testing.T) {
	dir := t.TempDir()
	list, other := filepath.Join(dir, "trust.json"), filepath.Join(dir, "other.pub")
	key, err := trust.NewKey(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	var l trust.List
	a := certificate(t, "A")
	if err := l.Add(a, trust.Timestamp, day, ""); err != nil {
		t.Fatal(err)
	}
	b, err := l.Sign(key, day)
	if err != nil {
		t.Fatal(err)
	}
	public, _ := trust.MarshalPublic(key.Public().(ed25519.PublicKey))
	stranger, _, _ := ed25519.GenerateKey(nil)
	foreign, _ := trust.MarshalPublic(stranger)
	for file, content := range map[string][]byte{list: b, trust.PublicOf(list): public, other: foreign, filepath.Join(dir, "a.cer"): a.Raw} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := trust.Load("", list, filepath.Join(dir, "a.cer"))
	if err != nil || len(all) != 2 || all[0].Service != trust.Timestamp || !all[0].From.Equal(day) || all[1].Service != "" {
		t.Errorf("Load = %v, %v; want the list's anchor and a certificate for everything", all, err)
	}
	if got := trust.Certificates(all, trust.Signing, day); len(got) != 1 {
		t.Errorf("Certificates for signing = %d; want 1", len(got))
	}
	if _, err := trust.Load(other, list); record.ReasonOf(err) != record.TrustUnreadable {
		t.Errorf("Load with another key = %v; want %s", err, record.TrustUnreadable)
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
		"a bag":           {bag(t, a, b), 2},
		"a bag in PEM":    {pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: bag(t, a)}), 1},
		"an empty bag":    {bag(t), 0},
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
