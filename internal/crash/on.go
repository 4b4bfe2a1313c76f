//go:build crash

package crash

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// What the environment of a process says.
const (
	Variable = "SOHOA_CRASH"       // NAME or NAME:N: end at that point, when it is passed for the N-th time
	Clock    = "SOHOA_CRASH_CLOCK" // a duration that the clock is off by, such as -1h
	Log      = "SOHOA_CRASH_LOG"   // file to which traces are appended
)

var (
	name, count, _ = strings.Cut(os.Getenv(Variable), ":")
	left           atomic.Int64
	offset, _      = time.ParseDuration(os.Getenv(Clock))
)

func init() {
	n, err := strconv.Atoi(count)
	if err != nil {
		n = 1
	}
	left.Store(int64(n))
}

// Point ends the process as kill -9 does, if it is the point that was named.
func Point(here string) {
	if here != name || left.Add(-1) != 0 {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Hour) // the signal is on its way
}

// Trace appends a line to the log: what was done, and the SHA-256 of the bytes it
// was done with.
func Trace(what string, b []byte) {
	path := os.Getenv(Log)
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s %x\n", what, sha256.Sum256(b)); err != nil {
		panic(err)
	}
}

// A file that holds one of these texts breaks the process that reads it.
const (
	Crashing = "sohoa-poison:crash" // it dies
	Hanging  = "sohoa-poison:hang"  // it does nothing more
	Swelling = "sohoa-poison:swell" // it takes all memory that it can get
)

// Poison lets the file at path break this process, if it asks for it.
func Poison(path string) {
	b, err := os.ReadFile(path)
	switch {
	case err != nil:
	case bytes.Contains(b, []byte(Crashing)):
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		time.Sleep(time.Hour)
	case bytes.Contains(b, []byte(Hanging)):
		time.Sleep(time.Hour)
	case bytes.Contains(b, []byte(Swelling)):
		for taken := [][]byte{}; ; {
			taken = append(taken, make([]byte, 64<<20))
		}
	}
}

// Now is the time by the clock that the test has set.
func Now() time.Time { return time.Now().Add(offset) }
