package ocr

// #cgo CXXFLAGS: -std=c++17
// #cgo LDFLAGS: -ltesseract -lleptonica
// #include <stdlib.h>
// #include "tesseract.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// An engine is one Tesseract that stays open.
type engine struct {
	languages string         // models joined by "+"
	handle    unsafe.Pointer // nil until the first page
}

// variables of every recognition. A stated resolution keeps the engine from
// assuming 70 dpi; finding tables costs words in tables; to try whether letters
// stand at equal distances costs time, and administrative papers are not typed.
var variables = map[string]string{
	"textord_tabfind_find_tables": "0",
	"textord_all_prop":            "1",
	"user_defined_dpi":            "300",
	"debug_file":                  "/dev/null",
}

// open returns an engine for languages joined by "+". The models are loaded at
// the first page.
func open(languages string) *engine { return &engine{languages: languages} }

func (e *engine) close() {
	if e != nil && e.handle != nil {
		C.sohoa_close(e.handle)
		e.handle = nil
	}
}

// ready loads the models, once.
func (e *engine) ready() error {
	if e.handle != nil {
		return nil
	}
	languages := C.CString(e.languages)
	defer C.free(unsafe.Pointer(languages))
	if e.handle = C.sohoa_open(languages); e.handle == nil {
		return fmt.Errorf("tesseract has no models for %q", e.languages)
	}
	for name, value := range variables {
		if err := e.set(name, value); err != nil {
			e.close()
			return err
		}
	}
	return nil
}

func (e *engine) set(name, value string) error {
	n, v := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(n))
	defer C.free(unsafe.Pointer(v))
	if C.sohoa_set(e.handle, n, v) == 0 {
		return fmt.Errorf("tesseract knows no variable %s", name)
	}
	return nil
}

// How the engine looks for text.
const (
	asPage  = 3 // find blocks and lines
	asBlock = 6 // the whole picture is one block of lines
)

// recognise reads a cleaned picture.
func (e *engine) recognise(clean *page.Pix, as int) ([]record.Line, error) {
	if err := e.ready(); err != nil {
		return nil, err
	}
	read := C.sohoa_read(e.handle, (*C.PIX)(clean.Pointer()), C.int(as))
	if read == nil {
		return nil, errors.New("tesseract gave the page back unread")
	}
	defer C.free(unsafe.Pointer(read))
	return parse(C.GoString(read))
}
