package page

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

// Limits bound what one document may cost. A zero value stands for the default.
type Limits struct {
	PixelsPerPage int64         // default 200 million: an A0 sheet at 350 dpi
	Pages         int           // default 5000
	Bytes         int64         // of the file; default 2 GiB
	Time          time.Duration // for opening the file, and again for each page; default one minute
	Memory        int64         // of the child (RLIMIT_DATA); default 2.5 GiB
}

func (l Limits) orDefault() Limits {
	set := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.PixelsPerPage, 200e6)
	set(&l.Bytes, 2<<30)
	set(&l.Memory, 5<<29)
	set((*int64)(&l.Time), int64(time.Minute))
	if l.Pages <= 0 {
		l.Pages = 5000
	}
	l.PixelsPerPage = min(l.PixelsPerPage, MaxPixels)
	return l
}

// A Document is what a file holds: its pages, each with its Scan and the facts
// that stand in headers, without lines.
type Document struct {
	MediaType string
	Pages     []record.Page
	Signed    bool     // a PDF with at least one signature
	Warnings  []string // what was lost or assumed, in English, for operators
}

// Split takes one file apart as a [Splitter] does, in a child of its own.
func Split(ctx context.Context, in, work string, text record.TextMode, limits Limits) (Document, error) {
	var s Splitter
	defer s.Close()
	return s.Split(ctx, in, work, text, limits)
}

// Split reads the file in and writes the encoded stream of each page into the
// folder work, which must exist and is best empty. It reads the file in a child
// process, "split", which the program must serve with [ServeSplit].
//
// Text is about PDFs.
//
// The error carries a reason: what is wrong with the file, which limit it went
// over, or what became of the child. Streams written before an error remain in work.
func (s *Splitter) Split(ctx context.Context, in, work string, text record.TextMode, limits Limits) (Document, error) {
	limits = limits.orDefault()
	if err := checkInput(in, limits); err != nil {
		return Document{}, err
	}
	child, err := s.take(limits)
	if err != nil {
		return Document{}, record.Fail(record.Internal, err, "split %s", filepath.Base(in))
	}
	d, err := splitting{child: child.Child, name: filepath.Base(in), limits: limits}.all(ctx, in, work, text)
	if err != nil {
		child.Kill()
		return Document{}, err
	}
	s.give(ctx, child)
	return d, nil
}

// checkInput refuses what can be refused without reading a byte of content.
func checkInput(in string, limits Limits) error {
	name := filepath.Base(in)
	info, err := os.Stat(in)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return record.Refuse(record.InputMissing, err, "split %s", name)
	case err != nil:
		return record.Refuse(record.InputUnreadable, err, "split %s", name)
	case !info.Mode().IsRegular():
		return record.Refuse(record.InputUnreadable, nil, "split %s: not a regular file", name)
	case info.Size() == 0:
		return record.Refuse(record.EmptyFile, nil, "split %s: no bytes", name)
	case info.Size() > limits.Bytes:
		return record.Refuse(record.TooManyBytes, nil, "split %s: %d bytes, limit %d", name, info.Size(), limits.Bytes)
	}
	return nil
}

// splitting is one document in the hands of its child.
type splitting struct {
	child  *sandbox.Child
	name   string
	limits Limits
}

// all opens the file and asks for its pages.
func (s splitting) all(ctx context.Context, in, work string, text record.TextMode) (Document, error) {
	var head headReply
	if err := s.call(ctx, splitRequest{Open: &openRequest{File: in, Work: work, Text: text, Limits: s.limits}}, &head); err != nil {
		return Document{}, err
	}
	d := Document{MediaType: head.MediaType, Signed: head.Signed, Warnings: head.Warnings}
	for n := range head.Pages {
		var p pageReply
		if err := s.call(ctx, splitRequest{Page: n}, &p); err != nil {
			return Document{}, err
		}
		p.Page.Scan = p.Scan
		d.Pages = append(d.Pages, p.Page)
		d.Warnings = append(d.Warnings, p.Warnings...)
	}
	return d, nil
}

// call asks the child under the time limit. What the child refused is refused
// here with the same reason; what became of the child is a reason too.
func (s splitting) call(ctx context.Context, req splitRequest, resp any) error {
	limited, cancel := context.WithTimeout(ctx, s.limits.Time)
	defer cancel()
	err := s.child.Call(limited, req, resp)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil { // the caller gave up: nothing is wrong with the document
		return ctx.Err()
	}
	e, ok := errors.AsType[*sandbox.Error](err)
	if !ok {
		return record.Fail(record.Internal, err, "split %s", s.name)
	}
	switch reason := record.Reason(e.Reason); reason {
	case record.Internal, record.DiskFull:
		return record.Fail(reason, err, "split %s", s.name)
	default:
		return record.Refuse(reason, err, "split %s", s.name)
	}
}
