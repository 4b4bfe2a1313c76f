package bench

import (
	"strings"
	"testing"
)

// Each row says what it was asked for: the bench stops at a verdict that is another.
func TestVerifyMeasuresBothLevels(t *testing.T) {
	r, err := Verify(t.Context(), VerifyOptions{Count: 1, Large: 1, Sizes: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 4 || len(r.Memory) != 1 || r.Memory[0].Peak <= 0 || !strings.Contains(b.String(), "| B-LTA, ") {
		t.Errorf("Verify = %+v\n%s; want four files, and the memory of one", r, b.String())
	}
}
