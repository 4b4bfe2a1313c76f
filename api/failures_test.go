package api

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

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
	for _, reason := range reasons(t) {
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
	for _, err := range []error{errUnauthenticated, errForbidden, errTooManyRequests, errRange} {
		status, reason := statusOf(err)
		fmt.Fprintf(&page, "| %s | %d | %s |\n", err, status, reason)
	}
	checkSection(t, "api", page.String())
}

// reasons are all reason codes of the code.
func reasons(t *testing.T) []string {
	t.Helper()
	src, err := os.ReadFile("../record/reason.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range regexp.MustCompile(`Reason\s+= "([a-z-]+)"`).FindAllSubmatch(src, -1) {
		all = append(all, string(m[1]))
	}
	if slices.Sort(all); len(all) < 30 {
		t.Fatalf("%d reasons found", len(all))
	}
	return all
}

// checkSection compares a section of the page; WRITE_DOCS writes it.
func checkSection(t *testing.T, name, want string) {
	t.Helper()
	const path = "../docs/failures.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin := []byte("<!-- " + name + " -->\n")
	before, rest, found := bytes.Cut(page, begin)
	got, after, ended := bytes.Cut(rest, []byte("<!-- end -->"))
	if !found || !ended {
		t.Fatalf("docs/failures.md has no section %s", name)
	}
	if string(got) == want {
		return
	}
	if os.Getenv("WRITE_DOCS") == "" {
		t.Fatalf("docs/failures.md, section %s, is not what the code says: WRITE_DOCS=1 go test ./api ./queue", name)
	}
	if err := os.WriteFile(path, slices.Concat(before, begin, []byte(want), []byte("<!-- end -->"), after), 0o644); err != nil {
		t.Fatal(err)
	}
}
