package devpki

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// The files of a PKI in its folder, beside NAME.crt and NAME.key of each entity.
const (
	SignerFile   = "signer.p12"
	PasswordFile = "signer.pass"
	RootsFile    = "roots.pem"
	urlFile      = "url"
)

// Init makes a new PKI in dir, for services at url; an empty url is [DefaultURL].
// It refuses a folder that already holds one.
func Init(dir, url string) error {
	if _, err := os.Stat(filepath.Join(dir, SignerFile)); err == nil {
		return fmt.Errorf("make a development PKI in %s: there is one already", dir)
	}
	p, err := New(Options{URL: strings.TrimSuffix(url, "/")})
	if err != nil {
		return fmt.Errorf("make a development PKI: %w", err)
	}
	return p.Save(dir)
}

func (p *PKI) entities() map[string]**Entity {
	return map[string]**Entity{
		"root": &p.Root, "ca": &p.CA, "signer": &p.Signer, "responder": &p.Responder, "tsa-root": &p.TSARoot, "tsa": &p.TSA, "tsa-responder": &p.TSAResponder,
	}
}

// Save writes all keys and certificates into dir; keys can be read by their owner only.
func (p *PKI) Save(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, e := range p.entities() {
		if err := saveEntity(dir, name, *e); err != nil {
			return fmt.Errorf("save development PKI: %s: %w", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, urlFile), []byte(p.URL+"\n"), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, RootsFile), pemOf(p.Roots()...), 0o644); err != nil {
		return err
	}
	return p.saveSigner(dir)
}

// saveSigner writes the PKCS#12 file last: it says that the PKI is whole.
func (p *PKI) saveSigner(dir string) error {
	password := hex.EncodeToString(random(16))
	p12, err := pkcs12.Modern.Encode(p.Signer.Key, p.Signer.Certificate, []*x509.Certificate{p.CA.Certificate, p.Root.Certificate}, password)
	if err != nil {
		return fmt.Errorf("save the signer's key: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, PasswordFile), []byte(password+"\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, SignerFile), p12, 0o600)
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

func pemOf(certificates ...*x509.Certificate) []byte {
	var all []byte
	for _, c := range certificates {
		all = append(all, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return all
}

func saveEntity(dir, name string, e *Entity) error {
	key, err := x509.MarshalPKCS8PrivateKey(e.Key)
	if err != nil {
		return err
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	if err := os.WriteFile(filepath.Join(dir, name+".key"), block, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".crt"), pemOf(e.Certificate), 0o644)
}

// Load reads the PKI in dir.
func Load(dir string) (*PKI, error) {
	url, err := os.ReadFile(filepath.Join(dir, urlFile))
	if err != nil {
		return nil, fmt.Errorf("load development PKI: %w", err)
	}
	p := &PKI{URL: strings.TrimSpace(string(url)), Now: time.Now}
	for name, e := range p.entities() {
		if *e, err = loadEntity(dir, name); err != nil {
			return nil, fmt.Errorf("load development PKI: %s: %w", name, err)
		}
	}
	return p, nil
}

func loadEntity(dir, name string) (*Entity, error) {
	crt, err := readPEM(filepath.Join(dir, name+".crt"))
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(crt)
	if err != nil {
		return nil, err
	}
	raw, err := readPEM(filepath.Join(dir, name+".key"))
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("key cannot sign")
	}
	return &Entity{signer, certificate}, nil
}

func readPEM(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM", file)
	}
	return block.Bytes, nil
}
