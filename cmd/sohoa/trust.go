package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

// These commands keep the operator's trust list: a signed file that verify, the
// worker and the api read with --trust.

type trustCommand struct {
	Add    trustAdd    `cmd:"" help:"Trust authorities: certificate files (PEM, DER, p7b). The first call makes the list and its key."`
	List   trustList   `cmd:"" help:"Say who is trusted, for what, since when."`
	Remove trustRemove `cmd:"" help:"End the trust in an authority. What was proven to exist before still holds."`
	Export trustExport `cmd:"" help:"Write the certificates that are trusted now as PEM, for other programs."`
}

// A trustFile is the list and the key that signs it.
type trustFile struct {
	File string `name:"list" default:"trust.json" env:"SOHOA_TRUST_LIST" help:"The trust list. Its public key lies beside it, as FILE.pub." placeholder:"FILE"`
	Key  string `help:"The key that signs the list. Default: FILE.key. Keep it away from the service, which needs FILE and FILE.pub only." placeholder:"FILE"`
}

func (f *trustFile) keyFile() string { return firstOf(f.Key, f.File+".key") }

// open reads the list and its key. Where neither is there, both are made.
func (f *trustFile) open() (*trust.List, ed25519.PrivateKey, error) {
	_, err := os.Stat(f.File)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(f.keyFile()); errors.Is(err, fs.ErrNotExist) {
			key, err := trust.NewKey(f.keyFile())
			return &trust.List{}, key, err
		}
		key, err := trust.LoadKey(f.keyFile())
		return &trust.List{}, key, err
	}
	key, err := trust.LoadKey(f.keyFile())
	if err != nil {
		return nil, nil, err
	}
	l, err := f.read(key.Public().(ed25519.PublicKey))
	return l, key, err
}

func (f *trustFile) read(key ed25519.PublicKey) (*trust.List, error) {
	b, err := os.ReadFile(f.File)
	if err != nil {
		return nil, record.Refuse(record.TrustUnreadable, err, "read the trust list")
	}
	return trust.Open(b, key)
}

// readOnly reads the list with the public key beside it.
func (f *trustFile) readOnly() (*trust.List, error) {
	b, err := os.ReadFile(trust.PublicOf(f.File))
	if err != nil {
		return nil, record.Refuse(record.TrustUnreadable, err, "read the public key of the trust list")
	}
	key, err := trust.ParsePublic(b)
	if err != nil {
		return nil, err
	}
	return f.read(key)
}

// write signs the list and puts it and the public key in place, each whole.
func (f *trustFile) write(l *trust.List, key ed25519.PrivateKey) error {
	b, err := l.Sign(key, time.Now())
	if err != nil {
		return err
	}
	public, err := trust.MarshalPublic(key.Public().(ed25519.PublicKey))
	if err != nil {
		return err
	}
	return errors.Join(replaceFile(f.File, b), replaceFile(trust.PublicOf(f.File), public))
}

// replaceFile writes a file so that readers see the old bytes or the new ones.
func replaceFile(path string, b []byte) error {
	t, err := os.CreateTemp(filepath.Dir(path), ".trust-")
	if err != nil {
		return outputError(err, "write "+path)
	}
	_, err = t.Write(b)
	if err = errors.Join(err, t.Chmod(0o644), t.Sync(), t.Close()); err == nil {
		err = os.Rename(t.Name(), path)
	}
	if err != nil {
		os.Remove(t.Name())
		return outputError(err, "write "+path)
	}
	return nil
}

type trustAdd struct {
	trustFile `embed:""`
	Files     []string  `arg:"" name:"file" help:"Certificates of root or issuing authorities."`
	Service   string    `default:"all" enum:"all,signing,timestamp" help:"What they are trusted for: signing (CA/QC in ETSI's words), timestamp (TSA), all."`
	From      time.Time `format:"2006-01-02" help:"Trusted from this day. Default: always." placeholder:"YYYY-MM-DD"`
	Source    string    `help:"Where you got them and how you compared the fingerprints; kept in the list." placeholder:"TEXT"`
}

// Run adds all certificates or none.
func (c *trustAdd) Run() error {
	certs, err := trust.LoadPEM(c.Files...)
	if err != nil {
		return err
	}
	l, key, err := c.open()
	if err != nil {
		return err
	}
	before := len(l.Entries)
	for _, cert := range certs {
		if err := l.Add(cert, serviceOf(c.Service), c.From, c.Source); err != nil {
			return err
		}
	}
	if err := c.write(l, key); err != nil {
		return err
	}
	for _, e := range l.Entries[before:] {
		printEntry(e)
	}
	return nil
}

func serviceOf(flag string) trust.Service {
	if flag == "all" {
		return ""
	}
	return trust.Service(flag)
}

// printEntry says one entry: the fingerprint is what the operator compares.
func printEntry(e trust.Entry) {
	line := fmt.Sprintf("%s  %-9s  %-9s", e.SHA256, e.Status, firstOf(string(e.Service), "all"))
	if !e.From.IsZero() {
		line += "  from " + e.From.Format(time.DateOnly)
	}
	if !e.Until.IsZero() {
		line += "  until " + e.Until.Format(time.RFC3339)
	}
	fmt.Println(line + "  " + e.Name)
	if cert, err := x509.ParseCertificate(e.Certificate); err == nil {
		fmt.Printf("    %s to %s", cert.NotBefore.UTC().Format(time.DateOnly), cert.NotAfter.UTC().Format(time.DateOnly))
		if e.Source != "" {
			fmt.Printf("; %s", e.Source)
		}
		fmt.Println()
	}
}

type trustList struct {
	trustFile `embed:""`
	JSON      bool `name:"json" help:"The list as JSON."`
}

// Run prints the list, once its signature was checked.
func (c *trustList) Run() error {
	l, err := c.readOnly()
	if err != nil {
		return err
	}
	if c.JSON {
		b, err := json.MarshalIndent(l, "", "  ")
		fmt.Printf("%s\n", b)
		return err
	}
	fmt.Printf("%s, number %d of %s\n", c.File, l.Number, l.Issued.UTC().Format(time.RFC3339))
	for _, e := range l.Entries {
		printEntry(e)
	}
	return nil
}

type trustRemove struct {
	trustFile `embed:""`
	SHA256    string    `arg:"" name:"sha256" help:"SHA-256 of the certificate, or its first 8 digits or more."`
	At        time.Time `format:"2006-01-02" help:"The trust ended on this day. Default: now." placeholder:"YYYY-MM-DD"`
}

// Run withdraws the one certificate that the digits name.
func (c *trustRemove) Run() error {
	l, key, err := c.open()
	if err != nil {
		return err
	}
	var found record.Digest
	for _, e := range l.Entries {
		if e.Status == trust.Granted && len(c.SHA256) >= 8 && strings.HasPrefix(string(e.SHA256), strings.ToLower(c.SHA256)) {
			if found != "" && found != e.SHA256 {
				return record.Refuse(record.NotTrusted, nil, "remove %s: more than one certificate begins so", c.SHA256)
			}
			found = e.SHA256
		}
	}
	at := c.At
	if at.IsZero() {
		at = time.Now().Truncate(time.Second)
	}
	if found == "" {
		return record.Refuse(record.NotTrusted, nil, "remove %s", c.SHA256)
	}
	if err := l.Withdraw(found, at); err != nil {
		return err
	}
	return c.write(l, key)
}

type trustExport struct {
	trustFile `embed:""`
	Service   string `default:"all" enum:"all,signing,timestamp" help:"Only those trusted for this service."`
	Out       string `short:"o" help:"File to write. Default: standard output." placeholder:"PEM"`
}

// Run writes what is granted now.
func (c *trustExport) Run() error {
	l, err := c.readOnly()
	if err != nil {
		return err
	}
	var out []byte
	for _, e := range l.Entries {
		if e.Status == trust.Granted && (c.Service == "all" || e.Service == "" || string(e.Service) == c.Service) {
			out = append(out, fmt.Sprintf("# %s\n# SHA-256 %s\n", e.Name, e.SHA256)...)
			out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.Certificate})...)
		}
	}
	if c.Out == "" {
		_, err = os.Stdout.Write(out)
		return err
	}
	return replaceFile(c.Out, out)
}
