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
	r, err := parsed(hocr)
	return r.lines, err
}

// parsed reads hOCR as parse does, with the choices that the engine had.
func parsed(hocr string) (r reader, err error) {
	d := xml.NewDecoder(strings.NewReader(strings.ToValidUTF8(hocr, "")))
	d.Strict = false
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return reader{}, fmt.Errorf("parse hOCR: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			r.open(t)
		case xml.CharData:
			r.text(string(t))
		}
	}
}

// A reader is the state of parse: block, and the line, word and choice that are open.
type reader struct {
	lines  []record.Line
	signs  [][]sign // of each word, in the order of lines
	block  int
	line   record.Line
	word   record.Word
	choice *choice // nil: characters that follow are a word
}

func (r *reader) open(t xml.StartElement) {
	var class, title, id string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		case "id":
			id = a.Value
		}
	}
	r.choice = nil
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
	case "ocrx_cinfo":
		r.openChoice(id, number(properties(title)["x_confs"], 0)/100)
	}
}

// openChoice opens a sign of the last word, or what one may be.
func (r *reader) openChoice(id string, sure float64) {
	if len(r.signs) == 0 {
		return
	}
	word := &r.signs[len(r.signs)-1]
	if strings.HasPrefix(id, "lstm_choices") {
		*word = append(*word, nil)
	} else if n := len(*word); n > 0 {
		(*word)[n-1] = append((*word)[n-1], choice{sure: sure})
		r.choice = &(*word)[n-1][len((*word)[n-1])-1]
	}
}

// text takes the characters of a word or a choice; between elements there is only white space.
func (r *reader) text(s string) {
	s = letters(s)
	if r.choice != nil {
		r.choice.text, r.choice = s, nil
		return
	}
	if s == "" || len(r.lines) == 0 {
		return
	}
	last := &r.lines[len(r.lines)-1]
	r.word.Text = s
	last.Words, r.signs = append(last.Words, r.word), append(r.signs, nil)
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
