package sandbox

import (
	"context"
	"errors"
	"maps"
	"os"
	"runtime"
	"slices"
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

// What a child tries that it must not.
var tries = map[string]func() error{
	"connect": func() error {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err == nil {
			syscall.Close(fd)
		}
		return err
	},
	"spy":    func() error { return call(unix.SYS_PIDFD_OPEN, uintptr(os.Getppid()), 0) },
	"end":    func() error { return syscall.Kill(os.Getppid(), 0) },
	"starve": func() error { return unix.Prlimit(os.Getppid(), unix.RLIMIT_NOFILE, nil, &unix.Rlimit{}) },
	"become": func() error { return syscall.Exec("/bin/true", nil, nil) },
	"fork":   func() error { return call(unix.SYS_CLONE, uintptr(syscall.SIGCHLD), 0) },
	"clone3": func() error { return call(unix.SYS_CLONE3, 0, 0) },
	"space":  func() error { return call(unix.SYS_CLONE, unix.CLONE_NEWUSER|uintptr(syscall.SIGCHLD), 0) },
}

func call(number, a, b uintptr) error {
	if _, _, errno := syscall.RawSyscall(number, a, b, 0); errno != 0 {
		return errno
	}
	return nil
}

// reach tries it from all threads at once: a filter that only one of them had would
// let others through.
func reach(what string) string {
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 32 {
		all.Go(func() {
			runtime.LockOSThread()
			said := "reached"
			if err := tries[what](); err != nil {
				said = err.Error()
			}
			mu.Lock()
			seen[said] = true
			mu.Unlock()
		})
	}
	all.Wait()
	return strings.Join(slices.Sorted(maps.Keys(seen)), ", ")
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
		case "dumpable":
			n, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
			if err := c.Reply(n, err); err != nil {
				return err
			}
		case "refuse":
			if err := c.Reply(nil, refusal{"damaged"}); err != nil {
				return err
			}
		default:
			if tries[what] != nil {
				what = reach(what)
			}
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

// TestNobodyReadsItsMemory: a child runs as its parent's user, and another of that
// user's processes could read the memory of both in /proc.
func TestNobodyReadsItsMemory(t *testing.T) {
	if n, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); n != 0 || err != nil {
		t.Errorf("the parent's memory: dumpable %d, %v; want 0", n, err)
	}
	n := -1
	if err := start(t, Limits{}).Call(t.Context(), "dumpable", &n); n != 0 || err != nil {
		t.Errorf("the child's memory: dumpable %d, %v; want 0", n, err)
	}
}

// TestAChildReachesNobody: no connection unless it was given the network, no other
// process and no process of its own, from whichever of its threads.
func TestAChildReachesNobody(t *testing.T) {
	refused := "heard " + syscall.EPERM.Error()
	for _, row := range []struct {
		what  string
		limit Limits
		want  string
	}{
		{"connect", Limits{}, refused},
		{"connect", Limits{Network: true}, "heard reached"},
		{"spy", Limits{}, refused},
		{"spy", Limits{Network: true}, refused},
		{"end", Limits{}, refused},
		{"starve", Limits{}, refused},
		{"become", Limits{}, refused},
		{"fork", Limits{}, refused},
		{"space", Limits{}, refused},
		{"clone3", Limits{}, "heard " + syscall.ENOSYS.Error()},
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
