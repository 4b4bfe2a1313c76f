package page

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
)

// A Splitter takes files apart. A child that did its work well is kept for the next
// file, for starting one takes as much time as splitting a page; one that met anything that
// is refused is not. The zero Splitter is ready, many may use it at once, and its owner calls Close.
type Splitter struct {
	mu     sync.Mutex
	idle   []*splitChild
	closed bool
}

// A splitChild is a child with what counts for keeping it.
type splitChild struct {
	*sandbox.Child
	memory int64 // its limit
	files  int   // that it has taken apart
}

// When a child is replaced.
const (
	splitFiles  = 100       // taken apart
	splitMemory = 192 << 20 // bytes in memory when it is at rest
	restTime    = 10 * time.Second
)

// take returns a child that rests, or a new one.
func (s *Splitter) take(limits Limits) (*splitChild, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := len(s.idle); n > 0; n = len(s.idle) {
		c := s.idle[n-1]
		s.idle = s.idle[:n-1]
		if c.memory == limits.Memory {
			return c, nil
		}
		c.Kill()
	}
	child, err := sandbox.Start(context.Background(), "split", sandbox.Limits{
		Memory: limits.Memory, Files: 64,
		Env: []string{fmt.Sprintf("GOMEMLIMIT=%d", limits.Memory/4*3)}, // collect garbage before the limit kills
	})
	if err != nil {
		return nil, err
	}
	return &splitChild{Child: child, memory: limits.Memory}, nil
}

// give lets a child close its file and rest, or ends it.
func (s *Splitter) give(ctx context.Context, c *splitChild) {
	c.files++
	limited, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	var r restReply
	err := c.Call(limited, splitRequest{Rest: true}, &r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.closed || c.files >= splitFiles || r.Resident > splitMemory {
		c.Kill()
		return
	}
	s.idle = append(s.idle, c)
}

// Close ends the children that rest; those at work end with their file.
func (s *Splitter) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, c := range s.idle {
		c.Kill()
	}
	s.idle = nil
}
