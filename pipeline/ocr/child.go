package ocr

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// request asks a child for one page.
type request struct {
	Work      string
	Number    int
	Scan      record.Scan
	Languages string
	Profile   Profile
}

// answer is the page with what its JSON form leaves out.
type answer struct {
	Page    record.Page
	Preview string
}

// large is from how many pixels on the memory of a page is given back after it: more than A3 at
// 300 dpi or A4 at 400 has.
const large = 20e6

// ServePage is the child's function: it answers one page after the other with
// one open engine, until its parent closes.
func ServePage(c *sandbox.Conn) error {
	var e *engine
	defer func() { e.close() }()
	for {
		var r request
		if err := c.Next(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		e = e.speaking(r.Languages)
		a, err := e.page(r)
		if err := c.Reply(a, err); err != nil {
			return err
		}
		if float64(r.Scan.Width)*float64(r.Scan.Height) > large {
			page.GiveBack()
		}
	}
}

// page does all that one page needs.
func (e *engine) page(r request) (answer, error) {
	crash.Poison(filepath.Join(r.Work, r.Scan.File))
	e.work = r.Work
	p, err := page.Open(r.Work, r.Scan, r.Profile.letters())
	if err != nil {
		return answer{}, err
	}
	defer p.Free()
	a, err := e.whole(p, r)
	a.Page = p.AsStored(a.Page)
	return a, err
}

// whole looks at a page, turns it upright and reads it.
func (e *engine) whole(p *page.Picture, r request) (answer, error) {
	if r.Scan.Source == "text" {
		a, err := looked(p, r)
		a.Page.Lines = r.Scan.Text
		return a, err
	}
	upright := true
	if !p.Blank() {
		var err error
		if upright, err = e.upright(p, r.Scan.Rotate); err != nil {
			return answer{}, err
		}
	}
	a, sense, err := e.taken(p, r)
	if err != nil || upright || sense {
		return a, err
	}
	if turned, err := e.turned(p, r.Scan.Rotate); err != nil || !turned {
		return a, err
	}
	a, _, err = e.taken(p, r)
	return a, err
}

// looked looks at a page as it stands.
func looked(p *page.Picture, r request) (a answer, err error) {
	a.Page = p.Facts(r.Number)
	a.Preview, err = preview(p, r)
	return a, err
}

// taken looks at a page as it stands and reads it; sense is whether what is read shows
// that it stands upright.
func (e *engine) taken(p *page.Picture, r request) (a answer, sense bool, err error) {
	if a, err = looked(p, r); err != nil || a.Page.Blank {
		return a, true, err
	}
	a.Page.Lines, sense, err = e.read(p, a.Page, r.Profile)
	return a, sense, err
}

// preview writes the preview into the work folder and returns its name.
func preview(p *page.Picture, r request) (string, error) {
	name := fmt.Sprintf("preview-%d.jpg", r.Number)
	f, err := os.Create(filepath.Join(r.Work, name))
	if err != nil {
		return "", fmt.Errorf("preview of page %d: %w", r.Number, err)
	}
	if err := p.Preview(f); err != nil {
		f.Close()
		return "", fmt.Errorf("preview of page %d: %w", r.Number, err)
	}
	return name, f.Close()
}

// read recognises the words of a page, and says whether they make sense.
func (e *engine) read(p *page.Picture, facts record.Page, as Profile) (lines []record.Line, sense bool, err error) {
	clean, m, err := p.Clean(facts.Skew)
	if err != nil {
		return nil, false, record.Fail(record.Internal, err, "clean page %d", facts.Number)
	}
	defer clean.Free()
	found, err := e.look(clean, as.width())
	if err != nil {
		return nil, false, record.Fail(record.Internal, err, "recognise page %d", facts.Number)
	}
	sense = makesSense(found)
	if found, err = e.reread(clean, as, found); err != nil {
		return nil, false, record.Fail(record.Internal, err, "recognise page %d another time", facts.Number)
	}
	if as != Fast {
		if found, err = e.again(p, clean, m, facts.Regions, found); err != nil {
			return nil, false, record.Fail(record.Internal, err, "look again at page %d", facts.Number)
		}
	}
	found = ordered(sift(found, clean.Width(), clean.Height()))
	if found, err = e.reconsidered(clean, m, facts, found, as.again()); err != nil {
		return nil, false, record.Fail(record.Internal, err, "read doubted words of page %d again", facts.Number)
	}
	return mapped(found, m), sense, nil
}

// reread reads a page in the other widths of its profile and returns what most say.
func (e *engine) reread(clean *page.Pix, as Profile, first []record.Line) ([]record.Line, error) {
	var others [][]record.Line
	for _, width := range as.others() {
		lines, err := e.look(clean, width)
		if err != nil {
			return nil, err
		}
		others = append(others, lines)
	}
	return voted(first, others), nil
}

// look reads a page of which each line is given to the engine narrower, if it has shades
// of grey that make up for the pixels.
func (e *engine) look(clean *page.Pix, width float64) ([]record.Line, error) {
	if width == 1 || clean.Depth() == 1 {
		return e.recognise(clean, asPage)
	}
	narrow, err := clean.Narrowed(width)
	if err != nil {
		return nil, err
	}
	defer narrow.Free()
	found, err := e.recognise(narrow, asPage)
	return widened(found, width), err
}
