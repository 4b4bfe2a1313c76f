package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestREADMEForIntegrators runs the README's lines in order, as its reader would.
func TestREADMEForIntegrators(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "```sh\n")
	lines, _, closed := strings.Cut(after, "```")
	if !found || !closed || strings.Count(lines, "curl") < 10 {
		t.Fatalf("README.md has no lines for integrators: %q", lines)
	}
	h := embedded(t)
	start(t, h.all())
	h.awake()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "don.jpg"), scan(t, 50), 0o600); err != nil {
		t.Fatal(err)
	}
	sh := exec.Command("bash", "-euxo", "pipefail", "-c", lines)
	sh.Dir = dir
	sh.Env = append(os.Environ(), "SOHOA="+h.url, "KEY="+h.secret)
	out, err := sh.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.6000s", err, out)
	}
	sealed, err := os.ReadFile(filepath.Join(dir, "sealed.pdf"))
	if err != nil || !strings.HasPrefix(string(sealed), "%PDF-") {
		t.Errorf("sealed.pdf: %v, %d bytes", err, len(sealed))
	}
	example(t, h, dir)
}

// example runs the program in Python, and once more as somebody whose first run was
// cut off: it finds what it had sent.
func example(t *testing.T, h *house, dir string) {
	t.Helper()
	program, err := filepath.Abs("../../../docs/examples/send.py")
	if err != nil {
		t.Fatal(err)
	}
	var first string
	for range 2 {
		python := exec.Command("python3", program, "H48.01-261123-0002", "don.jpg")
		python.Dir, python.Env = dir, append(os.Environ(), "SOHOA="+h.url, "KEY="+h.secret)
		out, err := python.CombinedOutput()
		name, verdict, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
		if sealed, rerr := os.ReadFile(filepath.Join(dir, name)); err != nil || verdict != "passed" || rerr != nil || !strings.HasPrefix(string(sealed), "%PDF-") {
			t.Fatalf("send.py: %v, %v\n%.6000s", err, rerr, out)
		}
		if first == "" {
			first = name
		} else if name != first {
			t.Errorf("send.py once more: %s; want what it had sent, %s", name, first)
		}
	}
}
