package work

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sohoa/sohoa/catalogue"
)

// PostsFolder is where, in the data folder, the posts of its workers lie.
const PostsFolder = "workers"

const lockFile = "lock"

// A post is a worker's place on this machine: a folder for what it has in hand,
// locked for as long as its process lives, however that ends. So others who work
// with the same data folder, and the next process in its place, know at once that
// it is dead. Workers elsewhere know by its silence.
type post struct {
	name string // of the worker in the rows of its jobs
	dir  string
	lock *os.File
}

// takePost makes a post in a data folder. Until it is locked its name begins with a
// dot, and nobody takes it for one whose worker is dead.
func takePost(data string) (*post, error) {
	all := filepath.Join(data, PostsFolder)
	if err := os.MkdirAll(all, 0o700); err != nil {
		return nil, fmt.Errorf("take a post: %w", err)
	}
	host, _ := os.Hostname() // only a name in a row
	made, err := os.MkdirTemp(all, fmt.Sprintf(".%s-%d-", host, os.Getpid()))
	if err != nil {
		return nil, fmt.Errorf("take a post: %w", err)
	}
	p := &post{name: strings.TrimPrefix(filepath.Base(made), ".")}
	p.dir = filepath.Join(all, p.name)
	p.lock, err = os.OpenFile(filepath.Join(made, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(p.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err == nil {
		err = os.Rename(made, p.dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take a post: %w", err), p.lock.Close(), os.RemoveAll(made))
	}
	return p, nil
}

// leave gives the post up.
func (p *post) leave() error { return errors.Join(os.RemoveAll(p.dir), p.lock.Close()) }

// watch relieves those who died, at once and then after each pause, until ctx ends.
func (p *post) watch(ctx context.Context, c *catalogue.Catalogue, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := p.relieve(ctx, c); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "cannot look after dead workers", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// relieve makes due again what dead workers of this data folder had in hand, and
// removes what they left there: parts of documents.
func (p *post) relieve(ctx context.Context, c *catalogue.Catalogue) error {
	all, err := os.ReadDir(filepath.Dir(p.dir))
	for _, e := range all {
		if name := e.Name(); name != p.name && e.IsDir() {
			err = errors.Join(err, relieve(ctx, c, filepath.Join(filepath.Dir(p.dir), name)))
		}
	}
	return err
}

// unlocked is the age at which a post that was never locked is left behind.
const unlocked = time.Hour

func relieve(ctx context.Context, c *catalogue.Catalogue, dir string) error {
	name := filepath.Base(dir)
	if strings.HasPrefix(name, ".") {
		if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < unlocked {
			return nil
		}
		return os.RemoveAll(dir)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(dir) // somebody began to
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil // it lives
	}
	n, err := c.Abandoned(ctx, name)
	if err != nil {
		return err
	}
	if n > 0 {
		slog.WarnContext(ctx, "a worker is dead, what it had in hand is due again", "worker", name, "jobs", n)
	}
	return os.RemoveAll(dir)
}
