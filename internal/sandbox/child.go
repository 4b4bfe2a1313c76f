package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// A Child is a running child process. One call at a time; further calls wait.
type Child struct {
	name    string
	cmd     *exec.Cmd
	in, out *os.File // the parent's ends
	stderr  *tail
	memory  int64 // the limit, 0 for none
	mu      sync.Mutex
	done    chan struct{} // closed when the process has ended
	exit    error         // of the process, valid after done
}

// Start runs this program again as the child called name. The child dies with
// this process, and when ctx is done.
func Start(ctx context.Context, name string, l Limits) (*Child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start child %s: %w", name, err)
	}
	limits, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("start child %s: %w", name, err)
	}
	requests, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start child %s: %w", name, err)
	}
	out, replies, err := os.Pipe()
	if err != nil {
		requests.Close()
		in.Close()
		return nil, fmt.Errorf("start child %s: %w", name, err)
	}
	c := &Child{name: name, in: in, out: out, stderr: &tail{}, memory: l.Memory, done: make(chan struct{})}
	c.cmd = exec.CommandContext(ctx, self)
	c.cmd.Env = append(append(os.Environ(), l.Env...), nameVariable+"="+name, limitsVariable+"="+string(limits))
	c.cmd.Stderr = c.stderr
	c.cmd.ExtraFiles = []*os.File{requests, replies}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	err = c.cmd.Start()
	requests.Close()
	replies.Close()
	if err != nil {
		in.Close()
		out.Close()
		return nil, fmt.Errorf("start child %s: %w", name, err)
	}
	go func() {
		c.exit = c.cmd.Wait()
		close(c.done)
	}()
	return c, nil
}

// Call sends req and waits for the answer, which it reads into resp (nil: the
// answer has no result). If ctx ends first the child is killed. The error is an
// [*Error]: what the child's function returned, or, wrapping ErrTimeout,
// ErrMemory or ErrCrashed, what became of the child.
func (c *Child) Call(ctx context.Context, req, resp any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("child %s: write request: %w", c.name, err)
	}
	stop := context.AfterFunc(ctx, c.kill)
	defer stop()
	if err := writeMessage(c.in, b); err != nil {
		return c.fate(ctx, err)
	}
	b, err = readMessage(c.out)
	if err != nil {
		return c.fate(ctx, err)
	}
	var a struct {
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return c.fate(ctx, err)
	}
	if a.Error != nil {
		return a.Error
	}
	if resp == nil || len(a.Result) == 0 {
		return nil
	}
	if err := json.Unmarshal(a.Result, resp); err != nil {
		return c.fate(ctx, err)
	}
	return nil
}

// PID is the process id, for measuring.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Usage is what the operating system accounted to the child; nil before it ended.
func (c *Child) Usage() *syscall.Rusage {
	select {
	case <-c.done:
		u, _ := c.cmd.ProcessState.SysUsage().(*syscall.Rusage)
		return u
	default:
		return nil
	}
}

// Close tells the child that there are no more requests and waits for its end.
func (c *Child) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.Close()
	<-c.done
	c.out.Close()
	return nil
}

// Kill ends the child at once.
func (c *Child) Kill() {
	c.kill()
	<-c.done
}

func (c *Child) kill() {
	select {
	case <-c.done: // gone; its number may already be another's
	default:
		_ = syscall.Kill(c.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// fate ends the child after a failed exchange and says what became of it.
func (c *Child) fate(ctx context.Context, cause error) error {
	dying := errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) || errors.Is(cause, syscall.EPIPE)
	if !dying || ctx.Err() != nil { // it talks nonsense, or its time is up
		c.kill()
	}
	<-c.done
	what := ErrCrashed
	switch {
	case ctx.Err() != nil || c.died(syscall.SIGXCPU, cpuLimitSaid):
		what = ErrTimeout
	case dying && (c.died(syscall.SIGKILL, "out of memory", "cannot allocate memory", "bad_alloc", "failed to reserve") || c.swollen()):
		what = ErrMemory // only a kernel short of memory sends SIGKILL to a child that we did not kill
	}
	return &Error{Reason: fates[what], fate: what, Message: fmt.Sprintf("child %s: %v (%v; %s)", c.name, what, c.exit, c.stderr)}
}

// died reports whether the child was ended by the signal, or said one of words.
func (c *Child) died(signal syscall.Signal, words ...string) bool {
	if exit, ok := errors.AsType[*exec.ExitError](c.exit); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == signal {
			return true
		}
	}
	said := strings.ToLower(c.stderr.String())
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, strings.ToLower(w)) })
}

// swollen reports whether the child had grown to near its memory limit when it died:
// where memory ends the Go runtime and C libraries crash in ways that do not say so.
func (c *Child) swollen() bool {
	u, ok := c.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return ok && c.memory > 0 && u.Maxrss<<10 > c.memory/2
}

// tail keeps the first part of what a child wrote to standard error: the cause
// stands before the stack.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

const tailBytes = 2048

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := tailBytes - t.b.Len(); room > 0 {
		t.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	line, _, _ := strings.Cut(strings.TrimSpace(t.b.String()), "\n")
	return line
}
