package process

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
	drawn "github.com/sohoa/sohoa/signing/verify/pages"
)

// The test binary is also each of the processes that it kills: started with
// partVariable it becomes an api, a worker or both.
const partVariable = "SOHOA_E2E_PART"

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{"split": page.ServeSplit, "page": ocr.ServePage, "verify": verify.Serve, drawn.Child: drawn.Serve})
	if text, is := os.LookupEnv(partVariable); is {
		os.Exit(become(text))
	}
	os.Exit(testsvc.Main(m))
}

// A part says what a process of the service is.
type part struct {
	App    app.Config
	Work   *work.Config // nil: no worker in it
	Listen string       // "": no api in it
	Timing queue.Timing
	Small  string // folder whose disk has Room bytes, "" for none
	Room   int64
}

// become is main of a part.
func become(text string) int {
	var p part
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := p.shrink(); err != nil {
		println(err.Error())
		return 1
	}
	if err := p.run(ctx); err != nil {
		println(err.Error())
		return 1
	}
	return 0
}

func (p part) run(ctx context.Context) error {
	defer observe.Trace(p.App.Traces, "e2e")()
	a, err := app.Open(ctx, p.App)
	if err != nil {
		return err
	}
	defer a.Close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { a.Tend(ctx, p.Timing); return nil })
	if p.Work != nil {
		p.Work.Timing = p.Timing
		group.Go(func() error { return work.Run(ctx, a, *p.Work, "Sohoa e2e") })
	}
	if p.Listen != "" {
		roots, err := trust.LoadPEM(trusted(p)...)
		if err != nil {
			return err
		}
		l, err := net.Listen("tcp", p.Listen)
		if err != nil {
			return err
		}
		s := &api.Server{Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready, Closing: ctx.Done(),
			Policy: verify.Policy{Roots: roots, Online: &verify.Fetcher{Private: true}}, UploadBytes: p.App.UploadBytes, VerifyBytes: 64 << 20, Development: true}
		group.Go(func() error { return api.Serve(ctx, l, s.Handler(), "", "") })
	}
	return group.Wait()
}

// shrink puts a small disk in the place of a folder, for this process alone. Where
// mounting is not allowed no file can grow beyond the room instead.
func (p part) shrink() error {
	if p.Small == "" {
		return nil
	}
	if syscall.Mount("small", p.Small, "tmpfs", 0, fmt.Sprintf("size=%d", p.Room)) == nil {
		return nil
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(p.Room), Max: uint64(p.Room)})
}

func trusted(p part) []string {
	if p.Work == nil {
		return nil
	}
	return p.Work.Trust
}

// A process is a part that runs.
type process struct {
	t    *testing.T
	part part
	cmd  *exec.Cmd
	log  string
	env  []string      // for the next start
	gone chan struct{} // closed when it has ended
	err  error         // how
}

func start(t *testing.T, p part, env ...string) *process {
	t.Helper()
	one := &process{t: t, part: p, env: env, log: filepath.Join(t.TempDir(), "log")}
	one.again()
	t.Cleanup(func() {
		one.kill()
		if t.Failed() {
			b, _ := os.ReadFile(one.log)
			t.Logf("log of a process:\n%.6000s", b)
		}
	})
	return one
}

// again starts the process, for the first time or after it was killed.
func (o *process) again() {
	o.t.Helper()
	text, err := json.Marshal(o.part)
	if err != nil {
		o.t.Fatal(err)
	}
	log, err := os.OpenFile(o.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		o.t.Fatal(err)
	}
	defer log.Close()
	o.cmd = exec.Command(os.Args[0])
	o.cmd.Env = append(os.Environ(), partVariable+"="+string(text))
	o.cmd.Env = append(o.cmd.Env, o.env...)
	o.cmd.Stdout, o.cmd.Stderr = log, log
	o.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if o.part.Small != "" && os.Getuid() == 0 {
		o.cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS // what it mounts is nobody else's
	}
	if err := o.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.gone = make(chan struct{})
	go func() {
		o.err = o.cmd.Wait()
		close(o.gone)
	}()
}

// kill ends the process as kill -9 does.
func (o *process) kill() {
	_ = o.cmd.Process.Kill() // gone already is fine
	<-o.gone
}

// stop asks the process to end and waits for it.
func (o *process) stop() error {
	if err := o.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-o.gone
	return o.err
}

// short is a timing with which tests prove that the parts recover; how long it
// takes with the real one is for the benchmark.
func short() queue.Timing {
	return queue.Timing{Poll: 100 * time.Millisecond, Beat: 300 * time.Millisecond, Silence: 3 * time.Second, Grace: 2 * time.Second,
		Reconcile: 500 * time.Millisecond, Job: 10 * time.Minute, Window: 64}
}
