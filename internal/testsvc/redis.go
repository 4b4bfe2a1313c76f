package testsvc

import (
	"os/exec"
	"syscall"
	"testing"
)

var redis server

// Redis returns the address of a Redis server, redis://127.0.0.1:PORT, as it is
// run in production but for the disk: no eviction, no persistence.
func Redis(t testing.TB) string {
	t.Helper()
	redis.start(t, func(folder string) error {
		address, err := startRedis(&redis, folder)
		redisAddress = address
		return err
	})
	return "redis://" + redisAddress
}

var redisAddress string

func startRedis(s *server, folder string) (string, error) {
	path, err := program("redis-server", "TEST_REDIS_SERVER", "usr/bin")
	if err != nil {
		return "", err
	}
	address, err := freePort()
	if err != nil {
		return "", err
	}
	port := address[len("127.0.0.1:"):]
	args := []string{"--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", folder}
	if err := s.run(path, args, nil); err != nil {
		return "", err
	}
	return address, s.await(func() error { return dial(address) })
}

// A Server is one that a test may kill and start again.
type Server struct {
	s    server
	path string
	args []string
	addr string
}

// OwnRedis starts a Redis server for one test alone, which it may kill.
func OwnRedis(t testing.TB) *Server {
	t.Helper()
	o := &Server{}
	o.s.start(t, func(folder string) (err error) {
		o.addr, err = startRedis(&o.s, folder)
		return err
	})
	o.path, o.args = o.s.cmd.Path, o.s.cmd.Args[1:]
	return o
}

// URL is the server's address.
func (o *Server) URL() string { return "redis://" + o.addr }

// Kill ends the server as kill -9 does.
func (o *Server) Kill() {
	_ = o.s.cmd.Process.Kill() // gone already is fine
	_ = o.s.cmd.Wait()
}

// Freeze has the server answer nobody, Thaw ends that.
func (o *Server) Freeze() { _ = o.s.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw has a frozen server go on.
func (o *Server) Thaw() { _ = o.s.cmd.Process.Signal(syscall.SIGCONT) }

// Restart starts it again at the same address, empty.
func (o *Server) Restart(t testing.TB) {
	t.Helper()
	if err := o.s.run(o.path, o.args, func(*exec.Cmd) {}); err != nil {
		t.Fatal(err)
	}
	if err := o.s.await(func() error { return dial(o.addr) }); err != nil {
		t.Fatal(err)
	}
}
