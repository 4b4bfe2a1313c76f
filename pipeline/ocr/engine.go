package ocr

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/otiai10/gosseract/v2"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// An engine is one open Tesseract. There is one in a process: its start changes
// standard error for all.
type engine struct {
	client    *gosseract.Client
	languages string
	work      string // folder of the page at hand
	loaded    bool   // whether it has read its models, as it does at its first page
}

// variables of every recognition. They are set before the first call, and how to
// look for text is one of them: SetPageSegMode would be lost there. A stated resolution keeps the engine from
// assuming 70 dpi; finding tables costs words in tables; to try whether letters
// stand at equal distances costs time, and administrative papers are not typed. Where the
// engine is asked what else it saw, three looks are enough: five find no more.
var variables = map[gosseract.SettableVariable]string{
	"textord_tabfind_find_tables": "0",
	"textord_all_prop":            "1",
	"user_defined_dpi":            "300",
	"lstm_choice_iterations":      "3",
	"debug_file":                  "/dev/null",
}

// open returns an engine for languages joined by "+". The models are loaded at
// the first page.
func open(languages string) *engine {
	c := gosseract.NewClient()
	c.Languages = strings.Split(languages, "+")
	for k, v := range variables {
		c.Variables[k] = v
	}
	return &engine{client: c, languages: languages}
}

func (e *engine) close() {
	if e != nil {
		e.client.Close()
	}
}

// How the engine looks for text.
const (
	asPage  = "3" // find blocks and lines
	asBlock = "6" // the whole picture is one block of lines
)

// recognise reads a cleaned picture: one pass, for each call of the engine is one.
func (e *engine) recognise(clean *page.Pix, as string) ([]record.Line, error) {
	hocr, err := e.hocr(clean, as)
	if err != nil {
		return nil, err
	}
	return parse(hocr)
}

// choose reads a cleaned picture that is one block, with the choices that the engine has.
func (e *engine) choose(clean *page.Pix) (reader, error) {
	if err := e.client.SetVariable("lstm_choice_mode", "2"); err != nil {
		return reader{}, fmt.Errorf("set up tesseract: %w", err)
	}
	hocr, err := e.hocr(clean, asBlock)
	if err := errors.Join(err, e.client.SetVariable("lstm_choice_mode", "0")); err != nil {
		return reader{}, err
	}
	return parsed(hocr)
}

// hocr reads a cleaned picture.
func (e *engine) hocr(clean *page.Pix, as string) (string, error) {
	if err := e.client.SetVariable("tessedit_pageseg_mode", as); err != nil {
		return "", fmt.Errorf("set up tesseract: %w", err)
	}
	if err := e.client.SetImageFromBytes(clean.EncodeSPIX()); err != nil {
		return "", fmt.Errorf("give the page to tesseract: %w", err)
	}
	model, err := e.layOut()
	if model != "" {
		defer os.RemoveAll(model)
	}
	if err != nil {
		return "", err
	}
	hocr, err := e.client.HOCRText()
	if err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	e.loaded = true
	return hocr, nil
}
