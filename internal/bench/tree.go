package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// cpu is the processor time (user and system) that this process and all its
// descendants have used so far, those that ended included. Running children are
// accounted in hundredths of a second by the kernel.
func cpu() (time.Duration, error) {
	total := time.Duration(0)
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			return 0, fmt.Errorf("read own processor time: %w", err)
		}
		total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	for _, p := range descendants() {
		total += p.cpu
	}
	return total, nil
}

// A process is what /proc says of one: see proc_pid_stat(5).
type process struct {
	parent int
	cpu    time.Duration // with its children that ended
	rss    int64         // bytes in memory
}

func stat(pid int) (process, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, err
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) < 22 {
		return process{}, fmt.Errorf("stat of process %d: %d fields", pid, len(fields))
	}
	var numbers [22]int64
	for i := range numbers[1:] { // the first is a letter
		if numbers[i+1], err = strconv.ParseInt(fields[i+1], 10, 64); err != nil {
			return process{}, fmt.Errorf("stat of process %d: %w", pid, err)
		}
	}
	const ticksPerSecond = 100                                     // USER_HZ, the same on every Linux
	ticks := numbers[11] + numbers[12] + numbers[13] + numbers[14] // utime, stime, cutime, cstime
	return process{parent: int(numbers[1]), cpu: time.Duration(ticks) * time.Second / ticksPerSecond, rss: numbers[21] * int64(os.Getpagesize())}, nil
}

// descendants are the running processes below this one. Those that end while it
// looks are left out: the kernel accounts them to their parents.
func descendants() []process {
	all := map[int]process{}
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			continue
		}
		if p, err := stat(pid); err == nil {
			all[pid] = p
		}
	}
	var below []process
	for pid, p := range all {
		for up := p.parent; up > 1; up = all[up].parent {
			if up == os.Getpid() {
				below = append(below, all[pid])
				break
			}
		}
	}
	return below
}

// A watch samples how much memory this process and its descendants hold together.
// Pages that they share count once for each.
type watch struct {
	stop  chan struct{}
	done  sync.WaitGroup
	peak  int64 // bytes
	spent time.Duration
}

func watchMemory() *watch {
	w := &watch{stop: make(chan struct{})}
	w.done.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		begun := threadTime()
		defer func() { w.spent = threadTime() - begun }()
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			w.peak = max(w.peak, rss())
			select {
			case <-w.stop:
				return
			case <-tick.C:
			}
		}
	})
	return w
}

// end returns the peak in bytes, and the processor time that watching itself took.
func (w *watch) end() (int64, time.Duration) {
	close(w.stop)
	w.done.Wait()
	return w.peak, w.spent
}

// threadTime is the processor time of the calling thread; zero if that cannot be had.
func threadTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_THREAD, &u) // it fails for addresses and names that are wrong
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func rss() int64 {
	var sum int64
	if self, err := stat(os.Getpid()); err == nil {
		sum = self.rss
	}
	for _, p := range descendants() {
		sum += p.rss
	}
	return sum
}
