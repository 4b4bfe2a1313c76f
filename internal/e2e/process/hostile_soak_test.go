//go:build crash && soak

package process

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

// hostileDir names a folder of files that are sent besides the generated ones.
const hostileDir = "SOHOA_HOSTILE"

// Memory that the processes themselves may ever have had, in kilobytes, as
// docs/operations.md promises; children have limits of their own.
const (
	apiMemory    = 512 << 10
	workerMemory = 1 << 20
)

// TestHostileFiles sends bombs, and every file under SOHOA_HOSTILE, through api and
// worker: each is refused at once or ends in a state, with a reason if it is not
// good; no process dies, and none grows beyond its limit.
func TestHostileFiles(t *testing.T) {
	h := production(t, testsvc.Redis(t))
	h.work.Jobs = 2
	h.work.PageTime = 30 * time.Second
	api, worker := start(t, h.api()), start(t, h.worker())
	h.awake()
	fates := map[string][]string{}
	open := map[string]string{} // document → file
	send := func(name string, b []byte) {
		var r record.Receipt
		err := h.try("POST", "/dossiers/"+h.dossier+"/documents?name="+url.QueryEscape(name), b, &r)
		if err == nil {
			open[r.Document] = name
			return
		}
		reason := reasonIn.FindStringSubmatch(err.Error())
		if reason == nil || !strings.Contains(err.Error(), ": 4") {
			t.Errorf("%s: %v; want a refusal with a reason", name, err)
			return
		}
		fates["refused: "+reason[1]] = append(fates["refused: "+reason[1]], name)
	}
	for name, b := range bombs(t) {
		send(name, b)
	}
	if dir := os.Getenv(hostileDir); dir != "" {
		walk(t, dir, send)
	}
	h.settle(open, fates)
	for what, names := range fates {
		t.Logf("%5d %s: %s …", len(names), what, strings.Join(names[:min(len(names), 8)], ", "))
	}
	for name, p := range map[string]*process{"api": api, "worker": worker} {
		limit := map[string]int{"api": apiMemory, "worker": workerMemory}[name]
		if p.killed() {
			t.Fatalf("the %s died", name)
		}
		peak := p.peak()
		t.Logf("%s: %d MB at most", name, peak>>10)
		if peak > limit {
			t.Errorf("the %s had %d MB; the limit is %d MB", name, peak>>10, limit>>10)
		}
	}
	h.reaches(h.upload("don.jpg", scan(t, 90)).Document, record.InReview, "")
}

var reasonIn = regexp.MustCompile(`urn:sohoa:reason:([a-z0-9-]+)`)

// walk sends every file under dir.
func walk(t *testing.T, dir string, send func(string, []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			send(filepath.Base(path), b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// settle waits until no document is on its way, as long as there is progress, and
// counts how they ended.
func (h *house) settle(open map[string]string, fates map[string][]string) {
	h.t.Helper()
	for len(open) > 0 {
		h.until(fmt.Sprintf("one more of %d ends", len(open)), func() error {
			before := len(open)
			for id, name := range open {
				var d record.Document
				if err := h.try("GET", "/documents/"+id, nil, &d); err != nil {
					return err
				}
				switch {
				case d.Status == record.SetAside && d.Reason == "":
					h.t.Errorf("%s is set aside without a reason", name)
				case d.Status == record.Received:
					continue
				}
				how := strings.TrimSuffix(string(d.Status)+": "+string(d.Reason), ": ")
				fates[how] = append(fates[how], name)
				delete(open, id)
			}
			if len(open) == before {
				return errors.New("none has")
			}
			return nil
		})
	}
}

// peak is the most memory that the process itself had, in kilobytes.
func (o *process) peak() int {
	o.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", o.cmd.Process.Pid))
	if err != nil {
		o.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	n, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}
