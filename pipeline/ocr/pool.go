package ocr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

// Child is the name under which binaries register [ServePage] with the sandbox.
const Child = "page"

// Environment is what a child that works on pictures needs before its main. libgomp reads
// its limit there: without it four threads wait for each other. glibc gives the
// memory of each large picture back to the kernel, which hands it out again page by page
// and cleared, a twentieth of all the processor time: so it keeps up to 128 MB, in one place for all
// threads. Other C libraries take no notice.
var Environment = []string{"OMP_THREAD_LIMIT=1",
	"MALLOC_ARENA_MAX=1", "MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=134217728", "MALLOC_TOP_PAD_=16777216"}

// Options are the limits and the language of recognition. Zero values take the defaults.
type Options struct {
	Languages string        // Tesseract models joined by "+", or Auto; default "vie"
	Profile   Profile       // default Balanced
	Timeout   time.Duration // for one page; default 2 minutes
	Memory    int64         // bytes of data of one child; default 2 GiB
	Recycle   int           // pages after which a child is replaced, for the engine leaks; default 150
}

// A Pool recognises pages, each in one of n children. It may be used by many
// goroutines; documents take turns, page by page.
type Pool struct {
	options Options
	ctx     context.Context // of the children
	end     context.CancelFunc
	slots   turns
	n       int
	closing sync.Once
}

// A slot is the place of one child, empty until it is needed.
type slot struct {
	child *sandbox.Child
	pages int // that the child has done
}

// NewPool returns a pool of n children, as many as there are cores if n is 0.
// They start when they are needed.
func NewPool(n int, o Options) *Pool {
	o.Languages = models(o.Languages)
	o.Profile = cmp.Or(o.Profile, Balanced)
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	o.Memory = cmp.Or(o.Memory, 2<<30)
	o.Recycle = cmp.Or(o.Recycle, 150)
	if n <= 0 {
		n = runtime.NumCPU()
	}
	p := &Pool{options: o, n: n}
	p.ctx, p.end = context.WithCancel(context.Background())
	for range n {
		p.slots.give(&slot{})
	}
	return p
}

// Recognise looks at one page and reads it. Of page it takes Number and Scan,
// whose stream lies in the folder work; the preview is written there. A page with
// Source "text" keeps the words that it came with; one with a Language is read with
// the model of that.
//
// A page that ends its child is refused with ChildCrashed, TooMuchTime or
// TooMuchMemory, one that cannot be decoded with the reason of that. When ctx
// ends, the child is killed and the error is ctx's.
func (p *Pool) Recognise(ctx context.Context, work string, page record.Page) (record.Page, error) {
	s, err := p.slots.take(ctx, work)
	if err != nil {
		return record.Page{}, fmt.Errorf("recognise page %d: %w", page.Number, err)
	}
	defer p.slots.give(s)
	if err := s.ready(p); err != nil {
		return record.Page{}, fmt.Errorf("recognise page %d: %w", page.Number, err)
	}
	within, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	var a answer
	err = s.child.Call(within, request{Work: work, Number: page.Number, Scan: page.Scan, Languages: cmp.Or(page.Language, p.options.Languages), Profile: p.options.Profile}, &a)
	s.pages++
	if err != nil {
		return record.Page{}, s.failed(ctx, page.Number, err)
	}
	a.Page.Preview, a.Page.Scan = a.Preview, page.Scan
	return a.Page, nil
}

// ready sees to it that the slot has a child that is not worn out.
func (s *slot) ready(p *Pool) error {
	if s.child != nil && s.pages >= p.options.Recycle {
		s.drop()
	}
	if s.child != nil {
		return nil
	}
	child, err := sandbox.Start(p.ctx, Child, sandbox.Limits{Memory: p.options.Memory, FileSize: 1 << 30, Env: Environment})
	if err != nil {
		return record.Fail(record.Internal, err, "start a recogniser")
	}
	s.child, s.pages = child, 0
	return nil
}

func (s *slot) drop() {
	if s.child != nil {
		s.child.Kill()
		s.child = nil
	}
}

// failed turns what the child said, or what became of it, into an error with a reason.
func (s *slot) failed(ctx context.Context, number int, err error) error {
	e, ok := errors.AsType[*sandbox.Error](err)
	if !ok || e.Unwrap() != nil {
		s.drop()
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("recognise page %d: %w", number, ctx.Err())
	case !ok || e.Reason == string(record.Internal):
		return record.Fail(record.Internal, err, "recognise page %d", number)
	}
	return record.Refuse(record.Reason(e.Reason), err, "recognise page %d", number)
}

// Close ends all children, also those at work.
func (p *Pool) Close() error {
	p.closing.Do(func() {
		p.end()
		for range p.n {
			if s, err := p.slots.take(context.Background(), ""); err == nil {
				s.drop()
			}
		}
	})
	return nil
}
