package testsvc

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A Pair is a Redis server, its replica and a Sentinel that promotes the replica
// when the server does not answer.
type Pair struct {
	master, replica, sentinel server
	address                   string // of the Sentinel
}

const pairPassword = "of-the-pair" // of servers that live as long as a test

// RedisPair starts a pair for one test alone.
func RedisPair(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{}
	path, err := program("redis-server", "TEST_REDIS_SERVER", "usr/bin")
	if err != nil {
		t.Fatal(err)
	}
	auth := []string{"--requirepass", pairPassword, "--masterauth", pairPassword}
	master := p.serve(t, &p.master, path, auth...)
	p.serve(t, &p.replica, path, append(auth, "--replicaof", "127.0.0.1 "+portOf(master))...)
	p.sentinel.start(t, func(folder string) error {
		if p.address, err = freePort(); err != nil {
			return err
		}
		config := filepath.Join(folder, "sentinel.conf") // Sentinel writes into it what it learns
		text := fmt.Sprintf(`bind 127.0.0.1
port %s
dir %s
requirepass %s
sentinel monitor sohoa 127.0.0.1 %s 1
sentinel auth-pass sohoa %s
sentinel down-after-milliseconds sohoa 1000
sentinel failover-timeout sohoa 5000
`, portOf(p.address), folder, pairPassword, portOf(master), pairPassword)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			return err
		}
		if err := p.sentinel.run(path, []string{config, "--sentinel"}, func(*exec.Cmd) {}); err != nil {
			return err
		}
		return p.sentinel.await(func() error { return dial(p.address) })
	})
	return p
}

func portOf(address string) string { return address[len("127.0.0.1:"):] }

func (p *Pair) serve(t testing.TB, s *server, path string, more ...string) (address string) {
	t.Helper()
	s.start(t, func(folder string) (err error) {
		if address, err = freePort(); err != nil {
			return err
		}
		args := append([]string{"--bind", "127.0.0.1", "--port", portOf(address), "--save", "", "--maxmemory-policy", "noeviction", "--dir", folder}, more...)
		if err := s.run(path, args, nil); err != nil {
			return err
		}
		return s.await(func() error { return dial(address) })
	})
	return address
}

// URL is the pair's address, for those who ask the Sentinel first.
func (p *Pair) URL() string {
	return "redis-sentinel://:" + pairPassword + "@" + p.address + "?master=sohoa"
}

// KillMaster ends the server as kill -9 does; the replica is promoted.
func (p *Pair) KillMaster() {
	_ = p.master.cmd.Process.Kill() // gone already is fine
	_ = p.master.cmd.Wait()
}
