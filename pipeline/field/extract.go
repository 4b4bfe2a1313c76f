package field

import (
	"maps"
	"math"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A document is the pages as read: the header, if one was found, and where the
// text below it begins.
type document struct {
	all    []sheet
	sheets []sheet // from the page with the header on
	header header
	headed bool
	places gazetteer
	from   float64 // y on the first sheet below which the text stands
	close  closing
	closed bool
}

// read lays out the pages and finds the header. A cover page or two may come
// before it.
func read(pages []record.Page, places gazetteer) document {
	d := document{places: places}
	for _, p := range pages {
		d.all = append(d.all, layout(p))
	}
	d.sheets = d.all
	d.from = math.Inf(-1)
	for i, s := range d.sheets[:min(len(d.sheets), 3)] {
		h, ok := findHeader(s)
		if !ok {
			continue
		}
		h.recall = recallOf(d.sheets, places)
		d.header, d.headed = h, true
		d.sheets, d.from = d.sheets[i:], h.bottom
		break
	}
	d.close, d.closed = findClosing(d.sheets, d.from)
	return d
}

func (d document) fields() record.Fields {
	out := record.Fields{}
	if d.headed {
		maps.Copy(out, readHeader(d.header))
	}
	if d.closed {
		maps.Copy(out, readClosing(d.close))
	}
	return out
}

func readHeader(h header) record.Fields {
	out := readDate(h)
	n, hasNumber := findNumber(h)
	agencies := findAgencies(h, n.row, hasNumber)
	maps.Copy(out, organFields(agencies))
	organ := ""
	if len(agencies) > 0 {
		organ = strings.Join(agencies[len(agencies)-1].lines, " ")
	}
	t, titled := findTitle(h)
	if hasNumber {
		out[record.CodeNumber] = numberField(n, h.printHeight())
		if f, ok := notationField(n, organ, t.kind); ok {
			out[record.CodeNotation] = f
		}
	}
	letter, opened := letterSubject(h, n, hasNumber, !titled)
	switch {
	case opened || !titled && len(letter) > 0:
		maps.Copy(out, letterFields(letter, opened))
	case titled:
		maps.Copy(out, titleFields(h, t, out[record.CodeNotation].Normal))
	}
	maps.Copy(out, readMarks(h))
	return out
}

// letterFields are the type and subject of a letter (công văn), which prints no
// type: the subject under its number tells.
func letterFields(rows []row, opened bool) record.Fields {
	kindTrust, atMost := 0.93, 1.0
	if !opened {
		kindTrust, atMost = 0.6, 0.6
	}
	out := record.Fields{record.TypeName: {
		Value: "Công văn", Normal: "Công văn", Code: "22", Confidence: kindTrust,
		Status: record.Read, Rule: "kind/letter", Evidence: evidence(rows[0].tokens),
	}}
	var tokens [][]token
	for _, r := range rows {
		tokens = append(tokens, r.tokens)
	}
	if f, ok := subjectField(tokens, "subject/under-number", atMost); ok {
		out[record.Subject] = f
	}
	return out
}

// titleFields are the type and subject of every other document.
func titleFields(h header, t title, notation string) record.Fields {
	out := record.Fields{record.TypeName: t.field(h, notation)}
	rows, cut := titleSubject(h, t)
	atMost := 1.0
	if cut {
		atMost = 0.78
	}
	if f, ok := subjectField(rows, "subject/below-type", atMost); ok {
		out[record.Subject] = f
	}
	return out
}

func readClosing(c closing) record.Fields {
	out := record.Fields{}
	lines, next := readTitle(c)
	if f, ok := titleField(lines); ok {
		out[record.SignerTitle] = f
		if f, ok := nameField(c, next); ok {
			out[record.SignerName] = f
		}
	} else if f, ok := loneName(c); ok {
		out[record.SignerName] = f
	}
	return out
}
