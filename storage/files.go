package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// files keeps keys as files below a folder: written beside, made durable, linked
// to the final name (which fails where the name is taken), read-only.
type files struct{ dir string }

// OpenFiles opens the store in a folder, which is made if it is not there.
func OpenFiles(dir string) (*Store, error) {
	for _, d := range []string{dir, filepath.Join(dir, "tmp")} {
		if err := os.MkdirAll(d, 0o750); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
	}
	f := &files{dir}
	return &Store{f}, f.sweep()
}

// BesideFiles opens the store in a folder that another process may be writing to:
// nothing is made and nothing half-written is swept.
func BesideFiles(dir string) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, "tmp")); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return &Store{&files{dir}}, nil
}

// sweep removes what an earlier process left half-written.
func (f *files) sweep() error {
	left, err := filepath.Glob(filepath.Join(f.dir, "tmp", "put-*"))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (f *files) put(ctx context.Context, key string, r io.Reader, size int64, d record.Digest, _ string) (string, error) {
	final := filepath.Join(f.dir, filepath.FromSlash(key))
	if _, err := os.Lstat(final); err == nil {
		return "", errExists
	}
	tmp, err := f.write(ctx, r, size, d)
	if err != nil {
		return "", full(err)
	}
	defer os.Remove(tmp)
	if err := f.makeFolders(filepath.Dir(final)); err != nil {
		return "", full(err)
	}
	crash.Point("file-written")
	if err := os.Link(tmp, final); errors.Is(err, fs.ErrExist) {
		return "", errExists
	} else if err != nil {
		return "", full(err)
	}
	crash.Point("file-linked")
	return "", syncFolder(filepath.Dir(final)) // from here on the name survives a power cut
}

// write makes a durable temporary file of size bytes with digest d.
func (f *files) write(ctx context.Context, r io.Reader, size int64, d record.Digest) (path string, err error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "put-*")
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, tmp.Close())
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, h), &ctxReader{ctx, r})
	if err != nil {
		return "", err
	}
	if got := record.Digest(hex.EncodeToString(h.Sum(nil))); got != d || n != size {
		return "", fmt.Errorf("%d bytes with digest %s were given for %d bytes with digest %s: %w", n, got, size, d, record.ErrInvalid)
	}
	return tmp.Name(), errors.Join(tmp.Chmod(0o444), tmp.Sync())
}

// makeFolders makes dir and its parents up to the store's folder, each durable.
func (f *files) makeFolders(dir string) error {
	if dir == f.dir {
		return nil
	}
	if err := os.Mkdir(dir, 0o750); err == nil {
		return syncFolder(filepath.Dir(dir))
	} else if errors.Is(err, fs.ErrExist) {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.makeFolders(filepath.Dir(dir)); err != nil {
		return err
	}
	return f.makeFolders(dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (f *files) open(_ context.Context, key, _ string) (Object, error) {
	file, err := os.Open(filepath.Join(f.dir, filepath.FromSlash(key)))
	if errors.Is(err, fs.ErrNotExist) {
		return Object{}, fmt.Errorf("open %s: %w", key, record.ErrNotFound)
	}
	if err != nil {
		return Object{}, fmt.Errorf("open %s: %w", key, err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return Object{}, fmt.Errorf("open %s: %w", key, err)
	}
	return Object{ReadSeekCloser: file, Size: info.Size()}, nil
}

func (f *files) list(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		root := filepath.Join(f.dir, filepath.FromSlash(strings.TrimSuffix(prefix, "/")))
		stop := errors.New("stop")
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || ctx.Err() != nil {
				return errors.Join(err, ctx.Err())
			}
			if rel, rerr := filepath.Rel(f.dir, path); rerr == nil && d.Type().IsRegular() && !yield(filepath.ToSlash(rel), nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) && !errors.Is(err, fs.ErrNotExist) {
			yield("", fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

// ctxReader ends a copy when its context ends.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
