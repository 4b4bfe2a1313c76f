package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/sohoa/sohoa/record"
)

// A Spool holds uploads while they arrive: bounded in sum, hashed on the way,
// durable when Receive returns.
type Spool struct {
	dir   string
	quota int64

	mu   sync.Mutex
	used int64
}

// OpenSpool opens the spool in a folder. quota bounds the bytes of all uploads
// that are held at a time.
func OpenSpool(dir string, quota int64) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open spool: %w", err)
	}
	return &Spool{dir: dir, quota: quota}, nil
}

// MakeFolder makes a folder of its own for what a request needs on disk beside its
// upload. Whoever asked for it removes it; [Spool.Sweep] does so if he is gone.
func (s *Spool) MakeFolder() (string, error) {
	dir, err := os.MkdirTemp(s.dir, "up-*")
	return dir, full(err)
}

// A Spooled is one upload that has arrived whole.
type Spooled struct {
	Path   string
	SHA256 record.Digest
	Bytes  int64
	Head   []byte // the first bytes, to tell the type
	spool  *Spool
}

// Open opens the upload for reading.
func (u *Spooled) Open() (*os.File, error) { return os.Open(u.Path) }

// Remove gives the upload's place back.
func (u *Spooled) Remove() {
	if os.Remove(u.Path) == nil {
		u.spool.give(u.Bytes)
	}
}

const headBytes = 512

// Receive takes an upload of at most limit bytes from r. It refuses with
// record.TooManyBytes, record.SpoolFull, record.DiskFull, and with
// record.UploadCut if r ends with an error; then nothing stays behind.
func (s *Spool) Receive(r io.Reader, limit int64) (u *Spooled, err error) {
	f, err := os.CreateTemp(s.dir, "up-*")
	if err != nil {
		return nil, full(fmt.Errorf("spool an upload: %w", err))
	}
	u = &Spooled{Path: f.Name(), spool: s}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			os.Remove(f.Name())
			s.give(u.Bytes)
			u = nil
		}
	}()
	h := sha256.New()
	buf := make([]byte, 256<<10)
	for {
		n, rerr := r.Read(buf)
		if n > 0 {
			if err := s.write(u, f, buf[:n], limit); err != nil {
				return u, err
			}
			h.Write(buf[:n])
		}
		if rerr == io.EOF {
			break
		}
		if rerr != nil {
			return u, record.Fail(record.UploadCut, rerr, "receive an upload, %d bytes had come", u.Bytes)
		}
	}
	u.SHA256 = record.Digest(hex.EncodeToString(h.Sum(nil)))
	return u, full(f.Sync())
}

// write takes the place for b and writes it.
func (s *Spool) write(u *Spooled, f *os.File, b []byte, limit int64) error {
	if u.Bytes+int64(len(b)) > limit {
		return record.Refuse(record.TooManyBytes, nil, "receive an upload of more than %d bytes", limit)
	}
	if !s.take(int64(len(b))) {
		return record.Fail(record.SpoolFull, nil, "receive an upload: the spool holds its %d bytes", s.quota)
	}
	u.Bytes += int64(len(b))
	if room := headBytes - len(u.Head); room > 0 {
		u.Head = append(u.Head, b[:min(room, len(b))]...)
	}
	_, err := f.Write(b)
	return full(err)
}

func (s *Spool) take(n int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used+n > s.quota {
		return false
	}
	s.used += n
	return true
}

func (s *Spool) give(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used -= n
}

// Sweep removes uploads and folders that a process which is gone left behind: those
// older than age. It returns how many.
func (s *Spool) Sweep(age time.Duration) (int, error) {
	paths, err := filepath.Glob(filepath.Join(s.dir, "up-*"))
	if err != nil {
		return 0, err
	}
	swept := 0
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || time.Since(info.ModTime()) < age {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return swept, fmt.Errorf("sweep the spool: %w", err)
		}
		swept++
	}
	return swept, nil
}

// full gives an error of a full disk its reason.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return record.Fail(record.DiskFull, err, "write to the store's disk")
	}
	return err
}
