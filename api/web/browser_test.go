package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/internal/paper"
)

// patience bounds one step of a person; the machine may be busy with other things.
const patience = 3 * time.Minute

// A visitor is a browser in which one person works. Whatever the browser complains
// of — a policy that is broken, an error in a module — is kept.
type visitor struct {
	t          *testing.T
	ctx        context.Context
	url        string
	mu         sync.Mutex
	complaints []string
}

func visit(t *testing.T, url string) *visitor {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1280, 800), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(patience), chromedp.Flag("disable-component-update", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	v := &visitor{t: t, ctx: ctx, url: url}
	chromedp.ListenTarget(ctx, v.hear)
	v.do("open the browser", log.Enable(), network.Enable())
	return v
}

// hear keeps complaints. A refusal that a step expects is no complaint: the
// browser logs every answer from 400 on.
func (v *visitor) hear(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.complaints = append(v.complaints, "exception: "+e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Source != log.SourceNetwork {
			v.complaints = append(v.complaints, string(e.Entry.Source)+": "+e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		v.complaints = append(v.complaints, "console: "+string(e.Type))
	}
}

func (v *visitor) do(step string, actions ...chromedp.Action) {
	v.t.Helper()
	// The first run opens the browser for as long as its context lives: it must not
	// get one with a limit.
	ended := make(chan error, 1)
	go func() { ended <- chromedp.Run(v.ctx, actions...) }()
	select {
	case err := <-ended:
		if err != nil {
			v.t.Fatalf("%s: %v; the browser said %q", step, err, v.complaints)
		}
	case <-time.After(patience):
		var text string
		_ = chromedp.Run(v.ctx, chromedp.Evaluate(`document.body.innerText`, &text))
		v.t.Fatalf("%s: nothing came of it in %s; the page says\n%s\nthe browser said %q", step, patience, text, v.complaints)
	}
}

func (v *visitor) text(selector string) (text string) {
	v.t.Helper()
	v.do("read "+selector, chromedp.Text(selector, &text, chromedp.ByQuery, chromedp.NodeVisible))
	return strings.TrimSpace(text)
}

func (v *visitor) truth(step, expression string) {
	v.t.Helper()
	var ok bool
	v.do(step, chromedp.Poll(expression, &ok, chromedp.WithPollingTimeout(patience)))
}

// signIn signs in with a key.
func (v *visitor) signIn(secret string) {
	v.t.Helper()
	v.do("sign in", chromedp.Navigate(v.url+"/"), chromedp.SendKeys("#key", secret+kb.Enter, chromedp.ByQuery), chromedp.WaitVisible("#create", chromedp.ByQuery))
}

// quiet fails if the browser complained of anything.
func (v *visitor) quiet() {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range v.complaints {
		v.t.Errorf("the browser complained: %s", c)
	}
}

func TestADocumentGoesTheWholeWayOnTheScreens(t *testing.T) {
	s := start(t)
	v := visit(t, s.url)
	file := sample(t)

	v.signIn(s.secret)
	v.do("create a dossier", chromedp.SendKeys("#code", "H48.01-261123-0001", chromedp.ByQuery), chromedp.SendKeys("#title", "Hồ sơ thử", chromedp.ByQuery),
		chromedp.Click("#create button", chromedp.ByQuery), chromedp.WaitVisible("#drop", chromedp.ByQuery))
	v.truth("the dossier is shown", `document.querySelector('#name').textContent === 'H48.01-261123-0001'`)
	v.do("upload", chromedp.SetUploadFiles("#files", []string{file}, chromedp.ByQuery), chromedp.WaitVisible("#uploads li.done", chromedp.ByQuery))
	v.do("wait for review", chromedp.WaitVisible(".badge.in-review", chromedp.ByQuery), chromedp.Click("#rows a", chromedp.ByQuery), chromedp.WaitVisible("#fields .field", chromedp.ByQuery))

	v.seeEvidence()
	v.correct()
	v.do("approve by the keyboard", chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("a"), chromedp.KeyEvent(kb.Enter))
	v.do("see the seal appear", chromedp.WaitVisible(".panel.seal", chromedp.ByQuery))
	v.truth("the time-stamp follows by itself", `document.querySelector('.panel.seal').innerText.includes('B-T')`)

	var id string
	v.do("read the id", chromedp.Evaluate(`document.body.dataset.id`, &id))
	sealed := v.download()
	v.verifyFile(sealed)
	v.verifyID(id)
	v.quiet()
}

// sample writes a decision on paper, scanned, and returns the file.
func sample(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, spec := range paper.SampleDossier() {
		if spec.Name != "02-to-trinh" {
			continue
		}
		doc, err := paper.Make(spec)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.WriteTo(dir); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "02-to-trinh.pdf")
}

// seeEvidence chooses fields by keys and sees where each was read.
func (v *visitor) seeEvidence() {
	v.t.Helper()
	v.truth("a field is chosen from the start", `document.activeElement.closest('.field') !== null`)
	v.do("go on by key", chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("k"))
	v.truth("the second field is chosen", `document.activeElement.closest('.field') === document.querySelectorAll('.field')[1] && document.activeElement.closest('.field').classList.contains('chosen')`)
	v.do("choose the subject", chromedp.Evaluate(`document.querySelector('[data-name=subject] .pick').focus()`, nil))
	v.truth("its place is on the picture, in view", `(() => {
		const mark = document.querySelector('.evidence'), img = document.querySelector('.sheet img');
		if (!mark || !img || !img.complete || img.naturalWidth === 0) return false;
		const m = mark.getBoundingClientRect(), p = img.getBoundingClientRect(), view = document.querySelector('#sheets').getBoundingClientRect();
		return m.width > 20 && m.height > 5 && m.left >= p.left && m.right <= p.right && m.top >= p.top && m.bottom <= p.bottom && m.top >= view.top && m.bottom <= view.bottom;
	})()`)
}

// correct gives the subject another value, by the keyboard alone.
func (v *visitor) correct() {
	v.t.Helper()
	const corrected = "Về việc phê duyệt kế hoạch số hoá năm 2026"
	v.do("correct the subject", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("[data-name=subject] textarea", chromedp.ByQuery), chromedp.KeyEvent(corrected), chromedp.KeyEvent(kb.Enter))
	v.truth("it is stored and confirmed", fmt.Sprintf(`document.querySelector('[data-name=subject].confirmed .value')?.textContent === %q`, corrected))
	v.truth("the next field is chosen", `document.activeElement.closest('.field')?.previousElementSibling?.dataset.name === 'subject' || document.activeElement.id === 'approve'`)
}

// download fetches the sealed PDF as the browser does and returns the file.
func (v *visitor) download() string {
	v.t.Helper()
	dir := v.t.TempDir()
	done := make(chan string, 1)
	chromedp.ListenTarget(v.ctx, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && e.State == browser.DownloadProgressStateCompleted {
			done <- e.GUID
		}
	})
	v.do("download", browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllowAndName).WithDownloadPath(dir).WithEventsEnabled(true), chromedp.Click("#sealedfile", chromedp.ByQuery))
	select {
	case name := <-done:
		path := filepath.Join(dir, "sealed.pdf")
		if err := os.Rename(filepath.Join(dir, name), path); err != nil {
			v.t.Fatal(err)
		}
		return path
	case <-time.After(patience):
		v.t.Fatal("the sealed PDF was not downloaded")
	}
	return ""
}

func (v *visitor) verifyFile(path string) {
	v.t.Helper()
	v.do("sign out", chromedp.Submit("form[action='/signout']", chromedp.ByQuery), chromedp.WaitVisible("#key", chromedp.ByQuery))
	v.do("verify the file", chromedp.Navigate(v.url+"/verify"), chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery), chromedp.WaitVisible("#verdict .banner", chromedp.ByQuery))
	v.truth("it is valid", `document.querySelector('#verdict .banner.passed') !== null`)
	v.truth("a development authority is named", `document.querySelector('#verdict .developing') !== null && document.querySelector('.development') !== null`)
	b, err := os.ReadFile(path)
	if err != nil {
		v.t.Fatal(err)
	}
	b[len(b)/3] ^= 1
	broken := filepath.Join(v.t.TempDir(), "broken.pdf")
	if err := os.WriteFile(broken, b, 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.do("verify a file with one bit changed", chromedp.SetUploadFiles("#file", []string{broken}, chromedp.ByQuery))
	v.truth("it is not valid", `document.querySelector('#verdict:not([hidden]) .banner.failed') !== null`)
}

func (v *visitor) verifyID(id string) {
	v.t.Helper()
	v.do("verify by id", chromedp.Navigate(v.url+"/verify/"+id), chromedp.WaitVisible("#verdict .banner.passed", chromedp.ByQuery))
	text := v.text("#verdict")
	for _, want := range []string{"B-T", "Uỷ ban nhân dân huyện Thử Nghiệm"} {
		if !strings.Contains(text, want) {
			v.t.Errorf("/verify/%s says %q; want %q in it", id, text, want)
		}
	}
	if strings.Contains(text, "kế hoạch số hoá") {
		v.t.Errorf("/verify/%s shows content: %q", id, text)
	}
	v.do("verify an unknown id", chromedp.Navigate(v.url+"/verify/unknown"), chromedp.WaitVisible("#verdict .trouble", chromedp.ByQuery))
}
