package key

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"path/filepath"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/sohoa/sohoa/record"
)

// maxFileBytes bounds a key file; real ones have a few kilobytes.
const maxFileBytes = 1 << 20

// OpenPKCS12 reads a key and its certificates from file (RFC 7292). The password
// is the first line of passwordFile; an empty name is an empty password. Reasons:
// key-unreadable, key-password, key-mismatch.
func OpenPKCS12(file, passwordFile string) (*Key, error) {
	p12, err := readLimited(file)
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "read key file %s", filepath.Base(file))
	}
	password, err := readPassword(passwordFile)
	if err != nil {
		return nil, record.Refuse(record.KeyPassword, err, "read the password of key file %s", filepath.Base(file))
	}
	private, first, others, err := pkcs12.DecodeChain(p12, password)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, record.Refuse(record.KeyPassword, err, "open key file %s", filepath.Base(file))
	}
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "open key file %s", filepath.Base(file))
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, record.Refuse(record.KeyUnreadable, nil, "open key file %s: a key of type %T cannot sign", filepath.Base(file), private)
	}
	chain := chainOf(signer, append([]*x509.Certificate{first}, others...))
	if chain == nil {
		return nil, record.Refuse(record.KeyMismatch, nil, "open key file %s: none of its certificates is of its key", filepath.Base(file))
	}
	if e, ok := signer.(*ecdsa.PrivateKey); ok {
		signer = steady{e}
	}
	return &Key{Signer: signer, Chain: chain}, nil
}

func readLimited(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(b) > maxFileBytes {
		err = errors.New("larger than 1 MiB")
	}
	return b, err
}

func readPassword(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	b, err := readLimited(file)
	if err != nil {
		return "", err
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))), nil
}

// chainOf orders bag from the certificate of the key upwards, whatever order it
// came in. It returns nil if no certificate is of the key.
func chainOf(key crypto.Signer, bag []*x509.Certificate) []*x509.Certificate {
	var chain []*x509.Certificate
	for _, c := range bag {
		if samePublicKey(key.Public(), c) {
			chain = append(chain, c)
			break
		}
	}
	for len(chain) > 0 && len(chain) <= len(bag) {
		last := chain[len(chain)-1]
		issuer := issuerIn(last, bag)
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
	}
	return chain
}

// issuerIn returns the certificate in bag that signed c, nil for none or itself.
func issuerIn(c *x509.Certificate, bag []*x509.Certificate) *x509.Certificate {
	if bytes.Equal(c.RawIssuer, c.RawSubject) {
		return nil
	}
	for _, b := range bag {
		if bytes.Equal(b.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(b) == nil {
			return b
		}
	}
	return nil
}
