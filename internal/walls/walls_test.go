package walls

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A file is a Go file of ours with the paths that it imports.
type file struct {
	name    string
	imports []string
}

// sources reads the imports of every Go file that is not a test, outside
// testdata, hidden folders and those that git ignores.
func sources(t *testing.T) []file {
	t.Helper()
	root := os.DirFS("../..")
	var all []file
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(p)
		if d.IsDir() && p != "." && (base == "testdata" || strings.HasPrefix(base, ".") || slices.Contains([]string{"bin", "data", "out"}, p)) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		one := file{name: p}
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			one.imports = append(one.imports, imported)
		}
		all = append(all, one)
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("reading the sources: %d files, %v", len(all), err)
	}
	return all
}

func TestWalls(t *testing.T) {
	for _, f := range sources(t) {
		for _, breach := range breaches(f) {
			t.Error(breach)
		}
	}
}

// Every wall was put up to stand: each of these has to be seen.
func TestBreachesAreSeen(t *testing.T) {
	for _, c := range []struct {
		situation string
		file      file
		want      string
	}{
		{"the network's process reaches for the key", file{"cmd/api/main.go", []string{module + "/signing"}}, "must not import signing"},
		{"a stage knows another", file{"pipeline/field/x.go", []string{module + "/pipeline/ocr"}}, "must not import pipeline/ocr"},
		{"the nouns learn something", file{"record/x.go", []string{module + "/internal/observe"}}, "must not import internal/observe"},
		{"a second door to Tesseract", file{"pipeline/x.go", []string{"github.com/otiai10/gosseract/v2"}}, "only [pipeline/ocr] may import"},
		{"SQL outside the catalogue", file{"api/x.go", []string{"database/sql"}}, "only [catalogue internal/testsvc] may import"},
		{"a library that nobody let in", file{"storage/x.go", []string{"example.org/new"}}, "has no door"},
		{"a room without a row", file{"newroom/x.go", nil}, "no row"},
		{"all is well", file{"storage/x.go", []string{"os", module + "/record", module + "/internal/crash", "github.com/minio/minio-go/v7/pkg/credentials"}}, ""},
	} {
		if got := strings.Join(breaches(c.file), "; "); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: breaches(%v) = %q; want %q", c.situation, c.file, got, c.want)
		}
	}
}

// breaches returns what in a file the two tables do not allow.
func breaches(f file) []string {
	pkg := path.Dir(f.name)
	i := slices.IndexFunc(rooms, func(r room) bool { return r.path == pkg })
	if i < 0 {
		return []string{pkg + " has no row in the table of rooms"}
	}
	var found []string
	for _, imported := range f.imports {
		if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
			if !slices.Contains(rooms[i].may, ours) && !(pkg != "record" && slices.Contains(everywhere, ours)) {
				found = append(found, f.name+": "+pkg+" must not import "+ours+" ("+rooms[i].why+")")
			}
			continue
		}
		found = append(found, atTheDoor(f.name, pkg, imported)...)
	}
	return found
}

func atTheDoor(name, pkg, imported string) []string {
	outside := strings.Contains(strings.Split(imported, "/")[0], ".")
	for _, d := range doors {
		if imported != d.library && !strings.HasPrefix(imported, d.library+"/") {
			continue
		}
		outside = false
		if !slices.Contains(d.rooms, pkg) {
			return []string{name + ": only [" + strings.Join(d.rooms, " ") + "] may import " + d.library + " (" + d.why + ")"}
		}
	}
	if outside {
		return []string{name + ": " + imported + " has no door"}
	}
	return nil
}

// Every row and door says why it stands, once.
func TestRowsHaveReasons(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms {
		if r.why == "" || seen[r.path] {
			t.Errorf("room %s: reason %q, seen before: %v", r.path, r.why, seen[r.path])
		}
		seen[r.path] = true
	}
	for _, d := range doors {
		if d.why == "" || seen[d.library] || len(d.rooms) == 0 {
			t.Errorf("door %s: reason %q, rooms %v, seen before: %v", d.library, d.why, d.rooms, seen[d.library])
		}
		seen[d.library] = true
		for _, r := range d.rooms {
			if !seen[r] {
				t.Errorf("door %s: %s has no row in the table of rooms", d.library, r)
			}
		}
	}
}

// The process that faces the network cannot reach the key, nor any C, by however
// many steps.
func TestWhatFacesTheNetworkCannotReachTheKey(t *testing.T) {
	imports := map[string][]string{}
	for _, f := range sources(t) {
		pkg := path.Dir(f.name)
		imports[pkg] = append(imports[pkg], f.imports...)
	}
	seen := map[string]bool{}
	var walk func(pkg string, way []string)
	walk = func(pkg string, way []string) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		way = append(slices.Clone(way), pkg)
		if slices.Contains(unreachable, pkg) {
			t.Errorf("cmd/api reaches %s: %s", pkg, strings.Join(way, " → "))
		}
		for _, imported := range imports[pkg] {
			walk(strings.TrimPrefix(imported, module+"/"), way)
		}
	}
	walk("cmd/api", nil)
	if len(seen) < 10 {
		t.Errorf("cmd/api reaches %d packages: that cannot be all", len(seen))
	}
}
