package catalogue_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// FuzzFind: whatever somebody types, and whatever cursor a client makes up, is
// answered or refused as wrong.
func FuzzFind(f *testing.F) {
	c, err := catalogue.Open(context.Background(), "sqlite:"+filepath.Join(f.TempDir(), "c.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Close() })
	for _, text := range []string{"", "đường phố", `"`, `a" OR fold:*`, "NEAR(a b, 9)", "-a", "a*", "^", "số 12/QĐ-UBND", "\x00\xff"} {
		f.Add(text, "")
	}
	f.Add("a", "2026-11-23T00:00:00.000000000Z~x")
	f.Fuzz(func(t *testing.T, text, cursor string) {
		s := catalogue.Search{Agency: "H01", Text: text, Person: text, Number: text, Cursor: cursor, Limit: 3}
		if _, _, err := c.Find(context.Background(), s); err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("Find(%q, %q) = %v", text, cursor, err)
		}
	})
}
