package trust

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/record"
)

// NewKey makes the key that signs an operator's trust lists and writes it to
// file, readable by its owner alone. It refuses to overwrite.
func NewKey(file string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make a key for the trust list: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make a key for the trust list: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the key of the trust list: %w", err)
	}
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return key, errors.Join(err, f.Sync(), f.Close())
}

// LoadKey reads a key that [NewKey] wrote.
func LoadKey(file string) (ed25519.PrivateKey, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, record.Refuse(record.TrustUnreadable, err, "read the key of the trust list")
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, record.Refuse(record.TrustUnreadable, nil, "read the key of the trust list: %s holds no PEM", file)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if key, ok := any.(ed25519.PrivateKey); ok {
		return key, nil
	}
	return nil, record.Refuse(record.TrustUnreadable, err, "read the key of the trust list: %s holds no Ed25519 key", file)
}

// MarshalPublic returns the public key as PEM, for verifiers.
func MarshalPublic(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("write the public key of the trust list: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// ParsePublic reads a public key as PEM.
func ParsePublic(b []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, record.Refuse(record.TrustUnreadable, nil, "read the public key of the trust list: no PEM")
	}
	any, err := x509.ParsePKIXPublicKey(block.Bytes)
	if key, ok := any.(ed25519.PublicKey); ok {
		return key, nil
	}
	return nil, record.Refuse(record.TrustUnreadable, err, "read the public key of the trust list: no Ed25519 key")
}
