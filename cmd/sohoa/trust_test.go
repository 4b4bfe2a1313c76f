package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/devpki"
)

// A list is kept by its commands alone: each refusal says why, and changes nothing.
func TestTrustList(t *testing.T) {
	dir := t.TempDir()
	pki := filepath.Join(dir, "pki")
	if err := devpki.Init(pki, "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	roots, list := filepath.Join(pki, devpki.RootsFile), filepath.Join(dir, "trust.json")
	call := func(args ...string) result {
		return sohoa(t, append([]string{"trust", args[0], "--list", list}, args[1:]...)...)
	}
	added := call("add", roots, "--service", "signing", "--source", "by hand")
	if added.code != exitDone || strings.Count(added.out, "granted") != 2 {
		t.Fatalf("add = %+v; want two granted", added)
	}
	before, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string // in what is said
	}{
		{"what is there", []string{"add", roots, "--service", "signing"}, "trusted-already"},
		{"no certificate", []string{"add", filepath.Join(pki, devpki.PasswordFile)}, "trust-unreadable"},
		{"too few digits", []string{"remove", added.out[:7]}, "not-trusted"},
		{"what is not there", []string{"remove", strings.Repeat("0", 64)}, "not-trusted"},
	} {
		if r := call(c.args...); r.code != exitRefused || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: %v = %+v; want a refusal, %s", c.name, c.args, r, c.want)
		}
	}
	if after, err := os.ReadFile(list); err != nil || string(after) != string(before) {
		t.Errorf("a refusal changed the list, %v", err)
	}
	if r := call("remove", added.out[:8]); r.code != exitDone {
		t.Errorf("remove = %+v", r)
	}
	if r := call("list"); r.code != exitDone || strings.Count(r.out, "withdrawn") != 1 || !strings.Contains(r.out, "by hand") {
		t.Errorf("list = %+v; want one withdrawn", r)
	}
	if r := call("export"); r.code != exitDone || strings.Count(r.out, "BEGIN CERTIFICATE") != 1 {
		t.Errorf("export = %+v; want one certificate", r)
	}
	if r := sohoa(t, "verify", "--trust", list, "--json", roots); r.code != exitRefused || !strings.Contains(r.out, `"verdict":"unreadable"`) {
		t.Errorf("verify with the list = %+v; want a verdict", r)
	}
	if err := os.WriteFile(list, []byte(strings.Replace(string(before), "by hand", "by wand", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := sohoa(t, "verify", "--trust", list, "--json", roots); r.code != exitUsage || !strings.Contains(r.stderr, "trust-unreadable") {
		t.Errorf("verify with a changed list = %+v; want it refused", r)
	}
}
