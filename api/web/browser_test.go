package web_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/say"
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
	profile, err := os.MkdirTemp("", "visitor")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // a browser that is killed may write once more: no matter
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1280, 800), chromedp.UserDataDir(profile),
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
		if e.Entry.Source != log.SourceNetwork && (e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning) {
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

// click clicks an element. The page may have put a new one in its place between its
// being found and clicked.
func click(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			err := chromedp.Click(selector, chromedp.ByQuery).Do(ctx)
			var refusal *cdproto.Error
			if !errors.As(err, &refusal) || refusal.Code != gone {
				return err
			}
		}
	})
}

// gone is what the browser says of an element that is not in the page any more.
const gone = -32000

func (v *visitor) text(selector string) (text string) {
	v.t.Helper()
	v.do("read "+selector, chromedp.Text(selector, &text, chromedp.ByQuery, chromedp.NodeVisible))
	return strings.TrimSpace(text)
}

// truth waits until an expression is true in the page. An error on the way is a
// page that is being left for the next.
func (v *visitor) truth(step, expression string) {
	v.t.Helper()
	var ok bool
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if err := chromedp.Run(v.ctx, chromedp.Evaluate(expression, &ok)); err == nil && ok {
			return
		}
	}
	var text string
	_ = chromedp.Run(v.ctx, chromedp.Evaluate(`document.body.innerText`, &text)) // only to say more
	v.t.Fatalf("%s: not in %s; the page says\n%s\nthe browser said %q", step, patience, text, v.complaints)
}

// see waits until an element is on the screen.
func (v *visitor) see(step, selector string) {
	v.t.Helper()
	v.truth(step, fmt.Sprintf(`document.readyState === 'complete' && (document.querySelector(%q)?.getClientRects().length ?? 0) > 0`, selector))
}

// signIn signs in with a key.
func (v *visitor) signIn(secret string) {
	v.t.Helper()
	v.do("open the first page", chromedp.Navigate(v.url+"/"))
	v.see("the form for the key", "#key")
	v.do("sign in", chromedp.SendKeys("#key", secret+kb.Enter, chromedp.ByQuery))
	v.see("signed in", "#create")
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
		click("#create button"))
	v.truth("the dossier is shown", `document.querySelector('#name').textContent === 'H48.01-261123-0001'`)
	v.do("upload", chromedp.SetUploadFiles("#files", []string{file}, chromedp.ByQuery))
	v.see("the upload is accepted", "#uploads li.done")
	v.see("the document comes to review by itself", "#rows .badge.in-review")
	v.do("open it", click("#rows a"))
	v.see("its fields", "#fields .field.chosen")

	v.seeEvidence()
	v.doubt()
	v.closer()
	v.openToAll("the review")
	v.fits("the review", 640)
	v.byTab("the review")
	v.correct()
	v.do("approve by the keyboard", chromedp.KeyEvent("a"), chromedp.KeyEvent(kb.Enter))
	v.see("the handwritten number is not typed yet", "#notice")
	v.truth("and is chosen", `document.activeElement.closest('.field')?.dataset.name === 'codeNumber'`)
	v.do("type it", chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent("3898"), chromedp.KeyEvent(kb.Enter))
	v.truth("it is stored", `document.querySelector('[data-name=codeNumber].confirmed .value')?.textContent === '3898'`)
	v.do("approve", chromedp.KeyEvent("a"), chromedp.KeyEvent(kb.Enter))
	v.see("the seal appears", ".panel.seal")
	v.truth("the time-stamp follows by itself", `document.querySelector('.panel.seal').innerText.includes('B-T')`)

	var id string
	v.do("read the id", chromedp.Evaluate(`document.body.dataset.id`, &id))
	sealed := v.download()
	v.openToAll("a sealed document")
	v.speakAll(id)
	v.verifyFile(sealed)
	v.verifyID(id)
	v.quiet()
}

// speakAll opens every page in every language: no key may stand where its words are
// missing.
func (v *visitor) speakAll(id string) {
	v.t.Helper()
	for _, lang := range say.Languages {
		for _, path := range []string{"/dossiers", "/documents", "/documents/" + id, "/verify", "/nowhere"} {
			v.do("open "+path, chromedp.Navigate(v.url+path+"?lang="+lang))
			v.truth(path+" in "+lang, fmt.Sprintf(`document.readyState === 'complete' && document.documentElement.lang === %q && (document.body.dataset.page !== 'review' || document.querySelector('.field') !== null)`, lang))
			if lang == "fr" { // the longest words
				v.openToAll(path)
				v.fits(path, 640)
			}
			var missing string
			v.do("read it", chromedp.Evaluate(`(async () => {
				const { screen } = await (await fetch('/words/vi.json')).json();
				const kinds = [...new Set(Object.keys(screen).map((k) => k.split('.')[0]))].join('|');
				return document.body.innerText.match(new RegExp('\\b(' + kinds + ')\\.[a-z]+\\b|undefined|NaN', 'g'))?.join(' ') ?? '';
			})()`, &missing, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
			if missing != "" {
				v.t.Errorf("%s in %s shows %q", path, lang, missing)
			}
		}
	}
	v.do("back to Vietnamese", chromedp.Navigate(v.url+"/verify?lang=vi"))
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

// closer fills the view with the chosen place by a key, and jumps to what asks for a look.
func (v *visitor) closer() {
	v.t.Helper()
	v.do("closer", chromedp.KeyEvent("z"))
	v.truth("the place is large, in view", `(() => {
		const m = document.querySelector('.evidence').getBoundingClientRect(), view = document.querySelector('#sheets').getBoundingClientRect();
		return document.querySelector('#zoom').textContent !== '100%' && m.width > view.width / 3 && m.left >= view.left && m.top >= view.top && m.bottom <= view.bottom;
	})()`)
	v.do("the whole page", chromedp.KeyEvent("z"))
	v.truth("it is as wide as before", `document.querySelector('#zoom').textContent === '100%'`)
	v.do("what asks for a look", chromedp.KeyEvent("l"))
	v.truth("it has the focus", `document.activeElement.closest('.field')?.matches('.handwritten, .weak')`)
}

// doubt goes through the words that may be wrong, and takes a suggestion over: one that
// is made up, for the engine reads the sample too well.
func (v *visitor) doubt() {
	v.t.Helper()
	v.truth("the words to look at are counted", `!document.querySelector('#doubtsbox').hidden && /: \d+ .* \d+ \(\d+%\)/.test(document.querySelector('#doubtshead').textContent)`)
	v.truth("a suggestion is put into the field where the word stands, by a key", `(window.tried ??= import('/static/doubts.js').then(({ Doubts }) => {
		const seen = [];
		const d = new Doubts({ point: (at) => seen.push(at[0].box[0]) }, (values) => { window.took = JSON.stringify([values, seen]); });
		const word = (text, x, rest) => ({ text, box: [x, 10, x + 40, 30], engine: 0.9, ...rest });
		d.show([{ number: 1, lines: [{ words: [word('Về', 10, { confidence: 0.99 }), word('thấm', 60, { confidence: 0.2, suggestion: { text: 'thẩm', rule: 'phrase', score: 0.9 } })] }] }],
			{ subject: { value: 'Về thấm quyền', normal: 'Về thấm quyền', evidence: [{ page: 1, box: [0, 0, 200, 40] }] } });
		d.next();
		d.take();
	}), window.took === '[{"subject":"Về thẩm quyền"},[60]]')`)
}

// correct gives the subject another value, by the keyboard alone.
func (v *visitor) correct() {
	v.t.Helper()
	const corrected = "Về việc phê duyệt kế hoạch số hoá năm 2026"
	v.do("correct the subject", chromedp.Evaluate(`document.querySelector('[data-name=subject] .pick').focus()`, nil), chromedp.KeyEvent(kb.Enter))
	v.see("the value can be typed", "[data-name=subject] textarea")
	v.do("type it", chromedp.KeyEvent(corrected), chromedp.KeyEvent(kb.Enter))
	v.truth("it is stored and confirmed", fmt.Sprintf(`document.querySelector('[data-name=subject].confirmed .value')?.textContent === %q`, corrected))
	v.truth("the next field is chosen", `(() => {
		const all = [...document.querySelectorAll('.field')];
		return all[all.indexOf(document.activeElement.closest('.field')) - 1]?.dataset.name === 'subject' || document.activeElement.id === 'approve';
	})()`)
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
	v.do("download", browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllowAndName).WithDownloadPath(dir).WithEventsEnabled(true), click("#sealedfile"))
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
	v.do("sign out", click("form[action='/signout'] button"))
	v.see("signed out", "#key")
	v.do("open the verification", chromedp.Navigate(v.url+"/verify"))
	v.see("the form for a file", "#drop")
	v.do("verify the file", chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	v.truth("it is valid", `document.querySelector('#verdict .banner.passed') !== null`)
	v.openToAll("a verdict")
	v.fits("a verdict", 320)
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
	v.do("verify by id", chromedp.Navigate(v.url+"/verify/"+id))
	v.see("it is valid", "#verdict .banner.passed")
	v.openToAll("a document that was found")
	v.fits("a document that was found", 320)
	text := v.text("#verdict")
	for _, want := range []string{"B-T", "3898", "Uỷ ban nhân dân huyện Thử Nghiệm"} {
		if !strings.Contains(text, want) {
			v.t.Errorf("/verify/%s says %q; want %q in it", id, text, want)
		}
	}
	if strings.Contains(text, "kế hoạch số hoá") {
		v.t.Errorf("/verify/%s shows content: %q", id, text)
	}
	v.do("verify an unknown id", chromedp.Navigate(v.url+"/verify/unknown"))
	v.see("it is unknown", "#verdict .trouble")
}

// What a test would hear if the policy was broken.
func TestABrokenPolicyIsHeard(t *testing.T) {
	server, _, _ := pages(t, false)
	v := visit(t, server.URL)
	v.do("open a page", chromedp.Navigate(server.URL+"/verify"))
	v.truth("a script in the page is blocked", `(() => {
		const script = document.createElement('script');
		script.textContent = 'document.title = "broken"';
		document.body.append(script);
		return document.title !== 'broken';
	})()`)
	v.truth("nothing is fetched from elsewhere", `fetch('http://127.0.0.1:1/').then(() => false, () => true) && true`)
	for until := time.Now().Add(patience); time.Now().Before(until) && v.heard() == 0; time.Sleep(50 * time.Millisecond) {
	}
	if v.heard() == 0 {
		t.Error("the browser complained of nothing")
	}
}

func (v *visitor) heard() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.complaints)
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	s := start(t)
	v := visit(t, s.url)
	v.signIn(s.secret)
	v.do("create a dossier", chromedp.SendKeys("#code", "1", chromedp.ByQuery), click("#create button"))
	v.truth("an empty dossier", `location.pathname !== '/dossiers' && document.querySelector('#empty')?.getClientRects().length > 0`)
	v.do("go back", chromedp.Navigate(v.url+"/dossiers"))
	v.see("the form", "#create")
	v.do("create it once more", chromedp.SendKeys("#code", "1", chromedp.ByQuery), click("#create button"))
	v.see("a way to it", "#create .trouble a")
	v.do("go there", click("#create .trouble a"))
	v.see("the dossier", "#files")

	good := sample(t)
	b, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cut, letter := filepath.Join(dir, "cut.pdf"), filepath.Join(dir, "letter.docx")
	for path, content := range map[string][]byte{cut: b[:3000], letter: []byte("PK\x03\x04 no scan")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v.do("upload several at once", chromedp.SetUploadFiles("#files", []string{good, cut, letter, good}, chromedp.ByQuery))
	v.truth("one is refused with words and a button", `[...document.querySelectorAll('#uploads li')].filter((l) => l.classList.contains('failed') && l.querySelector('.words').textContent.includes('TIFF') && !l.querySelector('button').hidden).length === 1`)
	v.truth("the others are accepted", `document.querySelectorAll('#uploads li.done').length === 3`)
	v.truth("the same twice is one document", `document.querySelectorAll('#rows tr').length === 2`)
	v.see("the broken one is set aside with its reason", "#rows .trouble")
	v.see("the whole one comes to review", "#rows .badge.in-review")

	v.do("open the broken one", chromedp.Evaluate(`location.assign(document.querySelector('#rows .badge.set-aside').closest('tr').querySelector('a').href)`, nil))
	v.see("what can be done", "#redrive")
	v.do("try again", click("#redrive"))
	v.truth("it is set aside again", `document.querySelectorAll('#history li').length >= 4 && document.querySelector('.panel.bad #redrive, #redrive') !== null`)

	v.do("go back", click("#dossier"))
	v.see("the next to review", "#next")
	v.openToAll("a dossier")
	v.byTab("a dossier")
	v.do("open it", click("#next"))
	v.see("its fields", "#fields .field.chosen")
	v.do("somebody else corrects it", chromedp.Evaluate(`fetch('/api/v1/documents/'+document.body.dataset.id+'/fields').then((r) => r.json()).then((f) => fetch('/api/v1/documents/'+document.body.dataset.id+'/fields', {method:'PUT', headers:{'Content-Type':'application/json'}, body: JSON.stringify({version: f.version, fields: {place: 'Nơi khác'}})})).then((r) => r.status)`, nil))
	v.see("that is said", "#notice")
	v.truth("and shown", `document.querySelector('[data-name=place] .value').textContent === 'Nơi khác'`)
	v.do("give a date that is none", chromedp.Evaluate(`document.querySelector('[data-name=issuedDate] .pick').click()`, nil))
	v.do("type it", chromedp.KeyEvent("31/02/2024"), chromedp.KeyEvent(kb.Enter))
	v.see("it is refused beside the field", "[data-name=issuedDate] .trouble")
	v.do("leave it", chromedp.KeyEvent(kb.Escape))

	v.do("send it back by keys", chromedp.KeyEvent("r"), chromedp.KeyEvent(kb.Enter))
	v.see("the reason is asked for", "#note")
	v.do("give it", chromedp.KeyEvent("Thiếu trang"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	v.truth("it is sent back with the reason", `document.body.dataset.status === 'rejected' && document.querySelector('.panel .note').textContent === 'Thiếu trang'`)
	v.do("reopen", click("#reopen"))
	v.see("the reason is asked for", "#note")
	v.do("give it", chromedp.KeyEvent("Đã bổ sung"), click("#doit"))
	v.truth("it is in review", `document.body.dataset.status === 'in-review'`)
	v.do("withdraw", click("#withdraw"))
	v.see("the reason is asked for", "#note")
	v.do("give it", chromedp.KeyEvent("Nhầm hồ sơ"), click("#doit"))
	v.truth("it is withdrawn", `document.body.dataset.status === 'withdrawn'`)
	v.quiet()
}
