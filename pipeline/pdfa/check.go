package pdfa

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A Breach is one rule of ISO 19005-2 that a file breaks, or that this package
// keeps beyond the standard.
type Breach struct {
	Clause string // of ISO 19005-2:2011, e.g. "6.2.11.4.1"
	Detail string // what was seen, where
}

func (b Breach) String() string { return b.Clause + ": " + b.Detail }

// Check looks whether a file is what [Write] promises, signatures and metadata
// that were appended included: PDF/A-2 at level B or U, without transparency,
// layers, scripts and anything that is not a page, a picture, text, metadata or a
// signature; or PDF/A-3 at those levels, which may carry files besides. It reads
// the content of pages and forms, needs no other software and decodes no pictures.
//
// An error means that the file could not be read; breaches mean that it was. The
// file is parsed in this process: hand foreign ones to a child.
func Check(r io.ReaderAt, size int64) ([]Breach, error) {
	f, err := pdf.Open(r, size, pdf.DefaultLimits())
	if err != nil {
		return nil, fmt.Errorf("check PDF/A: %w", err)
	}
	c := checker{f: f, r: r}
	if c.root, err = f.Catalog(); err != nil {
		return nil, fmt.Errorf("check PDF/A: %w", err)
	}
	if err := c.structure(); err != nil {
		return nil, fmt.Errorf("check PDF/A: %w", err)
	}
	c.metadata()
	c.intents()
	c.catalog()
	c.idle = offered(f, c.root)
	for i, p := range c.pages {
		c.pageContent(i+1, p)
	}
	for _, num := range slices.Sorted(maps.Keys(f.Objects())) {
		c.object(num)
	}
	slices.SortFunc(c.found, func(a, b Breach) int { return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Detail, b.Detail)) })
	return c.found, nil
}

type checker struct {
	f       *pdf.File
	r       io.ReaderAt
	root    pdf.Dict
	intent  string       // colour space of the output intent's profile, as ICC names it
	unicode bool         // the file claims level U
	carries bool         // the file claims part 3, and so may carry files
	idle    map[int]bool // fonts that nothing is drawn with
	pages   []pdf.PageRef
	found   []Breach
}

// mostBreaches is how many are told of one file.
const mostBreaches = 200

// breach notes a breach, each once.
func (c *checker) breach(clause, format string, args ...any) {
	b := Breach{clause, fmt.Sprintf(format, args...)}
	if len(c.found) < mostBreaches && !slices.Contains(c.found, b) {
		c.found = append(c.found, b)
	}
}

// structure checks header, trailer, cross-reference and pages (6.1).
func (c *checker) structure() error {
	head := make([]byte, 16)
	if _, err := c.r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	if string(head[:7]) != "%PDF-1." || head[7] < '0' || head[7] > '7' || head[8] != '\n' && head[8] != '\r' {
		c.breach("6.1.2", "the file begins with %q", head[:9])
	}
	if comment := head[9:14]; comment[0] != '%' || min(comment[1], comment[2], comment[3], comment[4]) < 128 {
		c.breach("6.1.2", "the second line is no comment of four bytes above 127")
	}
	trailer := c.f.Trailer()
	if id := c.f.Array(trailer["ID"]); len(id) != 2 || len(c.f.String(id[0])) == 0 || len(c.f.String(id[1])) == 0 {
		c.breach("6.1.3", "the trailer has no /ID of two strings")
	}
	if c.f.Encrypted() {
		c.breach("6.1.3", "the trailer has /Encrypt")
	}
	for _, odd := range c.f.Anomalies() {
		c.breach("6.1.4", "%s", odd)
	}
	pages, err := c.f.Pages()
	if err != nil {
		return err
	}
	for i, p := range pages {
		c.page(i+1, p)
	}
	return nil
}

// page checks the rules of one page's dictionary.
func (c *checker) page(n int, p pdf.PageRef) {
	w, h := p.MediaBox[2]-p.MediaBox[0], p.MediaBox[3]-p.MediaBox[1]
	if min(w, h) < leastUnits || max(w, h) > mostUnits {
		c.breach("6.1.13", "page %d is %g × %g units", n, w, h)
	}
	if _, ok := p.Dict["Resources"].(pdf.Dict); !ok {
		c.breach("6.2.2", "page %d has no resources of its own", n)
	}
	c.pages = append(c.pages, p)
	for key, clause := range map[pdf.Name]string{"Group": "6.2.10", "AA": "6.5.2", "PresSteps": "6.10"} {
		if p.Dict[key] != nil {
			c.breach(clause, "page %d has /%s", n, key)
		}
	}
}

// catalog checks what must not be in the catalog and the form.
func (c *checker) catalog() {
	for key, clause := range map[pdf.Name]string{
		"AA": "6.5.2", "OpenAction": "6.5.1", "NeedsRendering": "6.4.2", "OCProperties": "6.9", "Requirements": "6.11",
		"Collection": "6.8", "Version": "6.1.2",
	} {
		if c.root[key] != nil {
			c.breach(clause, "the catalog has /%s", key)
		}
	}
	names := c.f.Dict(c.root["Names"])
	for key, clause := range map[pdf.Name]string{"JavaScript": "6.5.1", "AlternatePresentations": "6.10"} {
		if names[key] != nil {
			c.breach(clause, "the catalog names /%s", key)
		}
	}
	c.carried(names)
	form := c.f.Dict(c.root["AcroForm"])
	if c.f.Bool(form["NeedAppearances"]) {
		c.breach("6.4.1", "the form has /NeedAppearances true")
	}
	if form["XFA"] != nil {
		c.breach("6.4.2", "the form has /XFA")
	}
	for key := range c.f.Dict(c.root["Perms"]) {
		if key != "UR3" && key != "DocMDP" {
			c.breach("6.1.12", "the permissions have /%s", key)
		}
	}
}

// intents checks that there is one output intent with a profile (6.2.3).
func (c *checker) intents() {
	var profile *pdf.Stream
	for _, v := range c.f.Array(c.root["OutputIntents"]) {
		d := c.f.Dict(v)
		if c.f.Name(d["S"]) != "GTS_PDFA1" {
			continue
		}
		if profile != nil {
			c.breach("6.2.3", "more than one output intent")
		}
		if profile = c.f.Stream(d["DestOutputProfile"]); profile == nil {
			c.breach("6.2.3", "the output intent has no profile")
			return
		}
		if len(c.f.String(d["OutputConditionIdentifier"])) == 0 {
			c.breach("6.2.3", "the output intent has no /OutputConditionIdentifier")
		}
	}
	if profile == nil {
		c.breach("6.2.3", "no output intent")
		return
	}
	n, _ := c.f.Int(profile.Dict["N"])
	data, err := c.f.Decoded(profile)
	if err != nil || !usable(data, int(n)) || string(data[12:16]) != "mntr" && string(data[12:16]) != "prtr" {
		c.breach("6.2.3", "the output intent's profile is none of %d components that may stand there", n)
		return
	}
	c.intent = string(data[16:20])
}
