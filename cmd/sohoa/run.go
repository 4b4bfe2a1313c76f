package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/api/web"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

// runCommand is the whole service in one process. In this mode the process that
// faces the network also holds the key; production has cmd/api and cmd/worker.
type runCommand struct {
	App            app.Config     `embed:""`
	Work           work.Config    `embed:""`
	Listen         string         `default:"127.0.0.1:8417" env:"SOHOA_LISTEN" help:"Address of the pages and the API."`
	TLSCert        string         `name:"tls-cert" env:"SOHOA_TLS_CERT" help:"Certificate chain, PEM." placeholder:"FILE"`
	TLSKey         string         `name:"tls-key" env:"SOHOA_TLS_KEY" help:"Its key, PEM." placeholder:"FILE"`
	TrustedProxies []netip.Prefix `name:"trusted-proxies" env:"SOHOA_TRUSTED_PROXIES" help:"Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed." placeholder:"CIDR,…"`
	VerifyBytes    int64          `default:"67108864" env:"SOHOA_VERIFY_BYTES" help:"Bytes of one file at the public verification."`
	Agency         string         `default:"SOHOA" env:"SOHOA_AGENCY" help:"Id of the first agency, made on first start."`
	AgencyName     string         `default:"Cơ quan thử nghiệm Sohoa" env:"SOHOA_AGENCY_NAME" help:"Its name in the visible mark."`
	Demo           bool           `help:"Take the sample dossier the whole way, through the API."`
	Once           bool           `help:"End after the demonstration."`
}

// Run serves until it is interrupted, or with --once until the demonstration is over.
func (c *runCommand) Run(ctx context.Context) error {
	defer observe.Trace(c.App.Traces, "run")()
	a, err := app.Open(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	development, err := c.developmentPKI(ctx, group)
	if err != nil {
		return err
	}
	secret, err := c.firstAgency(ctx, a)
	if err != nil {
		return err
	}
	server, err := c.server(ctx, a, development)
	if err != nil {
		return err
	}
	group.Go(func() error {
		return api.Serve(ctx, l, api.Behind(c.TrustedProxies, web.Handler(server)), c.TLSCert, c.TLSKey)
	})
	group.Go(func() error { return observe.Serve(ctx, c.App.Metrics, a.Figures) })
	group.Go(func() error { a.Tend(ctx, queue.DefaultTiming()); return nil })
	group.Go(func() error { return work.Run(ctx, a, c.Work, software()) })
	url := c.url(l)
	c.greet(url, development)
	if c.Demo || c.Once {
		group.Go(func() error {
			err := (&demo{url: url, secret: secret, folder: filepath.Join(c.App.Data, "demo")}).run(ctx)
			if c.Once || err != nil {
				stop()
			}
			return err
		})
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// listen opens the address, or says that another program has it.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, record.Refuse(record.PortBusy, err, "listen on %s", address)
	}
	return l, err
}

// developmentPKI serves a development PKI when no key is given, and fills in the
// key, the time-stamp authority and the trust. It reports whether it did.
func (c *runCommand) developmentPKI(ctx context.Context, group *errgroup.Group) (bool, error) {
	if c.Work.Key != "" {
		return false, nil
	}
	dir := filepath.Join(c.App.Data, "pki")
	if _, err := os.Stat(filepath.Join(dir, devpki.SignerFile)); err != nil {
		url, err := freeAddress()
		if err != nil {
			return false, err
		}
		if err := devpki.Init(dir, url); err != nil {
			return false, err
		}
	}
	l, err := devpki.Listen(dir)
	if errors.Is(err, syscall.EADDRINUSE) {
		return false, record.Refuse(record.PortBusy, err, "serve the development PKI in %s", dir)
	}
	if err != nil {
		return false, err
	}
	group.Go(func() error { return devpki.Serve(ctx, dir, l) })
	c.Work.Key, c.Work.PasswordFile = filepath.Join(dir, devpki.SignerFile), filepath.Join(dir, devpki.PasswordFile)
	c.Work.TSA = []string{"http://" + l.Addr().String() + "/tsa"}
	c.Work.AllowPrivate = true // the development PKI answers on this machine
	c.Work.Trust = append(c.Work.Trust, filepath.Join(dir, devpki.RootsFile))
	return true, nil
}

// freeAddress finds a port for a new development PKI: its address goes into the
// certificates and must stay.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:8918")
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", err
	}
	defer l.Close()
	return "http://" + l.Addr().String(), nil
}

// firstAgency makes the first agency and its admin key, which lies in
// DATA/admin.key for the operator alone.
func (c *runCommand) firstAgency(ctx context.Context, a *app.App) (string, error) {
	path := filepath.Join(c.App.Data, "admin.key")
	if b, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if _, err := a.Catalogue.Agency(ctx, c.Agency); errors.Is(err, record.ErrNotFound) {
		if err := a.Catalogue.PutAgency(ctx, record.Agency{ID: c.Agency, Name: c.AgencyName}, "cli"); err != nil {
			return "", err
		}
	}
	_, secret, err := a.Catalogue.CreateKey(ctx, c.Agency, record.ScopeAdmin, "first admin key", noExpiry, "cli")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		return "", err
	}
	if c.Demo || c.Once || terminal(os.Stdout) { // what goes elsewhere is a log, which holds no secret
		fmt.Println(say.Upkeep(language(), "admin-key", secret, path))
	} else {
		fmt.Println(say.Upkeep(language(), "admin-key-kept", path))
	}
	return secret, nil
}

// terminal reports whether a person reads what is written there.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (c *runCommand) server(ctx context.Context, a *app.App, development bool) (*api.Server, error) {
	anchors, err := trust.Load(c.Work.TrustKey, c.Work.Trust...)
	if err != nil {
		return nil, err
	}
	return &api.Server{
		Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready, Closing: ctx.Done(),
		Policy:      verify.Policy{Anchors: anchors, Online: &verify.Fetcher{Private: development}},
		UploadBytes: c.App.UploadBytes, VerifyBytes: c.VerifyBytes, Development: development, Version: version,
	}, nil
}

func (c *runCommand) url(l net.Listener) string {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + l.Addr().String()
}

// greet says where everything is.
func (c *runCommand) greet(url string, development bool) {
	fmt.Println(say.Upkeep(language(), "serving", url, url, url))
	if development {
		fmt.Println(say.Upkeep(language(), "development"))
	}
	slog.Info("serving", "url", url, "data", c.App.Data)
}
