package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Limits bound a child. Zero means no limit.
type Limits struct {
	Memory   int64         `json:"memory,omitempty"`   // bytes of data (RLIMIT_DATA)
	CPU      time.Duration `json:"cpu,omitempty"`      // of the whole child, whole seconds (RLIMIT_CPU)
	FileSize int64         `json:"fileSize,omitempty"` // bytes of any file it writes (RLIMIT_FSIZE)
	Files    uint64        `json:"files,omitempty"`    // open files (RLIMIT_NOFILE)
	Network  bool          `json:"network,omitempty"`  // whether it may open connections
	Env      []string      `json:"-"`                  // added to the environment before the child starts
}

// cpuLimitSaid is what a child says on standard error when its CPU time is up.
const cpuLimitSaid = "cpu limit exceeded"

// watchCPU ends the process when its CPU time is up: the Go runtime ignores
// SIGXCPU, and the SIGKILL that follows would not say why.
func watchCPU() {
	up := make(chan os.Signal, 1)
	signal.Notify(up, unix.SIGXCPU)
	go func() {
		<-up
		fmt.Fprintln(os.Stderr, cpuLimitSaid)
		os.Exit(1)
	}()
}

// confine sets the limits of this process, before it sees a hostile byte. A core
// file would hold the document, so there is none. New privileges are given up by
// this thread, and with the filter by all.
func confine(s string) error {
	var l Limits
	if err := json.Unmarshal([]byte(s), &l); err != nil {
		return fmt.Errorf("read limits: %w", err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new privileges: %w", err)
	}
	if l.CPU > 0 {
		watchCPU()
	}
	for _, r := range []struct {
		resource int
		limit    uint64
		always   bool
	}{
		{unix.RLIMIT_CORE, 0, true},
		{unix.RLIMIT_DATA, uint64(l.Memory), false},
		{unix.RLIMIT_CPU, uint64((l.CPU + time.Second - 1) / time.Second), false},
		{unix.RLIMIT_FSIZE, uint64(l.FileSize), false},
		{unix.RLIMIT_NOFILE, l.Files, false},
	} {
		if r.limit == 0 && !r.always {
			continue
		}
		hard := r.limit
		if r.resource == unix.RLIMIT_CPU {
			hard += 2 // seconds between SIGXCPU and SIGKILL
		}
		var now unix.Rlimit
		if err := unix.Getrlimit(r.resource, &now); err != nil {
			return fmt.Errorf("read limit %d: %w", r.resource, err)
		}
		r.limit, hard = min(r.limit, now.Max), min(hard, now.Max) // one that is lower already stays
		if err := unix.Setrlimit(r.resource, &unix.Rlimit{Cur: r.limit, Max: hard}); err != nil {
			return fmt.Errorf("set limit %d to %d: %w", r.resource, r.limit, err)
		}
	}
	return filter(l.Network)
}
