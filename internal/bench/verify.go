package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/verify"
)

// VerifyOptions say how much verifying to measure.
type VerifyOptions struct {
	Count   int    // verifications of each small file; large ones get a tenth
	Large   int    // megabytes of the large files
	Sizes   []int  // megabytes of the files whose verification is measured for memory
	PyHanko string // a Python interpreter that has pyHanko; "" leaves it out
}

// VerifyChild verifies one file, whose memory is measured alone.
const VerifyChild = "bench-verify"

// A signedFile is a file to be verified again and again.
type signedFile struct {
	name  string
	path  string
	level record.Level
	count int
}

// Verify measures verifying sealed documents, offline, with the trust that they
// were sealed for, one at a time. The binary must serve [AuthoritiesChild],
// [VerifyChild] and verify.Child.
func Verify(ctx context.Context, o VerifyOptions) (VerifyReport, error) {
	report := VerifyReport{Date: time.Now(), Count: o.Count}
	folder, err := os.MkdirTemp("", "sohoa-bench-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(folder)
	authorities, b, err := openSign(ctx, folder)
	if err != nil {
		return report, fmt.Errorf("open the bench: %w", err)
	}
	defer authorities.Close()
	files, err := b.signedFiles(ctx, o)
	if err != nil {
		return report, fmt.Errorf("sign the files of the bench: %w", err)
	}
	for _, f := range files {
		row, err := b.verifyRow(ctx, f)
		if err != nil {
			return report, err
		}
		report.Rows = append(report.Rows, row)
	}
	if o.PyHanko != "" {
		rows, err := b.pyHankoVerifies(ctx, o.PyHanko, files)
		if err != nil {
			return report, err
		}
		report.Others = rows
	}
	for _, megabytes := range o.Sizes {
		row, err := b.verifyMemory(ctx, megabytes)
		if err != nil {
			return report, err
		}
		report.Memory = append(report.Memory, row)
	}
	return report, nil
}

// signedFiles seals the small and the large page at B-B and B-LTA.
func (b *signBench) signedFiles(ctx context.Context, o VerifyOptions) ([]signedFile, error) {
	var all []signedFile
	for _, megabytes := range []int{0, o.Large} {
		file, count := b.file, o.Count
		if megabytes > 0 {
			var err error
			if file, err = onePage(b.folder, megabytes); err != nil {
				return nil, err
			}
			count = max(1, o.Count/10)
		}
		sealed, err := signing.Seal(ctx, bytes.NewReader(file), b.key, signing.Request{Agency: "Sohoa", Time: time.Now(), Note: signing.FromPaper})
		if err != nil {
			return nil, err
		}
		raised, _, err := signing.Raise(ctx, sealed, record.BLTA, b.options)
		if err != nil {
			return nil, err
		}
		for i, level := range []record.Level{record.BB, record.BLTA} {
			source := []signing.Source{sealed, raised}[i]
			content, err := io.ReadAll(io.NewSectionReader(source, 0, source.Size()))
			if err != nil {
				return nil, err
			}
			f := signedFile{name: fmt.Sprintf("%s, %s", level, sizeOf(source.Size())), path: filepath.Join(b.folder, fmt.Sprintf("%s-%d.pdf", level, megabytes)), level: level, count: count}
			if err := os.WriteFile(f.path, content, 0o600); err != nil {
				return nil, err
			}
			all = append(all, f)
		}
	}
	return all, nil
}

func sizeOf(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// verifyRow measures verifying a file in process, and once more in a child.
func (b *signBench) verifyRow(ctx context.Context, f signedFile) (VerifyRow, error) {
	b.count = f.count
	policy := verify.Policy{Roots: b.options.Roots}
	here, err := b.repeat(ctx, f.name, func(ctx context.Context) error { return f.verify(ctx, policy) })
	if err != nil {
		return VerifyRow{}, err
	}
	child, err := b.repeat(ctx, f.name, func(ctx context.Context) error {
		v, err := verify.File(ctx, f.path, policy)
		return errors.Join(err, f.expect(v))
	})
	return VerifyRow{Name: f.name, CPU: here.CPU, Time: here.Time, ChildTime: child.Time}, err
}

func (f signedFile) verify(ctx context.Context, p verify.Policy) error {
	r, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return err
	}
	v, err := verify.Verify(ctx, r, info.Size(), p)
	return errors.Join(err, f.expect(v))
}

// expect is what keeps the bench from measuring something else: B-LTA passes, B-B
// lacks revocation data and nothing more.
func (f signedFile) expect(v record.Verdict) error {
	want := record.Indeterminate
	if f.level == record.BLTA {
		want = record.Passed
	}
	if v.Outcome != want || len(v.Signatures) == 0 || v.Signatures[0].Integrity != "intact" {
		return fmt.Errorf("%s: verdict %s, wanted %s", f.name, v.Outcome, want)
	}
	return nil
}

// verifyMemory verifies one file of that size in a child of its own.
func (b *signBench) verifyMemory(ctx context.Context, megabytes int) (MemoryRow, error) {
	path := filepath.Join(b.folder, "memory.pdf")
	size, err := writeLarge(path, megabytes, b.key)
	if err != nil {
		return MemoryRow{}, fmt.Errorf("sign a file of %d MB: %w", megabytes, err)
	}
	defer os.Remove(path)
	row := MemoryRow{FileBytes: size}
	child, err := sandbox.Start(ctx, VerifyChild, sandbox.Limits{Network: true})
	if err != nil {
		return row, err
	}
	var done verified
	start := time.Now()
	err = errors.Join(child.Call(ctx, path, &done), child.Close())
	row.Time, row.Peak = time.Since(start), done.Peak
	if err == nil {
		err = signedFile{name: path, level: record.BB}.expect(done.Verdict)
	}
	return row, err
}

// A verified is what a child found, and the most memory that it used. The child
// says so itself: what the system tells of it includes its parent at the start.
type verified struct {
	Verdict record.Verdict
	Peak    int64
}

// ServeVerify verifies the one file that it is asked to.
func ServeVerify(c *sandbox.Conn) error {
	var path string
	if err := c.Next(&path); err != nil {
		return err
	}
	r, err := os.Open(path)
	if err != nil {
		return c.Reply(nil, err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return c.Reply(nil, err)
	}
	v, err := verify.Verify(context.Background(), r, info.Size(), verify.Policy{})
	peak, problem := ownPeak()
	return c.Reply(verified{v, peak}, errors.Join(err, problem))
}

// ownPeak is the most memory that this process has used since it began, in bytes.
func ownPeak() (int64, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(b), "VmHWM:")
	var kilobytes int64
	_, err = fmt.Sscanf(after, "%d kB", &kilobytes)
	return kilobytes << 10, err
}
