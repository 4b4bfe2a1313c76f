package ocr

import (
	"context"
	"sync"
)

// turns hands places to those who wait for one: documents take turns, page by
// page, and the pages of one document go in the order in which they came. So a
// document of one page waits for one page of each other document at most, however
// many pages those have.
type turns struct {
	mu    sync.Mutex
	free  []*slot
	lines []*line // of documents that wait; the first is next
}

// A line is the pages of one document that wait.
type line struct {
	document string
	pages    []chan *slot
}

// take returns a place for a page of a document.
func (t *turns) take(ctx context.Context, document string) (*slot, error) {
	s, wait := t.ask(document)
	if s != nil {
		return s, nil
	}
	select {
	case s = <-wait:
		return s, nil
	case <-ctx.Done():
		t.leave(document, wait)
		return nil, ctx.Err()
	}
}

// ask returns a free place, or where to wait for one.
func (t *turns) ask(document string) (*slot, chan *slot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.free); n > 0 {
		s := t.free[n-1]
		t.free = t.free[:n-1]
		return s, nil
	}
	wait := make(chan *slot, 1)
	for _, l := range t.lines {
		if l.document == document {
			l.pages = append(l.pages, wait)
			return nil, wait
		}
	}
	t.lines = append(t.lines, &line{document, []chan *slot{wait}})
	return nil, wait
}

// leave gives up waiting, and gives back the place that came meanwhile.
func (t *turns) leave(document string, wait chan *slot) {
	t.mu.Lock()
	for i, l := range t.lines {
		if l.document != document {
			continue
		}
		for j, w := range l.pages {
			if w == wait {
				l.pages = append(l.pages[:j], l.pages[j+1:]...)
			}
		}
		if len(l.pages) == 0 {
			t.lines = append(t.lines[:i], t.lines[i+1:]...)
		}
		break
	}
	t.mu.Unlock()
	select {
	case s := <-wait:
		t.give(s)
	default:
	}
}

// give hands a place to the document whose turn it is, which then goes to the end.
func (t *turns) give(s *slot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		t.free = append(t.free, s)
		return
	}
	next := t.lines[0]
	t.lines = t.lines[1:]
	next.pages[0] <- s
	if next.pages = next.pages[1:]; len(next.pages) > 0 {
		t.lines = append(t.lines, next)
	}
}
