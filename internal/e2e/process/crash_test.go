//go:build crash

package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// A load is documents on their way: sent until a receipt comes, approved when they
// stand in review, until they are sealed. It goes on whatever dies meanwhile.
type load struct {
	h      *house
	keys   string // log of the uses of the key
	unsent [][]byte
	open   []string // accepted, not sealed yet
	done   []string
	gone   []string // superseded
	clerk  *desk    // marks what waits for a person's mark; nil: nothing does
}

func newLoad(h *house) *load {
	return &load{h: h, keys: filepath.Join(h.t.TempDir(), "keys")}
}

// armed is the environment of a process that ends at a point, "" at none, and
// counts the key's uses.
func (l *load) armed(point string) []string {
	return []string{crash.Variable + "=" + point, crash.Log + "=" + l.keys}
}

// arm has processes that are started from now on end at a point.
func (l *load) arm(point string, all ...*process) {
	for _, p := range all {
		p.env = l.armed(point)
	}
}

// add sends one more document.
func (l *load) add(seed int64) { l.unsent = append(l.unsent, strip(l.h.t, seed)) }

// drive moves every document one step if it can be moved.
func (l *load) drive() {
	l.unsent = slices.DeleteFunc(l.unsent, func(scan []byte) bool {
		var r record.Receipt
		if l.h.try("POST", "/dossiers/"+l.h.dossier+"/documents?name=a.jpg", scan, &r) != nil {
			return false
		}
		l.open = append(l.open, r.Document)
		return true
	})
	l.open = slices.DeleteFunc(l.open, func(id string) bool {
		var d record.Document
		if l.h.try("GET", "/documents/"+id, nil, &d) != nil {
			return false
		}
		switch {
		case d.Status == record.SetAside:
			l.h.t.Fatalf("document %s is set aside: %s", id, d.Reason)
		case d.Status == record.InReview:
			var seen api.Reviewed
			if l.h.try("GET", "/documents/"+id+"/fields", nil, &seen) == nil {
				_ = l.h.try("POST", "/documents/"+id+"/decision", map[string]any{"approve": true, "archival": seen.Archival, "fields": seen.Digest}, nil) // asked again
			}
		case d.Status == record.AwaitingMark:
			l.clerk.mark(l.h, d)
		case d.Status == record.Sealed && d.Level.AtLeast(record.BT):
			l.done = append(l.done, id)
			return true
		}
		return false
	})
}

// finish drives until everything that was accepted is sealed, and checks all of it.
// again is how often the key may have been used once more: for each process that
// died between the key and the store.
func (l *load) finish(again int) {
	l.h.t.Helper()
	l.h.until("all is sealed", func() error {
		l.drive()
		if n := len(l.unsent) + len(l.open); n > 0 {
			return fmt.Errorf("%d documents are not, among them %v", n, l.open)
		}
		return nil
	})
	l.h.awake() // the last kill may have come after all was done
	for _, id := range l.done {
		l.h.sound(id)
	}
	var uses []string
	put := map[string]bool{} // by the digest of the document's id
	for _, line := range lines(l.h.t, l.keys) {
		what, of, _ := strings.Cut(line, " ")
		switch what {
		case "key":
			uses = append(uses, of)
		case "signed":
			if put[of] {
				l.h.t.Errorf("a document was signed again after its seal was stored: %s", of)
			}
		case "put":
			put[of] = true
		}
	}
	if len(put) > len(l.done) {
		l.h.t.Errorf("seals of %d documents were stored; want %d", len(put), len(l.done))
	}
	total := len(uses)
	slices.Sort(uses)
	if distinct := len(slices.Compact(uses)); distinct != len(l.done) {
		l.h.t.Errorf("%d different texts were signed for %d documents", distinct, len(l.done))
	}
	if total > len(l.done)+again {
		l.h.t.Errorf("the key was used %d times for %d documents; want at most %d more", total, len(l.done), again)
	}
	l.wholeStore()
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// wholeStore reads every object, and every manifest of every version.
func (l *load) wholeStore() {
	l.h.t.Helper()
	ctx := context.Background()
	store, err := l.h.store(ctx)
	if err != nil {
		l.h.t.Fatal(err)
	}
	for d, err := range store.Objects(ctx) {
		if err == nil {
			err = store.Get(ctx, d, "", io.Discard)
		}
		if err != nil {
			l.h.t.Errorf("object %s: %v", d, err)
		}
	}
	for _, id := range slices.Concat(l.done, l.gone) {
		var d record.Document
		l.h.call("GET", "/documents/"+id, nil, &d)
		l.h.until("the manifests of "+id, func() error {
			var missing error
			for n := 1; n <= d.Version; n++ {
				_, err := store.Manifest(ctx, id, n)
				missing = errors.Join(missing, err)
			}
			return missing
		})
	}
}

func (h *house) store(ctx context.Context) (*storage.Store, error) {
	if h.s3.Bucket != "" {
		return storage.OpenS3(ctx, h.s3)
	}
	return storage.OpenFiles(filepath.Join(h.config.Data, "objects"))
}

// strip is the head of a page: quickly read, and no other is like it.
func strip(t *testing.T, seed int64) []byte {
	t.Helper()
	spec := paper.SampleDossier()[0]
	spec.Seed, spec.DPI = seed, 100
	doc, err := paper.Make(spec)
	if err != nil {
		t.Fatal(err)
	}
	whole, is := doc.Pages[0].Image.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if !is {
		t.Fatalf("a page is a %T", doc.Pages[0].Image)
	}
	var b bytes.Buffer
	size := doc.Pages[0].Image.Bounds()
	size.Max.Y = size.Min.Y + size.Dy()/5
	if err := paper.WriteJPEG(&b, whole.SubImage(size), spec.DPI, 70); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The points at which a process is killed. Between the key's use and the store of
// what it signed, the key is used again by the next process.
var (
	ofUpload  = []string{"file-written", "file-linked", "upload-spooled", "upload-object", "upload-row", "upload-manifest", "manifest-put", "rung"}
	ofReading = []string{"taken", "fetched", "split", "recognised", "archived", "put-archival", "put-previews", "kept", "advanced-in-review"}
	ofSealing = []string{"moved-approved", "prepared", "intended", "signed", "marked", "seal-put", "advanced-sealed", "raised", "put-sealed", "advanced-sealed:2"}
)

// TestKilledAtEveryPoint kills the service at each point in turn. The process that
// takes up what one left behind is killed at the next point.
func TestKilledAtEveryPoint(t *testing.T) {
	h := embedded(t)
	one := start(t, h.all())
	h.awake()
	one.kill()
	l := newLoad(h)
	points := slices.Concat(ofUpload, ofReading, ofSealing)
	for i, point := range points {
		l.arm(point, one)
		one.again()
		l.add(int64(1000 + i))
		h.until("killed at "+point, func() error { return l.untilKilled(one) })
	}
	l.arm("", one)
	one.again()
	l.finish(len(points)) // a death in another lane can fall between key and store too
}

// untilKilled drives the load until one of the processes has died.
func (l *load) untilKilled(all ...*process) error {
	for _, p := range all {
		if p.killed() {
			return nil
		}
	}
	l.drive()
	return errors.New("it lives")
}

// TestKilledAtEveryPointOfMany does the same with api and worker apart, on real
// Redis, PostgreSQL and MinIO. A second api runs beside, so that two relays and two
// reconcilers do the same work; the worker's make three.
func TestKilledAtEveryPointOfMany(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	other := h.api()
	other.Listen = freeAddress(t)
	start(t, other)
	api, worker := start(t, h.api()), start(t, h.worker())
	h.awake()
	l := newLoad(h)
	deaths := 0
	kill := func(p *process, points ...string) {
		for i, point := range points {
			deaths += 2
			p.kill()
			l.arm(point, p)
			p.again()
			l.add(int64(2000 + 100*len(points) + i))
			h.until("killed at "+point, func() error { return l.untilKilled(p) })
		}
		l.arm("", p)
		p.again()
	}
	kill(worker, "kept", "intended", "signed", "marked", "seal-put", "advanced-sealed", "put-sealed")
	ofWorkers := deaths
	kill(api, "upload-object", "upload-row", "manifest-put", "upload-manifest")
	l.finish(ofWorkers)
}

// TestTheClockIsSetBack kills a worker with a document in hand and starts the next
// with a clock an hour behind; when it is right again all is sealed.
func TestTheClockIsSetBack(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	api, worker := start(t, h.api()), start(t, h.worker())
	h.awake()
	l := newLoad(h)
	worker.kill()
	l.arm("recognised", worker)
	worker.again()
	l.add(3000)
	l.add(3001)
	h.until("killed", func() error { return l.untilKilled(worker) })
	api.kill()
	l.arm("", api, worker)
	api.env = append(api.env, crash.Clock+"=-1h")
	worker.env = api.env
	api.again()
	worker.again()
	for _, id := range l.open { // the authority's clock is right, so no time-stamp is to be had
		h.reaches(id, record.InReview, "")
	}
	for _, p := range []*process{api, worker} {
		p.kill()
		l.arm("", p)
		p.again()
	}
	l.finish(0)
}

// killed reports whether the process has killed itself.
func (o *process) killed() bool {
	select {
	case <-o.gone:
		status, is := o.cmd.ProcessState.Sys().(syscall.WaitStatus)
		if !is || status.Signal() != syscall.SIGKILL {
			o.t.Fatalf("a process ended by itself: %v", o.err)
		}
		return true
	default:
		return false
	}
}
