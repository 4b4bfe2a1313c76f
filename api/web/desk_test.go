package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
)

// TestADeskOfPapers is a clerk's morning: a scan of two papers that is split, pages
// that are joined, a paper that is held already, a dossier approved in one step, a
// new scan for an old one.
func TestADeskOfPapers(t *testing.T) {
	s := start(t)
	v := visit(t, s.url)
	dir := t.TempDir()
	first, second := letters(t, dir)
	v.signIn(s.secret)

	v.newDossier("HS-1")
	v.join(first, second)
	v.see("both pages are read as one document", "#rows .badge.in-review")
	v.do("open it", click("#rows a"))
	v.see("the file seems to hold two papers", "#proposal")
	v.openToAll("a proposal to split")
	v.truth("it has two pages", `document.querySelectorAll('.sheet').length === 2`)
	v.do("go to the second by its link", click("#proposal li:nth-child(2) a"))
	v.truth("the second page is in view", `document.querySelector('#where').textContent.includes('2/2')`)
	v.do("split it", click("#split"))
	v.truth("it is two documents now", `document.body.dataset.status === 'superseded' && document.querySelectorAll('.panel .part').length === 2`)
	v.do("back to the dossier", click("#dossier"))
	v.truth("both are read", `document.querySelectorAll('#rows .badge.in-review').length === 2`)

	v.do("approve the whole dossier", click("#batch"))
	v.truth("both are listed", `document.body.dataset.page === 'batch' && document.querySelectorAll('#rows tr').length === 2`)
	v.openToAll("a batch")
	v.byTab("a batch")
	v.do("pick all and approve", click("#all"), click("#approve"))
	v.truth("both are sealed, nothing failed", `document.querySelectorAll('#rows .badge.sealed').length === 2 && document.querySelector('#progress').value === 2 && document.querySelector('#failures').hidden`)

	v.newDossier("HS-2")
	v.do("scan the first paper again", chromedp.SetUploadFiles("#files", []string{first}, chromedp.ByQuery))
	v.see("it is read", "#rows .badge.in-review")
	v.do("open it", click("#rows a"))
	v.see("it is held already", "#alike .badge.sealed")
	v.openToAll("what is held already")
	v.do("use the held one", click("#alike .use"))
	v.see("the question", "#doit")
	v.do("yes", click("#doit"))
	v.truth("the held one is in its place", `document.body.dataset.status === 'superseded' && document.querySelector('.panel.warn a') !== null`)
	v.do("back to the dossier", click("#dossier"))
	v.truth("the dossier names what it uses", `document.querySelectorAll('#reused li a').length === 1`)

	v.do("scan the second paper for the first", chromedp.Evaluate(`location.assign(document.querySelector('#reused a').href)`, nil))
	v.see("what is sealed", ".panel.seal")
	v.do("replace it", click("#more a[href*=supersedes]"))
	v.see("a new scan is asked for", "#notice")
	v.do("give it", chromedp.SetUploadFiles("#files", []string{second}, chromedp.ByQuery), chromedp.SetValue("#pages", "1", chromedp.ByQuery), click("#joining .main"))
	v.truth("the old one is replaced", `document.querySelector('#rows .badge.superseded') !== null && document.querySelectorAll('#rows tr').length === 4`)
	v.quiet()
}

// TestAPersonMarksOnTheScreens: what is approved waits for the person's own
// signature; what is none is refused with words; then hers is taken.
func TestAPersonMarksOnTheScreens(t *testing.T) {
	s := start(t)
	if err := s.app.Catalogue.PutAgency(t.Context(), record.Agency{ID: "H48.01", Name: "Uỷ ban nhân dân huyện Thử Nghiệm", PersonMark: true}, "cli"); err != nil {
		t.Fatal(err)
	}
	v := visit(t, s.url)
	dir := t.TempDir()
	file, _ := letters(t, dir)
	v.signIn(s.secret)
	v.newDossier("HS-1")
	v.do("upload", chromedp.SetUploadFiles("#files", []string{file}, chromedp.ByQuery))
	v.see("it is read", "#rows .badge.in-review")
	v.do("open it", click("#rows a"))
	v.see("its fields", "#fields .field.chosen")
	v.truth("it is approved", `(document.body.dataset.status !== 'in-review') || (document.querySelector('#approve').click(), false)`)
	v.see("there is a PDF to be signed", "#tomark")
	v.openToAll("a document that awaits its mark")

	var id string
	v.do("read the id", chromedp.Evaluate(`document.body.dataset.id`, &id))
	before := s.fetch(t, "/documents/"+id+"/content/to-mark")
	unsigned := filepath.Join(dir, "unsigned.pdf")
	if err := os.WriteFile(unsigned, before, 0o600); err != nil {
		t.Fatal(err)
	}
	v.do("send it back unsigned", chromedp.SetUploadFiles("#signedpdf", []string{unsigned}, chromedp.ByQuery))
	v.see("that is refused with words", "#mark .trouble")
	v.do("send her signature", chromedp.SetUploadFiles("#signedpdf", []string{s.mark(t, dir, before)}, chromedp.ByQuery))
	v.see("it is taken and the agency seals", ".panel.seal")
	v.truth("the lines for other systems name the digest", `document.querySelector('#curl pre').textContent.includes('sha256sum')`)
	v.quiet()
}

// newDossier makes a dossier and opens it.
func (v *visitor) newDossier(code string) {
	v.t.Helper()
	v.do("open the dossiers", chromedp.Navigate(v.url+"/dossiers"))
	v.see("the form", "#create .main:enabled")
	v.do("create one", chromedp.SendKeys("#code", code+kb.Enter, chromedp.ByQuery))
	v.truth("it is open", fmt.Sprintf(`document.readyState === 'complete' && document.querySelector('#name')?.textContent === %q`, code))
}

// join sends files as one document, the second given first and moved.
func (v *visitor) join(first, second string) {
	v.t.Helper()
	v.do("join", click("input[value=join]"), chromedp.SetUploadFiles("#files", []string{second, first}, chromedp.ByQuery))
	v.truth("both are there", `document.querySelectorAll('#joined li').length === 2`)
	v.do("move the second up", click("#joined li:nth-child(2) .up"), chromedp.SetValue("#pages", "2", chromedp.ByQuery), click("#joining .main"))
}

// letters writes two papers of one page each.
func letters(t *testing.T, dir string) (first, second string) {
	t.Helper()
	var files []string
	for i, kind := range []paper.Kind{"to-trinh", "quyet-dinh"} {
		doc, err := paper.Make(paper.Spec{Name: string(kind), Kind: kind, Seed: int64(2 + i), DPI: 200, Colour: paper.InGrey, Format: "png", Marks: paper.Marks{Seal: true, Signature: true}})
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, onePage(t, dir, string(kind), doc.Pages[0].Image))
	}
	return files[0], files[1]
}

func onePage(t *testing.T, dir, name string, picture image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name+".png")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fetch asks the API as an admin.
func (s *service) fetch(t *testing.T, path string) []byte {
	t.Helper()
	req, err := http.NewRequest("GET", s.url+"/api/v1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s = %d, %v: %.200s", path, resp.StatusCode, err, b)
	}
	return b
}

// mark signs a PDF as a person's own program does, and returns the file.
func (s *service) mark(t *testing.T, dir string, before []byte) string {
	t.Helper()
	k, err := key.Open(s.pki.Key, s.pki.PasswordFile)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	signed, err := signing.Sign(t.Context(), bytes.NewReader(before), k, signing.Request{Person: k.Certificate().Subject.CommonName, Time: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(io.NewSectionReader(signed, 0, signed.Size()))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "signed.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
