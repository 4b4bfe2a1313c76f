// Package layout writes the words of a document, with their places, in the two
// forms that other software reads: ALTO 4.3 (the Library of Congress's Analyzed
// Layout and Text Object) and hOCR 1.2. Both say the same as the words of the
// record, page by page: boxes in pixels of the upright page, reading order, the
// engine's confidence. The same pages give the same bytes; there is no clock in
// them. It streams: memory does not grow with the pages.
package layout

import "github.com/sohoa/sohoa/record"

// A Document is what is written about.
type Document struct {
	Name     string        // of the file that was read; may be empty
	Source   record.Digest // SHA-256 of that file; may be empty
	Language string        // of the text, RFC 3066; "vi" if empty
	Software string        // name and version, e.g. "Sohoa 1.0"
	Pages    []record.Page // in order
}

func (d Document) language() string {
	if d.Language == "" {
		return "vi"
	}
	return d.Language
}

// blocks parts the lines of a page where the block changes: lines keep their
// order, and a block that reading order tears apart becomes several.
func blocks(p record.Page) [][]record.Line {
	var all [][]record.Line
	last := -1
	for _, l := range p.Lines {
		if len(l.Words) == 0 {
			continue
		}
		if len(all) == 0 || l.Block != last {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], l)
		last = l.Block
	}
	return all
}

// bounds is the box around lines.
func bounds(lines []record.Line) record.Box {
	var b record.Box
	for _, l := range lines {
		b = b.Union(l.Box)
	}
	return b
}
