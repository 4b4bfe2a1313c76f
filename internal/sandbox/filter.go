package sandbox

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What no child needs, and what a program that broke out of its parser would look
// for next: other programs, other processes, other namespaces, large parts of the
// kernel.
var denied = []uint32{
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_SETPGID, unix.SYS_SETSID,
	unix.SYS_TKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO, unix.SYS_PIDFD_SEND_SIGNAL,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_OPEN, unix.SYS_KCMP,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_FSOPEN, unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
}

// network is what every connection begins with.
var network = []uint32{unix.SYS_SOCKET, unix.SYS_SOCKETPAIR}

// An architecture is what the kernel calls it, and the calls that only it has.
type architecture struct {
	audit  uint32
	denied []uint32
}

var arches = map[string]architecture{
	"amd64": {unix.AUDIT_ARCH_X86_64, []uint32{57, 58}}, // fork, vfork
	"arm64": {unix.AUDIT_ARCH_AARCH64, nil},
}

const x32 = 0x40000000 // system calls of amd64 by another name

// filter has the kernel answer EPERM to the system calls above, in all threads of
// this process and for ever (seccomp). It may make threads, but no processes; send
// signals and set limits, but only to itself. clone3, whose argument no filter can
// read, is answered as by a kernel that does not have it: C libraries then call clone.
func filter(online bool) error {
	arch, known := arches[runtime.GOARCH]
	if !known {
		return fmt.Errorf("no filter on system calls is known for %s", runtime.GOARCH)
	}
	calls := slices.Concat(denied, arch.denied)
	if !online {
		calls = append(calls, network...)
	}
	program := rules(arch.audit, calls, uint32(unix.Getpid()))
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&p))); errno != 0 {
		return fmt.Errorf("filter system calls: %w", errno)
	}
	return nil
}

// rules is the filter's program, for the process pid.
func rules(arch uint32, calls []uint32, pid uint32) []unix.SockFilter {
	const number, audit, argument = 0, 4, 16 // offsets in struct seccomp_data; of the first argument the low half
	step := func(code uint16, k uint32, yes, no int) unix.SockFilter {
		return unix.SockFilter{Code: code, K: k, Jt: uint8(yes), Jf: uint8(no)}
	}
	load := func(offset uint32) unix.SockFilter { return step(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, offset, 0, 0) }
	answer := func(what uint32) unix.SockFilter { return step(unix.BPF_RET|unix.BPF_K, what, 0, 0) }
	const equal, bits = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	end := []unix.SockFilter{
		answer(unix.SECCOMP_RET_ALLOW),
		1: load(argument), 2: step(bits, unix.CLONE_THREAD, 4, 5),
		3: load(argument), 4: step(equal, pid, 2, 3),
		5: load(argument), 6: step(equal, 0, 0, 1),
		7: answer(unix.SECCOMP_RET_ALLOW),
		8: answer(unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)),
		9: answer(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)),
	}
	const thread, own, zero, refused, absent = 1, 3, 5, 8, 9 // places in end
	to := []struct {
		call  uint32
		place int
	}{{unix.SYS_CLONE, thread}, {unix.SYS_CLONE3, absent}, {unix.SYS_KILL, own}, {unix.SYS_TGKILL, own}, {unix.SYS_PRLIMIT64, zero}}
	program := []unix.SockFilter{
		load(audit),
		step(equal, arch, 1, 0),
		answer(unix.SECCOMP_RET_KILL_PROCESS),
		load(number),
		step(unix.BPF_JMP|unix.BPF_JGE|unix.BPF_K, x32, len(calls)+len(to)+refused, 0),
	}
	for i, call := range calls {
		program = append(program, step(equal, call, len(calls)-i-1+len(to)+refused, 0))
	}
	for i, t := range to {
		program = append(program, step(equal, t.call, len(to)-i-1+t.place, 0))
	}
	return append(program, end...)
}
