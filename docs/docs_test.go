package docs_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every key of the JSON forms stands in formats.md.
func TestFormatsNamesEveryKey(t *testing.T) {
	text := read(t, "formats.md")
	for _, form := range []any{record.Digitised{}, record.Verdict{}} {
		for _, key := range keys(reflect.TypeOf(form), map[reflect.Type]bool{}) {
			if !strings.Contains(text, "`"+key+"`") {
				t.Errorf("formats.md does not name %q of %T", key, form)
			}
		}
	}
}

func keys(t reflect.Type, seen map[reflect.Type]bool) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		return keys(t.Elem(), seen)
	case reflect.Struct:
	default:
		return nil
	}
	if seen[t] || t.PkgPath() != reflect.TypeFor[record.Verdict]().PkgPath() {
		return nil
	}
	seen[t] = true
	var all []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if key == "" || key == "-" {
			continue
		}
		all = append(all, key)
		all = append(all, keys(t.Field(i).Type, seen)...)
	}
	return all
}

// The table of states in design.md is that of the code.
func TestDesignDrawsTheStates(t *testing.T) {
	words := func(s record.Status) string { return strings.ReplaceAll(string(s), "-", " ") }
	drawn := map[string][]string{}
	inBrackets := regexp.MustCompile(`\([^)]*\)`)
	for line := range strings.Lines(read(t, "design.md")) {
		cells := strings.Split(strings.Trim(inBrackets.ReplaceAllString(line, ""), "| \n"), "|")
		if len(cells) != 2 {
			continue
		}
		for from := range strings.SplitSeq(cells[0], ",") {
			for to := range strings.SplitSeq(cells[1], "·") {
				drawn[strings.TrimSpace(from)] = append(drawn[strings.TrimSpace(from)], strings.TrimSpace(to))
			}
		}
	}
	for _, s := range record.Statuses {
		want := []string{"nothing"}
		if moves := s.Moves(); len(moves) > 0 {
			want = want[:0]
			for _, m := range moves {
				want = append(want, words(m))
			}
		}
		got := drawn[words(s)]
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("design.md: %s may become %q; want %q", s, got, want)
		}
	}
}

// A link from one page to another leads somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	above, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)`)
	for _, page := range append(pages, above...) {
		for _, m := range link.FindAllStringSubmatch(read(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}

// Every package stands in design.md, and no room that is there is called to come.
func TestDesignNamesEveryRoom(t *testing.T) {
	text := read(t, "design.md")
	err := fs.WalkDir(os.DirFS(".."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(path.Base(p), ".") && p != "."
		if d.IsDir() && (hidden || path.Base(p) == "testdata" || slices.Contains([]string{"bin", "data", "out"}, p)) {
			return fs.SkipDir
		}
		room := path.Dir(p)
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		row := regexp.MustCompile(`(?m)^\|([^|]*, )? ?` + regexp.QuoteMeta(room) + `(,[^|]*)? \|.*$`).FindString(text)
		if row == "" || strings.Contains(row, "*to come*") {
			t.Errorf("design.md, the row of %s: %q", room, row)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
