package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// A printed word is a word of the truth at its place.
type printed struct {
	text string
	box  record.Box
}

// readPrinted reads the words of every page from truth as [paper.Truth] writes it
// down; nil if the file holds none.
func readPrinted(path string) ([][]printed, error) {
	b, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	var t struct {
		Leaves []struct {
			Words [][]any `json:"tu"` // text, x0, y0, x1, y1
		} `json:"trang"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, fmt.Errorf("read the truth %s: %w", filepath.Base(path), err)
	}
	var all [][]printed
	for _, leaf := range t.Leaves {
		var words []printed
		for _, w := range leaf.Words {
			if p, ok := printedOf(w); ok {
				words = append(words, p)
			}
		}
		all = append(all, words)
	}
	return all, nil
}

func printedOf(w []any) (printed, bool) {
	if len(w) != 5 {
		return printed{}, false
	}
	p := printed{}
	p.text, _ = w[0].(string)
	for i := range p.box {
		v, is := w[i+1].(float64)
		if !is {
			return p, false
		}
		p.box[i] = int(v)
	}
	return p, true
}

// under returns the printed words of which a box holds the middle, or that hold its
// middle, in order.
func under(b record.Box, page []printed) []string {
	var out []string
	for _, p := range page {
		if middleIn(p.box, b) || middleIn(b, p.box) {
			out = append(out, p.text)
		}
	}
	return out
}

func middleIn(b, in record.Box) bool {
	x, y := (b[0]+b[2])/2, (b[1]+b[3])/2
	return x >= in[0] && x < in[2] && y >= in[1] && y < in[3]
}

// A checked word is a word as read with what is true of it.
type checked struct {
	word     record.Word
	page     *record.Page
	measured []float64
	want     []string // what stands there
	right    bool
}

// checkWords compares every word of a document with what stands at its place.
func checkWords(pages []record.Page, truth [][]printed) []checked {
	var out []checked
	for _, m := range proof.Measure(pages) {
		if m.Page >= len(truth) {
			continue
		}
		w := pages[m.Page].Lines[m.Line].Words[m.Word]
		c := checked{word: w, page: &pages[m.Page], measured: m.X, want: under(w.Box, truth[m.Page])}
		got := plainWord(tidy(w.Text))
		if got == "" {
			continue // signs count for nothing, as in precision
		}
		for _, one := range append(c.want, strings.Join(c.want, "")) {
			c.right = c.right || plainWord(tidy(one)) == got
		}
		out = append(out, c)
	}
	return out
}

// recordsWith reads the records in a folder whose truth lies in another.
func recordsWith(truth, records string, each func(name string, d record.Digitised, words [][]printed)) error {
	names, err := filepath.Glob(filepath.Join(records, "*.json"))
	if err != nil {
		return err
	}
	found := 0
	for _, name := range names {
		b, err := readSmall(name)
		if err != nil {
			return err
		}
		d, is := asRecord(b)
		if !is {
			continue
		}
		words, err := readPrinted(filepath.Join(truth, filepath.Base(name)))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		each(strings.TrimSuffix(filepath.Base(name), ".json"), d, words)
		found++
	}
	if found == 0 {
		return record.Refuse(record.InputMissing, nil, "find records in %s whose truth is in %s", records, truth)
	}
	return nil
}
