// Package pages shows what was changed after signing: the pages of a PDF as they
// were when it was signed and as they are now, where the two look different.
//
// It draws with annotations and form fields, as a reader does, in a child process
// with limits. It decides nothing: whether a change is harmless is said by package
// verify, and a change may well show nothing.
package pages

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
)

// Child is the name under which [Serve] is registered with sandbox.Serve.
const Child = "verify-pages"

// What a child may use: the renderer's own bound is 1.5 GiB.
const (
	childMemory   = 3 << 30
	childFiles    = 64
	childFileSize = 64 << 20
)

// Limits bound one comparison. Zero fields mean the defaults.
type Limits struct {
	Pages  int           // that are looked at, from the first; 0: 200
	Differ int           // after so many different pages the rest is left; 0: 20
	Time   time.Duration // 0: one minute
}

func (l Limits) orDefault() Limits {
	if l.Pages == 0 {
		l.Pages = 200
	}
	if l.Differ == 0 {
		l.Differ = 20
	}
	if l.Time == 0 {
		l.Time = time.Minute
	}
	return l
}

// A Page is one that looks different. Before and After are JPEG files with the
// differences marked, "" if the page is not there.
type Page struct {
	Number        int    `json:"page"` // from 1
	Width         int    `json:"width"`
	Height        int    `json:"height"` // in pixels
	Boxes         []Box  `json:"boxes"`
	Before, After string `json:"-"`
}

// A Box is a part of a page that looks different: left, top, right, bottom in pixels.
type Box [4]int

// Changes are the pages that differ.
type Changes struct {
	Before, After int    // pages when it was signed, and now
	Pages         []Page // that look different
	Left          int    // pages that were not looked at
}

type request struct {
	Path, Folder string
	Signed       int64 // the file up to here is what was signed
	Page         int   // from 0; -1: open the file
}

type reply struct {
	Before, After int
	Page          Page
	Old, New      string // files
	Same          bool
}

// Compare draws the PDF at path as it was when its first signed bytes were all of
// it, and as it is, and puts pictures of the pages that differ into folder. What
// the limits leave out is counted, not an error; the error is for a file that
// cannot be drawn at all.
func Compare(ctx context.Context, path, folder string, signed int64, l Limits) (Changes, error) {
	l = l.orDefault()
	var c Changes
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	child, err := sandbox.Start(ctx, Child, sandbox.Limits{Memory: childMemory, CPU: l.Time + time.Second, FileSize: childFileSize, Files: childFiles,
		Env: []string{fmt.Sprintf("GOMEMLIMIT=%d", childMemory/2)}})
	if err != nil {
		return c, fmt.Errorf("compare pages of %s: %w", path, err)
	}
	defer child.Kill()
	ask := request{Path: path, Folder: folder, Signed: signed, Page: -1}
	var r reply
	if err := child.Call(ctx, ask, &r); err != nil {
		return c, fmt.Errorf("compare pages of %s: %w", path, err)
	}
	c.Before, c.After = r.Before, r.After
	all := max(r.Before, r.After)
	for ask.Page = range min(all, l.Pages) {
		var r reply
		if err := child.Call(ctx, ask, &r); err != nil {
			c.Left = all - ask.Page
			return c, nil
		}
		if !r.Same {
			r.Page.Before, r.Page.After = r.Old, r.New
			c.Pages = append(c.Pages, r.Page)
		}
		if c.Left = all - ask.Page - 1; len(c.Pages) == l.Differ {
			break
		}
	}
	return c, nil
}

// Serve answers requests of [Compare]: the child function of this room.
func Serve(conn *sandbox.Conn) error {
	var p *pair
	for {
		var r request
		if err := conn.Next(&r); err != nil {
			return err
		}
		var out reply
		var err error
		if p == nil {
			p, err = openPair(r)
		}
		if err == nil {
			out.Before, out.After = p.before.Pages(), p.after.Pages()
			if r.Page >= 0 {
				out, err = p.compare(r)
			}
		}
		if err := conn.Reply(out, err); err != nil {
			return err
		}
	}
}

// openPair opens the file twice. It closes nothing: the process ends with its work.
func openPair(r request) (*pair, error) {
	f, err := os.Open(r.Path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if r.Signed <= 0 || r.Signed > info.Size() {
		return nil, fmt.Errorf("%d signed bytes of a file of %d", r.Signed, info.Size())
	}
	return newPair(f, r.Signed, info.Size())
}
