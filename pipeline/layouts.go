package pipeline

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/pipeline/layout"
	"github.com/sohoa/sohoa/record"
)

// A Layout is a form in which other software reads the words and their places.
type Layout struct {
	Kind      string // of the rendition
	Suffix    string // of the file's name, after that of the document
	MediaType string
	write     func(io.Writer, layout.Document) error
}

// The layouts that are written.
var (
	ALTO = Layout{record.RenditionALTO, ".alto.xml", "application/xml", layout.ALTO}
	HOCR = Layout{record.RenditionHOCR, ".hocr", "application/xhtml+xml", layout.HOCR}
)

// Write writes the words of a document; language is what it is in where its pages
// do not tell.
func (l Layout) Write(w io.Writer, r record.Digitised, language string) error {
	d := layout.Document{Name: r.Name, Language: record.LanguageOf(r.Pages, language), Software: r.Software, Pages: r.Pages}
	if len(r.Original.Files) > 0 {
		d.Source = r.Original.Files[0].SHA256
	}
	return l.write(w, d)
}

// File writes them into a folder and returns the file's path.
func (l Layout) File(folder string, r record.Digitised, language string) (string, error) {
	path := filepath.Join(folder, "words"+l.Suffix)
	err := writeFile(path, func(w io.Writer) error { return l.Write(w, r, language) })
	return path, diskError(err, "write the words of "+r.Name)
}

// writeFile has write fill a new file.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(f)
	return errors.Join(write(buffered), buffered.Flush(), f.Close())
}
