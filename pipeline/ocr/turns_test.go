package ocr

import (
	"context"
	"errors"
	"testing"
)

// TestDocumentsTakeTurns: pages of documents are handed places alternately, whoever
// came first and however many pages the others have.
func TestDocumentsTakeTurns(t *testing.T) {
	var room turns
	room.give(&slot{})
	at, err := room.take(t.Context(), "two thousand pages")
	if err != nil {
		t.Fatal(err)
	}
	type waiting struct {
		document string
		place    chan *slot
	}
	var all []waiting
	wait := func(document string, pages int) {
		for range pages {
			_, place := room.ask(document)
			all = append(all, waiting{document, place})
		}
	}
	wait("two thousand pages", 3)
	wait("one page", 1)
	wait("another of many", 2)
	var order []string
	for range len(all) {
		room.give(at)
		for _, w := range all {
			select {
			case at = <-w.place:
				order = append(order, w.document)
			default:
			}
		}
	}
	want := []string{"two thousand pages", "one page", "another of many", "two thousand pages", "another of many", "two thousand pages"}
	for i := range want {
		if i >= len(order) || order[i] != want[i] {
			t.Fatalf("places went to %q; want %q", order, want)
		}
	}
}

// TestWhoLeavesKeepsNoPlace: a document that is cut off while it waits leaves its
// place to the next.
func TestWhoLeavesKeepsNoPlace(t *testing.T) {
	var room turns
	room.give(&slot{})
	at, _ := room.take(t.Context(), "a")
	ctx, cut := context.WithCancel(t.Context())
	cut()
	if _, err := room.take(ctx, "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("take = %v; want that it was cut off", err)
	}
	_, handed := room.ask("c")
	room.give(at)
	room.leave("c", handed) // it came just before c left
	if s, err := room.take(t.Context(), "d"); err != nil || s != at {
		t.Errorf("take = %v, %v; want the place", s, err)
	}
}
