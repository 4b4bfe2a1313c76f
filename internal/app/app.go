// Package app opens what a process of ours needs — object store, catalogue, queue,
// spool — from one configuration, the same for all binaries. With nothing said
// everything is embedded in one data folder.
package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// Config is what all binaries can be told, by flags, environment or a file.
// Secrets are paths of files, never values.
type Config struct {
	Data        string `default:"data" env:"SOHOA_DATA" help:"Folder for everything that is kept on this machine." placeholder:"DIR"`
	Store       string `env:"SOHOA_STORE" help:"Object store: s3://ACCESS-KEY@HOST:PORT/BUCKET (s3s:// with TLS); ?retain-days=N keeps all that is put from being deleted. Default: files in the data folder." placeholder:"URL"`
	StoreSecret string `env:"SOHOA_STORE_SECRET_FILE" help:"File that holds the object store's secret key." placeholder:"FILE"`
	Catalogue   string `env:"SOHOA_CATALOGUE" help:"Catalogue: postgres://USER@HOST/DATABASE. Default: SQLite in the data folder." placeholder:"URL"`
	CataloguePW string `name:"catalogue-password-file" env:"SOHOA_CATALOGUE_PASSWORD_FILE" help:"File that holds the catalogue's password." placeholder:"FILE"`
	Redis       string `env:"SOHOA_REDIS" help:"Queue: redis://HOST:PORT, or redis-sentinel://HOST:PORT,HOST:PORT?master=NAME. Default: inside this process." placeholder:"URL"`
	RedisPW     string `name:"redis-password-file" env:"SOHOA_REDIS_PASSWORD_FILE" help:"File that holds the queue's password." placeholder:"FILE"`
	Metrics     string `env:"SOHOA_METRICS" help:"Address of the metrics for Prometheus, such as 127.0.0.1:9417. Default: none." placeholder:"HOST:PORT"`
	Traces      string `env:"SOHOA_TRACES,OTEL_EXPORTER_OTLP_ENDPOINT" help:"Collector of OpenTelemetry to which traces are sent (OTLP over HTTP), such as http://127.0.0.1:4318. Default: none." placeholder:"URL"`
	SpoolBytes  int64  `default:"21474836480" env:"SOHOA_SPOOL_BYTES" help:"Bytes of uploads that may be on their way at a time."`
	UploadBytes int64  `default:"1073741824" env:"SOHOA_UPLOAD_BYTES" help:"Bytes of one uploaded file."`
}

// An App holds what was opened.
type App struct {
	Config    Config
	Store     *storage.Store
	Catalogue *catalogue.Catalogue
	Broker    *queue.Broker
	Spool     *storage.Spool
	lock      *os.File
}

// Embedded reports whether the whole service lives in this process.
func (c Config) Embedded() bool { return c.Store == "" && c.Catalogue == "" && c.Redis == "" }

// Open opens everything. A data folder that another process uses is refused with
// record.DataInUse if anything embedded lies in it.
func Open(ctx context.Context, c Config) (a *App, err error) {
	a = &App{Config: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return a, fmt.Errorf("open the data folder: %w", err)
	}
	if c.Store == "" || c.Catalogue == "" || c.Redis == "" {
		if err := a.own(); err != nil {
			return a, err
		}
	}
	if a.Spool, err = storage.OpenSpool(filepath.Join(c.Data, "spool"), c.SpoolBytes); err != nil {
		return a, err
	}
	if a.Store, err = OpenStore(ctx, c); err != nil {
		return a, err
	}
	if a.Catalogue, err = OpenCatalogue(ctx, c); err != nil {
		return a, err
	}
	if a.Broker, err = OpenBroker(c); err != nil {
		return a, err
	}
	if c.Redis == "" {
		err = queue.Restart(ctx, a.Catalogue)
	}
	return a, err
}

// Beside opens store and catalogue alone, beside a running service too: the data
// folder is not taken, nothing is swept, and there is neither queue nor spool.
func Beside(ctx context.Context, c Config) (a *App, err error) {
	a = &App{Config: c}
	if c.Store == "" {
		a.Store, err = storage.BesideFiles(filepath.Join(c.Data, "objects"))
	} else {
		a.Store, err = OpenStore(ctx, c)
	}
	if err != nil {
		return a, err
	}
	a.Catalogue, err = OpenCatalogue(ctx, c)
	return a, err
}

// own takes the data folder for this process. The lock ends with the process,
// however it ends.
func (a *App) own() error {
	f, err := os.OpenFile(filepath.Join(a.Config.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the data folder: %w", err)
	}
	a.lock = f
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return record.Refuse(record.DataInUse, err, "open the data folder %s", a.Config.Data)
	}
	return nil
}

// OpenStore opens the object store alone.
func OpenStore(ctx context.Context, c Config) (*storage.Store, error) {
	if c.Store == "" {
		return storage.OpenFiles(filepath.Join(c.Data, "objects"))
	}
	s3, err := S3(c)
	if err != nil {
		return nil, err
	}
	return storage.OpenS3(ctx, s3)
}

// S3 reads the store's address.
func S3(c Config) (storage.S3Config, error) {
	u, err := url.Parse(c.Store)
	if err != nil || u.Scheme != "s3" && u.Scheme != "s3s" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return storage.S3Config{}, fmt.Errorf("store %q is not s3://ACCESS-KEY@HOST:PORT/BUCKET: %w", redacted(c.Store), record.ErrInvalid)
	}
	days := 0
	if text := u.Query().Get("retain-days"); text != "" {
		if days, err = strconv.Atoi(text); err != nil || days < 1 || days > 36500 {
			return storage.S3Config{}, fmt.Errorf("retain-days %.20q is not a number of days from 1 to 36500: %w", text, record.ErrInvalid)
		}
	}
	secret, err := secretFile(c.StoreSecret)
	return storage.S3Config{Endpoint: u.Host, Bucket: strings.Trim(u.Path, "/"), Region: u.Query().Get("region"),
		AccessKey: u.User.Username(), SecretKey: secret, Secure: u.Scheme == "s3s", Retain: time.Duration(days) * 24 * time.Hour}, err
}

// OpenCatalogue opens the catalogue alone, also beside a running service.
func OpenCatalogue(ctx context.Context, c Config) (*catalogue.Catalogue, error) {
	dsn, err := CatalogueDSN(c)
	if err != nil {
		return nil, err
	}
	return catalogue.Open(ctx, dsn)
}

// CatalogueDSN is the catalogue's address with its password.
func CatalogueDSN(c Config) (string, error) {
	if c.Catalogue == "" {
		return "sqlite:" + filepath.Join(c.Data, "catalogue.db"), nil
	}
	return withPassword(c.Catalogue, c.CataloguePW)
}

// OpenBroker opens the queue alone.
func OpenBroker(c Config) (*queue.Broker, error) {
	if c.Redis == "" {
		return queue.Embedded()
	}
	uri, err := withPassword(c.Redis, c.RedisPW)
	if err != nil {
		return nil, err
	}
	return queue.Redis(uri)
}

// withPassword puts the password in a file into an address.
func withPassword(address, file string) (string, error) {
	if file == "" {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", redacted(address), record.ErrInvalid)
	}
	secret, err := secretFile(file)
	u.User = url.UserPassword(u.User.Username(), secret)
	return u.String(), err
}

func secretFile(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

func redacted(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return "(unreadable)"
}

// Close closes what was opened.
func (a *App) Close() error {
	var err error
	if a.Broker != nil {
		err = errors.Join(err, a.Broker.Close())
	}
	if a.Catalogue != nil {
		err = errors.Join(err, a.Catalogue.Close())
	}
	if a.lock != nil {
		err = errors.Join(err, a.lock.Close())
	}
	return err
}

// WriteManifests stores the manifests that are due: those of a subject, or with
// subject "" of all.
func (a *App) WriteManifests(ctx context.Context, subject string) error {
	for {
		due, err := a.Catalogue.DueManifests(ctx, subject, 100)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, m := range due {
			if err := a.Store.PutManifest(ctx, m.Subject, m.Number, m.Body); err != nil {
				return fmt.Errorf("store manifest %d of %s: %w", m.Number, m.Subject, err)
			}
			crash.Point("manifest-put")
			if err := a.Catalogue.ManifestStored(ctx, m.Subject, m.Number); err != nil {
				return err
			}
		}
	}
}

// Tend runs the relay and the reconcilers until ctx ends: rings, lost rings,
// missing manifests, uploads that were left behind.
func (a *App) Tend(ctx context.Context, t queue.Timing) {
	done := make(chan struct{}, 2)
	go func() { queue.Relay(ctx, a.Broker, a.Catalogue, t); done <- struct{}{} }()
	go func() { queue.Reconcile(ctx, a.Broker, a.Catalogue, t); done <- struct{}{} }()
	tick := time.NewTicker(t.Reconcile)
	defer tick.Stop()
	for ctx.Err() == nil {
		a.tidy(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	<-done
	<-done
}

// Ready reports whether catalogue, queue and store answer.
func (a *App) Ready(ctx context.Context) error {
	return errors.Join(a.Catalogue.Ping(ctx), a.Broker.Ping(), a.Store.Ping(ctx))
}
