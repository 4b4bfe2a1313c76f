package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

// A done says what became of one document; with --json it is one line.
type done struct {
	File     string        `json:"file"`
	Reason   record.Reason `json:"reason,omitempty"`
	Message  string        `json:"message,omitempty"`
	PDF      string        `json:"pdf,omitempty"`
	Record   string        `json:"record,omitempty"`
	Original string        `json:"original,omitempty"` // where a signed original was kept
	Layouts  []string      `json:"layouts,omitempty"`  // ALTO and hOCR, where they were asked for
	Level    record.Level  `json:"level,omitempty"`
	Pages    int           `json:"pages,omitempty"`
	Seconds  float64       `json:"seconds,omitempty"`
}

// A reporter tells the user how far the work is: a bar on a terminal, a line for
// each document otherwise, JSON lines on request.
type reporter struct {
	mu        sync.Mutex
	out       io.Writer
	json, bar bool
	language  string
	documents int
	finished  int
	pages     map[string]int // recognised so far, by document
}

func newReporter(asJSON bool, documents int) *reporter {
	return &reporter{out: os.Stdout, json: asJSON, bar: !asJSON && term.IsTerminal(int(os.Stderr.Fd())),
		language: language(), documents: documents, pages: map[string]int{}}
}

// page is called after each page of the document called name.
func (r *reporter) page(name string, n, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages[name] = n
	if r.bar {
		fmt.Fprintf(os.Stderr, "\r\x1b[K[%s] %d/%d  %s %d/%d", bar(r.finished, r.documents), r.finished, r.documents, name, n, of)
	}
}

func bar(n, of int) string {
	const width = 24
	full := width * n / max(1, of)
	return strings.Repeat("#", full) + strings.Repeat(".", width-full)
}

// document tells what became of one document.
func (r *reporter) document(d done, err error) {
	if err != nil {
		d.Reason = reasonOf(err)
		d.Message = say.Reason(r.language, string(d.Reason))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished++
	if r.bar {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	switch {
	case r.json:
		b, _ := json.Marshal(d) // plain strings and numbers
		fmt.Fprintf(r.out, "%s\n", b)
	case err != nil:
		fmt.Fprintf(r.out, "✗ %s: %s [%s]\n", d.File, d.Message, d.Reason)
		fmt.Fprintf(os.Stderr, "  (%v)\n", err)
		if d.PDF != "" {
			fmt.Fprintf(r.out, "  → %s (%s)\n", d.PDF, d.Level)
		}
	default:
		fmt.Fprintf(r.out, "✓ %s → %s%s\n", d.File, firstOf(d.PDF, d.Record), brackets(string(d.Level)))
	}
}

// reasonOf is the reason of an error; one that comes of a signal to end bears none itself.
func reasonOf(err error) record.Reason {
	reason := record.ReasonOf(err)
	if reason == record.Internal && errors.Is(err, context.Canceled) {
		return record.RunEnded
	}
	return reason
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func brackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}
