package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

func TestADamagedFileNeverReadsToItsEnd(t *testing.T) {
	dir := t.TempDir()
	s, err := storage.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := put(t, s, []byte("giấy khai sinh"))
	path := filepath.Join(dir, "sha256", string(d[:2]), string(d[2:4]), string(d))
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("giấy khai sinx"), 0o644); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Get(context.Background(), d, "", &b); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Get = %v; want ErrDamaged", err)
	}
	if _, err := s.Read(context.Background(), d, "", 1000); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Read = %v; want ErrDamaged", err)
	}
	if _, err := s.PutBytes(context.Background(), []byte("giấy khai sinh"), ""); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Put over damaged bytes = %v; want ErrDamaged", err)
	}
}

func TestFilesAreReadOnlyAndHalfOnesAreSwept(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "tmp", "put-half")
	if err := os.WriteFile(half, []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := storage.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Errorf("what an earlier process left half-written is there: %v", err)
	}
	d := put(t, s, []byte("x"))
	info, err := os.Stat(filepath.Join(dir, "sha256", string(d[:2]), string(d[2:4]), string(d)))
	if err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("mode %v, %v; want 0444", info.Mode(), err)
	}
}

func TestSpool(t *testing.T) {
	for _, c := range []struct {
		name   string
		quota  int64
		limit  int64
		body   io.Reader
		reason record.Reason
	}{
		{"an upload within its limit", 100, 100, strings.NewReader("0123456789"), ""},
		{"an upload over its limit", 100, 9, strings.NewReader("0123456789"), record.TooManyBytes},
		{"an upload over the quota", 9, 100, strings.NewReader("0123456789"), record.SpoolFull},
		{"an upload that is cut off", 100, 100, io.MultiReader(strings.NewReader("0123"), iotest.ErrReader(errors.New("reset"))), record.UploadCut},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := storage.OpenSpool(dir, c.quota)
			if err != nil {
				t.Fatal(err)
			}
			u, err := s.Receive(c.body, c.limit)
			if record.ReasonOf(err) != c.reason {
				t.Fatalf("Receive = %v; want reason %q", err, c.reason)
			}
			if err == nil {
				if u.SHA256 != record.DigestOf([]byte("0123456789")) || u.Bytes != 10 || string(u.Head) != "0123456789" {
					t.Errorf("Receive = %+v", u)
				}
				u.Remove()
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files stay behind", len(left))
			}
			// The place is free again: an upload as large as the quota fits.
			if _, err := s.Receive(bytes.NewReader(make([]byte, c.quota)), c.quota); err != nil {
				t.Errorf("after that: %v", err)
			}
		})
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	s, err := storage.OpenSpool(dir, 100)
	if err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"up-old": 48 * time.Hour, "up-new": time.Minute} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now(), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := s.MakeFolder()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "left.pdf"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(folder, time.Now(), time.Now().Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(24 * time.Hour); n != 2 || err != nil {
		t.Errorf("Sweep = %d, %v; want 2", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "up-new")); err != nil {
		t.Error("an upload on its way was swept")
	}
}
