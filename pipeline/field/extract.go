package field

import (
	"maps"
	"math"
	"slices"
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
	from   float64     // y on the first sheet below which the text stands
	starts []beginning // pages after the first that look like the beginning of a part
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
		h.recall = recallOf(d.sheets, h, places)
		d.header, d.headed = h, true
		d.sheets, d.from = d.sheets[i:], h.bottom
		break
	}
	d.findStarts()
	own := d.sheets // a part's close is not the document's
	if all := d.beginnings(); len(all) > 0 {
		own = own[:all[0].sheet]
	}
	d.close, d.closed = findClosing(own, d.from)
	return d
}

func (d document) fields() record.Fields {
	out := record.Fields{}
	if d.headed {
		maps.Copy(out, readHeader(d.header))
	}
	if d.closed {
		d.close.chief = chiefOfAgency(out[record.OrganName].Normal)
		maps.Copy(out, readClosing(d.close))
	} else if !d.headed {
		maps.Copy(out, d.readAbroad())
	}
	return calibrated(out)
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
		out[record.CodeNumber] = numberField(n, h.printHeight(), h.sheet.marks)
		if f, ok := notationField(n, organ, t.kind); ok {
			out[record.CodeNotation] = f
		}
	}
	letter, opened := letterSubject(h, n, hasNumber, !titled)
	switch {
	case opened || !titled && len(letter) > 0:
		maps.Copy(out, letterFields(letter, opened, h.recall))
	case titled:
		maps.Copy(out, titleFields(h, t, out[record.CodeNotation].Normal))
	default:
		maps.Copy(out, untitledFields(h, out[record.CodeNotation]))
	}
	maps.Copy(out, readMarks(h))
	return out
}

// letterFields are the type and subject of a letter (công văn), which prints no
// type: the subject under its number tells.
func letterFields(rows []row, opened bool, r *recall) record.Fields {
	kindTrust, atMost := 0.93, 1.0
	if !opened {
		kindTrust, atMost = 0.6, 0.6
	}
	out := record.Fields{record.TypeName: {
		Value: "Công văn", Normal: "Công văn", Code: "22", Confidence: kindTrust,
		Status: record.Read, Rule: "kind/letter", Evidence: evidence(rows[0].tokens),
	}}
	var tokens [][]token
	for _, line := range rows {
		tokens = append(tokens, line.tokens)
	}
	if f, ok := subjectField(tokens, "subject/under-number", atMost, r); ok {
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
	if f, ok := subjectField(rows, "subject/below-type", atMost, h.recall); ok {
		out[record.Subject] = f
	}
	return out
}

// untitledFields are type and subject of a document whose title could not be read:
// the abbreviation in the notation names the type, and the rows in the middle
// below the header are the subject.
func untitledFields(h header, notation record.Field) record.Fields {
	abbr, _, ok := strings.Cut(notation.Normal, "-")
	i := slices.IndexFunc(kinds(), func(k kind) bool { return k.abbr != "" && k.abbr == abbr })
	if !ok || i < 0 || len(h.below) == 0 {
		return nil
	}
	name := strings.ToUpper(kinds()[i].name.text)
	out := record.Fields{record.TypeName: {Value: notation.Value, Normal: name, Code: kinds()[i].code, Confidence: min(notation.Confidence, byNotation),
		Status: record.Read, Rule: "kind/notation", Evidence: notation.Evidence}}
	if rows := loneSubject(h); len(rows) > 0 {
		if f, ok := subjectField(rows, "subject/below-header", byNotation, h.recall); ok {
			out[record.Subject] = f
		}
	}
	return out
}

// byNotation is for what the notation tells of a title that nobody could read.
const byNotation = 0.75

func readClosing(c closing) record.Fields {
	out := record.Fields{}
	b := block{closing: c}
	lines, next := readTitle(c)
	f, ok := titleField(lines)
	if !ok {
		if f, _, ok := loneName(c); ok {
			out[record.SignerName] = f
		}
		return out
	}
	b.lines, b.title = lines, f
	b.name, b.signed, ok = nameField(c, next)
	b.doubt()
	if b.agreed() {
		b.title.Confidence = max(b.title.Confidence, bothAgree)
	}
	out[record.SignerTitle] = b.title
	if ok {
		out[record.SignerName] = b.name
	}
	return out
}
