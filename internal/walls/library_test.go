package walls

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const stranger = `package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

func main() {
	verify.HandOver()
	anchors, err := trust.Load("", os.Args[2:]...)
	if err != nil {
		panic(err)
	}
	v, err := verify.File(context.Background(), os.Args[1], verify.Policy{Anchors: anchors})
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode(v)
	if v.Outcome != record.Passed {
		os.Exit(1)
	}
}
`

// The verifier is a library: a module of somebody else's builds with it, without a C
// compiler, vets clean, and gets a verdict from a child process of its own.
func TestTheVerifierServesOtherModules(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "go.mod" {
			b = []byte(strings.Replace(string(b), "module "+module, "module example.org/other\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root, 1))
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string]string{"main.go": stranger, "a.pdf": "no PDF"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(want, name string, args ...string) {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOPROXY=off")
		out, err := cmd.CombinedOutput()
		if !strings.Contains(string(out), want) || want == "" && err != nil {
			t.Fatalf("%s %v: %v\n%s\nwant %q", name, args, err, out, want)
		}
	}
	run("", "go", "build", "-o", "other", ".")
	run("", "go", "vet", ".")
	run(`"verdict":"unreadable"`, "./other", "a.pdf")
}
