package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
)

// ServiceOptions say what to measure of the service. Store, catalogue and queue
// are those of App: what is written there stays.
type ServiceOptions struct {
	App       app.Config
	In        string // folder of scans; "" for the sample dossier
	Documents int    // that are searched among
	Software  string
	Languages string
	Progress  func(what string)
}

// Service measures what the service adds to its parts, in one run: upload and
// fetch against the bare store, queue, catalogue and store against recognition,
// documents a minute with one job and with two, and search. The binary must serve
// the children of page and ocr and [PrepareChild].
func Service(ctx context.Context, o ServiceOptions) (ServiceReport, error) {
	report := ServiceReport{Date: time.Now(), Store: nameOf(o.App.Store, "files"), Catalogue: nameOf(o.App.Catalogue, "SQLite"), Queue: nameOf(o.App.Redis, "in process")}
	s, err := openService(ctx, o)
	if err != nil {
		return report, err
	}
	defer s.close()
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"upload and fetch", func(ctx context.Context) (err error) { report.Passes, err = s.passes(ctx); return err }},
		{"what a document costs", func(ctx context.Context) (err error) { report.Cost, err = s.cost(ctx); return err }},
		{"documents a minute", func(ctx context.Context) (err error) { report.Speeds, err = s.speeds(ctx); return err }},
		{"search", func(ctx context.Context) (err error) { report.Searches, err = s.searches(ctx); return err }},
	} {
		o.Progress(step.what)
		if err := step.do(ctx); err != nil {
			return report, fmt.Errorf("measure %s: %w", step.what, err)
		}
	}
	return report, nil
}

func nameOf(address, embedded string) string {
	if address == "" {
		return embedded
	}
	return "as configured"
}

// A service is a whole one, with an agency of its own and nobody working in it
// until a measurement starts workers.
type service struct {
	options ServiceOptions
	folder  string
	app     *app.App
	url     string
	secret  string
	agency  record.Agency
	files   []string // scans
	stop    context.CancelFunc
	ended   chan struct{}
}

func openService(ctx context.Context, o ServiceOptions) (_ *service, err error) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // a line for each job would be measured too
	s := &service{options: o, ended: make(chan struct{}, 2), agency: record.Agency{ID: "BENCH." + rand.Text()[:10], Name: "Sở Đo lường"}}
	if s.folder, err = os.MkdirTemp("", "sohoa-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(s.folder)
		}
	}()
	o.App.Data = filepath.Join(s.folder, "data")
	if s.app, err = app.Open(ctx, o.App); err != nil {
		return nil, err
	}
	if err = s.found(ctx); err != nil {
		return nil, errors.Join(err, s.app.Close())
	}
	ctx, s.stop = context.WithCancel(ctx)
	return s, s.serve(ctx)
}

// found makes the agency, its key, a development PKI and the scans.
func (s *service) found(ctx context.Context) (err error) {
	if err := s.app.Catalogue.PutAgency(ctx, s.agency, "bench"); err != nil {
		return err
	}
	if _, s.secret, err = s.app.Catalogue.CreateKey(ctx, s.agency.ID, record.ScopeAdmin, "bench", time.Time{}, "bench"); err != nil {
		return err
	}
	if err := devpki.Init(filepath.Join(s.folder, "pki"), "http://127.0.0.1:1"); err != nil { // nobody asks it: B-B needs no service
		return err
	}
	if s.options.In == "" {
		s.options.In = filepath.Join(s.folder, "scans")
		if err := os.Mkdir(s.options.In, 0o700); err != nil {
			return err
		}
		if err := paper.WriteSampleDossier(s.options.In); err != nil {
			return err
		}
	}
	s.files, err = scans(s.options.In)
	return err
}

// serve answers on a port of this machine, and rings.
func (s *service) serve(ctx context.Context) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.url = "http://" + l.Addr().String() + "/api/v1"
	server := &api.Server{Catalogue: s.app.Catalogue, Store: s.app.Store, Spool: s.app.Spool, Manifests: s.app.WriteManifests, Ready: s.app.Ready,
		UploadBytes: 1 << 30, VerifyBytes: 1 << 20, Development: true, Closing: ctx.Done()}
	go func() {
		_ = api.Serve(ctx, l, server.Handler(), "", "") // ends with the bench; a failure shows as an upload that fails
		s.ended <- struct{}{}
	}()
	go func() { s.app.Tend(ctx, queue.DefaultTiming()); s.ended <- struct{}{} }()
	return nil
}

func (s *service) close() {
	s.stop()
	<-s.ended
	<-s.ended
	s.app.Close()
	os.RemoveAll(s.folder)
}

// dossier makes a new one.
func (s *service) dossier(ctx context.Context) (record.Dossier, error) {
	return s.app.Catalogue.CreateDossier(ctx, s.agency.ID, rand.Text(), "Hồ sơ đo", "bench")
}

// upload sends one file through the API and returns the document's id.
func (s *service) upload(ctx context.Context, dossier, name string, body []byte) (string, error) {
	resp, err := s.ask(ctx, http.MethodPost, "/dossiers/"+dossier+"/documents?name="+name, body)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var receipt record.Receipt
	err = json.NewDecoder(resp.Body).Decode(&receipt)
	return receipt.Document, err
}

// fetch reads the original through the API.
func (s *service) fetch(ctx context.Context, id string) error {
	resp, err := s.ask(ctx, http.MethodGet, "/documents/"+id+"/content/original", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func (s *service) ask(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.secret)
	resp, err := http.DefaultClient.Do(req)
	if err == nil && resp.StatusCode >= 300 {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, text)
	}
	return resp, err
}
