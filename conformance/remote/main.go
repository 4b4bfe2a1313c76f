// Command remote plays, for the judges, a remote signing service that holds the
// signer's key of a development PKI. At SCAL 2: each authorisation names its digests.
//
//	remote PKI DIR    writes DIR/login, DIR/pin and DIR/address, and serves until it is ended
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/signing/key/csctest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "remote:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: remote PKI DIR")
	}
	p, err := devpki.Load(args[0])
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := tell(args[1], l.Addr().String()); err != nil {
		return err
	}
	s := csctest.New(p.Signer.Key, p.Signer.Certificate, p.CA.Certificate)
	s.SCAL, s.Multisign = "2", 10
	return http.Serve(l, s)
}

// tell writes what opens the key; the address last, and at once whole, because
// its being there says that the service listens.
func tell(dir, host string) error {
	login := filepath.Join(dir, "login")
	address := "csc:http://" + host + csctest.Path + "?" + url.Values{"credential": {"cred/1"}, "login-file": {login}}.Encode()
	for _, f := range [][2]string{{login, csctest.Login}, {filepath.Join(dir, "pin"), csctest.PIN}, {filepath.Join(dir, "address.part"), address}} {
		if err := os.WriteFile(f[0], []byte(f[1]+"\n"), 0o600); err != nil {
			return err
		}
	}
	return os.Rename(filepath.Join(dir, "address.part"), filepath.Join(dir, "address"))
}
