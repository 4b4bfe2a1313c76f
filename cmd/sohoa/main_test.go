package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

// The test binary is also the command that it tests.
const asCommand = "SOHOA_TEST_COMMAND"

func TestMain(m *testing.M) {
	sandbox.Serve(children)
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// A result is what one call of the command printed.
type result struct {
	code        int
	out, stderr string
}

func sohoa(t *testing.T, args ...string) result {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "LC_ALL=en_GB.UTF-8")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// lines are the JSON objects that the command printed.
func (r result) lines(t *testing.T) []done {
	t.Helper()
	var all []done
	for _, line := range strings.Split(strings.TrimSpace(r.out), "\n") {
		var d done
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("%q is no JSON object: %v", line, err)
		}
		all = append(all, d)
	}
	return all
}

// scanned makes a small readable scan and returns its path.
func scanned(t *testing.T, name string) string {
	t.Helper()
	spec := paper.SampleDossier()[0]
	spec.DPI = 100
	doc, err := paper.Make(spec)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := paper.WriteJPEG(&b, doc.Pages[0].Image, spec.DPI, 75); err != nil {
		t.Fatal(err)
	}
	return file(t, name, b.Bytes())
}

func file(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	in := scanned(t, "đơn.jpg")
	a, b := t.TempDir(), t.TempDir()
	for _, out := range []string{a, b} {
		if r := sohoa(t, "digitise", in, "-o", out, "--json", "--alto", "--hocr"); r.code != 0 || len(r.lines(t)[0].Layouts) != 2 {
			t.Fatalf("exit %d: %s%s", r.code, r.out, r.stderr)
		}
	}
	if got := names(t, a); !slices.Equal(got, []string{"đơn.alto.xml", "đơn.hocr", "đơn.json", "đơn.pdf"}) {
		t.Errorf("outputs %v", got)
	}
	inTheFormOfRecords(t, filepath.Join(a, "đơn.json"))
	for _, name := range names(t, a) {
		x, errx := os.ReadFile(filepath.Join(a, name))
		y, erry := os.ReadFile(filepath.Join(b, name))
		if err := errors.Join(errx, erry); err != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs (%v)", name, err)
		}
	}
}

// inTheFormOfRecords looks whether a record stands as encoding/json writes it: indented by
// one, without escapes for HTML, with an end of line.
func inTheFormOfRecords(t *testing.T, path string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r record.Digitised
	if err := json.Unmarshal(got, &r); err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not in the form of records (%v)", path, err)
	}
}

func TestOutputsAreNotOverwritten(t *testing.T) {
	in, out := scanned(t, "don.jpg"), t.TempDir()
	held := filepath.Join(out, "don.pdf")
	if err := os.WriteFile(held, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := sohoa(t, "digitise", in, "-o", out, "--json")
	if d := r.lines(t)[0]; r.code != 1 || d.Reason != record.OutputExists {
		t.Errorf("exit %d, %+v; want output-exists", r.code, d)
	}
	if b, _ := os.ReadFile(held); string(b) != "mine" || len(names(t, out)) != 1 {
		t.Errorf("the folder holds %v, the file %q", names(t, out), b)
	}
	if r := sohoa(t, "digitise", in, "-o", out, "--json", "--force"); r.code != 0 {
		t.Errorf("with --force: exit %d: %s", r.code, r.out)
	}
}

func TestPagesThatAreJoined(t *testing.T) {
	a, b, out := scanned(t, "a.jpg"), scanned(t, "b.jpg"), t.TempDir()
	r := sohoa(t, "digitise", "--as-one", "hồ sơ", b, a, "-o", out, "--json")
	if d := r.lines(t); r.code != 0 || len(d) != 1 || d[0].Pages != 2 {
		t.Fatalf("exit %d, %+v", r.code, d)
	}
	var rec record.Digitised
	text, err := os.ReadFile(filepath.Join(out, "hồ sơ.json"))
	if err == nil {
		err = json.Unmarshal(text, &rec)
	}
	if err != nil || len(rec.Original.Files) != 2 || rec.Original.Files[0].File != "b.jpg" || rec.Pages[1].Number != 2 {
		t.Errorf("record %+v, %v", rec.Original, err)
	}
}

// TestRefusals has the inputs that a clerk may give and we cannot take: each is
// refused with its reason, the others go on, and nothing half-done stays.
func TestRefusals(t *testing.T) {
	good := scanned(t, "good.jpg")
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in string
		args     []string
		code     int
		reasons  []record.Reason
	}{
		{"empty file", file(t, "x.jpg", nil), nil, 1, []record.Reason{record.EmptyFile}},
		{"wrong type", file(t, "x.jpg", []byte("hello, this is text")), nil, 1, []record.Reason{record.UnknownType}},
		{"truncated image", file(t, "x.jpg", whole[:len(whole)/2]), nil, 1, []record.Reason{record.Truncated, record.Damaged}},
		{"no such file", "/nonexistent/x.jpg", nil, 1, []record.Reason{record.InputMissing}},
		{"PDF without pages", file(t, "x.pdf", noPages), nil, 1, []record.Reason{record.NoPages}},
		{"30,000 × 30,000 pixels", file(t, "x.png", hugePNG()), nil, 1, []record.Reason{record.TooManyPixels}},
		{"TIFF of 10,000 pages", file(t, "x.tif", longTIFF(10000)), nil, 1, []record.Reason{record.TooManyPages}},
		{"key that is not there", good, []string{"--key", "/nonexistent/k.p12", "--level", "B-B"}, 1, []record.Reason{record.KeyUnreadable}},
		{"key that is none", good, []string{"--key", good, "--level", "B-B"}, 1, []record.Reason{record.KeyUnreadable}},
		{"output folder that is a file", good, []string{"-o", filepath.Join(good, "out")}, 1, []record.Reason{record.OutputMissing}},
		{"level without an authority", good, []string{"--key", good, "--level", "B-T"}, 1, []record.Reason{record.TSAUnreachable}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			r := sohoa(t, append([]string{"digitise", c.in, "-o", out, "--json"}, c.args...)...)
			lines := r.lines(t)
			if r.code != c.code || !slices.Contains(c.reasons, lines[0].Reason) || lines[0].Message == "" {
				t.Errorf("exit %d, %+v (%s); want %d, %v", r.code, lines, r.stderr, c.code, c.reasons)
			}
			if left := names(t, out); len(left) != 0 {
				t.Errorf("%v stays behind", left)
			}
			if strings.Contains(r.stderr, "goroutine ") {
				t.Errorf("a stack trace: %s", r.stderr)
			}
		})
	}
}

func TestOneRefusalDoesNotStopTheOthers(t *testing.T) {
	out := t.TempDir()
	r := sohoa(t, "digitise", file(t, "bad.png", []byte("no")), scanned(t, "good.jpg"), "-o", out, "--json")
	if lines := r.lines(t); r.code != 1 || len(lines) != 2 {
		t.Errorf("exit %d, %+v", r.code, lines)
	}
	if got := names(t, out); !slices.Equal(got, []string{"good.json", "good.pdf"}) {
		t.Errorf("outputs %v", got)
	}
}

// Who ends a run learns which documents are left.
func TestAnEndedRunSaysWhatIsLeft(t *testing.T) {
	args := []string{"digitise", "--json", "-j", "1", "-o", t.TempDir()}
	for _, name := range []string{"1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg"} {
		args = append(args, scanned(t, name))
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var r result
	for told := bufio.NewScanner(out); told.Scan(); {
		if r.out == "" { // the first is done, the second is being read
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
		r.out += told.Text() + "\n"
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the exit code is 0")
	}
	lines := r.lines(t)
	if first, last := lines[0].Reason, lines[len(lines)-1].Reason; len(lines) != 6 || first != "" || last != record.RunEnded {
		t.Errorf("%d lines, the first %q, the last %q; want 6, the first done, the last ended: %s", len(lines), first, last, r.out)
	}
	for _, d := range lines {
		if d.Reason != "" && d.Reason != record.RunEnded {
			t.Errorf("%s: %s", d.File, d.Reason)
		}
	}
}

func TestClashesAreRefusedBeforeWork(t *testing.T) {
	out := t.TempDir()
	a, b := scanned(t, "don.jpg"), scanned(t, "don.jpeg")
	r := sohoa(t, "digitise", a, b, "-o", out, "--json")
	if d := r.lines(t)[0]; r.code == 0 || d.Reason != record.SameName {
		t.Errorf("exit %d, %+v; want same-name", r.code, d)
	}
	pdf := file(t, "in.pdf", noPages)
	r = sohoa(t, "digitise", pdf, "-o", filepath.Dir(pdf), "--json", "--force")
	if d := r.lines(t)[0]; r.code == 0 || d.Reason != record.OutputIsInput {
		t.Errorf("exit %d, %+v; want output-is-input", r.code, d)
	}
	if got := names(t, out); len(got) != 0 {
		t.Errorf("outputs %v", got)
	}
}

// sealedLater seals two files that were digitised before, and tells of a third one
// that is none.
func sealedLater(t *testing.T, key []string) {
	t.Helper()
	out := t.TempDir()
	if r := sohoa(t, "digitise", scanned(t, "a.jpg"), scanned(t, "b.jpg"), "-o", out); r.code != 0 {
		t.Fatalf("digitise: %s", r.out)
	}
	files := []string{filepath.Join(out, "a.pdf"), file(t, "no.pdf", []byte("GIF89a")), filepath.Join(out, "b.pdf"), filepath.Join(out, "c.pdf")}
	r := sohoa(t, append(append([]string{"seal", "--json"}, files...), key...)...)
	lines := r.lines(t)
	if r.code != 1 || len(lines) != 4 {
		t.Fatalf("seal: exit %d, %s", r.code, r.out)
	}
	for i, want := range []record.Reason{"", record.NotOurs, "", record.InputMissing} {
		if d := lines[i]; d.File != files[i] || d.Reason != want || want == "" && d.Level != record.BT {
			t.Errorf("seal: %+v; want %q", d, want)
		}
	}
}

// TestADeadAuthorityLeavesTheSeal: the B-B file is written, the exit code and the
// reason say what is missing, and raise lifts it when the authority is back.
func TestADeadAuthorityLeavesTheSeal(t *testing.T) {
	pki := filepath.Join(t.TempDir(), "pki")
	url := "http://" + freePort(t)
	if r := sohoa(t, "pki", "init", pki, "--url", url); r.code != 0 {
		t.Fatalf("pki init: %s", r.stderr)
	}
	out := t.TempDir()
	seal := []string{"--key", filepath.Join(pki, devpki.SignerFile), "--password-file", filepath.Join(pki, devpki.PasswordFile), "--tsa", url + "/tsa"}
	r := sohoa(t, append([]string{"digitise", scanned(t, "don.jpg"), "-o", out, "--json", "--level", "B-T"}, seal...)...)
	if d := r.lines(t)[0]; r.code != 1 || d.Reason != record.TSAUnreachable || d.Level != record.BB || d.PDF == "" {
		t.Fatalf("exit %d, %+v; want a B-B file and tsa-unreachable", r.code, d)
	}
	pdf := filepath.Join(out, "don.pdf")
	if r := sohoa(t, "raise", pdf, "--tsa", url+"/tsa", "--json"); r.code != 1 || r.lines(t)[0].Reason != record.TSAUnreachable {
		t.Errorf("raise without an authority: exit %d, %s", r.code, r.out)
	}
	serve(t, pki)
	if r := sohoa(t, "raise", pdf, "--tsa", url+"/tsa", "--json"); r.code != 0 || r.lines(t)[0].Level != record.BT {
		t.Errorf("raise: exit %d, %s", r.code, r.out)
	}
	roots := filepath.Join(pki, devpki.RootsFile)
	if r := sohoa(t, "verify", "--trust", roots, "--online", "--json", pdf); r.code != 0 || !strings.Contains(r.out, `"verdict":"passed"`) || !strings.Contains(r.out, `"level":"B-T"`) {
		t.Errorf("verify: exit %d, %s", r.code, r.out)
	}
	if r := sohoa(t, "verify", "--trust", roots, "--json", pdf); r.code != 1 || !strings.Contains(r.out, `"verdict":"indeterminate"`) {
		t.Errorf("verify offline: exit %d, %s", r.code, r.out)
	}
	flipped(t, pdf, roots)
	sealedLater(t, append(seal, "--level", "B-T"))
	wrong := file(t, "wrong.pass", []byte("not it"))
	r = sohoa(t, "digitise", scanned(t, "x.jpg"), "-o", t.TempDir(), "--json", "--key", seal[1], "--password-file", wrong, "--level", "B-B")
	if r.code != 1 || r.lines(t)[0].Reason != record.KeyPassword {
		t.Errorf("wrong password: exit %d, %s", r.code, r.out)
	}
}

// flipped changes one signed byte: the file fails.
func flipped(t *testing.T, pdf, roots string) {
	t.Helper()
	b, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/3] ^= 1
	r := sohoa(t, "verify", "--trust", roots, "--online", "--json", file(t, "flipped.pdf", b))
	if r.code != 1 || strings.Contains(r.out, `"verdict":"passed"`) {
		t.Errorf("one flipped byte: exit %d, %s", r.code, r.out)
	}
}

func TestVerifyOfWhatIsNoPDF(t *testing.T) {
	r := sohoa(t, "verify", "--json", file(t, "x.pdf", []byte("no PDF")), "/nonexistent.pdf")
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if r.code != 2 || len(lines) != 2 || !strings.Contains(lines[0], `"unreadable"`) || !strings.Contains(lines[1], string(record.InputMissing)) {
		t.Errorf("exit %d: %s", r.code, r.out)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"digitise"}, {"nonsense"}, {"digitise", "x", "-o", "y", "--level", "B-Z"}, {"verify", "--at", "yesterday", "x.pdf"}} {
		if r := sohoa(t, args...); r.code != 2 {
			t.Errorf("sohoa %v: exit %d; want 2 (%s)", args, r.code, r.stderr)
		}
	}
}
