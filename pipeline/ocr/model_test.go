package ocr

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/pipeline/page"
)

// blank is a picture with nothing to read.
func blank(t *testing.T) *page.Pix {
	t.Helper()
	x, err := page.FromSamples(make([]byte, 200*100), 200, 100, 1, 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Free)
	return x
}

func TestOurModelLiesInTheWorkFolderUntilItIsRead(t *testing.T) {
	t.Setenv("TESSDATA_PREFIX", "")
	e := open("vie")
	defer e.close()
	e.work = t.TempDir()
	if _, err := e.recognise(blank(t), asPage); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(e.work, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	e.work = filepath.Join(e.work, "of another page") // which does not exist
	if _, err := e.recognise(blank(t), asPage); err != nil {
		t.Errorf("the second page: %v; want none", err)
	}
}

func TestEnginesOnPagesOfOneDocumentDoNotShareTheModel(t *testing.T) {
	t.Setenv("TESSDATA_PREFIX", "")
	first, second := open("vie"), open("vie")
	defer first.close()
	defer second.close()
	first.work = t.TempDir()
	second.work = first.work
	laid, err := second.layOut()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.recognise(blank(t), asPage); err != nil { // which removes its own when it has read it
		t.Fatal(err)
	}
	if _, err := os.Stat(laid); err != nil {
		t.Errorf("the other engine's model: %v; want it left alone", err)
	}
}

func TestOtherModelsAreThoseOfTheSystem(t *testing.T) {
	system := "/usr/share/tesseract-ocr/5/tessdata"
	for _, c := range []struct{ name, languages, prefix string }{
		{"another language", "fra", ""},
		{"along with another", "vie+fra", ""},
		{"a folder of one's own", "vie", system},
	} {
		t.Setenv("TESSDATA_PREFIX", c.prefix)
		e := open(c.languages)
		e.work = filepath.Join(t.TempDir(), "nowhere")
		if _, err := e.recognise(blank(t), asPage); err != nil { // ours cannot be laid out there
			t.Errorf("%s: recognise = %v", c.name, err)
		}
		e.close()
	}
}

func TestOurModelCannotBeLaidOut(t *testing.T) {
	t.Setenv("TESSDATA_PREFIX", "")
	e := open("vie")
	defer e.close()
	e.work = filepath.Join(t.TempDir(), "nowhere")
	if _, err := e.recognise(blank(t), asPage); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("recognise = %v; want that there is no such folder", err)
	}
}
