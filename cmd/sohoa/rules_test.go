package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list of places is put among the rules whole, or refused with every line that
// is wrong.
func TestGazetteerImport(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "xa.tsv")
	for _, c := range []struct {
		situation, list string
		code            int
		want            string
	}{
		{"two communes", "Mộ Đức\txã\tQuảng Ngãi\t21400\t2025-07-01\nLân Phong\txã\n", exitDone, "2 places"},
		{"two wrong lines", "Mộ Đức\tlàng\nLân Phong\txã\n\txã\n", exitRefused, "xa.tsv:3:"},
		{"nothing in it", "# names\n", exitRefused, "there is none"},
	} {
		if err := os.WriteFile(file, []byte(c.list), 0o600); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(dir, c.situation)
		got := sohoa(t, "gazetteer", "import", "--data", data, file)
		if got.code != c.code || !strings.Contains(got.out+got.stderr, c.want) {
			t.Errorf("%s: exit %d, %s%s; want %d and %q", c.situation, got.code, got.out, got.stderr, c.code, c.want)
		}
		if _, err := os.Stat(filepath.Join(data, "rules", "xa.places")); (err == nil) != (c.code == exitDone) {
			t.Errorf("%s: xa.places: %v", c.situation, err)
		}
	}
}

// digitise knows the forms in a folder, and does not begin with a wrong one.
func TestWrongRulesAreRefusedBeforeWork(t *testing.T) {
	rules := t.TempDir()
	if err := os.WriteFile(filepath.Join(rules, "x.form"), []byte("form x\ntitle X\nfeild a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := sohoa(t, "digitise", scanned(t, "a.jpg"), "-o", filepath.Join(t.TempDir(), "out"), "--rules", rules)
	if got.code != exitRefused || !strings.Contains(got.out+got.stderr, "x.form:3:") && !strings.Contains(got.out, "invalid") {
		t.Errorf("digitise with a wrong form: exit %d, %s%s; want %d and the line", got.code, got.out, got.stderr, exitRefused)
	}
}
