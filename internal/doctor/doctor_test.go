package doctor_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/doctor"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{"split": page.ServeSplit, "page": ocr.ServePage})
	os.Exit(testsvc.Main(m))
}

var ctx = context.Background()

// examined are the worst states by check.
func examined(a app.Config, w work.Config) (map[record.Check]record.State, []record.Finding) {
	var all []record.Finding
	states := map[record.Check]record.State{}
	doctor.Examine(ctx, a, w, func(f record.Finding) {
		all = append(all, f)
		if states[f.Check] != record.Bad {
			states[f.Check] = f.State
		}
	})
	return states, all
}

func expect(t *testing.T, got map[record.Check]record.State, all []record.Finding, want map[record.Check]record.State) {
	t.Helper()
	for check, state := range want {
		if got[check] != state {
			t.Errorf("%s is %q; want %q\n%+v", check, got[check], state, all)
		}
	}
}

// pki serves a development PKI and returns a worker that uses it.
func pki(t *testing.T) work.Config {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	dir := filepath.Join(t.TempDir(), "pki")
	if err := devpki.Init(dir, "http://"+address); err != nil {
		t.Fatal(err)
	}
	if l, err = devpki.Listen(dir); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(ctx)
	t.Cleanup(stop)
	go devpki.Serve(ctx, dir, l)
	return work.Config{Key: filepath.Join(dir, devpki.SignerFile), PasswordFile: filepath.Join(dir, devpki.PasswordFile), TSA: []string{"http://" + address + "/tsa"}, TSATime: 20 * time.Second,
		Trust: []string{filepath.Join(dir, devpki.RootsFile)}, AllowPrivate: true, Languages: "vie", PageTime: time.Minute}
}

// production is real services; Redis may be set up badly. PostgreSQL runs without
// fsync, as tests run it.
func production(t *testing.T, redis string) app.Config {
	t.Helper()
	b := testsvc.MinIO(t)
	if _, err := storage.MakeBucket(ctx, storage.S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey}, true); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	secret := filepath.Join(data, "store.secret")
	if err := os.WriteFile(secret, []byte(b.SecretKey), 0o600); err != nil {
		t.Fatal(err)
	}
	return app.Config{Data: data, Store: fmt.Sprintf("s3://%s@%s/%s?retain-days=1", b.AccessKey, b.Endpoint, b.Name), StoreSecret: secret, Catalogue: testsvc.Postgres(t), Redis: redis, SpoolBytes: 1 << 20}
}

func TestSoundServices(t *testing.T) {
	c := production(t, testsvc.Redis(t))
	a, err := app.Open(ctx, c) // brings the catalogue to this version
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Catalogue.PutAgency(ctx, record.Agency{ID: "H01", Name: "Ủy ban nhân dân tỉnh Đắk Lắk", CopyForm: "SAO Y"}, "test"); err != nil {
		t.Fatal(err)
	}
	a.Close()
	states, all := examined(c, pki(t))
	expect(t, states, all, map[record.Check]record.State{record.CheckStore: record.Good, record.CheckConditional: record.Good, record.CheckChecksum: record.Good, record.CheckVersions: record.Good,
		record.CheckLock: record.Good, record.CheckQueue: record.Good, record.CheckQueueMemory: record.Good, record.CheckQueueDisk: record.Advised, record.CheckCatalogue: record.Good,
		record.CheckDurable: record.Bad, record.CheckClock: record.Good, record.CheckReading: record.Good, record.CheckFont: record.Good, record.CheckTSA: record.Good,
		record.CheckTSATrust: record.Good, record.CheckKey: record.Good, record.CheckKeyTrust: record.Good, record.CheckKeyRevoked: record.Good})
}

func TestWhatIsWrongIsFound(t *testing.T) {
	redis := testsvc.OwnRedis(t)
	tell(t, redis.URL(), "CONFIG SET maxmemory-policy allkeys-lru")
	c := production(t, redis.URL())
	w, other := pki(t), pki(t)
	w.Trust = other.Trust
	w.TSA = append(w.TSA, "http://127.0.0.1:1/tsa")
	w.Languages = "nosuchlanguage"
	states, all := examined(c, w)
	expect(t, states, all, map[record.Check]record.State{record.CheckQueueMemory: record.Bad, record.CheckCatalogue: record.Good, record.CheckTSATrust: record.Bad, record.CheckTSA: record.Bad,
		record.CheckKeyTrust: record.Bad, record.CheckReading: record.Bad})
	w.PasswordFile = filepath.Join(t.TempDir(), "none")
	redis.Kill()
	c.Store = strings.Replace(c.Store, "s3://", "s3://wrong", 1)
	c.Catalogue = "postgres://tester@127.0.0.1:1/none"
	states, all = examined(c, w)
	expect(t, states, all, map[record.Check]record.State{record.CheckStore: record.Bad, record.CheckQueue: record.Bad, record.CheckCatalogue: record.Bad, record.CheckKey: record.Bad})
}

// TestWhatIsSoonWrongIsFound: a certificate near its end, an authority with another
// time, a name that cannot be printed, a Redis that keeps its rings.
func TestWhatIsSoonWrongIsFound(t *testing.T) {
	redis := testsvc.OwnRedis(t)
	tell(t, redis.URL(), "CONFIG SET appendonly yes")
	data := t.TempDir()
	c := app.Config{Data: data, Redis: redis.URL(), SpoolBytes: 1 << 20}
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Catalogue.PutAgency(ctx, record.Agency{ID: "H01", Name: "北京市", CopyForm: "SAO Y"}, "test"); err != nil {
		t.Fatal(err)
	}
	a.Close()
	w := pki(t)
	dir := filepath.Dir(w.Key)
	p, err := devpki.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if p.Signer, err = p.Issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Sở Thử nghiệm"}, NotAfter: time.Time{}.AddDate(0, 0, 30), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment}, devpki.ECDSAP256); err != nil {
		t.Fatal(err)
	}
	if err := p.Save(dir); err != nil {
		t.Fatal(err)
	}
	p.Now = func() time.Time { return time.Now().Add(3 * time.Minute) }
	ahead := httptest.NewServer(p.Handler())
	t.Cleanup(ahead.Close)
	w.TSA = []string{ahead.URL + "/tsa"}
	states, all := examined(c, w)
	expect(t, states, all, map[record.Check]record.State{record.CheckQueueDisk: record.Good, record.CheckFont: record.Bad, record.CheckClock: record.Bad, record.CheckTSA: record.Good,
		record.CheckKey: record.Good, record.CheckKeyExpiry: record.Advised, record.CheckKeyTrust: record.Good})
	if p.Signer, err = p.Issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Sở Thử nghiệm"}, NotAfter: time.Time{}.Add(-time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment}, devpki.ECDSAP256); err != nil {
		t.Fatal(err)
	}
	if err := p.Save(dir); err != nil {
		t.Fatal(err)
	}
	states, all = examined(c, w)
	expect(t, states, all, map[record.Check]record.State{record.CheckKey: record.Bad})
}

func TestNothingIsLeftBehind(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	states, all := examined(app.Config{Data: data}, work.Config{Languages: "vie", PageTime: time.Minute})
	expect(t, states, all, map[record.Check]record.State{record.CheckStore: record.Good, record.CheckCatalogue: record.Good, record.CheckKey: record.Unknown})
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("it made the data folder: %v", err)
	}
}

// tell sends one command to Redis.
func tell(t *testing.T, url, command string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s\r\n", command)
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || answer != "+OK\r\n" {
		t.Fatalf("%s: %q, %v", command, answer, err)
	}
}
