package web_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/api/web"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
	drawn "github.com/sohoa/sohoa/signing/verify/pages"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{"split": page.ServeSplit, "page": ocr.ServePage, "verify": verify.Serve, drawn.Child: drawn.Serve})
	os.Exit(m.Run())
}

// A service is the whole house in this process, embedded, with a development PKI.
type service struct {
	url    string
	secret string // of an admin
	app    *app.App
	pki    work.Config
}

// start runs a service until the test ends; its worker is configured as usual, and
// then changed.
func start(t *testing.T, change ...func(*work.Config)) *service {
	t.Helper()
	dir := t.TempDir()
	a, err := app.Open(t.Context(), app.Config{Data: filepath.Join(dir, "data"), SpoolBytes: 1 << 30, UploadBytes: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	pki := authorities(t, ctx, filepath.Join(dir, "pki"))
	for _, f := range change {
		f(&pki)
	}
	roots, err := trust.LoadPEM(pki.Trust...)
	if err != nil {
		t.Fatal(err)
	}
	server := &api.Server{Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready, Closing: ctx.Done(),
		Policy: verify.Policy{Roots: roots, Online: &verify.Fetcher{Private: true}}, UploadBytes: 64 << 20, VerifyBytes: 64 << 20, Development: true, Version: "test"}
	ended := make(chan error, 3)
	l := listener(t)
	go func() { ended <- api.Serve(ctx, l, web.Handler(server), "", "") }()
	go func() { a.Tend(ctx, queue.DefaultTiming()); ended <- nil }()
	go func() { ended <- work.Run(ctx, a, pki, "Sohoa test") }()
	t.Cleanup(func() {
		stop()
		for range cap(ended) {
			if err := <-ended; err != nil {
				t.Errorf("the service ended with %v", err)
			}
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &service{"http://" + l.Addr().String(), firstKey(t, a), a, pki}
}

// authorities serves a development PKI and returns a worker's configuration for it.
func authorities(t *testing.T, ctx context.Context, dir string) work.Config {
	t.Helper()
	free := listener(t)
	url := "http://" + free.Addr().String()
	free.Close()
	if err := devpki.Init(dir, url); err != nil {
		t.Fatal(err)
	}
	l, err := devpki.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = devpki.Serve(ctx, dir, l) }() // ends with ctx
	return work.Config{Key: filepath.Join(dir, devpki.SignerFile), PasswordFile: filepath.Join(dir, devpki.PasswordFile), Level: "B-T", TSA: []string{url + "/tsa"},
		TSATime: time.Minute, Trust: []string{filepath.Join(dir, devpki.RootsFile)}, Jobs: 1, Languages: "vie", PageTime: 5 * time.Minute, StopTime: 10 * time.Second}
}

func firstKey(t *testing.T, a *app.App) string {
	t.Helper()
	if err := a.Catalogue.PutAgency(t.Context(), record.Agency{ID: "H48.01", Name: "Uỷ ban nhân dân huyện Thử Nghiệm"}, "cli"); err != nil {
		t.Fatal(err)
	}
	_, secret, err := a.Catalogue.CreateKey(t.Context(), "H48.01", record.ScopeAdmin, "test", time.Time{}, "cli")
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
