package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

func TestMain(m *testing.M) { os.Exit(testsvc.Main(m)) }

// TestContract is what every backend promises.
func TestContract(t *testing.T) {
	backends := map[string]func(t *testing.T) *storage.Store{
		"files": func(t *testing.T) *storage.Store {
			s, err := storage.OpenFiles(filepath.Join(t.TempDir(), "objects"))
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		"minio": func(t *testing.T) *storage.Store { return openMinIO(t, false) },
	}
	promises := map[string]func(*testing.T, *storage.Store){
		"an object is read as it was put":                objectIsKept,
		"the same bytes again are success":               sameBytesAgain,
		"other bytes than announced leave nothing":       wrongBytes,
		"a reader that fails leaves nothing":             failingReader,
		"of sixteen writers of one object all succeed":   race,
		"a missing object is not found":                  missing,
		"an object can be read from anywhere in it":      seek,
		"a manifest is written once":                     manifests,
		"objects and manifests are listed":               listed,
		"a marked seal is found whether put or not":      seals,
		"a name that is no digest is refused":            badName,
		"an object above the size of one part is stored": large,
	}
	for name, open := range backends {
		t.Run(name, func(t *testing.T) {
			for promise, check := range promises {
				t.Run(promise, func(t *testing.T) { check(t, open(t)) })
			}
		})
	}
}

func openMinIO(t *testing.T, lock bool) *storage.Store {
	b := testsvc.MinIO(t)
	c := storage.S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey}
	if _, err := storage.MakeBucket(context.Background(), c, lock); err != nil {
		t.Fatal(err)
	}
	s, err := storage.OpenS3(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *storage.Store, b []byte) record.Digest {
	t.Helper()
	r, err := s.PutBytes(context.Background(), b, "text/plain")
	if err != nil {
		t.Fatalf("PutBytes = %v", err)
	}
	return r.SHA256
}

func get(t *testing.T, s *storage.Store, d record.Digest) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Get(context.Background(), d, "", &b); err != nil {
		t.Fatalf("Get = %v", err)
	}
	return b.String()
}

func objectIsKept(t *testing.T, s *storage.Store) {
	for _, text := range []string{"tờ trình", "", strings.Repeat("x", 1<<20)} {
		if got := get(t, s, put(t, s, []byte(text))); got != text {
			t.Errorf("got %d bytes, want %d", len(got), len(text))
		}
	}
}

func sameBytesAgain(t *testing.T, s *storage.Store) {
	if a, b := put(t, s, []byte("a")), put(t, s, []byte("a")); a != b {
		t.Errorf("digests %s and %s", a, b)
	}
}

func wrongBytes(t *testing.T, s *storage.Store) {
	d := record.DigestOf([]byte("announced"))
	if _, err := s.Put(context.Background(), strings.NewReader("otherwise"), 9, d, "text/plain"); err == nil {
		t.Error("bytes of another digest were stored")
	}
	if _, err := s.Open(context.Background(), d, ""); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Open = %v; want not found", err)
	}
}

func failingReader(t *testing.T, s *storage.Store) {
	b := []byte("whole")
	r := io.MultiReader(bytes.NewReader(b[:2]), iotest.ErrReader(errors.New("cut")))
	if _, err := s.Put(context.Background(), r, int64(len(b)), record.DigestOf(b), "text/plain"); err == nil {
		t.Error("half an object was stored")
	}
	if _, err := s.Open(context.Background(), record.DigestOf(b), ""); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Open = %v; want not found", err)
	}
}

func race(t *testing.T, s *storage.Store) {
	b := bytes.Repeat([]byte("race"), 10000)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.PutBytes(context.Background(), b, "text/plain") })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if got := get(t, s, record.DigestOf(b)); got != string(b) {
		t.Error("the object is not what was put")
	}
}

func missing(t *testing.T, s *storage.Store) {
	if _, err := s.Open(context.Background(), record.DigestOf([]byte("never put")), ""); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Open = %v; want not found", err)
	}
	if _, err := s.Manifest(context.Background(), "nobody", 1); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("Manifest = %v; want not found", err)
	}
}

func seek(t *testing.T, s *storage.Store) {
	o, err := s.Open(context.Background(), put(t, s, []byte("0123456789")), "")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if _, err := o.Seek(6, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 3)
	if _, err := io.ReadFull(o, b); err != nil || string(b) != "678" || o.Size != 10 {
		t.Errorf("read %q of %d bytes, %v; want 678 of 10", b, o.Size, err)
	}
}

func manifests(t *testing.T, s *storage.Store) {
	ctx := context.Background()
	for range 2 {
		if err := s.PutManifest(ctx, "doc", 1, []byte("{1}")); err != nil {
			t.Errorf("PutManifest = %v", err)
		}
	}
	if err := s.PutManifest(ctx, "doc", 1, []byte("{2}")); !errors.Is(err, record.ErrConflict) {
		t.Errorf("PutManifest of other bytes = %v; want conflict", err)
	}
	if b, err := s.Manifest(ctx, "doc", 1); err != nil || string(b) != "{1}" {
		t.Errorf("Manifest = %q, %v; want {1}", b, err)
	}
}

func listed(t *testing.T, s *storage.Store) {
	ctx := context.Background()
	want := []record.Digest{put(t, s, []byte("a")), put(t, s, []byte("b"))}
	if err := s.PutManifest(ctx, "doc", 12, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	var got []record.Digest
	for d, err := range s.Objects(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, d)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("Objects = %v; want %v", got, want)
	}
	for m, err := range s.Manifests(ctx) {
		if err != nil || m != (storage.ManifestRef{Subject: "doc", Number: 12}) {
			t.Errorf("Manifests gives %v, %v", m, err)
		}
	}
}

func seals(t *testing.T, s *storage.Store) {
	ctx := context.Background()
	d := record.DigestOf([]byte("sealed"))
	for range 2 {
		if err := s.MarkSeal(ctx, "doc", 4, d); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.MarkedSeals(ctx, "doc", 4); err != nil || !slices.Equal(got, []record.Digest{d}) {
		t.Errorf("MarkedSeals = %v, %v; want %v", got, err, d)
	}
	if got, err := s.MarkedSeals(ctx, "doc", 5); err != nil || len(got) != 0 {
		t.Errorf("MarkedSeals of another version = %v, %v", got, err)
	}
}

func badName(t *testing.T, s *storage.Store) {
	for _, d := range []record.Digest{"", "../../etc/passwd", "ABCDEF"} {
		if _, err := s.Open(context.Background(), d, ""); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("Open(%q) = %v; want invalid", d, err)
		}
	}
}

func large(t *testing.T, s *storage.Store) {
	b := bytes.Repeat([]byte("0123456789abcdef"), 65<<16) // 65 MiB
	if got := get(t, s, put(t, s, b)); got != string(b) {
		t.Errorf("got %d other bytes, want %d", len(got), len(b))
	}
	put(t, s, b)
}
