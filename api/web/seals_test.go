package web_test

import (
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/key/csctest"
)

// remoteKey puts the key of a worker at a remote signing service; the service is set
// when the worker is configured.
func remoteKey(t *testing.T, service **csctest.Service) func(*work.Config) {
	return func(c *work.Config) {
		t.Helper()
		p, err := devpki.Load(filepath.Dir(c.Key))
		if err != nil {
			t.Fatal(err)
		}
		s := csctest.New(p.Signer.Key, p.Signer.Certificate, p.CA.Certificate)
		s.SCAL, s.Multisign = "2", 50
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		dir := t.TempDir()
		login, pin := filepath.Join(dir, "login"), filepath.Join(dir, "pin")
		for path, text := range map[string]string{login: csctest.Login, pin: csctest.PIN} {
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c.Key, c.PasswordFile = "csc:"+server.URL+csctest.Path+"?login-file="+login, pin
		*service = s
	}
}

// TestADossierWhoseKeyIsAway: a dossier is approved in one step by the keyboard while
// the signing service refuses. What failed is listed with its reason, also after the
// page was loaded again; when the service signs again, one button seals it all, with one
// authorisation.
func TestADossierWhoseKeyIsAway(t *testing.T) {
	var service *csctest.Service
	s := start(t, remoteKey(t, &service))
	v := visit(t, s.url)
	first, second := letters(t, t.TempDir())
	v.signIn(s.secret)
	v.newDossier("HS-1")
	v.do("upload", chromedp.SetUploadFiles("#files", []string{first, second}, chromedp.ByQuery))
	v.truth("both are read", `document.querySelectorAll('#rows .badge.in-review').length === 2`)
	service.Change(func(s *csctest.Service) {
		s.Answer = func(w http.ResponseWriter, _ string) bool { csctest.Refuse(w, 400, "invalid_request"); return true }
	})
	v.do("approve the whole dossier", click("#batch"))
	v.truth("both are listed", `document.body.dataset.page === 'batch' && document.querySelectorAll('#rows tr').length === 2`)
	v.fits("the dossier", 320)
	v.do("pick all and approve by the keyboard", chromedp.Focus("#all", chromedp.ByQuery), chromedp.KeyEvent(" "), chromedp.Focus("#approve", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	failed := `document.querySelectorAll('#failed li').length === 2 && document.querySelector('#failed .trouble').textContent.trim().length > 20`
	v.truth("both failed, with the reason", failed)
	v.do("load the page again", chromedp.Reload())
	v.truth("the list is there again", failed)
	before := service.Calls("credentials/authorize")
	service.Change(func(s *csctest.Service) { s.Answer = nil })
	v.do("try again by the keyboard", chromedp.Focus("#retry", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	v.truth("both are sealed", `document.querySelector('#progress').value === 2 && document.querySelector('#failures').hidden && !document.querySelector('#outcome').hidden`)
	if n := service.Calls("credentials/authorize") - before; n != 1 {
		t.Errorf("%d authorisations for what was tried again together; want one", n)
	}
	v.quiet()
}

// TestAPersonMarksByValue: her token signs a digest in a program of its own; the
// screens take her certificate, give out what is signed, and take the value.
func TestAPersonMarksByValue(t *testing.T) {
	s := start(t)
	if err := s.app.Catalogue.PutAgency(t.Context(), record.Agency{ID: "H48.01", Name: "Uỷ ban nhân dân huyện Thử Nghiệm", PersonMark: true}, "cli"); err != nil {
		t.Fatal(err)
	}
	v := visit(t, s.url)
	dir := t.TempDir()
	file, _ := letters(t, dir)
	k, err := key.Open(s.pki.Key, s.pki.PasswordFile)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	certificate := filepath.Join(dir, "certificate.pem")
	var chain []byte
	for _, c := range k.Chain {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	if err := os.WriteFile(certificate, chain, 0o600); err != nil {
		t.Fatal(err)
	}
	v.signIn(s.secret)
	v.newDossier("HS-1")
	v.do("upload", chromedp.SetUploadFiles("#files", []string{file}, chromedp.ByQuery))
	v.see("it is read", "#rows .badge.in-review")
	v.do("open it", click("#rows a"))
	v.see("its fields", "#fields .field.chosen")
	v.truth("it is approved", `(document.body.dataset.status !== 'in-review') || (document.querySelector('#approve').click(), false)`)
	v.see("there is another way", "#byvalue summary")
	v.do("take it", click("#byvalue summary"))
	v.do("give her certificate", chromedp.SetUploadFiles("#certificate", []string{certificate}, chromedp.ByQuery))
	v.see("what is to be signed", "#digest")
	v.truth("the way that was taken stays open", `document.querySelector('#byvalue').open`)
	var id string
	v.do("read the id", chromedp.Evaluate(`document.body.dataset.id`, &id))
	var doc record.Document
	if err := json.Unmarshal(s.fetch(t, "/documents/"+id), &doc); err != nil {
		t.Fatal(err)
	}
	h := signing.HashFor(k.Signer.Public())
	if doc.Mark.Hash != h.String() {
		t.Errorf("the digest to sign is by %s; want %s", doc.Mark.Hash, h)
	}
	value, err := k.Signer.Sign(rand.Reader, doc.Mark.Digest, h)
	if err != nil {
		t.Fatal(err)
	}
	answer := filepath.Join(dir, "signature.bin")
	if err := os.WriteFile(answer, value[:len(value)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	v.do("send a value that is cut off", chromedp.SetUploadFiles("#value", []string{answer}, chromedp.ByQuery))
	v.see("that is refused with words", "#mark .trouble")
	v.truth("that way is still open", `document.querySelector('#byvalue').open`)
	v.do("give her certificate again", chromedp.SetUploadFiles("#certificate", []string{certificate}, chromedp.ByQuery))
	v.see("what is to be signed now", "#digest")
	if err := json.Unmarshal(s.fetch(t, "/documents/"+id), &doc); err != nil {
		t.Fatal(err)
	}
	if value, err = k.Signer.Sign(rand.Reader, doc.Mark.Digest, h); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(answer, value, 0o600); err != nil {
		t.Fatal(err)
	}
	v.do("send the value", chromedp.SetUploadFiles("#value", []string{answer}, chromedp.ByQuery))
	v.see("it is taken and the agency seals", ".panel.seal")
	v.quiet()
}
