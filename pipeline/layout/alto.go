package layout

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// ALTO writes d as one ALTO 4.3 file, a Page element for each page.
func ALTO(to io.Writer, d Document) error {
	w := newWriter(to, "ALTO")
	w.put(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.put(`<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
		` xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-3.xsd" SCHEMAVERSION="4.3">`)
	altoDescription(w, d)
	if rejects(d.Pages) {
		w.put(`<Tags><OtherTag ID="rejected" LABEL="rejected" DESCRIPTION="taken for what a seal or a pen left; stands in no text"/></Tags>`)
	}
	w.put(`<Layout>`)
	for i, p := range d.Pages {
		altoPage(w, fmt.Sprintf("p%d", i+1), i+1, p, d.language())
	}
	w.put("</Layout>\n</alto>")
	return w.close()
}

func rejects(pages []record.Page) bool {
	for _, p := range pages {
		for _, l := range p.Lines {
			if slices.ContainsFunc(l.Words, func(w record.Word) bool { return w.Rejected }) {
				return true
			}
		}
	}
	return false
}

func altoDescription(w *writer, d Document) {
	w.put("<Description>\n<MeasurementUnit>pixel</MeasurementUnit>")
	if d.Name != "" || d.Source != "" {
		w.put(`<sourceImageInformation>`)
		if d.Name != "" {
			w.put(`<fileName>%s</fileName>`, text(d.Name))
		}
		if d.Source != "" {
			w.put(`<fileIdentifier fileIdentifierLocation="SHA-256">%s</fileIdentifier>`, text(string(d.Source)))
		}
		w.put(`</sourceImageInformation>`)
	}
	w.put(`<Processing ID="read"><processingCategory>contentGeneration</processingCategory>`+
		`<processingStepDescription>text recognition</processingStepDescription>`+
		`<processingSoftware><softwareName>%s</softwareName></processingSoftware></Processing>`, text(d.Software))
	w.put(`</Description>`)
}

func altoPage(w *writer, id string, number int, p record.Page, language string) {
	all := blocks(p)
	confidence := ""
	if c, ok := confidenceOf(p); ok {
		confidence = fmt.Sprintf(` PC="%s"`, decimal(c, 3))
	}
	w.put(`<Page ID="%s" PHYSICAL_IMG_NR="%d" WIDTH="%d" HEIGHT="%d" PROCESSINGREFS="read"%s>`,
		id, number, p.Width, p.Height, confidence)
	w.put(`<PrintSpace HPOS="0" VPOS="0" WIDTH="%d" HEIGHT="%d">`, p.Width, p.Height)
	for i, lines := range all {
		block := fmt.Sprintf("%s-b%d", id, i+1)
		w.put(`<TextBlock ID="%s"%s LANG="%s">`, block, altoBox(bounds(lines)), text(cmp.Or(p.LanguageTag(), language)))
		for j, l := range lines {
			altoLine(w, fmt.Sprintf("%s-l%d", block, j+1), l)
		}
		w.put(`</TextBlock>`)
	}
	for i, r := range p.Regions {
		w.put(`<Illustration ID="%s-r%d" TYPE="%s"%s/>`, id, i+1, text(r.Kind), altoBox(r.Box))
	}
	w.put("</PrintSpace>\n</Page>")
}

func altoLine(w *writer, id string, l record.Line) {
	left, right := baselineAt(l, l.Box[0]), baselineAt(l, l.Box[2])
	w.put(`<TextLine ID="%s"%s BASELINE="%d,%s %d,%s">`, id, altoBox(l.Box), l.Box[0], decimal(left, 1), l.Box[2], decimal(right, 1))
	for i, word := range l.Words {
		if i > 0 {
			w.put(`<SP/>`)
		}
		altoWord(w, word)
	}
	w.put(`</TextLine>`)
}

// altoWord writes a word. What a rule would read stands beside it as an alternative.
func altoWord(w *writer, word record.Word) {
	rejected := ""
	if word.Rejected {
		rejected = ` TAGREFS="rejected"`
	}
	attributes := fmt.Sprintf(`CONTENT="%s"%s%s WC="%s"`, text(word.Text), altoBox(word.Box), rejected, decimal(share(word.Confidence), 3))
	if s := word.Suggestion; s != nil {
		w.put(`<String %s><ALTERNATIVE PURPOSE="%s">%s</ALTERNATIVE></String>`, attributes, text("suggested by "+s.Rule), text(s.Text))
		return
	}
	w.put(`<String %s/>`, attributes)
}

func altoBox(b record.Box) string {
	return fmt.Sprintf(` HPOS="%d" VPOS="%d" WIDTH="%d" HEIGHT="%d"`, b[0], b[1], b.Width(), b.Height())
}

// baselineAt is the height of the baseline at x.
func baselineAt(l record.Line, x int) float64 {
	return float64(l.Box[3]) + l.Baseline.Offset + l.Baseline.Slope*float64(x-l.Box[0])
}

// confidenceOf is the mean confidence of the words of a page, if it has any.
func confidenceOf(p record.Page) (float64, bool) {
	sum, n := 0.0, 0
	for _, l := range p.Lines {
		for _, w := range l.Words {
			if w.Rejected {
				continue
			}
			sum += share(w.Confidence)
			n++
		}
	}
	return sum / float64(max(n, 1)), n > 0
}
