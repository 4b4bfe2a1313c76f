package queue

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// TestFailuresPage compares docs/failures.md with the table of this room.
func TestFailuresPage(t *testing.T) {
	errs := []struct {
		name string
		kind error
	}{{"refused", record.ErrMalformed}, {"failed", nil}, {"overtaken", record.ErrConflict}}
	jobs := []record.JobKind{record.JobIngest, record.JobAuthenticate, record.JobRaise}
	var page strings.Builder
	page.WriteString("| error | reading | sealing | raising | reasons |\n|---|---|---|---|---|\n")
	for _, e := range errs {
		var order []string
		fates := map[string][]string{}
		for _, reason := range reasons(t) {
			var all []string
			for _, job := range jobs {
				all = append(all, fate(&record.Error{Reason: record.Reason(reason), Kind: e.kind}, job))
			}
			row := strings.Join(all, " | ")
			if fates[row] == nil {
				order = append(order, row)
			}
			fates[row] = append(fates[row], reason)
		}
		most := slices.MaxFunc(order, func(a, b string) int { return len(fates[a]) - len(fates[b]) })
		for _, row := range order {
			listed := strings.Join(fates[row], ", ")
			if row == most {
				listed = "all others"
			}
			fmt.Fprintf(&page, "| %s | %s | %s |\n", e.name, row, listed)
		}
	}
	checkSection(t, "queue", page.String())
}

// fate is what becomes of a job whose every try ends with err.
func fate(err error, job record.JobKind) string {
	words := map[action]string{finish: "finished", setAside: "set aside", bury: "buried"}
	for attempts := 1; attempts <= 10*maxTries; attempts++ {
		if what := outcome(err, record.Job{Kind: job, Attempts: attempts}); what != retry {
			if attempts == 1 {
				return words[what]
			}
			return fmt.Sprintf("%s after %d tries", words[what], attempts)
		}
	}
	return "tried until it works"
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
