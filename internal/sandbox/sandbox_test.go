package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

type refusal struct{ code string }

func (r refusal) Error() string      { return "refused" }
func (r refusal) ReasonCode() string { return r.code }

func TestMain(m *testing.M) {
	Serve(map[string]Func{"test": serveTest})
	os.Exit(m.Run())
}

// reach tries from all threads at once what a child must not: a filter that only
// one of them had would let others through.
func reach(what string) error {
	var wrong error = syscall.Errno(0)
	var all sync.WaitGroup
	var mu sync.Mutex
	for range 32 {
		all.Go(func() {
			runtime.LockOSThread()
			errno := syscall.EPERM
			if what == "connect" {
				fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
				errno, _ = err.(syscall.Errno)
				if err == nil {
					syscall.Close(fd)
				}
			} else if _, _, err := syscall.Syscall(unix.SYS_PIDFD_OPEN, uintptr(os.Getppid()), 0, 0); err != syscall.EPERM {
				errno = err
			}
			if mu.Lock(); errno != syscall.EPERM {
				wrong = fmt.Errorf("reached: %v", errno)
			} else if wrong == syscall.Errno(0) {
				wrong = errno
			}
			mu.Unlock()
		})
	}
	all.Wait()
	return wrong
}

func serveTest(c *Conn) error {
	for {
		var what string
		if err := c.Next(&what); err != nil {
			return err
		}
		switch what {
		case "crash":
			syscall.Kill(os.Getpid(), syscall.SIGSEGV)
			time.Sleep(time.Hour)
		case "exit":
			os.Exit(3)
		case "hang":
			time.Sleep(time.Hour)
		case "spin":
			//lint:ignore SA5002 the child is to spin
			for {
			}
		case "swell":
			var all [][]byte
			for {
				b := make([]byte, 16<<20)
				for i := range b {
					b[i] = 1
				}
				//lint:ignore SA4010 the child is to swell
				all = append(all, b)
			}
		case "chatter":
			c.out.Write([]byte("0123456789"))
			time.Sleep(time.Hour)
		case "connect", "spy":
			if err := c.Reply(reach(what).Error(), nil); err != nil {
				return err
			}
		case "refuse":
			if err := c.Reply(nil, refusal{"damaged"}); err != nil {
				return err
			}
		case "fork":
			cmd := exec.Command("sleep", "60")
			if err := cmd.Start(); err != nil {
				return err
			}
			c.Reply(strconv.Itoa(cmd.Process.Pid), nil)
		default:
			if err := c.Reply("heard "+what, nil); err != nil {
				return err
			}
		}
	}
}

func start(t *testing.T, l Limits) *Child {
	t.Helper()
	c, err := Start(context.Background(), "test", l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return c
}

func TestAChildAnswersUntilItIsClosed(t *testing.T) {
	c := start(t, Limits{Memory: 512 << 20})
	for _, say := range []string{"one", "two"} {
		var got string
		if err := c.Call(context.Background(), say, &got); err != nil || got != "heard "+say {
			t.Errorf("Call(%q) = %q, %v; want %q", say, got, err, "heard "+say)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if c.Usage() == nil {
		t.Error("Usage() = nil after the child has ended")
	}
}

func TestARefusalKeepsItsReasonAndTheChildLivesOn(t *testing.T) {
	c := start(t, Limits{})
	err := c.Call(context.Background(), "refuse", nil)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.ReasonCode() != "damaged" {
		t.Errorf("Call(refuse) = %v; want reason damaged", err)
	}
	var got string
	if err := c.Call(context.Background(), "still there", &got); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
}

func TestWhatBecomesOfAChild(t *testing.T) {
	for _, c := range []struct {
		what   string
		limits Limits
		wait   time.Duration
		want   error
		reason string
	}{
		{"crash", Limits{}, time.Minute, ErrCrashed, "child-crashed"},
		{"exit", Limits{}, time.Minute, ErrCrashed, "child-crashed"},
		{"chatter", Limits{}, time.Minute, ErrCrashed, "child-crashed"}, // killed by us for nonsense
		{"hang", Limits{}, 300 * time.Millisecond, ErrTimeout, "too-much-time"},
		{"spin", Limits{CPU: time.Second}, time.Minute, ErrTimeout, "too-much-time"},
		{"swell", Limits{Memory: 200 << 20}, time.Minute, ErrMemory, "too-much-memory"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			child := start(t, c.limits)
			ctx, cancel := context.WithTimeout(context.Background(), c.wait)
			defer cancel()
			err := child.Call(ctx, c.what, nil)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("Call(%s) = %v; want an *Error", c.what, err)
			}
			if !errors.Is(err, c.want) || e.Reason != c.reason {
				t.Errorf("Call(%s) = %v (%s); want %v (%s)", c.what, err, e.Reason, c.want, c.reason)
			}
			if err := child.Call(context.Background(), "hello", nil); err == nil {
				t.Errorf("a dead child answered")
			}
		})
	}
}

func TestKillingAChildKillsItsChildren(t *testing.T) {
	c := start(t, Limits{})
	var pid string
	if err := c.Call(context.Background(), "fork", &pid); err != nil {
		t.Fatal(err)
	}
	c.Kill()
	for range 200 {
		b, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(b), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the child's child %s is still there", pid)
}

// TestAChildReachesNobody: no connection unless it was given the network, and no
// other process, from whichever of its threads.
func TestAChildReachesNobody(t *testing.T) {
	for _, row := range []struct {
		what  string
		limit Limits
		want  string
	}{
		{"connect", Limits{}, syscall.EPERM.Error()},
		{"spy", Limits{}, syscall.EPERM.Error()},
		{"spy", Limits{Network: true}, syscall.EPERM.Error()},
		{"connect", Limits{Network: true}, "reached: errno 0"},
	} {
		c, err := Start(t.Context(), "test", row.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := c.Call(t.Context(), row.what, &got); err != nil || got != row.want {
			t.Errorf("%s with %+v: %q, %v; want %q", row.what, row.limit, got, err, row.want)
		}
		c.Kill()
	}
}

func TestAnUnknownChildFunction(t *testing.T) {
	c, err := Start(context.Background(), "nobody", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(context.Background(), "hello", nil); !errors.Is(err, ErrCrashed) {
		t.Errorf("Call = %v; want ErrCrashed", err)
	}
}
