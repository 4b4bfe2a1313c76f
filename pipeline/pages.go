package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// split takes the originals apart and numbers the pages through.
func (d *Digitiser) split(ctx context.Context, in Input) (page.Document, error) {
	splitter := d.Splitter
	if splitter == nil {
		splitter = &page.Splitter{}
		defer splitter.Close()
	}
	if len(in.Files) == 1 {
		return splitter.Split(ctx, in.Files[0], in.Work, in.Text, d.Limits)
	}
	var all page.Document
	for i, file := range in.Files {
		doc, err := d.splitApart(ctx, splitter, file, in, fmt.Sprintf("%04d-", i+1))
		if err != nil {
			return all, err
		}
		for _, p := range doc.Pages {
			p.Number = len(all.Pages) + 1
			all.Pages = append(all.Pages, p)
		}
		all.MediaType = doc.MediaType
		all.Signed = all.Signed || doc.Signed
		all.Warnings = append(all.Warnings, doc.Warnings...)
		if len(all.Pages) > d.Limits.Pages {
			return all, record.Refuse(record.TooManyPages, nil, "%s has more than %d pages", in.Name, d.Limits.Pages)
		}
	}
	return all, nil
}

// cut keeps a run of pages and numbers them from 1.
func cut(pages []record.Page, s record.Span) ([]record.Page, error) {
	if s.From < 1 || s.To < s.From || s.To > len(pages) {
		return nil, record.Refuse(record.PagesMismatch, nil, "pages %d to %d of %d", s.From, s.To, len(pages))
	}
	pages = pages[s.From-1 : s.To]
	for i := range pages {
		pages[i].Number = i + 1
	}
	return pages, nil
}

// splitApart splits one of several originals in a folder of its own, for their
// streams have the same names, and moves the streams into the work folder under
// names that begin with prefix.
func (d *Digitiser) splitApart(ctx context.Context, splitter *page.Splitter, file string, in Input, prefix string) (page.Document, error) {
	folder := filepath.Join(in.Work, prefix)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return page.Document{}, diskError(err, "make a work folder")
	}
	doc, err := splitter.Split(ctx, file, folder, in.Text, d.Limits)
	if err != nil {
		return doc, err
	}
	streams, err := os.ReadDir(folder)
	for _, s := range streams {
		err = errors.Join(err, os.Rename(filepath.Join(folder, s.Name()), filepath.Join(in.Work, prefix+s.Name())))
	}
	for i := range doc.Pages {
		scan := &doc.Pages[i].Scan
		scan.File = prefix + scan.File
		if scan.ICC != "" {
			scan.ICC = prefix + scan.ICC
		}
	}
	return doc, errors.Join(err, os.Remove(folder))
}

// recognise reads the pages in parallel and returns them in order. The first
// failure stops the others.
func (d *Digitiser) recognise(ctx context.Context, work string, pages []record.Page) ([]record.Page, error) {
	read := make([]record.Page, len(pages))
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, d.Parallel))
	for i, p := range pages {
		group.Go(func() error {
			ctx, finished := observe.Span(ctx, "page")
			r, err := d.Recogniser.Recognise(ctx, work, p)
			finished(err)
			if err != nil {
				return fmt.Errorf("page %d: %w", p.Number, err)
			}
			read[i] = r
			mu.Lock()
			defer mu.Unlock()
			done++
			observe.Page()
			if d.Progress != nil {
				d.Progress(done, len(pages))
			}
			return nil
		})
	}
	err := group.Wait()
	crash.Point("recognised")
	return read, err
}

// diskError gives a failed write its reason.
func diskError(err error, doing string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return record.Fail(record.DiskFull, err, "%s", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
