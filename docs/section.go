// Package docs holds the pages that people read. Tests of the rooms compare with the
// code those parts of them that the code decides.
package docs

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"testing"
)

// Reasons are all reason codes of the code, as a test of a room one below the root
// finds them.
func Reasons(t testing.TB) []string {
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

// CheckFailures compares a section of failures.md, for a test of a room one below the
// root; with WRITE_DOCS set it writes it.
func CheckFailures(t testing.TB, section, want string) {
	t.Helper()
	const path = "../docs/failures.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin := []byte("<!-- " + section + " -->\n")
	before, rest, found := bytes.Cut(page, begin)
	got, after, ended := bytes.Cut(rest, []byte("<!-- end -->"))
	if !found || !ended {
		t.Fatalf("docs/failures.md has no section %s", section)
	}
	if string(got) == want {
		return
	}
	if os.Getenv("WRITE_DOCS") == "" {
		t.Fatalf("docs/failures.md, section %s, is not what the code says: WRITE_DOCS=1 go test ./api ./queue", section)
	}
	if err := os.WriteFile(path, slices.Concat(before, begin, []byte(want), []byte("<!-- end -->"), after), 0o644); err != nil {
		t.Fatal(err)
	}
}
