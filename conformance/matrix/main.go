// Command matrix makes, for the judges, a document under each scheme that signs: by
// the agency alone, and by a person and the agency, her signature with a time-stamp of
// its own and without. The keys are new, with
// certificates of a development PKI.
//
//	matrix PKI PDF DIR
package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// The schemes by the name of their files.
var schemes = []struct {
	name string
	kind devpki.KeyKind
	pss  bool
}{
	{"rsa", devpki.RSA2048, false}, {"rsa-pss", devpki.RSA2048, true}, {"p256", devpki.ECDSAP256, false}, {"p384", devpki.ECDSAP384, false},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: matrix PKI PDF DIR")
	}
	p, err := devpki.Load(args[0])
	if err != nil {
		return err
	}
	archival, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	for _, s := range schemes {
		agency, err := newKey(p, "Sở Thử nghiệm", s.kind)
		if err != nil {
			return err
		}
		person, err := newKey(p, "Nguyễn Thị Nghĩa", s.kind)
		if err != nil {
			return err
		}
		seal := signing.Request{CopyForm: "Sao y", Time: time.Now(), Reviewed: true, PSS: s.pss}
		mark := seal
		mark.Person, mark.CopyForm = "Nguyễn Thị Nghĩa", ""
		stamps := &timestamp.Client{URLs: []string{p.URL + "/tsa"}, Roots: p.Roots()}
		for shape, signers := range map[string][]signer{
			"one": {{agency, seal, nil}}, "two": {{person, mark, nil}, {agency, seal, nil}}, "two-stamped": {{person, mark, stamps}, {agency, seal, nil}},
		} {
			if err := write(filepath.Join(args[2], s.name+"-"+shape+".pdf"), archival, signers); err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, shape, err)
			}
		}
	}
	return nil
}

func newKey(p *devpki.PKI, name string, kind devpki.KeyKind) (*key.Key, error) {
	e, err := p.IssueSigner(name, kind)
	if err != nil {
		return nil, err
	}
	return &key.Key{Signer: e.Key, Chain: []*x509.Certificate{e.Certificate, p.CA.Certificate}}, nil
}

// A signer is a key, what it seals with, and who stamps its signature at once; nil: nobody.
type signer struct {
	key     *key.Key
	request signing.Request
	stamps  *timestamp.Client
}

// write has the signers sign one after another.
func write(path string, archival []byte, signers []signer) error {
	var file signing.Source = bytes.NewReader(archival)
	for _, s := range signers {
		var err error
		if file, err = signing.Seal(context.Background(), file, s.key, s.request); err != nil {
			return err
		}
		if s.stamps == nil {
			continue
		}
		if file, _, err = signing.Raise(context.Background(), file, record.BT, signing.RaiseOptions{TSA: s.stamps}); err != nil {
			return err
		}
	}
	b, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
