// Package sandbox runs our own functions in child processes with limits.
//
// Hostile bytes make C libraries and parsers crash, hang and swell. Here they do
// so in a process of their own: the binary is started again under the name of a
// child function, given limits on memory, time and files, and killed when it
// oversteps them. What comes back is a result or an [Error] with a reason code.
//
// A child runs as its parent's user, and what belongs to one user lies open in /proc:
// so parents and children are not dumpable, and the kernel lets nobody but root read
// or write their memory there.
//
// The memory limit is RLIMIT_DATA: RLIMIT_AS kills a Go program at its start,
// for the Go runtime reserves far more address space than it uses.
//
// Requests and replies are JSON over a pair of pipes. Large data goes by file
// name, never through the pipe.
package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

const (
	nameVariable   = "SOHOA_CHILD"
	limitsVariable = "SOHOA_CHILD_LIMITS"
	maxMessage     = 256 << 20 // bytes of one message: a page of words is far below a megabyte
)

// A Func serves requests until [Conn.Next] says io.EOF.
type Func func(c *Conn) error

// Serve must be the first line of main, and of TestMain: if this process was
// started as a child it sets its limits, runs that function and exits; else Serve
// closes its memory to children and returns. funcs names the functions that this
// binary may run.
func Serve(funcs map[string]Func) {
	spare = make([]byte, spareBytes)
	runtime.KeepAlive(spare)
	closed := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	name, isChild := os.LookupEnv(nameVariable)
	if !isChild && closed == nil {
		return
	}
	if closed != nil {
		fmt.Fprintf(os.Stderr, "close the memory of this process to others: %v\n", closed)
		os.Exit(2)
	}
	f, known := funcs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "this program has no child function %q\n", name)
		os.Exit(2)
	}
	if err := confine(os.Getenv(limitsVariable)); err != nil {
		fmt.Fprintf(os.Stderr, "child %s: %v\n", name, err)
		os.Exit(2)
	}
	conn := &Conn{in: os.NewFile(3, "requests"), out: os.NewFile(4, "replies")}
	if err := f(conn); err != nil && !errors.Is(err, io.EOF) {
		fmt.Fprintf(os.Stderr, "child %s: %v\n", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// spare is memory that is asked for and never touched. A process holds little beside the pictures, which
// the collector does not know: without it its garbage would be collected every few MB.
var spare []byte

const spareBytes = 16 << 20

// A Conn is the child's end of the pipes.
type Conn struct{ in, out *os.File }

// Next reads the next request into req; io.EOF when there are no more.
func (c *Conn) Next(req any) error {
	b, err := readMessage(c.in)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, req)
}

// Reply answers the request that Next gave: with resp, or with err if it is not
// nil. The reason code of err (method ReasonCode) reaches the parent.
func (c *Conn) Reply(resp any, err error) error {
	a := answer{Result: resp}
	if err != nil {
		a = answer{Error: toError(err)}
	}
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write reply: %w", err)
	}
	return writeMessage(c.out, b)
}

type answer struct {
	Result any    `json:"result,omitempty"`
	Error  *Error `json:"error,omitempty"`
}

// An Error is what a child's function returned, or what became of the child.
type Error struct {
	Reason  string `json:"reason"` // a reason code, see package record
	Message string `json:"message"`
	fate    error  // ErrTimeout, ErrMemory, ErrCrashed; nil if the child lives
}

func (e *Error) Error() string { return e.Message }

// ReasonCode is the reason alone.
func (e *Error) ReasonCode() string { return e.Reason }

// Unwrap returns what became of the child, for errors.Is.
func (e *Error) Unwrap() error { return e.fate }

// What may become of a child. After each of them it is gone.
var (
	ErrTimeout = errors.New("child took too long and was killed")
	ErrMemory  = errors.New("child went over its memory limit")
	ErrCrashed = errors.New("child crashed")
)

var fates = map[error]string{ErrTimeout: "too-much-time", ErrMemory: "too-much-memory", ErrCrashed: "child-crashed"}

func toError(err error) *Error {
	e := &Error{Reason: "internal", Message: err.Error()}
	var coded interface{ ReasonCode() string }
	if errors.As(err, &coded) {
		e.Reason = coded.ReasonCode()
	}
	return e
}

func writeMessage(w io.Writer, b []byte) error {
	if len(b) > maxMessage {
		return fmt.Errorf("message of %d bytes is over the limit of %d", len(b), maxMessage)
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(len(b)))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

func readMessage(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return nil, fmt.Errorf("message of %d bytes is over the limit of %d", n, maxMessage)
	}
	b, err := io.ReadAll(io.LimitReader(r, int64(n))) // takes memory for what comes, not for what is announced
	if err == nil && len(b) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}
