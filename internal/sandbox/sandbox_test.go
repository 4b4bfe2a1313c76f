package sandbox

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

type refusal struct{ code string }

func (r refusal) Error() string      { return "refused" }
func (r refusal) ReasonCode() string { return r.code }

func TestMain(m *testing.M) {
	Serve(map[string]Func{"test": serveTest})
	os.Exit(m.Run())
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

func TestAnUnknownChildFunction(t *testing.T) {
	c, err := Start(context.Background(), "nobody", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Call(context.Background(), "hello", nil); !errors.Is(err, ErrCrashed) {
		t.Errorf("Call = %v; want ErrCrashed", err)
	}
}
