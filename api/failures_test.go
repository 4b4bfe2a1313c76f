package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/docs"
	"github.com/sohoa/sohoa/record"
)

// TestFailuresPage compares docs/failures.md with the table of this room.
func TestFailuresPage(t *testing.T) {
	kinds := []struct {
		name string
		kind error
	}{{"refused", record.ErrMalformed}, {"refused: it cannot be right", record.ErrInvalid}, {"not there", record.ErrNotFound}, {"overtaken, or the wrong state", record.ErrConflict}, {"failed", nil}}
	always := map[int][]string{} // reasons that decide whatever the kind
	usual := map[string]int{}    // of all others, by kind
	for _, reason := range docs.Reasons(t) {
		seen := map[string]int{}
		for _, k := range kinds {
			seen[k.name], _ = statusOf(&record.Error{Reason: record.Reason(reason), Kind: k.kind})
		}
		status := seen["failed"]
		if status != 500 {
			always[status] = append(always[status], reason)
			continue
		}
		if len(usual) > 0 && !maps.Equal(usual, seen) {
			t.Fatalf("%s is answered in a way of its own, which this page has no place for: %v", reason, seen)
		}
		usual = seen
	}
	var page strings.Builder
	page.WriteString("| error | status | reasons |\n|---|---|---|\n")
	for _, status := range slices.Sorted(maps.Keys(always)) {
		fmt.Fprintf(&page, "| of whatever kind | %d | %s |\n", status, strings.Join(always[status], ", "))
	}
	for _, k := range kinds {
		fmt.Fprintf(&page, "| %s | %d | all others |\n", k.name, usual[k.name])
	}
	for _, err := range []error{errUnauthenticated, errForbidden, errTooManyRequests, errRange, errMethod} {
		status, reason := statusOf(err)
		fmt.Fprintf(&page, "| %s | %d | %s |\n", err, status, reason)
	}
	docs.CheckFailures(t, "api", page.String())
}
