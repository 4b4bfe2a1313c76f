package main

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/internal/devpki"
)

type pkiCommand struct {
	Init  pkiInit  `cmd:"" help:"Make a development CA, a signer, and a time-stamp authority under a root of its own."`
	Serve pkiServe `cmd:"" help:"Serve /tsa, /ocsp and /crl at the address that the certificates bear."`
}

type pkiInit struct {
	Dir string `arg:"" help:"Folder for signer.p12, signer.pass and roots.pem."`
	URL string `name:"url" default:"http://127.0.0.1:8918" help:"Where pki serve will answer; the address goes into the certificates." placeholder:"http://HOST:PORT"`
}

// Run makes the folder; it refuses one that holds a PKI already.
func (c *pkiInit) Run() error {
	if err := devpki.Init(c.Dir, c.URL); err != nil {
		return err
	}
	fmt.Printf("%s: signer.p12, signer.pass, roots.pem (development only)\nsohoa pki serve %s → %s/tsa\n", c.Dir, c.Dir, c.URL)
	return nil
}

type pkiServe struct {
	Dir string `arg:"" help:"Folder that pki init made."`
}

// Run serves until it is interrupted.
func (c *pkiServe) Run(ctx context.Context) error {
	l, err := devpki.Listen(c.Dir)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/tsa, /ocsp, /crl (development only)\n", l.Addr())
	return devpki.Serve(ctx, c.Dir, l)
}
