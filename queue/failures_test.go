package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/docs"
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
		for _, reason := range docs.Reasons(t) {
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
	docs.CheckFailures(t, "queue", page.String())
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
