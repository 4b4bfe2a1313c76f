// Package testsvc starts real servers for tests: Redis, PostgreSQL, MinIO. A
// server is started once for a test binary, dies with it, and keeps nothing; each
// test gets a database, a bucket of its own. A server that cannot be started
// fails the test: a test that is skipped proves nothing.
package testsvc

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A server is a process that answers within a while.
type server struct {
	once   sync.Once
	err    error
	folder string
	cmd    *exec.Cmd
}

var (
	mu      sync.Mutex
	started []*server
)

// Main runs the tests of a package and then stops the servers they started. It
// is the last line of TestMain: os.Exit(testsvc.Main(m)).
func Main(m *testing.M) int {
	defer stopAll()
	return m.Run()
}

func stopAll() {
	mu.Lock()
	defer mu.Unlock()
	for _, s := range started {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill() // gone already is fine
			_ = s.cmd.Wait()
		}
		os.RemoveAll(s.folder)
	}
}

// start runs f once in a folder of its own.
func (s *server) start(t testing.TB, f func(folder string) error) {
	t.Helper()
	s.once.Do(func() {
		mu.Lock()
		started = append(started, s)
		mu.Unlock()
		// Short: a Unix socket's path has at most 107 bytes.
		if s.folder, s.err = os.MkdirTemp("", "svc"); s.err == nil {
			s.err = f(s.folder)
		}
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
}

// run starts a program that dies with this process. Its output goes to a log in
// the server's folder.
func (s *server) run(path string, args []string, change func(*exec.Cmd)) error {
	log, err := os.Create(filepath.Join(s.folder, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(path, args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if change != nil {
		change(s.cmd)
	}
	return s.cmd.Start()
}

// await asks until f says nil, for half a minute.
func (s *server) await(f func() error) error {
	var err error
	for range 300 {
		if err = f(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
	return fmt.Errorf("server does not answer: %w\n%s", err, log)
}

// program finds a server's program: named by the environment, in PATH, or where
// Debian's packages lie (also unpacked in a cache).
func program(name, variable string, places ...string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	for _, root := range []string{"/", "/var/cache/sohoa", filepath.Join(cache, "sohoa", "servers")} {
		for _, place := range places {
			if found, _ := filepath.Glob(filepath.Join(root, place, name)); len(found) > 0 {
				return found[len(found)-1], nil
			}
		}
	}
	if found, _ := filepath.Glob(filepath.Join(cache, "sohoa", "tools", "*", name)); len(found) > 0 {
		return found[len(found)-1], nil
	}
	return "", fmt.Errorf("%s is not installed: `./dev test` installs it, or set %s", name, variable)
}

// freePort returns a port of the loopback address that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// dial reports whether somebody listens.
func dial(address string) error {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// unprivileged makes a program that refuses to run as root run as nobody, in
// folders that are given to it.
func unprivileged(folder string) (func(*exec.Cmd), error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	const nobody = 65534
	err := filepath.Walk(folder, func(path string, _ os.FileInfo, err error) error {
		return errors.Join(err, os.Chown(path, nobody, nobody))
	})
	return func(cmd *exec.Cmd) {
		cmd.Dir = folder
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}, err
}

// nameOf makes a name of a database or bucket from a test's.
func nameOf(t testing.TB) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(t.Name()))
	counter.Lock()
	defer counter.Unlock()
	counter.n++
	return fmt.Sprintf("t%d%.40s", counter.n, name)
}

var counter struct {
	sync.Mutex
	n int
}
