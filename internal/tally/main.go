// Command tally reads what `go test -json` says, tells what failed in full and
// what passed in a line a package, and counts.
//
// A skipped test is a failure: a test that does not run proves nothing. So is a
// run without any test, and a stream that ends before its packages do.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// An event is one line of `go test -json` (go doc test2json), build output included.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

type sums struct {
	passed, failed int
	lines          map[string][]string // output, by package and test, until its outcome is known
	open           map[string]bool     // packages that started and did not end
	told           map[string]bool     // packages with a failed test
}

func main() {
	if !tally(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// tally reports whether there were tests, and all of them ran and passed.
func tally(r io.Reader, w io.Writer) bool {
	s := sums{lines: map[string][]string{}, open: map[string]bool{}, told: map[string]bool{}}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<26)
	for scan.Scan() {
		var e event
		if json.Unmarshal(scan.Bytes(), &e) != nil {
			fmt.Fprintln(w, scan.Text())
			continue
		}
		s.take(e, w)
	}
	if scan.Err() != nil {
		s.fail(w, "reading the results: "+scan.Err().Error())
	}
	for p := range s.open {
		s.fail(w, "FAIL "+p+": no outcome")
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", s.passed, s.failed)
	return s.failed == 0 && s.passed > 0
}

func (s *sums) fail(w io.Writer, line string) {
	s.failed++
	fmt.Fprintln(w, line)
}

func (s *sums) take(e event, w io.Writer) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "start":
		s.open[e.Package] = true
	case "output":
		s.lines[key] = append(s.lines[key], e.Output)
	case "build-output":
		fmt.Fprint(w, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, w)
		} else {
			s.endTest(e, w)
		}
		delete(s.lines, key)
	}
}

func (s *sums) endTest(e event, w io.Writer) {
	if e.Action == "pass" {
		s.passed++
		return
	}
	s.told[e.Package] = true
	s.fail(w, fmt.Sprintf("%s %s %s", strings.ToUpper(e.Action), e.Package, e.Test))
	fmt.Fprint(w, strings.Join(s.lines[e.Package+" "+e.Test], ""))
}

// endPackage counts a package that failed outside its tests: it did not build,
// crashed, or ran out of time.
func (s *sums) endPackage(e event, w io.Writer) {
	delete(s.open, e.Package)
	switch {
	case e.Action == "pass":
		fmt.Fprintf(w, "ok   %s %.1fs\n", e.Package, e.Elapsed)
	case e.Action == "fail" && !s.told[e.Package]:
		s.fail(w, "FAIL "+e.Package)
		fmt.Fprint(w, strings.Join(s.lines[e.Package+" "], ""))
	}
}
