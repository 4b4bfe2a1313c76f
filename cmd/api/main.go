// Command api faces the network in production: pages, API, public verification.
// It can approve a document and never seal one: it holds no key, and neither the
// pipeline nor a C library is in it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/api/web"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/signing/verify/pages"
)

// version is set by the build.
var version = "0.1.0-dev"

type command struct {
	App            app.Config       `embed:""`
	Listen         string           `default:"127.0.0.1:8417" env:"SOHOA_LISTEN" help:"Address of the pages and the API."`
	TLSCert        string           `name:"tls-cert" env:"SOHOA_TLS_CERT" help:"Certificate chain, PEM." placeholder:"FILE"`
	TLSKey         string           `name:"tls-key" env:"SOHOA_TLS_KEY" help:"Its key, PEM." placeholder:"FILE"`
	Trust          []string         `env:"SOHOA_TRUST" help:"Certificate files and trust lists to rely on when documents are verified." placeholder:"FILE"`
	TrustKey       string           `env:"SOHOA_TRUST_KEY" help:"Public key that trust lists must be signed with. Default: LIST.pub." placeholder:"FILE"`
	AllowPrivate   bool             `env:"SOHOA_ALLOW_PRIVATE" help:"Let the verifier ask OCSP and CRL addresses in private networks."`
	TrustedProxies []netip.Prefix   `name:"trusted-proxies" env:"SOHOA_TRUSTED_PROXIES" help:"Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed." placeholder:"CIDR,…"`
	VerifyBytes    int64            `default:"67108864" env:"SOHOA_VERIFY_BYTES" help:"Bytes of one file at the public verification."`
	Development    bool             `env:"SOHOA_DEVELOPMENT" help:"Say on every page that a development authority is trusted."`
	Config         kong.ConfigFlag  `help:"File of settings in JSON." placeholder:"FILE"`
	Version        kong.VersionFlag `help:"Print the version."`
}

func main() {
	sandbox.Serve(map[string]sandbox.Func{"verify": verify.Serve, pages.Child: pages.Serve})
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	var c command
	kong.Parse(&c, kong.Name("api"), kong.Description("Sohoa's pages and API."), kong.Vars{"version": "Sohoa " + version}, kong.Configuration(kong.JSON))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "api: %s\n  (%v)\n", say.Reason(say.Language("", os.Getenv), string(record.ReasonOf(err))), err)
		os.Exit(1)
	}
}

func (c *command) run(ctx context.Context) error {
	defer observe.Trace(c.App.Traces, "api")()
	a, err := app.Open(ctx, c.App)
	if err != nil {
		return err
	}
	defer a.Close()
	anchors, err := trust.Load(c.TrustKey, c.Trust...)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return record.Refuse(record.PortBusy, err, "listen on %s", c.Listen)
	}
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	server := &api.Server{
		Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready, Closing: ctx.Done(),
		Policy:      verify.Policy{Anchors: anchors, Online: &verify.Fetcher{Private: c.AllowPrivate}},
		UploadBytes: c.App.UploadBytes, VerifyBytes: c.VerifyBytes, Development: c.Development, Version: version,
	}
	slog.Info("serving", "address", l.Addr().String(), "version", version)
	group.Go(func() error {
		return api.Serve(ctx, l, api.Behind(c.TrustedProxies, web.Handler(server)), c.TLSCert, c.TLSKey)
	})
	group.Go(func() error { return observe.Serve(ctx, c.App.Metrics, a.Figures) })
	group.Go(func() error { a.Tend(ctx, queue.DefaultTiming()); return nil })
	return group.Wait()
}
