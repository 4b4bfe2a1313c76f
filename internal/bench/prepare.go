package bench

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// PrepareChild is the name under which binaries register [ServePrepare].
const PrepareChild = "bench-prepare"

// task asks for one page to be prepared once more, or to be written as a picture
// without compression, as the file says that it stands.
type task struct {
	Work    string
	Number  int
	Scan    record.Scan
	Picture string // path of the picture, "" to prepare
}

// ServePrepare does to a page all that the recogniser's child does but recognise
// it, and answers with the processor time of that: the difference is Tesseract's.
func ServePrepare(c *sandbox.Conn) error {
	for {
		var t task
		if err := c.Next(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		before := ownCPU()
		do := prepare
		if t.Picture != "" {
			do = writePicture
		}
		err := do(t)
		if err := c.Reply(ownCPU()-before, err); err != nil {
			return err
		}
	}
}

func prepare(t task) error {
	p, err := page.Open(t.Work, t.Scan, page.Letters)
	if err != nil {
		return fmt.Errorf("prepare page %d: %w", t.Number, err)
	}
	defer p.Free()
	if t.Scan.Source != "text" {
		clockwise, _ := p.Orientation()
		p.Turn(clockwise)
	}
	facts := p.Facts(t.Number)
	if err := p.Preview(io.Discard); err != nil {
		return fmt.Errorf("prepare page %d: %w", t.Number, err)
	}
	if t.Scan.Source == "text" || facts.Blank {
		return nil
	}
	clean, _, err := p.Clean(facts.Skew)
	if err != nil {
		return fmt.Errorf("prepare page %d: %w", t.Number, err)
	}
	clean.Free()
	return nil
}

func writePicture(t task) error {
	x, err := page.Decode(t.Work, t.Scan)
	if err != nil {
		return fmt.Errorf("decode page %d: %w", t.Number, err)
	}
	defer x.Free()
	up, err := x.Turned(t.Scan.Rotate)
	if err != nil {
		return fmt.Errorf("turn page %d: %w", t.Number, err)
	}
	defer up.Free()
	b, err := up.EncodePNM()
	if err != nil {
		return err
	}
	return os.WriteFile(t.Picture, b, 0o600)
}

// ownCPU is this process's processor time, to the microsecond.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails only for a wrong first argument
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
