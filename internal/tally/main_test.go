package main

import (
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	const start = `{"Action":"start","Package":"p"}` + "\n"
	const end = `{"Action":"pass","Package":"p","Elapsed":0.1}` + "\n"
	const good = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
	for _, c := range []struct {
		situation, in string
		ok            bool
		says          string
	}{
		{"all passed", start + good + end, true, "1 passed, 0 failed"},
		{"no test at all", "", false, "0 passed, 0 failed"},
		{"a package without tests beside one with", `{"Action":"skip","Package":"q"}` + "\n" + start + good + end, true, "1 passed, 0 failed"},
		{"a test was skipped", start + good + `{"Action":"skip","Package":"p","Test":"TestB"}` + "\n" + end, false, "SKIP p TestB"},
		{"a test failed, its words are told", start +
			`{"Action":"output","Package":"p","Test":"TestB","Output":"got 1; want 2\n"}` + "\n" +
			`{"Action":"fail","Package":"p","Test":"TestB"}` + "\n" +
			`{"Action":"fail","Package":"p"}` + "\n", false, "got 1; want 2"},
		{"a package failed outside its tests", start + good +
			`{"Action":"output","Package":"p","Output":"panic: out of time\n"}` + "\n" +
			`{"Action":"fail","Package":"p"}` + "\n", false, "panic: out of time"},
		{"a package does not build", good + `{"Action":"build-output","ImportPath":"q","Output":"undefined: x\n"}` + "\n" +
			`{"Action":"fail","Package":"q"}` + "\n", false, "undefined: x"},
		{"the stream ends too early", start + good, false, "FAIL p: no outcome"},
	} {
		var out strings.Builder
		ok := tally(strings.NewReader(c.in), &out)
		if ok != c.ok || !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: tally() = %v, saying %q; want %v, saying %q", c.situation, ok, out.String(), c.ok, c.says)
		}
	}
}
