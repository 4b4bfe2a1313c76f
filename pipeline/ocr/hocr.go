package ocr

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/record"
)

// parse reads the hOCR of one page into lines, boxes in pixels of the picture
// that was recognised. A line in which nothing was read has no words.
func parse(hocr string) ([]record.Line, error) {
	d := xml.NewDecoder(strings.NewReader(strings.ToValidUTF8(hocr, "")))
	d.Strict = false
	r := reader{}
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return r.lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse hOCR: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			r.open(t)
		case xml.CharData:
			r.text(string(t))
		}
	}
}

// A reader is the state of parse: block, and the line and word that are open.
type reader struct {
	lines []record.Line
	block int
	line  record.Line
	word  record.Word
}

func (r *reader) open(t xml.StartElement) {
	var class, title string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		}
	}
	switch class {
	case "ocr_carea":
		r.block++
	case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat":
		p := properties(title)
		r.line = record.Line{Block: r.block, Box: box(p["bbox"]), Size: number(p["x_size"], 0),
			Baseline: record.Baseline{Slope: number(p["baseline"], 0), Offset: number(p["baseline"], 1)}}
		r.lines = append(r.lines, r.line)
	case "ocrx_word":
		p := properties(title)
		r.word = record.Word{Box: box(p["bbox"]), Confidence: number(p["x_wconf"], 0) / 100}
	}
}

// text takes the characters of a word; between elements there is only white space.
func (r *reader) text(s string) {
	s = letters(s)
	if s == "" || len(r.lines) == 0 {
		return
	}
	last := &r.lines[len(r.lines)-1]
	r.word.Text = s
	last.Words = append(last.Words, r.word)
}

// alike maps signs that the engine puts for letters and signs of Vietnamese:
// the Icelandic Ð for Đ (U+0110), the fraction slash, the florin.
var alike = strings.NewReplacer("Ð", "Đ", "⁄", "/", "ƒ", "f")

// letters brings recognised characters into the form that is kept: NFC, without
// white space and look-alikes.
func letters(s string) string {
	return norm.NFC.String(alike.Replace(strings.Join(strings.Fields(s), "")))
}

// properties splits an hOCR title: "bbox 1 2 3 4; x_wconf 96".
func properties(title string) map[string][]string {
	p := map[string][]string{}
	for _, one := range strings.Split(title, ";") {
		if f := strings.Fields(one); len(f) > 1 {
			p[f[0]] = f[1:]
		}
	}
	return p
}

func number(fields []string, i int) float64 {
	if i >= len(fields) {
		return 0
	}
	v, err := strconv.ParseFloat(fields[i], 64)
	if err != nil {
		return 0
	}
	return v
}

func box(fields []string) record.Box {
	var b record.Box
	for i := range b {
		b[i] = int(number(fields, i))
	}
	return b
}
