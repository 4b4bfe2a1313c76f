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
	}
}

// page does all that one page needs.
func (e *engine) page(r request) (answer, error) {
	crash.Poison(filepath.Join(r.Work, r.Scan.File))
	p, err := page.Open(r.Work, r.Scan, r.Profile.letters())
	if err != nil {
		return answer{}, err
	}
	defer p.Free()
	own := r.Scan.Source == "text"
	if !own && !p.Blank() {
		if err := e.upright(p, r.Scan.Rotate); err != nil {
			return answer{}, err
		}
	}
	a := answer{Page: p.Facts(r.Number)}
	if a.Preview, err = preview(p, r); err != nil {
		return answer{}, err
	}
	switch {
	case own:
		a.Page.Lines = r.Scan.Text
	case !a.Page.Blank:
		a.Page.Lines, err = e.read(p, a.Page, r.Profile)
	}
	return a, err
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

// read recognises the words of an upright page.
func (e *engine) read(p *page.Picture, facts record.Page, as Profile) ([]record.Line, error) {
	clean, m, err := p.Clean(facts.Skew)
	if err != nil {
		return nil, record.Fail(record.Internal, err, "clean page %d", facts.Number)
	}
	defer clean.Free()
	found, err := e.look(clean, as.width())
	if err != nil {
		return nil, record.Fail(record.Internal, err, "recognise page %d", facts.Number)
	}
	if as != Fast {
		if found, err = e.again(p, clean, m, facts.Regions, found); err != nil {
			return nil, record.Fail(record.Internal, err, "look again at page %d", facts.Number)
		}
	}
	return mapped(ordered(sift(found, clean.Width(), clean.Height())), m), nil
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
